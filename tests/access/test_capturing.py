"""An operator records what happens at its own places; everything else is refused with a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.access.chain import INGOT, ORE, caller, capture, chain, party
from tests.access.permitted import may_capture
from tests.end_to_end.building import lot, opened, site
from tracegraph import Tracegraph
from tracegraph.access.caller import Caller, Role
from tracegraph.access.capturing import permit_of
from tracegraph.formats.epcis import AcceptedEvent, AcceptedRecord, SourcePosition
from tracegraph.model.facts import Alias, EventFacts
from tracegraph.model.master_data import MasterData
from tracegraph.model.record import Record

PLAIN = EventFacts("ni:///hash", "", False, "ObjectEvent", 0)
MINE = caller("mine")
HERE, THERE = site("mine"), site("smelter")
US, THEM = party("mine"), party("smelter")


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tracegraph]:
    with opened() as graph:
        folder: Path = tmp_path_factory.mktemp("chain")
        capture(graph, folder, chain())
        yield graph


EVENTS: dict[str, tuple[dict[str, object], str | None]] = {
    "born here": ({"action": "ADD", "read_point": HERE}, None),
    "at both": ({"read_point": HERE, "biz_location": HERE}, None),
    "shipped from here": ({"step": "shipping", "read_point": HERE, "destination_party": THEM}, None),
    "shipped, told by party": ({"step": "shipping", "source_party": US}, None),
    "received here": ({"step": "receiving", "biz_location": HERE, "source_place": THERE, "source_party": THEM}, None),
    "received, told by party": ({"step": "receiving", "destination_party": US, "source_party": THEM}, None),
    "owned by others": ({"step": "shipping", "read_point": HERE, "source_owner": THEM}, None),
    "born there": ({"action": "ADD", "read_point": THERE}, "happened at .*smelter"),
    "one there": ({"read_point": HERE, "biz_location": THERE}, "happened at .*smelter"),
    "received there": ({"step": "receiving", "biz_location": THERE, "destination_party": US}, "happened at .*smelter"),
    "nowhere": ({"action": "DELETE", "step": "destroying"}, "no place of yours"),
    "nowhere, but owned": ({"action": "DELETE", "source_owner": US}, "no place of yours"),
    "packed nowhere": ({"step": "packing", "source_party": US}, "no place of yours"),
    "shipped for them": ({"step": "shipping", "source_party": THEM}, "takes goods from .*smelter"),
    "shipped from there": ({"step": "shipping", "read_point": HERE, "source_place": THERE}, "takes goods from"),
    "received by nobody": ({"step": "receiving", "source_party": US}, "no place of yours"),
}


@pytest.mark.parametrize("name", EVENTS)
def test_events(graph: Tracegraph, name: str) -> None:
    said, refusal = EVENTS[name]
    told = may_capture(MINE, replace(PLAIN, **said), graph.store)  # type: ignore[arg-type]
    assert (told is None) == (refusal is None)
    if refusal is not None:
        assert re.search(refusal, told or ""), told


def test_who_may_capture_anything_and_who_nothing(graph: Tracegraph) -> None:
    event = replace(PLAIN, read_point=THERE)
    for role in Role:
        said = may_capture(Caller("one", role, frozenset({US})), event, graph.store)
        permit = permit_of(graph.store, Caller("one", role, frozenset({US})))
        if role is Role.ADMIN:
            assert (said, permit) == (None, None)
        elif role is Role.INVESTIGATOR:
            assert said is None
            assert permit is not None
            assert permit(AcceptedEvent(b"", event, SourcePosition("one"))) is None
        else:
            assert said
            assert permit is not None
            assert ("may not capture" in said) == (role is not Role.OPERATOR)
    narrowed = Caller("one", Role.ADMIN, scopes=frozenset({"read"}))
    assert "may not capture" in (may_capture(narrowed, event, graph.store) or "")


@pytest.mark.parametrize(
    ("role", "kind", "said"),
    [
        (Role.INVESTIGATOR, "case", None),
        (Role.INVESTIGATOR, "evidence", "for other roles to enter"),
        (Role.OPERATOR, "case", "entered by roles that see everything"),
        (Role.REGULATOR, "case", "may not capture"),
    ],
)
def test_records_are_captured_by_whoever_may_enter_them(
    graph: Tracegraph, role: Role, kind: str, said: str | None
) -> None:
    permit = permit_of(graph.store, Caller("one", role, frozenset({US})))
    assert permit is not None
    told = permit(AcceptedRecord(Record(kind, "1"), SourcePosition("one"), {}, b"{}"))
    assert told is None if said is None else said in (told or "")


def test_nobody_retracts_the_event_of_another(graph: Tracegraph) -> None:
    theirs = next(one.facts for one in graph.store.events() if one.facts.read_point == THERE)
    ours = next(one.facts for one in graph.store.events() if one.facts.read_point == HERE)
    declared = replace(PLAIN, retracts=True, read_point=HERE)
    assert may_capture(MINE, replace(declared, event_id="urn:uuid:unknown"), graph.store) is None
    assert may_capture(MINE, replace(ours, retracts=True), graph.store) is None
    said = may_capture(MINE, replace(declared, content_hash=theirs.content_hash), graph.store)
    assert said
    assert "somebody else's event" in said


def test_nobody_renames_the_lot_of_another(graph: Tracegraph) -> None:
    def told(unit: str, alias: str) -> str | None:
        return may_capture(MINE, replace(PLAIN, read_point=HERE, aliases=(Alias(unit, alias),)), graph.store)

    assert told(lot("new"), lot("newer")) is None
    assert told(lot("new"), INGOT) is not None
    assert told(ORE, lot("other name")) is not None  # the smelter knows it under its name


MASTER: dict[str, tuple[MasterData, bool]] = {
    "own site": (MasterData("site", HERE, name="new name"), True),
    "own site, run by us": (MasterData("site", HERE, party=US), True),
    "own party": (MasterData("party", US, name="name"), True),
    "new site": (MasterData("site", site("new"), party=US), True),
    "new product": (MasterData("product", "urn:x-product:new"), True),
    "site of others": (MasterData("site", THERE, name="rubbish"), False),
    "taking a site": (MasterData("site", THERE, party=US), False),
    "taking a site without master data": (MasterData("site", "urn:x-site:elsewhere", party=US), False),
    "giving a site": (MasterData("site", HERE, party=THEM), False),
    "putting a site into ours": (MasterData("site", HERE, children=(THERE,)), False),
    "putting ours into theirs": (MasterData("site", HERE, parent=THERE), False),
    "lot of others": (MasterData("other", INGOT), False),
}


@pytest.mark.parametrize("name", MASTER)
def test_master_data(tmp_path: Path, name: str) -> None:
    master, allowed = MASTER[name]
    with opened() as graph:
        known = [event | {"readPoint": {"id": "urn:x-site:elsewhere"}} for event in chain()[:1]]
        capture(graph, tmp_path, [*chain(), *known])
        assert (may_capture(MINE, master, graph.store) is None) == allowed
