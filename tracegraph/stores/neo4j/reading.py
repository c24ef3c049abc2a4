"""The port's questions, each answered in one transaction; shared by the store and by a change in progress."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

from tracegraph.model.custody import Gap, Timeline
from tracegraph.model.record import StoredRecord
from tracegraph.stores.flow import Flow
from tracegraph.stores.gathered import Following, Gathered
from tracegraph.stores.neo4j.asking import Asking
from tracegraph.stores.neo4j.graph_queries import (
    query_described,
    query_gaps,
    query_gaps_at,
    query_held_during,
    query_holdings,
    query_joints,
    query_joints_of,
    query_links,
    query_onwards,
    query_timelines,
)
from tracegraph.stores.neo4j.ledger_rows import (
    find_events,
    find_position,
    find_records,
    find_units_at,
    read_head,
    read_page,
)
from tracegraph.stores.neo4j.reaching import find_legs, find_reach, find_units
from tracegraph.stores.neo4j.unit_queries import query_aliases, query_keys, query_members, query_units
from tracegraph.stores.plain import hash_at
from tracegraph.stores.port import (
    Described,
    Direction,
    HoldingQuery,
    HoldingRow,
    JointRow,
    LedgerEntry,
    LedgerHead,
    Legs,
    Onwards,
    StoredEvent,
    UnitReach,
    UnitRow,
)
from tracegraph.stores.unit_reach import Question

Answer = TypeVar("Answer")


class Neo4jReading:
    """Every method asks within one transaction (port.Reading says what each answers)."""

    @abstractmethod
    def _ask(self, work: Callable[[Asking], Answer]) -> Answer:
        """Do the work with a transaction."""

    def one_state(self) -> AbstractContextManager[None]:
        """A change in progress is one state anyway; the store holds a position for its questions."""
        return nullcontext()

    def head(self) -> LedgerHead:
        """The end of the chain."""
        return self._ask(lambda asking: read_head(asking, asking.known(None)))

    def entries(self, after: int = 0, upto: int | None = None) -> Iterator[LedgerEntry]:
        """Ledger entries in order, with `after` < position <= `upto`; streamed in pages, whose end is fixed when the
        call is made."""
        count = self.head().count
        return self._pages(after, count if upto is None else min(upto, count))

    def position_at(self, known: int) -> int:
        """The last position recorded at or before the instant `known` (0: none)."""
        return self._ask(lambda asking: find_position(asking, known))

    def hash_at(self, position: int) -> str:
        """The hash of the ledger entry at a position."""
        return hash_at(self, position)

    def events(
        self,
        units: Collection[str] | None = None,
        hashes: Collection[str] | None = None,
        event_ids: Collection[str] | None = None,
        transformations: Collection[str] | None = None,
        upto: int | None = None,
    ) -> list[StoredEvent]:
        """Stored events that meet any of the conditions, in ledger order; all where none is given."""
        return self._ask(lambda asking: find_events(asking, units, hashes, event_ids, transformations, upto))

    def units_at(self, places: Collection[str]) -> set[str]:
        """Unit keys named by events that mention one of the places."""
        return self._ask(lambda asking: find_units_at(asking, places))

    def records(
        self, kind: str | None = None, ids: Collection[str] | None = None, at: int | None = None
    ) -> list[StoredRecord]:
        """For each (kind, id) the newest version known at `at`, sorted by (kind, id)."""
        return self._ask(lambda asking: find_records(asking, kind, ids, at))

    def timelines(self, owners: Collection[str], at: int | None = None) -> dict[str, Timeline]:
        """What each owner contributes at `at`."""
        return self._ask(lambda asking: query_timelines(asking, owners, at))

    def units(
        self, keys: Collection[str] | None = None, products: Collection[str] | None = None, at: int | None = None
    ) -> list[UnitRow]:
        """Known units among `keys`, or of the products, or all; sorted by key."""
        return self._ask(lambda asking: query_units(asking, keys, products, at))

    def aliases(self, numbers: Collection[str], at: int | None = None) -> list[tuple[str, str]]:
        """(unit, alias) pairs of every unit that one of these numbers means; sorted."""
        return self._ask(lambda asking: query_aliases(asking, numbers, at))

    def members(self, lots: Collection[str], at: int | None = None) -> list[tuple[str, str]]:
        """(lot, unit) pairs of the units that are members of these lots; sorted."""
        return self._ask(lambda asking: query_members(asking, lots, at))

    def holdings(self, query: HoldingQuery, at: int | None = None) -> list[HoldingRow]:
        """Holdings that meet the query, sorted by holding id."""
        return self._ask(lambda asking: query_holdings(asking, query, at))

    def joints(self, nodes: Collection[int], at: int | None = None) -> list[JointRow]:
        """Transformations among the nodes, sorted by id."""
        return self._ask(lambda asking: query_joints(asking, nodes, at))

    def joints_of(self, events: Collection[str], at: int | None = None) -> list[JointRow]:
        """Transformations in which one of the events takes part, sorted by id."""
        return self._ask(lambda asking: query_joints_of(asking, events, at))

    def reach(
        self, starts: Sequence[int], direction: Direction, confirmed_only: bool = False, at: int | None = None
    ) -> Legs:
        """Every leg on some path from the starts in that direction."""
        return self._ask(lambda asking: find_reach(asking, Question(starts, direction, confirmed_only, at)))

    def reach_units(
        self, starts: Sequence[int], direction: Direction, confirmed_only: bool = False, at: int | None = None
    ) -> UnitReach:
        """The units reached and their least distances."""
        return self._ask(lambda asking: find_units(asking, Question(starts, direction, confirmed_only, at)))

    def unit_keys(self, units: Sequence[int]) -> list[str]:
        """The keys of units by their numbers."""
        keys = self._ask(lambda asking: query_keys(asking, units))
        return [keys[unit] for unit in units]

    def legs(
        self, nodes: Sequence[int], direction: Direction, confirmed_only: bool = False, at: int | None = None
    ) -> Legs:
        """The legs that leave (backward: enter) the nodes."""
        return self._ask(lambda asking: find_legs(asking, Question(nodes, direction, confirmed_only, at)))

    def gaps(
        self, holdings: Collection[str] | None = None, units: Collection[str] | None = None, at: int | None = None
    ) -> list[Gap]:
        """Gaps of the holdings or, with no holding of their own, of the units; all where both are None."""
        return self._ask(lambda asking: query_gaps(asking, holdings, units, at))

    def describe(self, nodes: Collection[int], at: int | None = None) -> Described:
        """The holdings and joints at the nodes, and the rows of the units held there."""
        return self._ask(lambda asking: query_described(asking, nodes, at))

    def onwards(self, nodes: Collection[int], at: int | None = None) -> Onwards:
        """What leads on from the nodes, certainly or possibly."""
        return self._ask(lambda asking: query_onwards(asking, nodes, at))

    def links(self, nodes: Collection[int], at: int | None = None) -> list[tuple[int, int, bool]]:
        """The legs that leave the nodes as (source, target, confirmed)."""
        return self._ask(lambda asking: query_links(asking, nodes, at))

    def held_during(
        self, spans: Mapping[str, tuple[int | None, int | None]], at: int | None = None
    ) -> list[HoldingRow]:
        """The holdings of each unit that touch its span of time, sorted by holding id."""
        return self._ask(lambda asking: query_held_during(asking, spans, at))

    def flow(self, starts: Collection[int], at: int | None = None) -> Flow | None:
        """Nothing: the store has no arrays."""
        return None

    def gathered(self, asked: Following) -> Gathered | None:
        """Nothing: no quicker way is known."""
        return None

    def gaps_at(self, nodes: Collection[int], units: Collection[str] = (), at: int | None = None) -> list[Gap]:
        """Gaps of the holdings at the nodes, and of their units and `units` as a whole."""
        return self._ask(lambda asking: query_gaps_at(asking, nodes, units, at))

    def _pages(self, after: int, upto: int) -> Iterator[LedgerEntry]:
        """Entries page by page; a missing position shows as a jump, never as an end."""
        while after < upto:
            page = self._ask(lambda asking, after=after: read_page(asking, after, upto))  # type: ignore[misc]
            if not page:
                return
            yield from page
            after = page[-1].position
