"""What does the jobs of this interface, in a thread of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tracegraph.api.serving import Serving
from tracegraph.api.v1.files import export
from tracegraph.api.v1.following import ask
from tracegraph.errors import Refused
from tracegraph.service.working import JobWorker, Run, Runner

#: Bytes of an answer that are written between two reports of progress.
PORTION = 1 << 20


def worker_of(serving: Serving) -> JobWorker:
    """The worker for traces, exports and verifications."""
    work = _Work(serving)
    runners = {"trace": work.trace, "export": work.export, "verify": work.verify}
    return JobWorker(serving.jobs, {kind: work.rightful(runner) for kind, runner in runners.items()})


class _Work:
    """The jobs by kind. Each is safe to do twice: it only reads the store."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving

    def rightful(self, runner: Runner) -> Runner:
        """The same, but for whoever has other rights now than when the job was asked."""

        def run_one(run: Run) -> Mapping[str, Any]:
            if self._serving.users.current(run.job.caller) != run.job.caller:
                raise Refused("who asked for this job has other rights now; ask again")
            return runner(run)

        return run_one

    def trace(self, run: Run) -> Mapping[str, Any]:
        """A trace or origin, within the limits of jobs; `done`: bytes of the answer."""
        asked, settings = run.job.asked, self._serving.settings
        run.progress(0)
        graph = self._serving.graph_of(run.job.caller).speaking(asked["language"])
        answer = ask(graph, asked["question"], asked["options"], settings.most_job_nodes, settings.most_job_seconds)
        written = reported = 0
        with run.result.open("wb") as file:
            for piece in answer.json_pieces():
                written += file.write(piece)
                if written - reported >= PORTION:
                    reported = written
                    run.progress(written)
        run.progress(written, written)
        return {"media_type": "application/json"}

    def export(self, run: Run) -> Mapping[str, Any]:
        """An export; `done`: bytes."""
        asked = run.job.asked
        run.progress(0)
        export(self._serving, run.job.caller, asked["form"], run.result, asked["language"], asked["options"])
        size = Path(run.result).stat().st_size
        run.progress(size, size)
        return {"media_type": asked["media_type"]}

    def verify(self, run: Run) -> Mapping[str, Any]:
        """A check of the whole store; `done`: entries or rows of the stage at hand."""
        from tracegraph.api.v1.ledger import verified

        run.progress(0)
        graph = self._serving.graph_of(run.job.caller)
        run.result.write_bytes(verified(graph, lambda stage, done, total: run.progress(done, total)))
        return {"media_type": "application/json"}
