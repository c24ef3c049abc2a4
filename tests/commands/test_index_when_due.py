"""When a build of the trace index is begun: where it pays, and never while the last one still works."""

from __future__ import annotations

import subprocess
import sys
from typing import Any
from unittest.mock import Mock

import pytest

from tracegraph.commands import index
from tracegraph.stores.indexing import Indexable


def a_store(due: bool) -> Mock:
    """A store of which the index is due, or not."""
    return Mock(spec=Indexable, **{"index_is_due.return_value": due})


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The builds that were begun: each waits until its input ends."""
    begun: list[subprocess.Popen[bytes]] = []

    def begin(session: Any) -> None:
        begun.append(
            subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        )
        index._started.append(begun[-1])

    monkeypatch.setattr(index, "_started", [])
    monkeypatch.setattr(index, "start_in_background", begin)
    return begun


def test_one_build_at_a_time(builds: list[subprocess.Popen[bytes]]) -> None:
    session: Any = None
    store = a_store(due=True)
    assert index.started_when_due(session, store)
    assert not index.started_when_due(session, store)
    assert len(builds) == 1
    builds[0].communicate(b"")
    assert index.started_when_due(session, store)
    builds[1].communicate(b"")


def test_none_where_it_would_not_pay(builds: list[subprocess.Popen[bytes]]) -> None:
    session: Any = None
    assert not index.started_when_due(session, a_store(due=False))
    assert not index.started_when_due(session, Mock(spec=[]))
    assert builds == []
