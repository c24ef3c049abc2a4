"""An operator asks about its own chain, another one's, and one that there is not; on both stores."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import MAKER
from tests.api.two_chains import ALPHA, BRAVO, UNKNOWN, Chain, fill
from tests.api.v1.demo import client_of, served
from tests.neo4j_server.database import Database
from tracegraph import Tracegraph
from tracegraph.access.caller import Caller, Role

OPERATOR = Caller("operator", Role.OPERATOR, frozenset({MAKER}))
LISTS = ("units", "sites", "parties", "products")


@pytest.fixture
def store(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/store.db"
    fill(url, tmp_path)
    return url


@pytest.fixture
def operator(store: str, tmp_path: Path) -> Iterator[TestClient]:
    """Whoever acts for Alpha."""
    assert ALPHA.party == MAKER
    with served(store, tmp_path, most_nodes=50) as serving, client_of(serving, "operator") as client:
        yield client


def told(client: TestClient, address: str, chain: Chain, **more: Any) -> tuple[int, str]:
    """Status and body, without the identifiers asked for and the request's name."""
    reply = client.get(address, **more)
    body = reply.text
    for name in (chain.unit, chain.party, chain.site, chain.product, chain.event):
        body = body.replace(name, "ASKED")
    return reply.status_code, body.partition('"request"')[0]


def resolver(chain: Chain) -> str:
    return chain.unit.removeprefix("https://id.gs1.org")


def test_lists_hold_what_may_be_known(operator: TestClient, store: str) -> None:
    with Tracegraph.open(store) as graph:
        theirs = graph.as_caller(OPERATOR)
        for name in LISTS:
            reply = operator.get(f"/api/v1/{name}")
            assert reply.content == theirs.search(among=name).to_json()  # type: ignore[arg-type]
            assert reply.json()["result"][name]
            assert not any(mark in reply.text for mark in BRAVO.marks)
            searched = operator.get(f"/api/v1/{name}", params={"q": "Bravo"}).json()["result"][name]
            assert searched == operator.get(f"/api/v1/{name}", params={"q": "Omega"}).json()["result"][name]


def test_questions_are_answered_in_the_callers_view(operator: TestClient, store: str) -> None:
    with Tracegraph.open(store) as graph:
        theirs = graph.as_caller(OPERATOR)
        reply = operator.get("/api/v1/traces", params={"start": ALPHA.unit, "direction": "both"})
        answer = theirs.trace(ALPHA.unit, direction="both", max_nodes=50, max_seconds=30.0)
        assert reply.content == answer.to_json()
        assert reply.json()["as_of"]["ledger"]["count"] is None


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_the_resolver_gives_each_what_is_theirs(accept: str, operator: TestClient, store: str) -> None:
    headers = {"Accept": accept}
    own = operator.get(resolver(ALPHA), headers=headers)
    with Tracegraph.open(store) as graph:
        answer = graph.as_caller(OPERATOR).origin(ALPHA.unit, max_nodes=50, max_seconds=30.0)
    assert own.content == (answer.to_json() if accept == "application/json" else answer.html())
    foreign = told(operator, resolver(BRAVO), BRAVO, headers=headers)
    assert foreign == told(operator, resolver(UNKNOWN), UNKNOWN, headers=headers)
    assert foreign[0] == 404
    del operator.headers["X-API-Key"]
    assert operator.get(resolver(BRAVO), headers=headers).status_code == 200
    assert told(operator, resolver(UNKNOWN), UNKNOWN, headers=headers) == foreign


def test_a_key_that_may_only_resolve_resolves(store: str, tmp_path: Path) -> None:
    narrow = Caller("narrow", Role.OPERATOR, frozenset({MAKER}), frozenset({"resolve"}))
    with served(store, tmp_path) as serving, client_of(serving, "narrow") as client:
        serving.authenticators = [lambda credential: narrow if credential == "narrow" else None]
        assert client.get(resolver(ALPHA)).json()["question"]["kind"] == "origin"
        assert client.get("/api/v1/units").status_code == 403


def forged(part: dict[str, Any], change: str, value: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(part))
    match change:
        case "start":
            made["question"]["start"] = [{"unit": value}]
        case "site":
            made["question"]["start"] = [{"site": value}]
        case "holding":
            made["result"]["holdings"].append({"id": value})
            made["frontier"].append({"holding": value, "distance": 0, "steps": 0, "certainty": "confirmed"})
    return made


@pytest.mark.parametrize("change", ["start", "site", "holding"])
def test_a_forged_answer_to_resume_finds_nothing_foreign(change: str, operator: TestClient, store: str) -> None:
    part = operator.post("/api/v1/traces", json={"start": [ALPHA.unit], "max_nodes": 1}).json()
    assert part["frontier"]
    with Tracegraph.open(store) as graph:
        theirs = graph.trace(BRAVO.unit).holdings[0]["id"]
    values = {
        "start": (BRAVO.unit, UNKNOWN.unit),
        "site": (BRAVO.site, UNKNOWN.site),
        "holding": (theirs, "0" * len(theirs)),
    }[change]
    answers = []
    for value in values:
        reply = operator.post("/api/v1/traces", json={"resume": forged(part, change, value)})
        answers.append((reply.status_code, reply.text.partition('"request"')[0].replace(value, "ASKED")))
    assert answers[0] == answers[1]
    assert not any(mark in answers[0][1] for mark in BRAVO.marks)


def test_an_export_for_a_partner_is_what_the_partner_may_know(store: str, tmp_path: Path) -> None:
    with served(store, tmp_path) as serving, client_of(serving, "investigator") as client:
        whole = client.get("/api/v1/exports/csv").text
        part = client.get("/api/v1/exports/csv", params={"for": ALPHA.party}).text
        assert any(mark in whole for mark in BRAVO.marks)
        assert not any(mark in part for mark in BRAVO.marks)
        assert ALPHA.unit in part
        refused = client.get("/api/v1/exports/csv", params={"level": "basic"})
        assert (refused.status_code, refused.json()["type"]) == (409, "urn:tracegraph:problem:contradictory-question")
        assert client.get("/api/v1/exports/csv", params={"for": UNKNOWN.party}).status_code == 404


def test_both_stores_answer_the_same(neo4j_database: Database, store: str, tmp_path: Path) -> None:
    fill(neo4j_database.url, tmp_path)
    addresses = [
        "/api/v1/units",
        "/api/v1/sites?q=alph",
        f"/api/v1/units/{quote(ALPHA.unit, safe='')}",
        f"/api/v1/traces?start={quote(ALPHA.unit)}&direction=both&paths=2",
        f"/api/v1/origins?start={quote(BRAVO.unit)}",
        f"/api/v1/whereabouts?start={quote(ALPHA.unit)}",
        "/api/v1/gaps",
        resolver(ALPHA),
    ]
    for role in ("admin", "operator", ""):
        answers = []
        for number, url in enumerate((store, neo4j_database.url)):
            folder = tmp_path / f"{role}{number}"
            folder.mkdir()
            with served(url, folder) as serving, client_of(serving, role) as client:
                answers.append([_without_times(client.get(address)) for address in addresses])
        assert answers[0] == answers[1]


def _without_times(reply: Any) -> tuple[int, Any]:
    """The two stores were captured at two times, and their ledgers have that in them."""
    body = reply.json()
    body.pop("as_of", None)
    body.pop("request", None)
    return reply.status_code, body


def test_a_proof_on_both_stores(neo4j_database: Database, store: str, tmp_path: Path) -> None:
    fill(neo4j_database.url, tmp_path)
    for number, url in enumerate((store, neo4j_database.url)):
        folder = tmp_path / str(number)
        folder.mkdir()
        with served(url, folder) as serving, client_of(serving, "admin") as client:
            from tracegraph.care.proving import check_proof

            proof = client.get(f"/api/v1/ledger/proofs/{quote(ALPHA.event, safe='')}").json()
            assert list(check_proof(proof)) == []
            assert client.post("/api/v1/ledger/verifications").json()["intact"] is True
