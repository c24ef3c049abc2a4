"""The storage port: all that a store must be able to do, nothing of how.

A store keeps the ledger (append-only, hash-chained), the facts of events, records, and the custody graph with the
ledger positions between which each row was known. Meaning (which events count, timelines, distances) lives above it,
written once. The contract suite (tracegraph.contract) states what every store must do.

Node numbers: inside one store a node (holding or joint) has a stable small integer; ids stay strings outside. The id of
a holding belongs to its unit and event for ever (it is made of them), that of a joint to its owner.
Known time: rows carry `known_from` and `known_to` (ledger positions); `at=None` asks for the current state, `at=p` for
rows with known_from <= p and (known_to is None or known_to > p).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol

from tracegraph.model.custody import Gap, Holding, Joint, Timeline
from tracegraph.model.facts import EventFacts
from tracegraph.model.record import Record, StoredRecord
from tracegraph.model.values import value
from tracegraph.stores.flow import Flow
from tracegraph.stores.gathered import Following, Gathered

Direction = Literal["forward", "backward"]


class EntryKind(StrEnum):
    """What a ledger entry holds."""

    EVENT = "event"
    RECORD = "record"


@value
class NewEntry:
    """What is to be appended. `payload` is the original text, byte for byte as it will be exported and hashed.
    Exactly one of `facts` (an event) and `record` is set. `encoded_facts`: the facts as `facts_codec.encode_facts`
    writes them, where that was done already."""

    payload: bytes
    facts: EventFacts | None = None
    record: Record | None = None
    encoded_facts: str | None = field(default=None, compare=False, repr=False)

    @property
    def kind(self) -> EntryKind:
        """Which of the two it is."""
        return EntryKind.EVENT if self.facts is not None else EntryKind.RECORD


@value
class LedgerEntry:
    """One entry of the chain; `position` counts from 1, `hash` covers all other fields and the previous hash."""

    position: int
    kind: EntryKind
    recorded_at: int
    actor: str
    payload: bytes
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class LedgerHead:
    """How long the chain is and how it ends: `sha256:` and 64 hex digits (the empty chain has 64 zeros).
    `recorded_at` is the time of the last entry (None: empty). `counted`: whether who asks may be told the count."""

    count: int
    hash: str
    recorded_at: int | None
    counted: bool = field(default=True, repr=False)


@value
class StoredEvent:
    """An event's facts and the ledger position of its entry."""

    position: int
    facts: EventFacts


@value
class UnitRow:
    """A known unit: canonical key (the representative of its aliases), kind, and product key where it has one."""

    key: str
    kind: str
    product: str | None = None


@dataclass(frozen=True, slots=True)
class HoldingQuery:
    """Which holdings: those that meet every condition that is not None.

    `containers`: place is inside one of these units. `since`/`until`: the stay overlaps the window [since, until)
    (instants; open ends allowed). `events`: opened by one of these public event ids. `parties` compares the possessor.
    """

    nodes: Collection[int] | None = None
    ids: Collection[str] | None = None
    units: Collection[str] | None = None
    products: Collection[str] | None = None
    sites: Collection[str] | None = None
    parties: Collection[str] | None = None
    containers: Collection[str] | None = None
    events: Collection[str] | None = None
    since: int | None = None
    until: int | None = None


@value
class HoldingRow:
    """A holding with its node number."""

    node: int
    holding: Holding


@dataclass(frozen=True, slots=True)
class JointRow:
    """A joint with its node number."""

    node: int
    joint: Joint


@dataclass(slots=True)
class Legs:
    """Legs as parallel columns (node numbers, public event ids, rules, instants); `confirmed` and `cost` per leg.
    Order is unspecified; no leg twice."""

    source: list[int] = field(default_factory=list)
    target: list[int] = field(default_factory=list)
    event: list[str] = field(default_factory=list)
    rule: list[str] = field(default_factory=list)
    confirmed: list[bool] = field(default_factory=list)
    cost: list[int] = field(default_factory=list)
    instant: list[int] = field(default_factory=list)


@value
class Amendment:
    """How one owner's contribution changes: `gone` holds the parts, exactly as they are stored now, that are no longer
    so, `come` the parts that are new. A part of which something changes is in both; parts that stay are in neither.

    `gone` None: the owner has no timeline yet; `come` None: it has none any more, and `gone` is all of it. Both carry
    the kind of the whole timeline."""

    gone: Timeline | None
    come: Timeline | None


@dataclass(frozen=True, slots=True)
class UnitReach:
    """Which units are reached, and how far away they are, as columns of 64-bit integers (`len`, `tolist`, or
    `numpy.asarray` without a copy).

    `units`: unit numbers, sorted; inside one store a unit has a stable small integer, like a node. `distances`: the
    least number of events (sum of Leg.cost) between a start and a holding of each.
    """

    units: memoryview
    distances: memoryview


@dataclass(slots=True)
class Described:
    """What stands at some nodes, by node number, and the known rows of the units that are held there, by key."""

    holdings: dict[int, Holding] = field(default_factory=dict)
    joints: dict[int, Joint] = field(default_factory=dict)
    units: dict[str, UnitRow] = field(default_factory=dict)


@dataclass(slots=True)
class Onwards:
    """What leads on from some nodes: those with a leg to another holding, those with a leg into a transformation, and
    the instant of the first leg that leaves each."""

    moved: set[int] = field(default_factory=set)
    consumed: set[int] = field(default_factory=set)
    first: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, legs: Legs, joints: Collection[int]) -> Onwards:
        """What leads on from the sources of the legs; `joints`: which of the nodes are transformations. The same as
        noting each leg, without a call for each of very many."""
        found = cls()
        moved, consumed, first = found.moved, found.consumed, found.first
        for source, target, instant in zip(legs.source, legs.target, legs.instant, strict=True):
            (consumed if target in joints else moved).add(source)
            if source not in first or instant < first[source]:
                first[source] = instant
        return found

    def note(self, source: int, instant: int, into_joint: bool) -> None:
        """Add one leg."""
        (self.consumed if into_joint else self.moved).add(source)
        earliest = self.first.get(source)
        if earliest is None or instant < earliest:
            self.first[source] = instant


class Reading(Protocol):
    """Everything that can be asked of a store. All answers of one call are of one consistent state."""

    def head(self) -> LedgerHead:
        """The end of the chain."""

    def entries(self, after: int = 0, upto: int | None = None) -> Iterator[LedgerEntry]:
        """Ledger entries in order, with `after` < position <= `upto`; streamed."""

    def position_at(self, known: int) -> int:
        """The last position recorded at or before the instant `known` (0: none)."""

    def hash_at(self, position: int) -> str:
        """The hash of the ledger entry at a position; at 0, and where there is none, that of the empty chain."""

    def events(
        self,
        units: Collection[str] | None = None,
        hashes: Collection[str] | None = None,
        event_ids: Collection[str] | None = None,
        transformations: Collection[str] | None = None,
        upto: int | None = None,
    ) -> list[StoredEvent]:
        """Stored events that say something of one of the units (EventFacts.numbers), OR have one of the content
        hashes, eventIDs or transformationIDs (declarations and retracted events too), in ledger order, each once; all
        events where nothing is given."""

    def units_at(self, places: Collection[str]) -> set[str]:
        """Unit keys named by any event that mentions one of these location or party keys (to recompile when master
        data change)."""

    def records(
        self, kind: str | None = None, ids: Collection[str] | None = None, at: int | None = None
    ) -> list[StoredRecord]:
        """For each (kind, id) the newest version known at `at`, withdrawn ones included; sorted by (kind, id)."""

    def timelines(self, owners: Collection[str], at: int | None = None) -> dict[str, Timeline]:
        """What each owner contributes at `at`; owners without a timeline are left out. Parts come in canonical order,
        equal ones once: holdings and joints by id, legs by (source, target, event, rule), gaps as in `gaps`."""

    def units(
        self, keys: Collection[str] | None = None, products: Collection[str] | None = None, at: int | None = None
    ) -> list[UnitRow]:
        """Known units among `keys`, or of the products, or all (None, None); sorted by key."""

    def aliases(self, numbers: Collection[str], at: int | None = None) -> list[tuple[str, str]]:
        """(unit, alias) pairs of every unit that one of these numbers means, by Timeline.owner or Timeline.aliases:
        all aliases of each such unit; sorted."""

    def members(self, lots: Collection[str], at: int | None = None) -> list[tuple[str, str]]:
        """(lot, unit) pairs of the units that are members of these lots (Timeline.lots); sorted."""

    def holdings(self, query: HoldingQuery, at: int | None = None) -> list[HoldingRow]:
        """Holdings as known at `at` that meet the query, sorted by holding id."""

    def joints(self, nodes: Collection[int], at: int | None = None) -> list[JointRow]:
        """Transformations among the nodes, sorted by id."""

    def joints_of(self, events: Collection[str], at: int | None = None) -> list[JointRow]:
        """Transformations in which one of these public event ids takes part, sorted by id."""

    def reach(
        self, starts: Sequence[int], direction: Direction, confirmed_only: bool = False, at: int | None = None
    ) -> Legs:
        """Every leg on some path from the starts in that direction (backward: legs that lead to them). Terminates on
        cycles; visits nodes, never paths."""

    def reach_units(
        self, starts: Sequence[int], direction: Direction, confirmed_only: bool = False, at: int | None = None
    ) -> UnitReach:
        """The units of all nodes on some path from the starts, those of the starts included, with their least
        distances; `confirmed_only` follows confirmed legs alone."""

    def unit_keys(self, units: Sequence[int]) -> list[str]:
        """The keys of units by their numbers, in the order given. Numbers come from `reach_units`."""

    def legs(
        self, nodes: Sequence[int], direction: Direction, confirmed_only: bool = False, at: int | None = None
    ) -> Legs:
        """One round: the legs that leave (backward: enter) the nodes."""

    def gaps(
        self, holdings: Collection[str] | None = None, units: Collection[str] | None = None, at: int | None = None
    ) -> list[Gap]:
        """Gaps of these holdings (ids) or, with no holding of their own, of these units; all where both are None.
        Sorted by (kind, unit, event, place, detail)."""

    # what makes an answer; stores.plain does these by the questions above

    def one_state(self) -> AbstractContextManager[None]:
        """Within this context all questions asked in this thread are answered from one state, where the store can."""

    def describe(self, nodes: Collection[int], at: int | None = None) -> Described:
        """The holdings and joints at the nodes, and the rows of the units held there."""

    def held_during(
        self, spans: Mapping[str, tuple[int | None, int | None]], at: int | None = None
    ) -> list[HoldingRow]:
        """The holdings of each unit that share at least an instant or an end with its span [begin, end] (None: open on
        that side), sorted by holding id."""

    def onwards(self, nodes: Collection[int], at: int | None = None) -> Onwards:
        """What leads on from the nodes, certainly or possibly."""

    def links(self, nodes: Collection[int], at: int | None = None) -> list[tuple[int, int, bool]]:
        """The legs that leave the nodes as (source, target, confirmed), in any order; legs that say the same of these
        three may come once or several times."""

    def gathered(self, asked: Following) -> Gathered | None:
        """All that the starts reach, in one piece; None where the store has no quicker way to it than to be asked for
        legs, nodes and the like."""

    def flow(self, starts: Collection[int], at: int | None = None) -> Flow | None:
        """What flowed into all that the starts reach forward, as arrays; None where the store has no such way."""

    def gaps_at(self, nodes: Collection[int], units: Collection[str] = (), at: int | None = None) -> list[Gap]:
        """Gaps of the holdings at the nodes and, with no holding of their own, of the units held there and of `units`;
        each once, sorted as in `gaps`."""


class Writing(Reading, Protocol):
    """One atomic change: all of it becomes visible and durable when the context ends without an error, else nothing."""

    def append(self, entries: Sequence[NewEntry], recorded_at: int, actor: str) -> range:
        """Append to the chain; returns the positions. `recorded_at` is raised to the last entry's where the clock
        jumped back. Event facts and records become readable at once within this change."""

    def replace(self, position: int, changes: Mapping[str, Timeline | None], units: Iterable[UnitRow] = ()) -> int:
        """Make each owner's contribution exactly the given timeline (None: nothing) from ledger `position` on: rows
        that differ are closed at `position` and the new ones opened, equal rows stay untouched. `units` are added or
        updated. Returns the number of rows closed or opened."""

    def amend(self, position: int, amendments: Mapping[str, Amendment], units: Iterable[UnitRow] = ()) -> int:
        """What `replace` with the whole timelines would do, told by the parts that change; costs what changes, not what
        the owners contribute. `come` must not repeat what stays. Raises StoreDamaged where a part that should go is not
        there."""


class Store(Reading, Protocol):
    """A store: readable at any time by many processes, writable by one at a time."""

    url: str
    identity: str
    """A random name that the store keeps for its whole life; a checkpoint names it."""

    def write(self) -> AbstractContextManager[Writing]:
        """Begin the one exclusive change; waits for other writers, then StoreLocked."""

    def adopt(self, identity: str) -> None:
        """Take the identity of the store that this one is to become a copy of. Raises UsageError where the ledger has
        an entry already: what was signed about it names the identity that it has."""

    def verify(self) -> Iterator[str]:
        """Check the chain and that the graph rows agree with the schema; yields a sentence per fault, first bad row
        first; nothing when all is well."""

    def close(self) -> None:
        """Release files and connections; using the store afterwards is an error."""
