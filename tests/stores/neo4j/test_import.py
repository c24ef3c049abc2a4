"""The files for neo4j-admin: a server that imported them holds the same store as one that captured, past included."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.care.filled import answers, filled
from tests.end_to_end.building import born, lot, made, put, shipped
from tests.neo4j_server.server import Server
from tracegraph import Tracegraph
from tracegraph.care.copying import copy
from tracegraph.stores import open_store
from tracegraph.stores.neo4j.import_columns import cell
from tracegraph.stores.neo4j.import_files import ARGUMENTS

#: What a graph consists of, apart from numbers and the random values of one store.
GRAPH = """
MATCH (node) WHERE NOT node:Store
RETURN labels(node) AS labels, properties(node) AS said,
  [(node)-[link]->(end) | [type(link), properties(link), coalesce(end.id, end.key, end.event, '')]] AS links
"""
NUMBERS = frozenset({"number", "unit", "process", "told_by"})


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A store with a past, late events, master data, aliases, containers; and texts that are awkward in CSV."""
    url = filled(tmp_path)
    with Tracegraph.open(url) as graph:
        put(graph, [born(1, 'https://partner.example/unit/,;"|\u4e2d', "farm")])
    return url


@pytest.fixture
def imported(url: str, tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "import"
    with Tracegraph.open(url, create=False) as graph:
        graph.export("neo4j-import", folder)
    server = Server()
    try:
        server.set_password()
        server.administer("database", "import", "full", "neo4j", f"@{ARGUMENTS}", folder=folder)
        server.start()
        yield server
    finally:
        server.__exit__()


def test_an_imported_store_is_the_captured_one(url: str, imported: Server) -> None:
    assert answers(imported.url()) == answers(url)
    with closing(open_store(url)) as store, closing(open_store(imported.url())) as other:
        assert other.identity == store.identity
        assert list(other.entries()) == list(store.entries())
        assert other.records() == store.records()
        assert other.events() == store.events()
        assert list(other.verify()) == []
    before = graph_of(imported)
    with Tracegraph.open(imported.url()) as graph:
        put(graph, [made(90, [lot("c")], [lot("d")], "shop", 5, 5), shipped(95, lot("d"), "shop", "home", 5)])
        assert list(graph.verify()) == []
    assert len(graph_of(imported)) > len(before)


def test_the_files_are_what_a_copy_holds(url: str, imported: Server) -> None:
    with closing(open_store(imported.url())):
        pass  # whoever opens it first makes constraints and indexes
    found = graph_of(imported)
    with Server() as server:
        copy(url, server.url())
        assert graph_of(server) == found


def graph_of(server: Server) -> list[str]:
    """Every node with its relationships, without numbers that each store gives for itself."""
    with server.connected() as database:
        rows = database.run(GRAPH)
    return sorted(
        repr(
            (sorted(row["labels"]), without_numbers(row["said"]), sorted(repr(link_of(link)) for link in row["links"]))
        )
        for row in rows
    )


def link_of(link: list) -> tuple:
    kind, said, end = link
    return kind, without_numbers(said), end


def without_numbers(said: dict) -> list:
    """What is said, but for numbers: those of gaps are keys of units, and stay."""
    return sorted((name, value) for name, value in said.items() if name not in NUMBERS or isinstance(value, str))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("", '""'),
        (True, "true"),
        (False, "false"),
        (-5, "-5"),
        ('a "b", c\n', '"a ""b"", c\n"'),
        (b"\x00\x7f\x80\xff", '"0\x1f127\x1f-128\x1f-1"'),
        (("a", "b;c"), '"a\x1fb;c"'),
    ],
)
def test_values_in_files(value: object, text: str) -> None:
    assert cell(value) == text
