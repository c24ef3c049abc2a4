"""Jobs after their caller lost rights, and with keys that have fewer: neither shows or does what is not allowed now."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api import two_chains
from tests.api.clients import new_key, service
from tests.api.epcis.conftest import document, event
from tests.api.two_chains import ALPHA, BRAVO
from tracegraph.api import Serving
from tracegraph.api.v1.working import worker_of
from tracegraph.service.working import JobWorker

Served = tuple[Serving, TestClient]
LATER = {"Prefer": "respond-async"}
TRACE = f"/api/v1/traces?start={ALPHA.unit}"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A service whose client is an operator of Alpha, named alpha."""
    two_chains.fill(f"sqlite:///{tmp_path}/store.db", tmp_path)
    with service(tmp_path) as (serving, client):
        client.headers["X-API-Key"] = new_key(serving, "alpha", "operator", ALPHA.party)
        yield serving, client


def stop(serving: Serving) -> None:
    for worker in serving.workers:
        worker.stop()


def work(serving: Serving, worker: JobWorker, client: TestClient, address: str) -> dict[str, Any]:
    """Let a worker do what waits; the job as an administrator sees it then."""
    if "office" not in {user.name for user in serving.users.all()}:
        client.headers["X-API-Key"] = new_key(serving, "office", "admin")
    worker.start()
    try:
        return told(client, address)
    finally:
        worker.stop()


def told(client: TestClient, address: str) -> dict[str, Any]:
    """The job, once it has ended."""
    with client.stream("GET", f"{address}/events") as reply:
        for _ in reply.iter_lines():
            pass
    return dict(client.get(address).json())


def test_a_result_is_unknown_once_its_caller_acts_for_others(served: Served) -> None:
    serving, client = served
    address = client.get(TRACE, headers=LATER).headers["Location"]
    assert told(client, address)["state"] == "done"
    serving.users.change("alpha", organisations=[BRAVO.party])
    for path in (address, f"{address}/result", f"{address}/events"):
        assert client.get(path).status_code == 404
    assert client.get("/api/v1/jobs").json()["jobs"] == []
    assert client.get(TRACE, headers=LATER).headers["Location"] != address
    serving.users.change("alpha", organisations=[ALPHA.party])
    assert ALPHA.unit in client.get(f"{address}/result").text


def test_a_key_that_may_not_ask_may_not_have_the_result(served: Served) -> None:
    serving, client = served
    address = client.get(TRACE, headers=LATER).headers["Location"]
    told(client, address)
    for scopes, status in ((["read"], 403), (["read", "export"], 403), (["read", "trace"], 200)):
        key = serving.keys.create("alpha", scopes).secret
        assert client.get(f"{address}/result", headers={"X-API-Key": key}).status_code == status


@pytest.mark.parametrize("lost", ["disabled", "changed"])
def test_a_question_that_waited_is_not_answered_with_rights_that_are_gone(served: Served, lost: str) -> None:
    serving, client = served
    stop(serving)
    address = client.get(TRACE, headers=LATER).headers["Location"]
    if lost == "disabled":
        serving.users.disable("alpha")
    else:
        serving.users.change("alpha", organisations=[BRAVO.party])
    job = work(serving, worker_of(serving), client, address)
    assert job["state"] == "failed"
    assert "other rights" in job["error"]


@pytest.mark.parametrize(("lost", "reason"), [("disabled", "is disabled"), ("role", "may not capture")])
def test_a_document_that_waited_is_not_captured_for_who_may_not(served: Served, lost: str, reason: str) -> None:
    serving, client = served
    stop(serving)
    sent = document(event(readPoint={"id": ALPHA.site}, bizLocation={"id": ALPHA.site}))
    address = client.post("/epcis/capture", json=sent).headers["Location"]
    if lost == "disabled":
        serving.users.disable("alpha")
    else:
        serving.users.change("alpha", role="auditor")
    before = serving.graph.store.head()
    worker = JobWorker(serving.jobs, {"capture": serving.capturing.run})
    work(serving, worker, client, address.replace("/epcis/capture/", "/api/v1/jobs/"))
    (error,) = client.get(address).json()["errors"]
    assert reason in error["detail"]
    assert serving.graph.store.head() == before
