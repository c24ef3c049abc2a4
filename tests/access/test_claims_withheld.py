"""Records of claims that a caller may not know change no byte of the caller's answers, and what is hidden is not
evaluable: no rule passes, or finds a violation, that does not with all records.

The records are those of the vectors of the shipped packs, seen by each organisation that they name.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

from tests.end_to_end.building import compared
from tests.trace.memory import MemoryStore
from tracegraph import Tracegraph
from tracegraph.access.caller import Caller, Role
from tracegraph.capture import Capture
from tracegraph.claims.pack import Pack, pack_of
from tracegraph.claims.running import run
from tracegraph.claims.vectors import world_of
from tracegraph.claims.world import World, world_at
from tracegraph.model.instants import parse_instant
from tracegraph.model.record import Record
from tracegraph.model.record_kinds import record_kinds, record_of
from tracegraph.proving import document
from tracegraph.recompile.batch import store_batch
from tracegraph.recompile.entering import record_entry
from tracegraph.schemes import SHIPPED
from tracegraph.trace.snapshot import Snapshot

LATER = "2027-12-31"
PLACES = {"readPoint", "bizLocation"}
VECTORS = [(pack, vector) for pack in map(pack_of, SHIPPED.values()) for _, vector in pack.vectors()]


def records_of(vector: dict[str, Any]) -> list[Record]:
    """Its records; of the same key the last."""
    found = {}
    for told in vector["records"]:
        said = "record" if "record" in told else "kind"
        one = record_of(told[said], {name: text for name, text in told.items() if name != said}, "vector")
        found[one.kind, one.id] = one
    return list(found.values())


def organisations(records: Sequence[Record]) -> list[str]:
    """All that some record is of."""
    named: set[str] = set()
    for record in records:
        for name in record_kinds()[record.kind].of if record.kind in record_kinds() else ():
            told = record.data.get(name, ())
            named |= {told} if isinstance(told, str) else set(told)
    return sorted(named)


def places(vector: dict[str, Any]) -> list[str]:
    """Where its events happened: who runs such a place sees a part of the graph."""
    return sorted({event[name]["id"] for event in vector.get("events", ()) for name in PLACES & event.keys()})


def stored(records: Sequence[Record], events: Sequence[dict[str, Any]] = ()) -> Tracegraph:
    store = MemoryStore()
    if events:
        Capture(store, clock=lambda: 0, second_process=False).run([BytesIO(document(list(events)))], strict=True)
    store_batch(store, [record_entry(record) for record in records], 0)
    return Tracegraph(store)


def seen_by(graph: Tracegraph, organisation: str) -> Tracegraph:
    return graph.as_caller(Caller("office", Role.CERTIFIER, frozenset({organisation})))


def shown(graph: Tracegraph) -> set[tuple[str, str]]:
    return {(one.record.kind, one.record.id) for one in graph.store.records()}


def answers(graph: Tracegraph) -> list[dict[str, bytes]]:
    """Every question about claims."""
    asked = [graph.check_claims(), graph.check_claims(valid="2025-06-30"), graph.accounts(on=LATER), graph.credits()]
    return [compared(answer) for answer in (*asked, graph.certificates(on=LATER))]


@settings(max_examples=25, deadline=None)
@given(some.integers(0, 10**6))
def test_records_of_others_change_no_byte(seed: int) -> None:
    chance = random.Random(seed)
    together = {(one.kind, one.id): one for _, vector in chance.sample(VECTORS, 3) for one in records_of(vector)}
    if not (known := organisations(list(together.values()))):
        return
    us = chance.choice(known)
    all_of_them = seen_by(stored(list(together.values())), us)
    ours = shown(all_of_them)
    without = seen_by(stored([one for key, one in together.items() if key in ours]), us)
    assert shown(without) == ours
    assert answers(without) == answers(all_of_them)


def test_what_is_hidden_decides_nothing() -> None:
    wrong, hidden, withheld = [], 0, 0
    for pack, vector in VECTORS:
        records = records_of(vector)
        graph = stored(records)
        whole = outcomes(world_at(Snapshot.of(graph.store), valid_of(vector)), pack, vector)
        for us in organisations(records):
            view = seen_by(graph, us)
            hidden += len(shown(view)) < len(records)
            told = outcomes(world_at(Snapshot.of(view.store), valid_of(vector)), pack, vector)
            wrong += [(vector["name"], us, one) for one in sorted(told - whole) if one[-1] in ("PASS", "FAIL")]
            withheld += sum(number for one, number in told.items() if one[-1] == "NE")
    assert wrong == []
    assert hidden > 100
    assert withheld > 100


def test_what_is_hidden_of_the_graph_decides_nothing() -> None:
    """All records are known, and of the events what one place may know."""
    wrong, withheld = [], 0
    for pack, vector in VECTORS:
        if not vector.get("events"):
            continue
        graph = stored([], vector["events"])
        whole = outcomes(world_of(vector, Snapshot.of(graph.store)), pack, vector)
        for us in places(vector):
            told = outcomes(world_of(vector, Snapshot.of(seen_by(graph, us).store)), pack, vector)
            wrong += [(vector["name"], us, one) for one in sorted(told - whole) if one[-1] in ("PASS", "FAIL")]
            withheld += sum(one[-1] == "NE" for one in told - whole)
    assert wrong == []
    assert withheld > 10


def valid_of(vector: dict[str, Any]) -> int | None:
    return parse_instant(vector["valid"], "valid", "end") if "valid" in vector else None


def outcomes(world: World, pack: Pack, vector: dict[str, Any]) -> Counter[tuple[str, str, str, str]]:
    """How often each rule that the vector is about said what of what."""
    rules = frozenset(one["rule"] for one in vector["expect"])
    return Counter((one.rule, *one.found.subject, one.outcome.value) for one in run(world, [pack], rules))
