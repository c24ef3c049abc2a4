"""Incident cases and their sources over HTTP: recorded by whoever may, and the bytes that Python gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.api.v1.demo import client_of, made_demo, served
from tests.api.v1.documents import schema_of
from tracegraph import Tracegraph

CASES: list[dict[str, Any]] = [
    {"case": "C-01", "place": "https://cases.example/de-01", "exposed_from": "2011-05-01", "exposed_to": "2011-05-31"},
    {"case": "C-42", "unit": "https://cases.example/fr-begles/garnish", "weight": "2"},
    {"case": "K-01", "place": "https://cases.example/de-02", "role": "control"},
]


@pytest.fixture
def store(tmp_path: Path) -> str:
    return made_demo(tmp_path)


def test_recorded_listed_and_asked_about(store: str, tmp_path: Path) -> None:
    with served(store, tmp_path) as serving, client_of(serving, "investigator") as client:
        body = {"cases": CASES, "reason": "line list"}
        assert client.post("/api/v1/cases", json=body).json() == {"recorded": 3, "known": 0}
        assert client.post("/api/v1/cases", json=body).json() == {"recorded": 0, "known": 3}
        listed = client.get("/api/v1/cases")
        Draft202012Validator(schema_of(client, "list_cases")).validate(listed.json())
        recorded = client.post("/api/v1/sources", json={})
        Draft202012Validator(schema_of(client, "post_sources")).validate(recorded.json())
        options: dict[str, Any] = {"limit": 3, "paths": 2, "certainty": "confirmed"}
        some = client.post("/api/v1/sources", json={"numbers": ["C-42"], "among": ["unit"], "lang": "zh", **options})
        assert client.post("/api/v1/sources", json={"numbers": ["C-43"]}).status_code == 404
        given = client.post("/api/v1/sources", json={"cases": CASES, "limit": 20.0})
        with Tracegraph.open(store) as graph:
            assert listed.content == graph.cases().to_json()
            assert recorded.content == given.content == graph.sources().to_json() == graph.sources(CASES).to_json()
            assert some.content == graph.speaking("zh").sources(["C-42"], kinds=["unit"], **options).to_json()


def test_what_is_no_case_is_said(store: str, tmp_path: Path) -> None:
    with served(store, tmp_path) as serving, client_of(serving, "investigator") as client:
        for path, body in (
            ("cases", {"cases": [{"case": "C-1"}], "reason": "x"}),
            ("cases", {"cases": [{"case": "Mary Smith", "place": "x"}], "reason": "x"}),
            ("cases", {"cases": [], "reason": "x"}),
            ("sources", {"cases": [{"case": "C-1", "place": "x", "name": "Mary Smith"}]}),
            ("sources", {"cases": [{"case": "K-1", "place": "x", "role": "control"}]}),
            ("sources", {"among": ["farm"]}),
            *(
                ("sources", {"cases": CASES, **wrong})
                for wrong in ({"contents": "0"}, {"contents": 1}, {"limit": "5"}, {"paths": True})
            ),
            ("sources", {}),
        ):
            reply = client.post(f"/api/v1/{path}", json=body)
            assert reply.status_code in (400, 409), (body, reply.text)
            assert reply.headers["content-type"] == "application/problem+json"


def test_cases_are_for_roles_that_investigate(store: str, tmp_path: Path) -> None:
    for role, status in (("operator", 403), ("analyst", 403), ("regulator", 403), ("admin", 200)):
        with served(store, tmp_path) as serving, client_of(serving, role) as client:
            assert client.get("/api/v1/cases").status_code == status
            assert client.post("/api/v1/cases", json={"cases": CASES, "reason": "x"}).status_code == status
