"""Who sees what of a small chain, in tables; and that nothing hidden shows or matters in any answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tests.access.answers import everything, seen_by
from tests.access.chain import FIRMS, FRAME, INGOT, ORE, WHEEL, caller, capture, chain, delivery, party
from tests.end_to_end.building import born, lot, opened, site
from tracegraph import Tracegraph
from tracegraph.access.caller import Caller, Role
from tracegraph.access.rights import Distance
from tracegraph.access.view import RestrictedView, view_of
from tracegraph.contract.signatures import signature_differences
from tracegraph.errors import UnknownIdentifier
from tracegraph.model.custody import PlaceKind
from tracegraph.model.instants import instant_text
from tracegraph.stores import port
from tracegraph.stores.port import HoldingQuery

#: Unit and place of each holding; `>`: on the way; in brackets the quantity, where it shows.
SEEN = {
    "mine": "ore@mine[100] ore>[100] ore@smelter ingot@smelter ingot> ingot> ingot@maker-a ingot@maker-b frame@maker-a "
    "frame> frame@shop wheel@maker-b wheel> wheel@shop",
    "smelter": "ore@mine ore>[100] ore@smelter[100] ingot@smelter[90] ingot>[50] ingot>[30] ingot@maker-a "
    "ingot@maker-b frame@maker-a frame> frame@shop wheel@maker-b wheel> wheel@shop",
    "maker-a": "ore@mine ore> ore@smelter ingot@smelter ingot>[50] ingot@maker-a[50] frame@maker-a[45] frame>[40] "
    "frame@shop",
    "maker-b": "ore@mine ore> ore@smelter ingot@smelter ingot>[30] ingot@maker-b[30] wheel@maker-b[25] wheel>[20] "
    "wheel@shop",
    "shop": "ore@mine ore> ore@smelter ingot@smelter ingot> ingot> ingot@maker-a ingot@maker-b frame@maker-a "
    "frame>[40] frame@shop[40] wheel@maker-b wheel>[20] wheel@shop[20]",
    "stranger": "",
}
#: At which firms the holdings are beyond the direct partners, so that only basic information shows.
BEYOND = {
    "mine": {"maker-a", "maker-b", "shop"},
    "smelter": {"shop"},
    "maker-a": {"mine"},
    "maker-b": {"mine"},
    "shop": {"mine", "smelter"},
    "stranger": set(),
}


@pytest.fixture
def graph(tmp_path: Path):
    with opened() as graph:
        capture(graph, tmp_path / "in", chain())
        yield graph


def restricted(graph: Tracegraph, firm: str) -> RestrictedView:
    view = view_of(graph.store, caller(firm))
    assert isinstance(view, RestrictedView)
    return view


def short(holding) -> str:
    where = ">" if holding.place.kind is PlaceKind.TRANSIT else f"@{holding.place.id.removeprefix('urn:x-site:')}"
    amount = f"[{holding.quantity.value}]" if holding.quantity else ""
    return f"{holding.unit.removeprefix('urn:x-lot:')}{where}{amount}"


@pytest.mark.parametrize("firm", FIRMS)
def test_what_each_sees(graph: Tracegraph, firm: str) -> None:
    view = restricted(graph, firm)
    rows = view.holdings(HoldingQuery())
    assert sorted(short(row.holding) for row in rows) == sorted(SEEN[firm].split())
    levels = view.sight().levels
    sites = [row for row in rows if row.holding.place.kind is PlaceKind.SITE]
    beyond = {row.holding.place.id.removeprefix("urn:x-site:") for row in sites if levels[row.node] is Distance.BEYOND}
    assert beyond == BEYOND[firm]


@pytest.mark.parametrize("firm", FIRMS)
def test_only_the_own_rest_shows(graph: Tracegraph, firm: str) -> None:
    for row in restricted(graph, firm).holdings(HoldingQuery()):
        own = row.holding.party == party(firm)
        assert (row.holding.remaining is not None) == own


def test_everything_for_those_who_see_everything(graph: Tracegraph) -> None:
    for role in (Role.INVESTIGATOR, Role.REGULATOR, Role.ANALYST, Role.ADMIN):
        assert view_of(graph.store, Caller("somebody", role)) is graph.store


def test_nothing_for_the_public_and_for_who_acts_for_nobody(graph: Tracegraph) -> None:
    for who in (Caller("passer-by", Role.PUBLIC, frozenset({party("mine")})), Caller("new", Role.OPERATOR)):
        view = view_of(graph.store, who)
        assert view.holdings(HoldingQuery()) == []
        assert (view.units(), view.events(), view.records(), list(view.entries()), view.gaps()) == ([], [], [], [], [])


def test_an_auditor_sees_what_the_clients_see_together(graph: Tracegraph) -> None:
    auditor = view_of(graph.store, caller("maker-a", "maker-b", role=Role.AUDITOR))
    seen = {row.node for row in auditor.holdings(HoldingQuery())}
    each = [{row.node for row in restricted(graph, firm).holdings(HoldingQuery())} for firm in ("maker-a", "maker-b")]
    assert seen == each[0] | each[1]


def test_what_may_not_be_known_is_as_unknown_as_what_is_not_there(graph: Tracegraph) -> None:
    mine = seen_by(graph, caller("maker-a"))
    for start in (WHEEL, f"site:{site('maker-b')}", f"party:{party('maker-b')}"):
        never = start.replace("wheel", "nleel").replace("maker-b", "maker-c")
        said = []
        for asked in (start, never):
            with pytest.raises(UnknownIdentifier) as error:
                mine.trace(asked)
            said.append(str(error.value).replace(asked.split(":", 1)[1], "it").replace(asked, "it"))
            assert WHEEL not in error.value.nearest
        assert said[0] == said[1]


def test_an_event_shows_the_units_that_concern_the_caller_alone(tmp_path: Path) -> None:
    """One shipment of lots for two customers, under one event."""
    with opened() as graph:
        both = [born(0, lot(name), "mine", 5) for name in ("one", "two")]
        to_each = delivery(10, lot("one"), "mine", "maker-a", 5, "N1") + delivery(
            20, lot("two"), "mine", "maker-b", 5, "N2"
        )
        both[0]["quantityList"] += both.pop()["quantityList"]
        capture(graph, tmp_path, both + to_each)
        view = restricted(graph, "maker-a")
        assert [[named.unit for named in stored.facts.named] for stored in view.events()] == [[lot("one")]] * 3
        assert view.events(units=[lot("two")]) == []
        told = b"".join(everything(seen_by(graph, caller("maker-a")), [lot("one"), lot("two")]).values())
        assert lot("two").encode() not in told.replace(f"unit '{lot('two')}' is unknown".encode(), b"")


#: Texts that stand in the records of one firm's dealings with another; never in answers for somebody else.
SECRET = {
    "price-N1": {"mine", "smelter"},
    "price-N2": {"smelter", "maker-a"},
    "price-N3": {"smelter", "maker-b"},
    "price-N5": {"maker-b", "shop"},
    "grade-of-ore": {"mine"},
    "alloy-of-ingot": {"smelter"},
    "urn:x-despatch:N1": {"mine", "smelter"},
    "urn:x-despatch:N3": {"smelter", "maker-b"},
    "street of maker-b": {"maker-b"},
    "urn:x-lot:wheel": {"mine", "smelter", "maker-b", "shop"},
    "urn:x-site:maker-b": {"mine", "smelter", "maker-b", "shop"},
    "urn:x-party:stranger": {"stranger"},
}


@pytest.mark.parametrize("firm", FIRMS)
def test_nothing_hidden_in_any_byte(graph: Tracegraph, firm: str) -> None:
    told = b"\n".join(everything(seen_by(graph, caller(firm)), [ORE, INGOT, FRAME]).values())
    shown = {secret for secret in SECRET if secret.encode() in told}
    assert shown == {secret for secret, firms in SECRET.items() if firm in firms}


def test_what_others_do_changes_nothing(tmp_path: Path) -> None:
    """More and fewer deliveries to others, of other quantities, before and after: the same bytes for maker A."""
    others = [event for event in chain() if "maker-b" in str(event)]
    concerning = [event for event in chain() if event not in others]
    more = [*delivery(80, INGOT, "smelter", "stranger", 3, "N9"), born(5, lot("secret"), "mine", 7)]
    changed = [*delivery(75, INGOT, "smelter", "maker-b", 31, "N3"), born(1, WHEEL, "maker-b", 4)]
    told = []
    for events in (concerning, [*concerning, *others], [*more, *concerning, *others], [*concerning, *changed]):
        with opened() as graph:
            capture(graph, tmp_path, events)
            starts = [ORE, INGOT, FRAME, WHEEL, lot("secret"), f"site:{site('smelter')}", f"party:{party('maker-b')}"]
            told.append(everything(seen_by(graph, caller("maker-a")), starts))
    for other in told[1:]:
        assert other == told[0]


def test_a_query_finds_what_shows_of_an_event_alone(graph: Tracegraph) -> None:
    """Neither a hidden unit nor a hidden field of a visible event is found by asking for it."""
    mine = graph.as_caller(caller("maker-a"))
    assert len(list(graph.events(MATCH_anyEPCClass=[WHEEL]))) == 3
    assert list(mine.events(MATCH_anyEPCClass=[WHEEL])) == []
    assert len(list(graph.events(GE_quantity=100))) == 4
    assert list(mine.events(GE_quantity=100)) == []
    assert len(list(mine.events(MATCH_anyEPCClass=[ORE]))) == 4
    assert len(list(graph.events(EQ_bizTransaction_desadv=["urn:x-despatch:N1"]))) == 2
    assert list(mine.events(EQ_bizTransaction_desadv=["urn:x-despatch:N1"])) == []
    assert len(list(mine.events(EQ_bizTransaction_desadv=["urn:x-despatch:N2"]))) == 2


@pytest.mark.parametrize("firm", FIRMS)
def test_the_ledger_reads_the_same_in_pieces(graph: Tracegraph, firm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    view = restricted(graph, firm)
    pieces = [entry for position in range(25) for entry in view.entries(position, position + 1)]
    monkeypatch.setattr("tracegraph.access.view._FEW_ENTRIES", -1)
    assert list(view.entries()) == pieces
    assert [entry.position for entry in view.entries(7, 12)] == [
        one.position for one in pieces if 7 < one.position <= 12
    ]


def test_what_is_knowable_is_found_once(graph: Tracegraph) -> None:
    """Of two threads that need it one finds it; another ledger position is another sight."""
    views = [restricted(graph, "maker-a") for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        sights = list(pool.map(RestrictedView.sight, views))
    assert all(sight is sights[0] for sight in sights)
    earlier = views[0].sight(10)
    assert earlier is views[1].sight(10)
    assert sights[0] is views[2].sight()
    assert len(earlier.numbers) < len(sights[0].numbers)


@pytest.mark.parametrize("bound", ["MOST_SIGHTS", "MOST_NODES"])
def test_few_sights_are_kept(graph: Tracegraph, monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    """The least used goes, the newest stays whatever its size."""
    monkeypatch.setattr(f"tracegraph.access.sights.{bound}", 1)
    mine, theirs = restricted(graph, "maker-a"), restricted(graph, "maker-b")
    first = mine.sight()
    assert mine.sight() is first
    assert theirs.sight() is theirs.sight()
    again = mine.sight()
    assert again is not first
    assert again == replace(first, ground=again.ground)


def test_the_view_offers_all_questions_of_a_store() -> None:
    assert signature_differences(RestrictedView, port.Reading) == []


def test_positions_are_not_told(graph: Tracegraph) -> None:
    mine = seen_by(graph, caller("maker-a"))
    answer = mine.trace(FRAME, direction="backward", max_hops=1).to_dict()
    assert answer["as_of"]["ledger"]["count"] is None
    assert answer["as_of"]["ledger"]["head"] == graph.store.head().hash
    event = answer["result"]["events"][0]
    assert [shown["position"] for shown in mine.show(f"event:{event}").to_dict()["result"]["shown"]["events"]] == [None]
    assert mine.trace(resume=answer).to_dict()["result"] == mine.trace(FRAME, direction="backward").to_dict()["result"]


def test_an_answer_of_an_earlier_day(tmp_path: Path) -> None:
    with opened() as graph:
        events = chain()
        capture(graph, tmp_path, events[:5])
        before = graph.store.head()
        capture(graph, tmp_path, events[5:], with_header=False)
        mine = seen_by(graph, caller("maker-a"))
        earlier = instant_text(before.recorded_at or 0)
        answer = mine.trace(INGOT, direction="backward", as_of=earlier).to_dict()
        assert answer["as_of"]["ledger"] == {"count": None, "head": before.hash}
        places = {holding["place"]["id"] for holding in answer["result"]["holdings"]}
        assert site("mine") in places
        with pytest.raises(UnknownIdentifier):
            mine.trace(FRAME, as_of=earlier)
