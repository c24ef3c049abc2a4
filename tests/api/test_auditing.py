"""What the audit trail and the log keep of a request, and what they never do."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import pytest
import structlog
from fastapi import Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.testclient import TestClient

from tests.api.clients import new_key, service
from tracegraph.api import Serving, create_app, logs, observing
from tracegraph.api.auditing import asked_for, asked_in
from tracegraph.api.routes import Routes

LOT = "urn:epc:class:lgtin:9521000.012345.L1"
LOT_KEY = "https://id.gs1.org/01/09521000123458/10/L1"
MAKER, OTHER = "https://id.gs1.org/417/9521234000006", "https://id.gs1.org/417/9524321000001"

routes = Routes("/try", "tests")


class Asked(BaseModel):
    since: str = ""


@routes.get("/units/{unit:path}", "read")
def unit(unit: str, asked: Annotated[Asked, Query()]) -> Response:
    return PlainTextResponse("")


@routes.get("/plain", "read")
def plain(start: str = "") -> Response:
    return PlainTextResponse("")


@routes.post("/body", "read")
async def body(request: Request) -> Response:
    asked_for(request, *(await request.json()))
    return PlainTextResponse("")


@routes.post("/question", "read")
async def question(request: Request) -> Response:
    asked_in(request, await request.json())
    return PlainTextResponse("")


@routes.get("/fault", "read")
def fault() -> Response:
    raise ZeroDivisionError


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Serving]:
    with service(tmp_path) as (serving, _):
        yield serving


@pytest.fixture
def client(shared: Serving) -> TestClient:
    """An administrator's."""
    return client_of(shared, new_key(shared, "office", "admin"))


def client_of(serving: Serving, key: str) -> TestClient:
    app = create_app(serving)
    app.include_router(routes.router)
    return TestClient(app, raise_server_exceptions=False, headers={"X-API-Key": key})


def entries(client: TestClient, shared: Serving, **query: str) -> list[dict]:
    shared.audit.flush()
    return client.get("/api/v1/audit", params=query).json()["entries"]


def test_who_asked_what_and_how_it_ended(client: TestClient, shared: Serving) -> None:
    client.get(f"/try/units/{quote(LOT_KEY, safe='')}?since=2026-01-01&key=secret", headers={"X-Request-ID": "r-1"})
    (entry,) = entries(client, shared)
    assert entry.pop("at").endswith("Z")
    assert entry == {
        "number": 1,
        "request": "r-1",
        "caller": "office",
        "role": "admin",
        "organisations": [],
        "operation": "read",
        "method": "GET",
        "route": "/try/units/{unit:path}",
        "asked": [LOT_KEY, "since=2026-01-01"],
        "status": 200,
    }


def test_identifiers_are_kept_in_their_canonical_form(client: TestClient, shared: Serving) -> None:
    client.get(f"/try/units/{LOT}")
    client.post("/try/body", json=[LOT, "x"])
    assert [entry["asked"] for entry in entries(client, shared)] == [[LOT_KEY, "x"], [LOT_KEY]]


def test_of_a_body_only_what_names_things_is_kept(client: TestClient, shared: Serving) -> None:
    seeds = {"rule": "union", "of": [{"rule": "lot", "unit": LOT}, {"rule": "site", "site": "S1", "line": "secret"}]}
    client.post("/try/question", json={"scope": seeds, "query": {"MATCH_epc": ["E1", "E2"], "orderBy": "secret"}})
    client.post("/try/question", json={"start": [f"U{number}" for number in range(60)]})
    many, few = entries(client, shared)
    assert few["asked"] == [LOT_KEY, "S1", "E1", "E2"]
    assert len(many["asked"]) == 50  # of very many the first


def test_questions_with_a_body_say_what_they_are_about(client: TestClient, shared: Serving) -> None:
    client.post("/api/v1/traces", json={"start": [LOT]})
    client.post("/api/v1/scopes", json={"scope": {"rule": "lot", "unit": LOT}})
    client.post("/api/v1/sources", json={"cases": [{"case": "C1", "unit": LOT}]})
    client.post("/epcis/queries", json={"name": "mine", "query": {"MATCH_anyEPC": [LOT]}})
    assert [entry["asked"] for entry in entries(client, shared)] == [[LOT_KEY]] * 4


def test_only_known_parameters_are_kept(client: TestClient, shared: Serving) -> None:
    client.get("/try/plain?start=L1&api_key=secret&EQ_bizStep=shipping&token=secret")
    (entry,) = entries(client, shared)
    assert entry["asked"] == ["start=L1", "EQ_bizStep=shipping"]


def test_refusals_and_faults_are_kept_too(client: TestClient, shared: Serving) -> None:
    client.get("/try/fault")
    client.get("/health", headers={"X-API-Key": "wrong"})
    narrow = shared.keys.create("office", ["read"]).secret
    client.get("/metrics", headers={"X-API-Key": narrow})
    found = [(entry["caller"], entry["status"], entry["route"]) for entry in entries(client, shared)]
    assert found == [("office", 403, "/metrics"), ("", 401, ""), ("office", 500, "/try/fault")]


def test_who_says_nothing_of_itself_is_not_kept(client: TestClient, shared: Serving) -> None:
    del client.headers["X-API-Key"]
    client.get("/health")
    client.get("/try/plain")
    shared.audit.flush()
    assert shared.audit.page() == []


def test_pages_are_linked(client: TestClient, shared: Serving) -> None:
    for number in range(5):
        client.get(f"/try/plain?start={number}")
    shared.audit.flush()
    answer = client.get("/api/v1/audit?limit=2&caller=office")
    found = [entry["number"] for entry in answer.json()["entries"]]
    while "next" in answer.links:
        shared.audit.stop()  # nothing is added while it is read
        answer = client.get(answer.links["next"]["url"])
        found += [entry["number"] for entry in answer.json()["entries"]]
    assert found == [5, 4, 3, 2, 1]
    assert answer.json()["next"] is None


def test_an_auditor_reads_its_clients_entries_and_an_operator_none(client: TestClient, shared: Serving) -> None:
    for name, role, organisation in [
        ("mine", "operator", MAKER),
        ("other", "operator", OTHER),
        ("auditor", "auditor", MAKER),
    ]:
        client_of(shared, new_key(shared, name, role, organisation)).get("/try/plain")
    auditor = client_of(shared, shared.keys.create("auditor").secret)
    assert [entry["caller"] for entry in entries(auditor, shared)] == ["auditor", "mine"]
    operator = client_of(shared, shared.keys.create("mine").secret)
    assert operator.get("/api/v1/audit").status_code == 403


def test_what_was_lost_is_counted(client: TestClient, shared: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    shared.audit.stop()
    monkeypatch.setattr(shared.audit._waiting, "maxsize", 1)
    for _ in range(3):
        client.get("/try/plain")
    assert "tracegraph_audit_lost_total 2.0" in client.get("/metrics").text


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    stream = io.StringIO()
    logs.log_as_json(stream)
    monkeypatch.setattr(observing, "log", structlog.get_logger("tracegraph"))  # one that no stream is bound to yet
    yield stream
    structlog.reset_defaults()


FORGERIES = ["\nforged", "\r\nforged", "\u2028forged", '"}\n{"event": "forged', "\x1b[2J", "\x00"]


@pytest.mark.parametrize("text", FORGERIES)
def test_no_caller_begins_a_line_of_the_log_or_the_trail(
    client: TestClient, shared: Serving, log: io.StringIO, text: str
) -> None:
    client.get(f"/try/units/{quote(text)}?since={quote(text)}&EQ_x={quote(text)}")
    client.get(f"/{quote(text)}")
    client.get("/try/fault", headers={"X-Request-ID": text.encode("unicode_escape").decode()})
    lines = log.getvalue().splitlines()
    assert {json.loads(line)["event"] for line in lines} == {"request", "fault"}
    assert log.getvalue().isascii()
    for entry in entries(client, shared):
        assert all(part.isprintable() for part in [entry["request"], entry["route"], *entry["asked"]])


def test_no_secret_gets_into_log_trail_or_metrics(client: TestClient, shared: Serving, log: io.StringIO) -> None:
    secret = client.headers["X-API-Key"]
    client.get(f"/try/plain?api_key={secret}&start=L1")
    client.get("/try/plain", headers={"X-API-Key": f"{secret[:-1]}!"})
    client.get("/try/plain", headers={"Authorization": f"Bearer {secret}x"})
    client.get("/try/fault", headers={"Authorization": f"Bearer {secret}"})
    told = log.getvalue() + json.dumps(entries(client, shared)) + client.get("/metrics").text
    assert secret[:-1].split("_")[2] not in told
    assert '"fault"' in told
