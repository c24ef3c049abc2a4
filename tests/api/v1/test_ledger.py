"""The end of the ledger, checkpoints, verification, proofs; exports and pages."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from urllib.parse import quote

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from tests.api.v1.demo import client_of, served
from tests.api.v1.documents import schema_of
from tests.api.v1.test_jobs import ended
from tracegraph import Tracegraph
from tracegraph.api import Serving
from tracegraph.api.v1.parameters import EXAMPLE_EVENT
from tracegraph.care.proving import check_proof
from tracegraph.stores.checkpoint import parse_checkpoint, read_key, verify_checkpoint


def test_the_end_of_the_ledger(client: TestClient, graph: Tracegraph) -> None:
    told = client.get("/api/v1/ledger").json()
    head = graph.store.head()
    assert (told["count"], told["head"], told["store"]) == (head.count, head.hash, graph.store.identity)
    assert told["recorded_at"] == "2026-01-31T09:00:00Z"


def test_a_proof_holds_with_a_checkpoint_of_the_service(
    client: TestClient, graph: Tracegraph, serving: Serving
) -> None:
    reply = client.post("/api/v1/ledger/checkpoints")
    assert reply.status_code == 201
    checkpoint = parse_checkpoint(reply.text)
    assert serving.settings.signing_key is not None
    trusted = read_key(serving.settings.signing_key).name
    assert list(verify_checkpoint(graph.store, checkpoint, trusted)) == []
    proof = client.get(f"/api/v1/ledger/proofs/{quote(EXAMPLE_EVENT, safe='')}")
    assert proof.json() == graph.prove(EXAMPLE_EVENT)
    assert list(check_proof(proof.json(), checkpoint, trusted)) == []
    Draft202012Validator(schema_of(client, "prove_event")).validate(proof.json())


def test_a_proof_up_to_a_count(client: TestClient, graph: Tracegraph) -> None:
    address = f"/api/v1/ledger/proofs/{quote(EXAMPLE_EVENT, safe='')}"
    position = graph.prove(EXAMPLE_EVENT)["entry"]["position"]
    assert client.get(address, params={"upto": position + 1}).json()["head"]["count"] == position + 1
    assert client.get(address, params={"upto": position - 1}).status_code == 409
    assert client.get("/api/v1/ledger/proofs/unheard-of").status_code == 404


def test_without_a_key_nothing_is_signed(demo: str, tmp_path: Path) -> None:
    with served(demo, tmp_path) as serving, client_of(serving, "admin") as client:
        object.__setattr__(serving.settings, "signing_key", None)
        assert client.post("/api/v1/ledger/checkpoints").json()["type"] == "urn:tracegraph:problem:refused"


def test_verification(client: TestClient, graph: Tracegraph) -> None:
    head = graph.store.head()
    told = client.post("/api/v1/ledger/verifications").json()
    assert told == {"intact": True, "ledger": {"count": head.count, "head": head.hash}, "faults": []}


def test_a_large_store_is_verified_by_a_job_which_finds_what_was_changed(demo: str, tmp_path: Path) -> None:
    with Tracegraph.open(demo) as graph:
        graph.backup(tmp_path / "copy.db")
    with sqlite3.connect(tmp_path / "copy.db") as connection:
        connection.execute("UPDATE ledger SET actor = 'other' WHERE position = 7")
    connection.close()
    with (
        served(f"sqlite:///{tmp_path}/copy.db", tmp_path, most_nodes=20) as serving,
        client_of(serving, "admin") as client,
    ):
        reply = client.post("/api/v1/ledger/verifications")
        assert reply.status_code == 202
        told = client.get(ended(client, reply.headers["Location"])["result"]).json()
    assert told["intact"] is False
    assert "position 7" in told["faults"][0]


@pytest.mark.parametrize("role", ["operator", "analyst"])
def test_the_ledger_is_for_those_who_see_everything(role: str, serving: Serving) -> None:
    with client_of(serving, role) as client:
        assert client.get("/api/v1/ledger").status_code == 403


@pytest.mark.parametrize(
    ("form", "media"),
    [
        ("epcis", "application/ld+json"),
        ("csv", "text/csv"),
        ("graphml", "application/graphml+xml"),
        ("foodchainlab", "application/json"),
        ("geojson", "application/geo+json"),
        ("parquet", "application/zip"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_exports_are_those_of_python(
    form: str, media: str, client: TestClient, graph: Tracegraph, tmp_path: Path
) -> None:
    reply = client.get(f"/api/v1/exports/{form}")
    graph.export(form, tmp_path / "exported")
    assert reply.content == (tmp_path / "exported").read_bytes()
    assert reply.headers["content-type"].startswith(media)
    assert reply.headers["content-disposition"].startswith("attachment")


def test_exports_of_a_trace(client: TestClient, graph: Tracegraph, tmp_path: Path) -> None:
    reply = client.get("/api/v1/exports/geojson?start=48088&direction=backward")
    graph.export("geojson", tmp_path / "exported", of=["48088"], direction="backward")
    assert reply.content == (tmp_path / "exported").read_bytes()
    assert client.get("/api/v1/exports/epcis?start=48088").status_code == 409


def test_exports_with_what_is_on_hold(client: TestClient, graph: Tracegraph) -> None:
    """Nothing is, in the demo; tests/reports says what an export says where something is."""
    assert client.get("/api/v1/exports/epcis?holds=true").content == client.get("/api/v1/exports/epcis").content
    assert client.get("/api/v1/exports/csv?holds=true").status_code == 409
    assert client.get("/api/v1/sheets/fsma204?holds=true").status_code == 400


def test_metrics_of_a_large_store_become_a_job(demo: str, graph: Tracegraph, tmp_path: Path) -> None:
    with served(demo, tmp_path, most_nodes=20) as serving, client_of(serving, "admin") as client:
        reply = client.get("/api/v1/metrics/dominators?by=party")
        assert reply.status_code == 202
        result = client.get(ended(client, reply.headers["Location"])["result"])
        assert client.get("/api/v1/metrics/dominators?start=48088").status_code == 200
    assert result.content == graph.metrics("dominators", by="party").to_json()


def test_a_large_store_is_exported_by_a_job(demo: str, graph: Tracegraph, tmp_path: Path) -> None:
    with served(demo, tmp_path, most_nodes=20) as serving, client_of(serving, "admin") as client:
        reply = client.get("/api/v1/exports/csv")
        assert reply.status_code == 202
        result = client.get(ended(client, reply.headers["Location"])["result"])
    graph.export("csv", tmp_path / "exported")
    assert result.content == (tmp_path / "exported").read_bytes()
    assert result.headers["content-type"].startswith("text/csv")


def test_pages_for_people(client: TestClient, graph: Tracegraph) -> None:
    reply = client.get("/api/v1/reports/trace?start=48088&lang=zh")
    assert reply.content == graph.speaking("zh").trace("48088", max_nodes=50_000, max_seconds=30.0).html()
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert b"<script" not in reply.content
    for question in ("origin", "where", "show"):
        assert client.get(f"/api/v1/reports/{question}?start=48088").status_code == 200


def test_a_proof_is_json_that_says_what_was_captured(client: TestClient) -> None:
    proof = client.get(f"/api/v1/ledger/proofs/{quote(EXAMPLE_EVENT, safe='')}").json()
    assert json.loads(proof["entry"]["payload"])["event"]["type"] == "TransformationEvent"
