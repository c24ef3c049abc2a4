"""Traces over HTTP from a line, and under assumptions: the bytes of Python, and what the document says of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from tests.api.v1.demo import client_of, served
from tests.api.v1.documents import schema_of
from tests.commands.conftest import LOT, LOT_KEY, PLANT, PRODUCT_LOT, document, event
from tracegraph import Tracegraph

LIMITS: dict[str, Any] = {"max_nodes": 50_000, "max_seconds": 30.0}
MET: dict[str, Any] = {"cross_contamination": [{"site": PLANT, "from": "2026-01-02", "class": "possible"}]}


@pytest.fixture
def store(tmp_path: Path) -> str:
    """A lot is made into another one, on line L1 as a record says, while a third was in the room."""
    url = f"sqlite:///{tmp_path / 'plant.db'}"
    made = event("commissioning", "2026-01-03T09:00:00Z", PLANT)
    made |= {"type": "TransformationEvent", "inputQuantityList": [{"epcClass": LOT, "quantity": 100, "uom": "KGM"}]}
    made |= {"outputQuantityList": [{"epcClass": PRODUCT_LOT, "quantity": 90, "uom": "KGM"}]}
    made = {name: value for name, value in made.items() if name not in ("quantityList", "action")}
    began = event("commissioning", "2026-01-02T09:00:00Z", PLANT, (LOT, "100"), action="ADD")
    other = event("commissioning", "2026-01-04T09:00:00Z", PLANT, ("urn:example:lot:other", "5"), action="ADD")
    with Tracegraph.open(url) as graph:
        (tmp_path / "events.json").write_bytes(document(began, made, other))
        assert graph.capture(tmp_path / "events.json", rejects=None).accepted == 3
        run = {"run": "R1", "units": PRODUCT_LOT, "site": PLANT, "line": "L1", "from": "2026-01-03", "to": "2026-01-03"}
        graph.record("run", run, "book")
    return url


@pytest.fixture
def graph(store: str) -> Iterator[Tracegraph]:
    with Tracegraph.open(store) as opened:
        yield opened


@pytest.fixture
def client(store: str, tmp_path: Path) -> Iterator[TestClient]:
    with served(store, tmp_path) as serving, client_of(serving, "admin") as opened:
        yield opened


def test_a_line_as_a_start(client: TestClient, graph: Tracegraph) -> None:
    asked = {"start": f"line:{PLANT} L1", "direction": "backward", "from": "2026-01-03"}
    reply = client.get("/api/v1/traces", params=asked)
    answer = graph.trace(asked["start"], direction="backward", since="2026-01-03", **LIMITS)
    assert reply.content == answer.to_json()
    assert LOT_KEY in {unit["id"] for unit in answer.units}
    Draft202012Validator(schema_of(client, "get_trace")).validate(reply.json())
    assert client.get("/api/v1/traces", params={"start": f"line:{PLANT} L2"}).status_code == 404
    assert client.get("/api/v1/traces", params={"start": "line:L1"}).status_code == 409
    scoped = client.get("/api/v1/scopes", params={"start": f"line:{PLANT} L1"})
    assert scoped.content == graph.scope(f"line:{PLANT} L1").to_json()
    body = {"scope": {"rule": "line", "on": f"{PLANT} L1", "to": "2026-01-03"}}
    assert client.post("/api/v1/scopes", json=body).content == graph.scope(body).to_json()


@pytest.mark.parametrize("direction", ["forward", "both"])
def test_assumptions_in_a_body(client: TestClient, graph: Tracegraph, direction: str) -> None:
    """Contamination has no limit of time; a kill has."""
    for assumed, limits in ((MET, {"max_nodes": 50_000}), ({"kills": [{"site": PLANT}]}, LIMITS)):
        body = {"start": [LOT], "direction": direction, "assumptions": assumed, "paths": 1}
        reply = client.post("/api/v1/traces", json=body)
        assert reply.status_code == 200, reply.text
        answer = graph.trace(LOT, direction=direction, assumptions=assumed, paths=1, **limits)
        assert reply.content == answer.to_json()
        assert any(answer.result["assumed"].values())
        Draft202012Validator(schema_of(client, "post_trace")).validate(reply.json())


def test_an_answer_under_assumptions_is_gone_on_from(client: TestClient, graph: Tracegraph) -> None:
    body = {"start": [LOT], "assumptions": MET, "max_nodes": 1}
    part = client.post("/api/v1/traces", json=body).json()
    assert part["frontier"]
    more = client.post("/api/v1/traces", json={"resume": part})
    assert more.json()["result"] == graph.trace(LOT, assumptions=MET).result
    wrong = client.post("/api/v1/traces", json={"resume": part, "assumptions": MET})
    assert wrong.status_code == 409
    questions: list[Any] = [[], {"assumptions": []}, {"assumptions": {"cross_contamination": 7}}]
    for odd in questions:
        assert client.post("/api/v1/traces", json={"resume": part | {"question": odd}}).status_code == 409


def test_a_job_asks_the_same(client: TestClient, graph: Tracegraph) -> None:
    body = {"start": [LOT], "assumptions": MET}
    assert client.post("/api/v1/traces", json=body, headers={"Prefer": "respond-async"}).status_code == 202


@pytest.mark.parametrize(
    ("assumed", "status"),
    [
        ({"kills": [{"site": PLANT, "event": "e"}]}, 409),
        ({"kills": [{"site": "https://nowhere.example"}]}, 404),
        ({"kill": []}, 400),
        ({"cross_contamination": [{"site": PLANT, "class": "implicated"}]}, 400),
    ],
)
def test_refused(client: TestClient, assumed: dict[str, Any], status: int) -> None:
    assert client.post("/api/v1/traces", json={"start": [LOT], "assumptions": assumed}).status_code == status


def test_with_a_limit_of_time(client: TestClient) -> None:
    body = {"start": [LOT], "assumptions": MET, "max_seconds": 5}
    assert client.post("/api/v1/traces", json=body).status_code == 409
