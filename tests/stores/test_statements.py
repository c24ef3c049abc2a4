"""What an event costs the database: statements that it knows already, each of which meets an index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

import pytest

from tests.end_to_end.building import Event, born, lot, made, opened, packed, put, received, shipped
from tracegraph.stores.sqlite import connections
from tracegraph.stores.sqlite.numbers import NamingConnection

TOLD: list[str] = []


class TellingConnection(NamingConnection):
    """A connection that says what it executes."""

    def execute(self, statement: str, *parameters: Any) -> sqlite3.Cursor:
        TOLD.append(statement)
        return super().execute(statement, *parameters)

    def executemany(self, statement: str, *parameters: Any) -> sqlite3.Cursor:
        TOLD.append(statement)
        return super().executemany(statement, *parameters)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(connections, "NamingConnection", TellingConnection)
    TOLD.clear()
    return TOLD


def story(number: int) -> Iterable[Event]:
    """A lot is made into another one, which is packed, goes to a shop, and is unpacked there."""
    begin = 100 * number
    used, product, pallet = lot(f"used{number}"), lot(f"product{number}"), f"urn:x-pallet:{number}"
    yield born(begin, used, "factory", 10)
    yield made(begin + 1, [used], [product], "factory", 10, 10)
    yield packed(begin + 2, pallet, [product], "factory", 10)
    yield shipped(begin + 3, pallet, "factory", "shop")
    yield received(begin + 4, pallet, "shop", "factory")
    yield packed(begin + 5, pallet, [product], "shop", 10, "DELETE")


def test_events_alike_need_no_new_statements(told: list[str]) -> None:
    """SQLite prepares a text that it has not seen yet, which takes longer than to execute it."""
    with opened() as graph:
        for number in range(3):
            put(graph, *([event] for event in story(number)))
        known = set(told)
        put(graph, *([event] for event in story(3)))
        assert set(told) == known
    assert any(statement.startswith("INSERT INTO holding") for statement in known)


def test_no_event_makes_the_store_read_all_its_nodes(told: list[str]) -> None:
    with opened() as graph:
        put(graph, *([event] for event in story(0)))
    assert any(statement.startswith("INSERT INTO leg") for statement in told)
    assert not [statement for statement in told if " FROM node WHERE text IN" in statement]
