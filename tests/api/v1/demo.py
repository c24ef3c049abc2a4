"""The demo, served in this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from tests.api.conftest import caller_named
from tracegraph.api import Serving, Settings, create_app
from tracegraph.api.v1.parameters import EXAMPLE_UNIT
from tracegraph.capture import Capture
from tracegraph.examples.food_outbreak import PARTNERS, write
from tracegraph.intake.recall_scopes import make_version
from tracegraph.intake.recalling import Actor, act
from tracegraph.model.instants import parse_instant
from tracegraph.stores import open_store
from tracegraph.stores.checkpoint import create_key, write_key

CAPTURED_AT = "2026-01-31T09:00:00Z"


def made_demo(folder: Path) -> str:
    """The URL of a new store with the demo in it, captured at a fixed time, and a case of recall about its lot."""
    write(folder / "outbreak")
    url, then, actor = f"sqlite:///{folder}/demo.db", parse_instant(CAPTURED_AT, "time"), Actor("demo")
    store = open_store(url)
    Capture(store, lambda: then, "demo").run([folder / "outbreak" / PARTNERS])
    act(store, "R2026-0001", "open", {"title": "Sprouts, lot 48088"}, then, actor, "a complaint")
    for reason in ("first suspicion", "asked again"):
        make_version(store, "R2026-0001", [EXAMPLE_UNIT], {}, then, actor, reason)
    store.close()
    return url


@contextmanager
def served(store: str, folder: Path, **settings: Any) -> Iterator[Serving]:
    """A service of the store, whose own files are in the folder."""
    key = folder / "key.json"
    if not key.exists():
        write_key(key, create_key())
    serving = Serving.open(
        Settings(store, service_file=folder / "own.service", signing_key=key, **settings), [caller_named]
    )
    serving.clock = lambda: parse_instant(CAPTURED_AT, "time")
    yield serving


@contextmanager
def client_of(serving: Serving, role: str) -> Iterator[TestClient]:
    """Somebody of that role; the service ends with the context."""
    headers = {"X-API-Key": role} if role else {}
    with TestClient(create_app(serving), headers=headers, raise_server_exceptions=False) as client:
        yield client
