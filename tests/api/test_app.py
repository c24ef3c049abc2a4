"""What every request passes through: names, headers, limits, problems."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tracegraph.api import Serving, Settings, create_app
from tracegraph.api.openapi import document
from tracegraph.api.problems import PROBLEM_TYPES


def test_it_says_that_it_runs(anybody: TestClient) -> None:
    assert anybody.get("/health").json()["status"] == "up"
    assert anybody.get("/ready").json() == {"status": "ready"}


@pytest.mark.parametrize("path", ["/openapi.json", "/metrics", "/nothing", "/epcis/events", "/api/v1/units/x"])
def test_strangers_learn_nothing(anybody: TestClient, path: str) -> None:
    answer = anybody.get(path)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_credential_that_nobody_has_is_refused_even_where_none_is_needed(anybody: TestClient) -> None:
    assert anybody.get("/health", headers={"X-API-Key": "guess"}).status_code == 401
    assert anybody.get("/health", headers={"Authorization": "Basic x"}).status_code == 401


def test_a_role_without_the_operation_is_told_so(anybody: TestClient) -> None:
    answer = anybody.get("/metrics", headers={"Authorization": "Bearer analyst"})
    assert answer.status_code == 403
    assert "lacks the operation monitor" in answer.json()["detail"]
    assert answer.json()["type"] == "urn:tracegraph:problem:forbidden"


def test_what_is_not_there_and_what_is_not_offered(admin: TestClient) -> None:
    assert admin.get("/nothing").json()["type"] == "urn:tracegraph:problem:not-found"
    assert admin.get("/epcis/nothing").json()["type"] == "epcisException:NoSuchResourceException"
    refused = admin.post("/health")
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET")


def test_a_request_keeps_a_harmless_name_and_loses_another(anybody: TestClient) -> None:
    assert anybody.get("/health", headers={"X-Request-ID": "abc-1"}).headers["X-Request-ID"] == "abc-1"
    assert anybody.get("/health", headers={"X-Request-ID": 'a" b'}).headers["X-Request-ID"] != 'a" b'


def test_headers_for_browsers(anybody: TestClient) -> None:
    headers = anybody.get("/health").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "access-control-allow-origin" not in headers


def test_an_address_may_not_be_endless(anybody: TestClient) -> None:
    assert anybody.get("/health", params={"q": "x" * 20_000}).status_code == 414


def test_openapi_names_an_operation_for_every_route(admin: TestClient) -> None:
    told = admin.get("/openapi.json").json()
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            assert operation["x-tracegraph-operation"], (method, path)
    assert "HTTPValidationError" not in json.dumps(told)


def test_every_application_is_described_alike(serving: Serving, tmp_path: Path) -> None:
    """The other tests make the description once."""
    settings = Settings(f"sqlite:///{tmp_path}/other.db", origins=("https://pages.example",), most_nodes=7)
    other = Serving.open(settings, [])
    try:
        assert document(create_app(other)) == document(create_app(serving))
    finally:
        other.close()


def test_metrics_count_requests_by_route(admin: TestClient) -> None:
    admin.get("/health")
    text = admin.get("/metrics").text
    assert 'tracegraph_requests_total{method="GET",route="/health",status="200"} 1.0' in text


def test_problem_types_are_told_apart_by_name() -> None:
    names = [kind.name for kind in PROBLEM_TYPES]
    assert len(names) == len(set(names)) > 15
