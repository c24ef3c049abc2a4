"""Queries on a view that shows a caller less than the store: they find by what shows, and tell nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.access.chain import FIRMS, INGOT, ORE, WHEEL, caller, capture, chain
from tests.end_to_end.building import opened
from tracegraph import Tracegraph
from tracegraph.access.caller import Role
from tracegraph.access.view import view_of
from tracegraph.errors import QueryInvalid
from tracegraph.query import Candidate, Master, Query, find, find_page, matches, read_url
from tracegraph.query.candidates import candidates, scope_of
from tracegraph.stores.port import Reading
from tracegraph.stores.stored_facts import master_data
from tracegraph.trace.snapshot import Snapshot

QUERIES = [
    [],
    [("MATCH_anyEPCClass", INGOT)],
    [("MATCH_anyEPCClass", f"{ORE}|{WHEEL}")],
    [("MATCH_inputEPCClass", INGOT), ("orderBy", "eventTime")],
    [("EQ_bizStep", "shipping"), ("GE_quantity_KGM", "1")],
    [("EXISTS_https://example.com/terms#price", "")],
    [("EQ_bizTransaction", "urn:x-despatch:N3")],
    [("EXISTS_ILMD_https://example.com/terms#grade", "")],
    [("HASATTR_readPoint", "streetAddressOne")],
]


@pytest.fixture
def graph(tmp_path: Path):
    with opened() as graph:
        capture(graph, tmp_path / "in", chain())
        yield graph


def query(*pairs: tuple[str, str]) -> Query:
    return read_url(pairs)


def all_shown(view: Reading) -> list[Candidate]:
    snapshot = Snapshot.of(view)
    return list(candidates(snapshot, scope_of(query(), snapshot)))


@pytest.mark.parametrize("firm", FIRMS)
def test_what_is_found_is_what_shows(graph: Tracegraph, firm: str) -> None:
    view = view_of(graph.store, caller(firm))
    shown = all_shown(view)
    master = Master(lambda: master_data(view))
    for pairs in QUERIES:
        asked = query(*pairs)
        found = list(find(view, asked))
        assert sorted(one.position for one in found) == [
            one.position for one in shown if matches(asked, one, master)
        ], pairs
        assert {one.position: one.event for one in shown} | {one.position: one.event for one in found} == {
            one.position: one.event for one in shown
        }


def test_every_query_finds_something_in_the_whole_store(graph: Tracegraph) -> None:
    assert all(list(find(graph.store, query(*pairs))) for pairs in QUERIES)


def test_what_is_hidden_cannot_be_asked_for(graph: Tracegraph) -> None:
    everything, maker = graph.store, view_of(graph.store, caller("maker-a"))
    for pairs in (("MATCH_anyEPCClass", WHEEL), ("EQ_https://example.com/terms#price", "price-N3")):
        assert list(find(everything, query(pairs)))
        assert not list(find(maker, query(pairs)))
    amounts = query(("EQ_bizStep", "commissioning"), ("GE_quantity_KGM", "1"), ("MATCH_anyEPCClass", ORE))
    assert list(find(everything, amounts))
    assert not list(find(maker, amounts))
    investigator = view_of(graph.store, caller(role=Role.INVESTIGATOR))
    assert list(find(investigator, query())) == list(find(everything, query()))


def test_tokens_of_a_view_do_not_tell_positions(graph: Tracegraph) -> None:
    view = view_of(graph.store, caller("maker-a"))
    first = find_page(view, query(("perPage", "2")))
    assert first.next_page_token is not None
    following = find_page(view, query(("perPage", "100"), ("nextPageToken", first.next_page_token)))
    assert [*first.events, *following.events] == list(find(view, query()))
    with pytest.raises(QueryInvalid, match="none that was given here"):
        find_page(graph.store, query(("nextPageToken", first.next_page_token)))
