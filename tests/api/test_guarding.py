"""What protects the service from a request, and its caller from a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import pytest
from fastapi import Body, FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.testclient import TestClient

from tests.api.clients import new_key, service
from tracegraph.api import Serving, create_app
from tracegraph.api.routes import Routes

LIMIT = 1_000
routes = Routes("", "tests")


@routes.post("/json", "read")
def as_json(body: Annotated[dict, Body()]) -> Response:
    return PlainTextResponse("read")


@routes.post("/stream", "read")
async def as_stream(request: Request) -> Response:
    count = 0
    async for piece in request.stream():
        count += len(piece)
    return PlainTextResponse(str(count))


def app_of(serving: Serving) -> FastAPI:
    app = create_app(serving)
    app.include_router(routes.router)
    return app


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with service(tmp_path, most_bytes=LIMIT) as (serving, _):
        key = new_key(serving, "plant", "admin")
        client = TestClient(app_of(serving), raise_server_exceptions=False, headers={"X-API-Key": key})
        yield client


def pieces(count: int) -> Iterator[bytes]:
    """A body in chunks, that does not say how long it is."""
    yield b"{"
    for _ in range(count):
        yield b" " * 100
    yield b"}"


@pytest.mark.parametrize("path", ["/json", "/stream"])
def test_a_body_in_chunks_has_the_same_limit(client: TestClient, path: str) -> None:
    form = {"Content-Type": "application/json"}
    assert client.post(path, content=pieces(9), headers=form).status_code == 200
    refused = client.post(path, content=pieces(10), headers=form)
    assert (refused.status_code, refused.json()["type"]) == (413, "urn:tracegraph:problem:too-large")
    assert refused.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/json", "/stream"])
def test_a_body_that_says_how_long_it_is_is_not_read(client: TestClient, path: str) -> None:
    assert client.post(path, content=b"{" + b" " * LIMIT + b"}").status_code == 413


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "zstd", "gzip, gzip", "GZIP", "x"])
def test_compressed_bodies_are_refused_before_they_are_read(client: TestClient, coding: str) -> None:
    refused = client.post("/json", content=b"\x1f\x8b", headers={"Content-Encoding": coding})
    assert (refused.status_code, refused.headers["Accept-Encoding"]) == (415, "identity")
    assert client.post("/json", json={}, headers={"Content-Encoding": "identity"}).status_code == 200


def test_a_role_is_looked_at_before_the_body_is_read(tmp_path: Path) -> None:
    with service(tmp_path) as (serving, _):
        key = new_key(serving, "plant", "admin", scopes=["trace"])
        client = TestClient(app_of(serving), raise_server_exceptions=False, headers={"X-API-Key": key})
        assert client.post("/json", content=b"no json").status_code == 403
        other = {"X-API-Key": serving.keys.create("plant").secret}
        assert client.post("/json", content=b"no json", headers=other).status_code == 400


def test_pages_of_other_sites_may_not_ask_unless_they_are_named(tmp_path: Path) -> None:
    asking = {"Origin": "https://board.example", "Access-Control-Request-Method": "GET"}
    with service(tmp_path) as (_, client):
        assert client.options("/metrics", headers=asking).status_code == 401
        assert "access-control-allow-origin" not in client.get("/health", headers=asking).headers


def test_pages_of_named_sites_may_ask(tmp_path: Path) -> None:
    with service(tmp_path, origins=("https://board.example",)) as (_, client):
        asking = {"Origin": "https://board.example", "Access-Control-Request-Method": "GET"}
        allowed = client.options("/metrics", headers=asking)
        assert allowed.headers["access-control-allow-origin"] == "https://board.example"
        assert "access-control-allow-credentials" not in allowed.headers
        other = client.options("/metrics", headers={**asking, "Origin": "https://other.example"})
        assert "access-control-allow-origin" not in other.headers


def test_headers_for_browsers_stand_on_every_answer(client: TestClient) -> None:
    for answer in (client.get("/health"), client.get("/nothing"), client.post("/json", content=b"x")):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "script-src" not in answer.headers["Content-Security-Policy"]
