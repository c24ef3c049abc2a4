"""A service that is killed in the middle of a capture job goes on with it when it is begun again."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from tests.api.conformance import administrator
from tests.api.epcis.conftest import document, event
from tests.api.served import Served
from tracegraph import Tracegraph
from tracegraph.clock import now
from tracegraph.service.file import ServiceFile
from tracegraph.service.jobs import Jobs, JobState

#: Enough that the service is at it when it is killed.
EVENTS = 8_000


def many() -> bytes:
    return json.dumps(document(*(event(number % 1440, note=f"{number}") for number in range(EVENTS)))).encode()


@pytest.mark.parametrize("behaviour", ["rollback", "proceed"])
def test_a_killed_service_resumes_its_job(tmp_path: Path, behaviour: str) -> None:
    store, service_file = f"sqlite:///{tmp_path}/store.db", tmp_path / "kept.service"
    key = administrator(service_file)
    headers = {"X-API-Key": key, "Content-Type": "application/json", "GS1-Capture-Error-Behaviour": behaviour}
    with Served(store, tmp_path, f"--service-file={service_file}") as served:
        asked = httpx2.post(f"{served.address}/epcis/capture", content=many(), headers=headers, timeout=60)
        assert asked.status_code == 202, asked.text
        address = served.address + asked.headers["Location"]
        name = address.rsplit("/", 1)[1]
        while httpx2.get(address, headers=headers).json()["running"] and state_of(service_file, name)[1] == 0:
            pass
        served.kill()
        state, _ = state_of(service_file, name)
        assert state is JobState.RUNNING
        served.start()
        while (told := httpx2.get(address, headers=headers).json())["running"]:
            pass
    assert told["success"], told
    assert told["tracegraph:accepted"] + told["tracegraph:duplicates"] == EVENTS
    with Tracegraph.open(store) as graph:
        assert graph.store.head().count == EVENTS
        assert list(graph.verify()) == []
        if behaviour == "rollback":
            assert told["tracegraph:accepted"] == EVENTS
            assert len({entry.recorded_at for entry in graph.store.entries()}) == 1


def state_of(service_file: Path, name: str) -> tuple[JobState, int]:
    """How far the job has got, as the file on disk says."""
    with closing(ServiceFile(service_file)) as file:
        job = Jobs(file, now)[name]
    return job.state, job.done
