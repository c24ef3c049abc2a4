"""Who merely claims to have had something learns nothing of it; what is on its way to somebody shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.access.answers import everything, seen_by
from tests.access.chain import FRAME, INGOT, ORE, caller, capture, chain, delivery, party
from tests.end_to_end.building import born, document, event, item, lot, opened, packed, received, shipped, site
from tests.end_to_end.building import made as mixed
from tracegraph import Tracegraph
from tracegraph.stores.port import HoldingQuery

PALLET, BOX = item("pallet"), item("box")


def places(graph: Tracegraph, firm: str) -> set[str]:
    """Where anything is that the firm sees."""
    rows = seen_by(graph, caller(firm)).store.holdings(HoldingQuery())
    return {f"{row.holding.unit.rpartition(':')[2]} {row.holding.place.kind} {row.holding.place.id}" for row in rows}


def firms_seen(graph: Tracegraph, firm: str) -> set[str]:
    rows = seen_by(graph, caller(firm)).store.holdings(HoldingQuery())
    return {row.holding.place.id.removeprefix("urn:x-site:") for row in rows if row.holding.place.kind == "site"}


EMPTIED = packed(410, PALLET, [], "stranger", action="DELETE")
CLAIMS = {
    "received": [received(400, ORE, "stranger", "mine", 5)],
    "received with a note": [received(400, INGOT, "stranger", "smelter", 5, bizTransactionList=document("N7"))],
    "seen": [event("ObjectEvent", 400, action="OBSERVE", bizStep="inspecting", quantityList=[{"epcClass": ORE}],
                   readPoint={"id": site("stranger")})],
    "born": [born(400, INGOT, "stranger", 5)],
    "born before": [born(-5, INGOT, "stranger", 5)],
    "used": [mixed(400, [INGOT], [lot("claimed")], "stranger", 5, 5)],
    "shipped on": [shipped(400, INGOT, "stranger", "maker-b", 5), received(420, INGOT, "maker-b", "stranger", 5)],
    "box received": [received(400, BOX, "stranger")],
    "pallet received": [received(400, PALLET, "stranger")],
    "box unpacked": [packed(400, PALLET, [BOX], "stranger", action="DELETE")],
    "pallet emptied": [packed(400, PALLET, [], "stranger", action="DELETE")],
    "pallet received and emptied": [received(400, PALLET, "stranger"), EMPTIED],
    "pallet born and emptied": [born(400, PALLET, "stranger"), EMPTIED],
    "pallet made and emptied": [mixed(400, [lot("wood")], [PALLET], "stranger"), EMPTIED],
    "pallet moved and emptied": [received(400, PALLET, "stranger"), shipped(401, PALLET, "stranger", "stranger/2"),
                                 received(402, PALLET, "stranger/2", "stranger"),
                                 packed(410, PALLET, [], "stranger/2", action="DELETE")],
}  # fmt: skip


def pallet_at_the_mine() -> list[dict]:
    return [born(1, BOX, "mine"), born(1, PALLET, "mine"), packed(2, PALLET, [BOX], "mine")]


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claim_teaches_nothing(tmp_path: Path, claim: str) -> None:
    with opened() as graph:
        capture(graph, tmp_path, [*pallet_at_the_mine(), *chain(), *CLAIMS[claim]])
        assert firms_seen(graph, "stranger") <= {"stranger", "stranger/2", "maker-b"}
        view = seen_by(graph, caller("stranger")).store
        named = {holding.party for holding in (row.holding for row in view.holdings(HoldingQuery()))}
        assert named <= {party("stranger"), party("maker-b"), None}
        assert b"N2" not in b"".join(entry.payload for entry in view.entries())
        assert not any("mine" in repr(gap) or "smelter" in repr(gap) for gap in view.gaps())


@pytest.mark.parametrize("claim", sorted(CLAIMS.keys() - {"box unpacked"}))
def test_a_claim_does_not_even_tell_whether_there_is_such_a_thing(tmp_path: Path, claim: str) -> None:
    """The same bytes as where nobody but the claimant ever recorded anything. (Who names a thing and the container that
    it is in gets a holding of another id: docs/access.md, "What remains".)"""
    starts = [ORE, INGOT, BOX, PALLET, lot("claimed"), FRAME]
    told = []
    for others in ([], [*pallet_at_the_mine(), *chain()]):
        with opened() as graph:
            capture(graph, tmp_path, [*others, *CLAIMS[claim]])
            told.append(everything(seen_by(graph, caller("stranger")), starts))
    assert told[0] == told[1]


def test_goods_on_their_way_show_to_whom_they_are_sent(tmp_path: Path) -> None:
    with opened() as graph:
        note = {"bizTransactionList": document("N1")}
        capture(graph, tmp_path, [born(0, ORE, "mine", 100), shipped(10, ORE, "mine", "smelter", 60, **note)])
        assert firms_seen(graph, "smelter") == {"mine", "smelter"}
        events = seen_by(graph, caller("smelter")).store.events()
        assert [(one.facts.step, len(one.facts.named)) for one in events] == [("commissioning", 1), ("shipping", 1)]
        assert [one.facts.named[0].quantity is not None for one in events] == [False, True]


def test_what_may_have_arrived_shows_to_the_sender(tmp_path: Path) -> None:
    with opened() as graph:
        capture(graph, tmp_path, [born(0, ORE, "mine", 100), shipped(10, ORE, "mine", "smelter", 60)])
        assert firms_seen(graph, "mine") == {"mine", "smelter"}


def test_what_stands_in_a_received_pallet_shows(tmp_path: Path) -> None:
    with opened() as graph:
        way = [shipped(20, PALLET, "mine", "smelter"), received(50, PALLET, "smelter", "mine")]
        capture(graph, tmp_path, [*pallet_at_the_mine(), *way])
        assert {"box container urn:x-item:pallet", "box site urn:x-site:mine"} <= places(graph, "smelter")
        assert "pallet site urn:x-site:mine" in places(graph, "smelter")


def test_where_the_pallet_goes_next_does_not_show_once_the_goods_are_out(tmp_path: Path) -> None:
    with opened() as graph:
        there = [shipped(20, PALLET, "mine", "smelter"), received(50, PALLET, "smelter", "mine")]
        out = [packed(60, PALLET, [BOX], "smelter", action="DELETE")]
        on = [shipped(70, PALLET, "smelter", "stranger"), received(90, PALLET, "stranger", "smelter")]
        next_load = [born(91, item("other"), "stranger"), packed(95, PALLET, [item("other")], "stranger")]
        capture(graph, tmp_path, [*pallet_at_the_mine(), *there, *out, *on, *next_load])
        sight = seen_by(graph, caller("mine")).store
        assert "pallet site urn:x-site:stranger" in places(graph, "mine")  # the pallet was the mine's own
        assert not any("other" in row.holding.unit for row in sight.holdings(HoldingQuery()))


def test_deliveries_before_a_load_reached_the_caller_do_not_show(tmp_path: Path) -> None:
    """A crate of one lot goes round: some is taken out at A, the rest at B."""
    crate, load = item("crate"), lot("load")
    round_trip = [
        born(0, load, "mine", 10),
        born(0, crate, "mine"),
        packed(5, crate, [load], "mine", 10),
        *[shipped(10, crate, "mine", "maker-a"), received(20, crate, "maker-a", "mine")],
        packed(25, crate, [load], "maker-a", 4, action="DELETE"),
        *[shipped(30, crate, "maker-a", "maker-b"), received(40, crate, "maker-b", "maker-a")],
        packed(45, crate, [load], "maker-b", 6, action="DELETE"),
        *delivery(50, load, "maker-a", "shop", 4, "N1"),
    ]
    with opened() as graph:
        capture(graph, tmp_path, round_trip)
        assert "load site urn:x-site:maker-a" not in places(graph, "maker-b")
        assert "shop" not in firms_seen(graph, "maker-b")
        assert "maker-b" not in firms_seen(graph, "shop")
