"""Writes that may be sent again: done once, answered as often as asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.testclient import TestClient

from tests.api.clients import new_key, service
from tracegraph.api import Serving, create_app
from tracegraph.api.problems import CONFLICT, Problem
from tracegraph.api.routes import Routes

routes = Routes("/try", "tests")
done: list[bytes] = []
going, held = Event(), Event()


@routes.post("/write", "read", idempotent=True)
async def write(request: Request) -> Response:
    content = await request.body()
    if content == b"refused":
        raise Problem(CONFLICT, "it is there already")
    done.append(content)
    return JSONResponse({"number": len(done)}, 202, {"Location": f"/jobs/{len(done)}"})


@routes.post("/slow", "read", idempotent=True)
def slow() -> Response:
    going.set()
    held.wait()
    return JSONResponse({})


@routes.post("/plain", "read")
def plain() -> Response:
    done.append(b"plain")
    return JSONResponse({})


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Serving]:
    done.clear()
    with service(tmp_path) as (serving, _):
        yield serving


@pytest.fixture
def client(shared: Serving) -> TestClient:
    return client_of(shared, new_key(shared, "plant", "admin"))


def client_of(serving: Serving, key: str) -> TestClient:
    app = create_app(serving)
    app.include_router(routes.router)
    return TestClient(app, raise_server_exceptions=False, headers={"X-API-Key": key})


def keyed(key: str = "k-1") -> dict[str, str]:
    return {"Idempotency-Key": key}


def test_the_same_request_is_done_once_and_answered_twice(client: TestClient) -> None:
    first = client.post("/try/write", content=b"a", headers=keyed())
    second = client.post("/try/write", content=b"a", headers=keyed('"k-1"'))
    assert done == [b"a"]
    assert (first.status_code, first.content) == (second.status_code, second.content) == (202, b'{"number":1}')
    assert first.headers["Location"] == second.headers["Location"] == "/jobs/1"
    assert ("Idempotency-Replayed" in first.headers, second.headers["Idempotency-Replayed"]) == (False, "true")
    assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]


def test_without_a_key_it_is_done_each_time(client: TestClient) -> None:
    client.post("/try/write", content=b"a")
    client.post("/try/write", content=b"a")
    assert done == [b"a", b"a"]


def test_another_request_of_the_same_key_is_refused(client: TestClient) -> None:
    client.post("/try/write", content=b"a", headers=keyed())
    for refused in (
        client.post("/try/write", content=b"b", headers=keyed()),
        client.post("/try/write?x=1", content=b"a", headers=keyed()),
        client.post("/try/write", content=b"a", headers={**keyed(), "Content-Type": "text/xml"}),
    ):
        assert (refused.status_code, refused.json()["type"]) == (409, "urn:tracegraph:problem:used-key")
    assert done == [b"a"]


def test_callers_do_not_share_keys(client: TestClient, shared: Serving) -> None:
    client.post("/try/write", content=b"a", headers=keyed())
    other = client_of(shared, new_key(shared, "other", "admin"))
    assert other.post("/try/write", content=b"b", headers=keyed()).json() == {"number": 2}


def test_a_refused_request_may_be_corrected_under_its_key(client: TestClient) -> None:
    assert client.post("/try/write", content=b"refused", headers=keyed()).status_code == 409
    assert client.post("/try/write", content=b"a", headers=keyed()).status_code == 202


def test_while_it_runs_it_is_not_begun_again(client: TestClient) -> None:
    going.clear()
    held.clear()
    statuses: list[int] = []
    first = Thread(target=lambda: statuses.append(client.post("/try/slow", headers=keyed()).status_code))
    first.start()
    going.wait()
    refused = client.post("/try/slow", headers=keyed())
    held.set()
    first.join()
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:tracegraph:problem:busy-key")
    assert refused.headers["Retry-After"] == "1"
    assert statuses == [200]


def test_who_may_not_write_any_more_does_not_get_the_answer(client: TestClient, shared: Serving) -> None:
    client.post("/try/write", content=b"a", headers=keyed())
    narrow = client_of(shared, shared.keys.create("plant", ["trace"]).secret)
    assert narrow.post("/try/write", content=b"a", headers=keyed()).status_code == 403


@pytest.mark.parametrize("key", ["", "x" * 256, "a b", '"'])
def test_keys_that_are_none(client: TestClient, key: str) -> None:
    assert client.post("/try/write", content=b"a", headers=keyed(key)).status_code == 400


def test_routes_that_do_not_say_so_ignore_the_key(client: TestClient) -> None:
    client.post("/try/plain", headers=keyed())
    client.post("/try/plain", headers=keyed())
    assert done == [b"plain", b"plain"]


def test_the_description_tells_the_header_and_its_problems(client: TestClient) -> None:
    told = client.get("/openapi.json").json()["paths"]
    (header,) = [one for one in told["/try/write"]["post"]["parameters"] if one["name"] == "Idempotency-Key"]
    assert header["in"] == "header"
    assert "409" in told["/try/write"]["post"]["responses"]
    assert "409" not in told["/try/plain"]["post"]["responses"]
