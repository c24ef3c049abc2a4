"""A service in this process, with a caller for each role: its credential is the role's name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tracegraph.access.caller import Caller, Role
from tracegraph.api import Serving, Settings, create_app, openapi

MAKER = "https://id.gs1.org/417/9521234000006"


def caller_named(credential: str) -> Caller | None:
    """`admin` is an administrator, `operator` acts for the maker, and so on; nobody has another credential."""
    if credential not in set(Role) - {Role.PUBLIC}:
        return None
    return Caller(credential, Role(credential), frozenset({MAKER}))


@pytest.fixture(scope="session", autouse=True)
def _described_once() -> Iterator[None]:
    """The description is the same for every application with the same routes (test_app.py), and to make it takes longer
    than most tests."""
    described: dict[tuple[object, ...], dict[str, Any]] = {}
    make = openapi.document

    def document(app: FastAPI) -> dict[str, Any]:
        routes = tuple(getattr(route, "path", id(getattr(route, "original_router", route))) for route in app.routes)
        if routes not in described:
            described[routes] = make(app)
        return described[routes]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(openapi, "document", document)
        yield


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    opened = Serving.open(
        Settings(f"sqlite:///{tmp_path}/store.db", destinations=("client.example.com", "127.0.0.1")), [caller_named]
    )
    yield opened
    opened.close()


@pytest.fixture
def anybody(serving: Serving) -> Iterator[TestClient]:
    """A client that says nothing of itself."""
    app = create_app(serving)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def admin(anybody: TestClient) -> TestClient:
    anybody.headers["X-API-Key"] = "admin"
    return anybody
