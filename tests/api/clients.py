"""Clients of a service in this process: one that says nothing of itself, and such that send a key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from tracegraph.api import Serving, Settings, create_app
from tracegraph.service.users import Users


@contextmanager
def service(folder: Path, **settings: Any) -> Iterator[tuple[Serving, TestClient]]:
    """A service whose callers have keys of its own service file."""
    serving = Serving.open(replace(Settings(f"sqlite:///{folder}/store.db"), **settings))
    with TestClient(create_app(serving), raise_server_exceptions=False) as client:
        yield serving, client


def new_key(serving: Serving, name: str, role: str, *organisations: str, **more: Any) -> str:
    """A key of a new user."""
    Users(serving.file, serving.clock).add(name, role, organisations)
    return serving.keys.create(name, **more).secret
