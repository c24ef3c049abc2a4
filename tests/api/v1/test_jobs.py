"""What is too large for one answer: jobs, their results and progress, whose they are; going on where one was cut."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.v1.demo import client_of, served
from tracegraph import Tracegraph
from tracegraph.api import Serving


@pytest.fixture
def serving(demo: str, tmp_path: Path) -> Iterator[Serving]:
    """A service that gives at most 20 holdings at once."""
    with served(demo, tmp_path, most_nodes=20, most_job_nodes=5_000, most_jobs=3) as opened:
        yield opened


def ended(client: TestClient, location: str) -> dict[str, Any]:
    """The job, once it has ended: by its stream of progress."""
    with client.stream("GET", f"{location}/events") as reply:
        assert reply.headers["content-type"].startswith("text/event-stream")
        told = [json.loads(line.removeprefix("data: ")) for line in reply.iter_lines() if line.startswith("data: ")]
    assert client.get(location).json() == told[-1]
    return dict(told[-1])


def test_a_large_answer_becomes_a_job(client: TestClient, graph: Tracegraph) -> None:
    reply = client.get("/api/v1/traces?start=48088&direction=forward")
    assert reply.status_code == 202
    location = reply.headers["Location"]
    job = ended(client, location)
    assert (job["state"], job["kind"], job["error"]) == ("done", "trace", None)
    result = client.get(job["result"])
    assert result.content == graph.trace("48088", max_nodes=5_000, max_seconds=3600.0).to_json()
    assert result.headers["content-type"] == "application/json"
    assert job["done"] == job["total"] == len(result.content)


def test_the_same_question_is_the_same_job(client: TestClient) -> None:
    address = "/api/v1/traces?start=48088"
    locations = {client.get(address).headers["Location"] for _ in range(3)}
    assert len(locations) == 1
    assert (
        client.post("/api/v1/traces", json={"start": ["48088"], "max_nodes": 100}).headers["Location"] not in locations
    )


def test_a_limit_that_was_asked_for_makes_no_job(client: TestClient) -> None:
    assert client.get("/api/v1/traces?start=48088&max_nodes=20").status_code == 200
    assert client.get("/api/v1/origins?start=48088").status_code == 202
    assert client.get("/api/v1/paths?start=48088").status_code == 202


def test_whoever_prefers_a_job_gets_one(client: TestClient, graph: Tracegraph) -> None:
    reply = client.get("/api/v1/traces?start=48088&max_nodes=2", headers={"Prefer": "respond-async"})
    assert reply.status_code == 202
    result = client.get(ended(client, reply.headers["Location"])["result"])
    assert result.content == graph.trace("48088", max_nodes=2, max_seconds=3600.0).to_json()


def test_a_failed_job_says_why(client: TestClient) -> None:
    reply = client.get("/api/v1/traces?start=unheard-of", headers={"Prefer": "respond-async"})
    job = ended(client, reply.headers["Location"])
    assert job["state"] == "failed"
    assert "unheard-of" in job["error"]
    assert client.get(f"{reply.headers['Location']}/result").status_code == 409


def test_an_answer_is_gone_on_with(client: TestClient, graph: Tracegraph) -> None:
    part = client.post("/api/v1/traces", json={"start": ["48088"], "max_nodes": 5}).json()
    assert len(part["result"]["holdings"]) == 5
    more = client.post("/api/v1/traces", json={"resume": part, "max_nodes": 15})
    assert more.content == graph.trace(resume=part, max_nodes=15, max_seconds=30.0).to_json()
    assert len(more.json()["result"]["holdings"]) == 20
    rest = client.post("/api/v1/traces", json={"resume": more.json()})
    assert rest.status_code == 202
    whole = client.get(ended(client, rest.headers["Location"])["result"]).json()
    assert whole["result"] == graph.trace("48088").to_dict()["result"]
    assert whole["complete"] is False
    assert whole["frontier"] == []


@pytest.mark.parametrize(
    "resume",
    [{}, {"question": {"kind": "trace"}}, {"question": 1, "as_of": [], "result": None}, {"result": {"holdings": [1]}}],
)
def test_what_is_no_earlier_answer(resume: dict[str, Any], client: TestClient) -> None:
    reply = client.post("/api/v1/traces", json={"resume": resume})
    assert (reply.status_code, reply.json()["type"]) == (409, "urn:tracegraph:problem:contradictory-question")


def test_only_limits_go_with_resume(client: TestClient) -> None:
    part = client.post("/api/v1/traces", json={"start": ["48088"], "max_nodes": 5}).json()
    for more in ({"start": ["48088"]}, {"direction": "both"}, {"certainty": "confirmed"}, {"as_of": "2026-01-01"}):
        reply = client.post("/api/v1/traces", json={"resume": part, **more})
        assert reply.status_code == 409


def test_a_forged_frontier_finds_nothing_more(client: TestClient, graph: Tracegraph) -> None:
    part = client.post("/api/v1/traces", json={"start": ["48088"], "max_nodes": 5}).json()
    foreign = dict(graph.trace("site:https://cases.example/de-01", direction="backward").holdings[0])
    forged = json.loads(json.dumps(part))
    forged["result"]["holdings"].append(foreign | {"id": "0" * 32})
    forged["frontier"].append({"holding": "0" * 32, "distance": 0, "steps": 0, "certainty": "confirmed"})
    honest = client.post("/api/v1/traces", json={"resume": part, "max_nodes": 9}).json()
    assert client.post("/api/v1/traces", json={"resume": forged, "max_nodes": 9}).json() == honest
    forged["as_of"]["ledger"]["head"] = f"sha256:{'0' * 64}"
    assert client.post("/api/v1/traces", json={"resume": forged, "max_nodes": 9}).status_code == 409


def test_jobs_are_their_callers_own(demo: str, tmp_path: Path) -> None:
    with served(demo, tmp_path, most_nodes=20) as serving, client_of(serving, "investigator") as client:
        location = client.get("/api/v1/traces?start=48088").headers["Location"]
        ended(client, location)
        unknown = "/api/v1/jobs/qkRSqXrJ1fQ0b5yVb4V8Yw"
        for role, sees in (("analyst", False), ("regulator", False), ("investigator", True), ("admin", True)):
            headers = {"X-API-Key": role}
            listed = client.get("/api/v1/jobs", headers=headers).json()["jobs"]
            assert [job["id"] for job in listed] == ([location.rsplit("/", 1)[1]] if sees else [])
            for part in ("", "/result", "/events"):
                reply = client.get(f"{location}{part}", headers=headers)
                assert reply.status_code == (200 if sees else 404)
                if not sees:
                    missing = client.get(f"{unknown}{part}", headers=headers)
                    assert reply.json() | {"request": ""} == missing.json() | {"request": ""}
            assert client.delete(location, headers=headers).status_code == (409 if sees else 404)


def test_a_waiting_job_is_cancelled_and_jobs_are_bounded(serving: Serving) -> None:
    with client_of(serving, "admin") as client:
        for worker in serving.workers:
            worker.stop()
        locations = [
            client.get(f"/api/v1/traces?start=48088&max_nodes={number}").headers["Location"] for number in (30, 40, 50)
        ]
        refused = client.get("/api/v1/traces?start=48088&max_nodes=60")
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "30")
        assert client.get(f"{locations[0]}/result").status_code == 409
        assert client.delete(locations[0]).status_code == 204
        assert client.get(locations[0]).json()["state"] == "cancelled"
        assert client.get("/api/v1/traces?start=48088&max_nodes=60").status_code == 202


def test_pages_of_jobs(client: TestClient) -> None:
    made = [
        client.get(f"/api/v1/traces?start=48088&max_nodes={number}", headers={"Prefer": "respond-async"}).headers[
            "Location"
        ]
        for number in (1, 2, 3)
    ]
    first = client.get("/api/v1/jobs?limit=2")
    second = client.get(first.links["next"]["url"])
    ids = [job["id"] for reply in (first, second) for job in reply.json()["jobs"]]
    assert ids == [location.rsplit("/", 1)[1] for location in reversed(made)]
    assert "next" not in second.links
