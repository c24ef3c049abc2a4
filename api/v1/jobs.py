"""Jobs of a caller: what takes too long to wait for. Another caller's job is as unknown as one that there is not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any

from fastapi import Path, Query, Request
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, JSONResponse, Response

from tracegraph.access.caller import Caller, Role
from tracegraph.api.callers import Asking, Shared, allowed
from tracegraph.api.problems import NOT_FOUND, REFUSED, TOO_MANY, WRONG_REQUEST, Problem
from tracegraph.api.routes import Routes
from tracegraph.api.serving import Serving
from tracegraph.api.v1 import service_models as models
from tracegraph.api.v1.examples import example
from tracegraph.api.v1.parameters import JobsAsked
from tracegraph.api.v1.replying import JSON, Replying
from tracegraph.model.instants import instant_text, optional_text
from tracegraph.service.jobs import Job, JobState

jobs = Routes("/api/v1/jobs", "jobs")

#: Seconds between two looks for progress, and that one stream of progress lasts.
LOOK, LONGEST_STREAM = 0.25, 600.0
#: What a key must have besides `read` to take the result of a job of that kind: as to ask for it.
_OPERATIONS = {"trace": "trace", "export": "export", "verify": "ledger", "capture": "capture"}

JobId = Annotated[
    str, Path(pattern="^[A-Za-z0-9_-]{8,64}$", description="The id of the job", examples=["qkRSqXrJ1fQ0b5yVb4V8Yw"])
]


def accepted() -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of a question that became a job."""
    return {
        202: {
            "model": models.JobTold,
            "description": "It takes longer: the job, at `Location`, has the answer when it is done",
            "headers": {"Location": {"description": "The job", "schema": {"type": "string"}}},
            "content": {JSON: {"example": example("job")}},
        }
    }


def ask_job(reply: Replying, kind: str, asked: Mapping[str, Any]) -> Response:
    """Begin a job, or name the one that does the same for this caller already."""
    known = reply.serving.jobs.of(reply.caller.name, [kind], most=1_000)
    alive = [job for job in known if job.is_open]
    done = [job for job in known if job.is_open or job.state is JobState.DONE]
    same = [job for job in done if job.asked == asked and _is_asked_by(job, reply.caller)]
    if not same and len(alive) >= reply.serving.settings.most_jobs:
        detail = f"{len(alive)} of your jobs wait or run already; wait for one, or cancel one"
        raise Problem(TOO_MANY, detail, {"Retry-After": "30"})
    job = same[0] if same else reply.serving.jobs.ask(kind, reply.caller, asked)
    return JSONResponse(job_json(job), 202, {"Location": f"/api/v1/jobs/{job.id}"})


def job_json(job: Job) -> dict[str, Any]:
    """A job as it is told."""
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state.value,
        "created_at": instant_text(job.created_at),
        "started_at": optional_text(job.started_at),
        "finished_at": optional_text(job.finished_at),
        "done": job.done,
        "total": job.total,
        "error": job.told.get("error"),
        "result": f"/api/v1/jobs/{job.id}/result" if job.state is JobState.DONE and "media_type" in job.told else None,
    }


@jobs.get(
    "",
    "read",
    summary="Your jobs",
    operation_id="list_jobs",
    problems=[WRONG_REQUEST],
    responses={200: {"model": models.JobList, "description": "Jobs", "content": {JSON: {"example": example("jobs")}}}},
)
def list_jobs(asked: Annotated[JobsAsked, Query()], serving: Shared, caller: Asking) -> Response:
    """The caller's jobs, newest first; an administrator sees everybody's."""
    owner = None if caller.role is Role.ADMIN else caller.name
    before = None if asked.cursor is None else int(asked.cursor)
    found = serving.jobs.of(owner, before=before, most=asked.limit + 1)
    following = str(found[asked.limit - 1].number) if len(found) > asked.limit else None
    page = [job for job in found[: asked.limit] if owner is None or _is_asked_by(job, caller)]
    headers = {"Link": f'</api/v1/jobs?limit={asked.limit}&cursor={following}>; rel="next"'} if following else {}
    return JSONResponse({"jobs": [job_json(job) for job in page], "next": following}, headers=headers)


@jobs.get(
    "/{id}",
    "read",
    summary="A job",
    operation_id="get_job",
    problems=[NOT_FOUND, WRONG_REQUEST],
    responses={
        200: {"model": models.JobTold, "description": "The job", "content": {JSON: {"example": example("job")}}}
    },
)
def get_job(id: JobId, serving: Shared, caller: Asking) -> Response:
    """How far it has got. `done` of `total` counts what the kind of job counts."""
    return JSONResponse(job_json(_own(serving, caller, id)))


@jobs.delete(
    "/{id}",
    "read",
    summary="Cancel a job",
    operation_id="cancel_job",
    status_code=204,
    problems=[NOT_FOUND, REFUSED, WRONG_REQUEST],
)
def cancel_job(id: JobId, serving: Shared, caller: Asking) -> Response:
    """End a job that waits or runs; one that runs ends at its next report of progress."""
    job = _own(serving, caller, id)
    if not serving.jobs.cancel(job.id):
        raise Problem(REFUSED, f"the job {job.id} has ended already ({job.state}); there is nothing to cancel")
    return Response(status_code=204)


@jobs.get(
    "/{id}/result",
    "read",
    summary="The result of a job",
    operation_id="get_job_result",
    problems=[NOT_FOUND, REFUSED, WRONG_REQUEST],
    responses={200: {"description": "The answer or export, as it would have come at once", "content": {JSON: {}}}},
)
def get_job_result(id: JobId, serving: Shared, caller: Asking) -> Response:
    """The file that a job made. It is kept for a time, then the job is forgotten."""
    job = _own(serving, caller, id)
    allowed(_OPERATIONS[job.kind])(serving, caller)
    path = serving.jobs.result_of(job)
    if job.state is not JobState.DONE or not path.exists():
        raise Problem(REFUSED, f"the job {job.id} has no result ({job.state}); look at it again later")
    return FileResponse(path, media_type=str(job.told["media_type"]), headers={"Cache-Control": "private, no-cache"})


@jobs.get(
    "/{id}/events",
    "read",
    summary="Progress of a job",
    operation_id="stream_job",
    problems=[NOT_FOUND, WRONG_REQUEST],
    responses={
        200: {"description": "Server-sent events; each is the job as JSON", "content": {"text/event-stream": {}}}
    },
)
async def stream_job(id: JobId, request: Request, serving: Shared, caller: Asking) -> Response:
    """An event named `job` for each change, until it has ended (or ten minutes have passed: connect again)."""
    job = await run_in_threadpool(_own, serving, caller, id)
    return EventSourceResponse(_changes(request, serving, job), ping=15)


async def _changes(request: Request, serving: Serving, job: Job) -> AsyncIterator[ServerSentEvent]:
    sent = None
    loop = asyncio.get_running_loop()
    end = loop.time() + LONGEST_STREAM
    while loop.time() < end and not await request.is_disconnected():
        now = json.dumps(job_json(job), separators=(",", ":"))
        if now != sent:
            yield ServerSentEvent(now, event="job")
            sent = now
        if not job.is_open:
            return
        await asyncio.sleep(LOOK)
        job = await run_in_threadpool(serving.jobs.__getitem__, job.id)


def _own(serving: Serving, caller: Caller, name: str) -> Job:
    """The job, where it is the caller's."""
    try:
        job = serving.jobs[name]
    except KeyError:
        job = None
    if job is None or not (caller.role is Role.ADMIN or _is_asked_by(job, caller)):
        raise Problem(NOT_FOUND, "you have no job of this id; see /api/v1/jobs for those that you have")
    return job


def _is_asked_by(job: Job, caller: Caller) -> bool:
    """Whether the caller asked for it, and with the rights of today: a result shows what could be known then."""
    then = job.caller
    return (then.name, then.role, then.organisations) == (caller.name, caller.role, caller.organisations)
