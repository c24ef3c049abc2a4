"""A store as it was known at one ledger position: every read of one answer goes through one snapshot, so that a
writer at work in between cannot make the parts of an answer disagree."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from tracegraph.errors import UsageError
from tracegraph.model.custody import Gap, Timeline
from tracegraph.model.record import StoredRecord
from tracegraph.stores.flow import Flow
from tracegraph.stores.gathered import Following, Gathered
from tracegraph.stores.port import (
    Described,
    Direction,
    HoldingQuery,
    HoldingRow,
    JointRow,
    Legs,
    Onwards,
    Reading,
    StoredEvent,
    UnitRow,
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`position`: how many ledger entries are known; `head`: the hash of the last of them; `known`: the asked instant,
    else the time of that entry (None: the ledger is empty). `counted`: whether an answer may say the position."""

    store: Reading
    position: int
    head: str
    known: int | None
    counted: bool = True

    @classmethod
    def of(cls, store: Reading, as_of: int | None = None) -> Snapshot:
        """What is known now, or what was known at the instant `as_of`."""
        head = store.head()
        if as_of is None:
            return cls(store, head.count, head.hash, head.recorded_at, head.counted)
        position = min(store.position_at(as_of), head.count)
        return cls(store, position, store.hash_at(position), as_of, head.counted)

    @classmethod
    def again(cls, store: Reading, position: int | None, head: str, known: int | None) -> Snapshot:
        """The snapshot of an earlier answer (`position` None: it may not say it). Raises UsageError where the ledger is
        another one."""
        now = store.head()
        if position is None:
            position = _position_of(store, head, min(store.position_at(known or 0), now.count))
        if position > now.count or store.hash_at(position) != head:
            where = f"entry {position} is not" if now.counted else "this one has no entry"
            raise UsageError(f"the earlier answer is of another ledger: {where} {head}; ask anew")
        return cls(store, position, head, known, now.counted)

    @property
    def ledger(self) -> dict[str, int | str | None]:
        """What an answer says of the ledger; no count to who may not know how much was recorded."""
        return {"count": self.position if self.counted else None, "head": self.head}

    def holdings(self, query: HoldingQuery) -> list[HoldingRow]:
        """Holdings that meet the query, sorted by id."""
        return self.store.holdings(query, at=self.position)

    def joints(self, nodes: Collection[int]) -> list[JointRow]:
        """Transformations among the nodes, sorted by id."""
        return self.store.joints(nodes, at=self.position) if nodes else []

    def joints_of(self, events: Collection[str]) -> list[JointRow]:
        """Transformations in which one of the events takes part."""
        return self.store.joints_of(events, at=self.position)

    def units(self, keys: Collection[str] | None = None, products: Collection[str] | None = None) -> list[UnitRow]:
        """Known units, sorted by key."""
        return self.store.units(keys, products, at=self.position)

    def aliases(self, numbers: Collection[str]) -> list[tuple[str, str]]:
        """(unit, alias) pairs of every unit that one of these numbers means."""
        return self.store.aliases(numbers, at=self.position)

    def members(self, lots: Collection[str]) -> list[tuple[str, str]]:
        """(lot, unit) pairs of the members of these lots."""
        return self.store.members(lots, at=self.position)

    def timeline(self, owner: str) -> Timeline | None:
        """What one owner contributes."""
        return self.store.timelines([owner], at=self.position).get(owner)

    def records(self, kind: str | None = None, ids: Collection[str] | None = None) -> list[StoredRecord]:
        """The newest version of each record that is not withdrawn."""
        stored = self.store.records(kind, ids, at=self.position)
        return [entry for entry in stored if not entry.record.withdrawn]

    def reach(self, starts: Sequence[int], direction: Direction, confirmed_only: bool = False) -> Legs:
        """Every leg on some path from the starts."""
        return self.store.reach(starts, direction, confirmed_only, at=self.position)

    def legs(self, nodes: Sequence[int], direction: Direction, confirmed_only: bool = False) -> Legs:
        """The legs that leave (backward: enter) the nodes."""
        if not nodes:
            return Legs()
        return self.store.legs(nodes, direction, confirmed_only, at=self.position)

    def gaps(self, holdings: Collection[str] | None = None, units: Collection[str] | None = None) -> list[Gap]:
        """Gaps of these holdings, or of these units as a whole."""
        return self.store.gaps(holdings, units, at=self.position)

    def describe(self, nodes: Collection[int]) -> Described:
        """What stands at the nodes, and the rows of the units held there."""
        return self.store.describe(nodes, at=self.position) if nodes else Described()

    def held_during(self, spans: Mapping[str, tuple[int | None, int | None]]) -> list[HoldingRow]:
        """The holdings of each unit that touch its span of time."""
        return self.store.held_during(spans, at=self.position) if spans else []

    def onwards(self, nodes: Collection[int]) -> Onwards:
        """What leads on from the nodes, certainly or possibly."""
        return self.store.onwards(nodes, at=self.position) if nodes else Onwards()

    def links(self, nodes: Collection[int]) -> list[tuple[int, int, bool]]:
        """The legs that leave the nodes as (source, target, confirmed)."""
        return self.store.links(nodes, at=self.position) if nodes else []

    def gathered(
        self, starts: Mapping[int, bool], direction: Direction, confirmed_only: bool = False, most: int | None = None
    ) -> Gathered | None:
        """All that the starts reach, in one piece; None where the store has no quick way to it, or where more than
        `most` holdings are reached."""
        if not starts:
            return None
        return self.store.gathered(Following(starts, direction, confirmed_only, self.position, most))

    def flow(self, starts: Collection[int]) -> Flow | None:
        """What flowed into all that the starts reach forward, where the store has it as arrays."""
        return self.store.flow(starts, at=self.position) if starts else None

    def gaps_at(self, nodes: Collection[int], units: Collection[str] = ()) -> list[Gap]:
        """Gaps of the holdings at the nodes, and of their units and `units` as a whole."""
        return self.store.gaps_at(nodes, units, at=self.position) if nodes or units else []

    def events(
        self,
        units: Collection[str] | None = None,
        hashes: Collection[str] | None = None,
        event_ids: Collection[str] | None = None,
    ) -> list[StoredEvent]:
        """Stored events by what they name or how they are called, in ledger order."""
        return self.store.events(units, hashes, event_ids, upto=self.position)


def _position_of(store: Reading, head: str, last: int) -> int:
    """The position of the entry with this hash; `last`: that of the last entry that was recorded as early."""
    position = last
    while position > 0 and store.hash_at(position) != head:
        position -= 1
    return position
