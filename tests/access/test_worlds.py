"""Simulated worlds: nothing hidden is in any byte or matters to one; who sees everything is answered as the store."""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.access.answers import everything, seen_by
from tests.end_to_end.building import encoded, every_answer, opened
from tests.neo4j_server.database import Database
from tests.simulator.world import make_world
from tracegraph import Tracegraph
from tracegraph.access.caller import Caller, Role
from tracegraph.access.sight import look, still_holds
from tracegraph.identifiers import location, site_without_extension
from tracegraph.stores.port import HoldingQuery

FIRMS = 4
WORLDS = [("recorded", 0), ("recorded", 2), ("lossy", 1), ("lossy", 2)]


def document_of(kind: str, number: int) -> dict[str, Any]:
    """A world of which each site is run by one of a few firms."""
    document: dict[str, Any] = json.loads(json.dumps(make_world(43, number, kind).as_json()))["epcis"]
    found = re.findall(r'"(urn:epc:id:sgln:[^"]*|https://[^"]*/414/[^"]*|urn:x-site:[^"]*)"', json.dumps(document))
    sites = sorted({site_without_extension(location(text)) for text in found})
    elements = [
        {"id": site, "attributes": [{"id": "urn:epcglobal:cbv:mda#possessing_party", "attribute": firm(number)}]}
        for number, site in enumerate(sites)
    ]
    vocabulary = (
        document.setdefault("epcisHeader", {}).setdefault("epcisMasterData", {}).setdefault("vocabularyList", [])
    )
    vocabulary.append({"type": "urn:epcglobal:epcis:vtype:BusinessLocation", "vocabularyElementList": elements})
    return document


def firm(number: int) -> str:
    return f"urn:x-firm:{number % FIRMS}"


def put(graph: Tracegraph, folder: Path, document: dict[str, Any], events: list[Any] | None = None) -> None:
    file = folder / "world.json"
    body = document if events is None else document | {"epcisBody": {"eventList": events}}
    file.write_text(json.dumps(body), encoding="utf-8")
    assert graph.capture(file, rejects=None).rejected == 0


def operator(number: int) -> Caller:
    return Caller(f"clerk {number}", Role.OPERATOR, frozenset({firm(number)}))


def asked(graph: Tracegraph, count: int = 4) -> list[str]:
    units = [row.key for row in graph.store.units()]
    return random.Random(7).sample(units, min(count, len(units)))


@pytest.mark.parametrize(("kind", "number"), WORLDS)
def test_nothing_hidden_in_any_byte(tmp_path: Path, kind: str, number: int) -> None:
    with opened() as graph:
        put(graph, tmp_path, document_of(kind, number))
        for who in range(FIRMS):
            mine = seen_by(graph, operator(who))
            told = b"\n".join(everything(mine, asked(mine)).values())
            assert not [word for word in hidden_words(graph, mine) if _stands_in(word, told)]


def hidden_words(graph: Tracegraph, mine: Tracegraph) -> set[str]:
    """Units, events and documents that the caller may not know."""
    units = {row.key for row in graph.store.units()} - {row.key for row in mine.store.units()}
    events = {one.facts.content_hash for one in graph.store.events()}
    ids = {one.facts.event_id for one in graph.store.events()}
    documents = {document.id for one in graph.store.events() for document in one.facts.documents}
    shown = mine.store.events()
    events -= {one.facts.content_hash for one in shown}
    ids -= {one.facts.event_id for one in shown}
    documents -= {document.id for one in shown for document in one.facts.documents}
    return (units | events | ids | documents) - {""}


def _stands_in(word: str, told: bytes) -> bool:
    return re.search(re.escape(word.encode()) + rb"(?![\w./%-])", told) is not None


@pytest.mark.parametrize(("kind", "number"), WORLDS)
def test_events_about_hidden_units_alone_make_no_difference(tmp_path: Path, kind: str, number: int) -> None:
    document = document_of(kind, number)
    events = document["epcisBody"]["eventList"]
    different = 0
    for who in range(FIRMS):
        with opened() as graph:
            put(graph, tmp_path, document)
            mine = seen_by(graph, operator(who))
            starts = asked(mine, 3)
            told = everything(mine, starts)
            known = {row.key for row in mine.store.units()}
            ids: dict[bool, set[str]] = {True: set(), False: set()}
            for one in graph.store.events():
                ids[one.facts.numbers().isdisjoint(known)].add(one.facts.event_id)
            hidden = ids[True] - ids[False] - {""}
        left = [event for event in events if event.get("eventID") not in hidden]
        different += len(events) - len(left)
        with opened() as graph:
            put(graph, tmp_path, document, left)
            assert everything(seen_by(graph, operator(who)), starts) == told
    assert different


def test_who_sees_everything_is_answered_as_the_store(tmp_path: Path) -> None:
    with opened() as graph:
        put(graph, tmp_path, document_of("recorded", 0))
        units = asked(graph, 5)
        for role in (Role.INVESTIGATOR, Role.REGULATOR, Role.ANALYST, Role.ADMIN):
            assert every_answer(seen_by(graph, Caller("one", role)), units) == every_answer(graph, units)


def test_who_is_all_firms_together_sees_every_certain_thing(tmp_path: Path) -> None:
    """A client of every firm has every holding at a site: nothing that happened there is missing."""
    with opened() as graph:
        put(graph, tmp_path, document_of("recorded", 2))
        mine = seen_by(graph, Caller("auditor", Role.AUDITOR, frozenset(map(firm, range(FIRMS)))))
        rows = {row.holding.id for row in mine.store.holdings(HoldingQuery())}
        missing = [row.holding for row in graph.store.holdings(HoldingQuery()) if row.holding.id not in rows]
        assert not [holding for holding in missing if holding.place.kind == "site" and holding.role != "ashore"]


@pytest.mark.parametrize(("kind", "number"), WORLDS)
def test_what_is_carried_over_is_what_would_be_found(tmp_path: Path, kind: str, number: int) -> None:
    """Event by event: a sight of before that still holds is the one of now."""
    document = document_of(kind, number)
    events = document["epcisBody"]["eventList"]
    carried = 0
    with opened() as graph:
        put(graph, tmp_path, document, events[: len(events) // 2])
        before = {
            who: look(graph.store, operator(who).organisations, True, graph.store.head().count) for who in range(FIRMS)
        }
        for event in events[len(events) // 2 :]:
            put(graph, tmp_path, {name: value for name, value in document.items() if name != "epcisHeader"}, [event])
            position = graph.store.head().count
            for who, earlier in before.items():
                found = look(graph.store, operator(who).organisations, True, position)
                if still_holds(graph.store, earlier, position):
                    carried += position > earlier.position
                    assert replace(earlier, position=position, ground=found.ground) == found
                before[who] = found
    assert carried > 10


@pytest.mark.parametrize(("kind", "number"), WORLDS[:1])
def test_the_same_bytes_from_a_server(tmp_path: Path, neo4j_database: Database, kind: str, number: int) -> None:
    document = document_of(kind, number)
    with Tracegraph.open(neo4j_database.url) as served, opened() as embedded:
        put(served, tmp_path, document)
        put(embedded, tmp_path, document)
        for who in range(2):
            mine, theirs = seen_by(embedded, operator(who)), seen_by(served, operator(who))
            starts = asked(mine, 2)
            assert everything(theirs, starts) == everything(mine, starts)
            assert encoded(sorted(row.key for row in theirs.store.units())) == encoded(
                sorted(row.key for row in mine.store.units())
            )
