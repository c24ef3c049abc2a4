"""A case about lots of a table, as moves that were never in a ledger: all that consignees and notices are made of."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from tests.recall.case.told_paths import payload_of
from tests.timeline.notation import read_world
from tests.trace.memory import MemoryStore
from tracegraph.recall.case import CaseFile, Move
from tracegraph.recall.consignees import consignees
from tracegraph.recall.notices import notices_of
from tracegraph.recall.scope import read_question, scope
from tracegraph.recompile import record_of, store_batch
from tracegraph.stores.port import NewEntry, Store
from tracegraph.trace.snapshot import Snapshot

NOW = 1_800_000_000_000_000
HOUR = 3_600_000_000
DAY = 24 * HOUR


def capture(store: Store, table: str) -> Store:
    """A store that knows a table of events and master data."""
    world = read_world(table)
    entries = [NewEntry(one.id.encode(), record=record_of(one)) for one in world.master]
    entries += [NewEntry(one.content_hash.encode(), facts=one) for one in world.events]
    store_batch(store, entries, NOW, "clerk")
    return store


def captured(table: str) -> Snapshot:
    return Snapshot.of(capture(MemoryStore(), table))


def listed(case: Told) -> str:
    """The consignees and their notices, to the letter."""
    found = consignees(case.snapshot, case.case)
    return json.dumps([found.to_dict(), *(one.to_dict() for one in notices_of(case.case, found))])


class Told:
    """A case, move by move, an hour each; `do` says what was done."""

    def __init__(
        self, snapshot: Snapshot, lots: Iterable[str], owner: str | None = "urn:x-party:O", **facts: str
    ) -> None:
        self.snapshot = snapshot
        self.moves: list[Move] = []
        self.do("open", "open", **{"type": "recall", "title": "Seeds", **facts}, **({"owner": owner} if owner else {}))
        self.scope(lots)

    @property
    def case(self) -> CaseFile:
        return CaseFile("R7", tuple(self.moves))

    @property
    def now(self) -> int:
        return NOW + len(self.moves) * HOUR

    def do(self, action: str, state: str = "monitoring", /, **parts: Any) -> Told:
        number = len(self.moves) + 1
        self.moves.append(Move("R7", number, action, state, self.now, number, "anna", "investigator", "", "", parts))
        return self

    def scope(self, lots: Iterable[str], approve: bool = True) -> Told:
        """A new version of the scope: these lots, and what was made of them."""
        seeds = [{"rule": "lot", "unit": lot if ":" in lot else f"urn:x-lot:{lot}"} for lot in lots]
        answer = scope(self.snapshot.store, read_question({"scope": {"rule": "union", "of": seeds}})).envelope
        number = len(self.case.versions) + 1
        self.do("scope", "scoped", **payload_of(answer, number, "anna", self.case.scope))
        return self.do("approve", "approved", version=str(number)) if approve else self
