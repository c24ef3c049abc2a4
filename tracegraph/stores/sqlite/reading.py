"""The port's questions, answered from one connection at a time; shared by the store and by a change in progress."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial

from tracegraph.model.custody import Gap, Timeline
from tracegraph.model.record import StoredRecord
from tracegraph.stores.flow import Flow
from tracegraph.stores.gathered import Following, Gathered
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
from tracegraph.stores.sqlite.answer_queries import query_described, query_gaps_at, query_held_during, query_links
from tracegraph.stores.sqlite.event_rows import read_events, read_units_at, selectors
from tracegraph.stores.sqlite.graph_queries import (
    query_aliases,
    query_gaps,
    query_holdings,
    query_joints,
    query_joints_of,
    query_members,
    query_timelines,
    query_units,
)
from tracegraph.stores.sqlite.index.following import TraceIndex
from tracegraph.stores.sqlite.ledger_rows import find_position, read_head, read_page
from tracegraph.stores.sqlite.numbers import Find, find_numbers, find_texts
from tracegraph.stores.sqlite.reaching import find_flow, find_gathered, find_legs, find_onwards, find_reach, find_units
from tracegraph.stores.sqlite.record_rows import read_records
from tracegraph.stores.unit_reach import Question

#: Gives a connection in one consistent state for the length of a `with`.
State = Callable[[], AbstractContextManager[sqlite3.Connection]]


class SqliteReading:
    """Every method takes one consistent state, asks, and lets go of it (port.Reading says what each answers)."""

    def __init__(self, state: State, index: TraceIndex | None = None) -> None:
        self._state = state
        self._index = index

    def one_state(self) -> AbstractContextManager[None]:
        """A change in progress is one state anyway; the store holds one for its questions."""
        return nullcontext()

    def head(self) -> LedgerHead:
        """The end of the chain."""
        with self._state() as connection:
            return read_head(connection)

    def entries(self, after: int = 0, upto: int | None = None) -> Iterator[LedgerEntry]:
        """Ledger entries in order, with `after` < position <= `upto`; streamed in pages.

        The end is fixed when the call is made. As the ledger only grows, the pages are of one state although no
        state is held between them: a long export does not stop the file from being tidied.
        """
        count = self.head().count
        return self._pages(after, count if upto is None else min(upto, count))

    def position_at(self, known: int) -> int:
        """The last position recorded at or before the instant `known` (0: none)."""
        with self._state() as connection:
            return find_position(connection, known)

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
        with self._state() as connection:
            return read_events(
                connection, self._find_on(connection), selectors(units, hashes, event_ids, transformations), upto
            )

    def units_at(self, places: Collection[str]) -> set[str]:
        """Unit keys named by events that mention one of the places."""
        with self._state() as connection:
            return read_units_at(connection, places)

    def records(
        self, kind: str | None = None, ids: Collection[str] | None = None, at: int | None = None
    ) -> list[StoredRecord]:
        """For each (kind, id) the newest version known at `at`, sorted by (kind, id)."""
        with self._state() as connection:
            return read_records(connection, kind, ids, at)

    def timelines(self, owners: Collection[str], at: int | None = None) -> dict[str, Timeline]:
        """What each owner contributes at `at`."""
        with self._state() as connection:
            return query_timelines(connection, owners, at)

    def units(
        self, keys: Collection[str] | None = None, products: Collection[str] | None = None, at: int | None = None
    ) -> list[UnitRow]:
        """Known units among `keys`, or of the products, or all; sorted by key."""
        with self._state() as connection:
            return query_units(connection, self._find_on(connection), keys, products, at)

    def aliases(self, numbers: Collection[str], at: int | None = None) -> list[tuple[str, str]]:
        """(unit, alias) pairs of every unit that one of these numbers means; sorted."""
        with self._state() as connection:
            return query_aliases(connection, self._find_on(connection), numbers, at)

    def members(self, lots: Collection[str], at: int | None = None) -> list[tuple[str, str]]:
        """(lot, unit) pairs of the units that are members of these lots; sorted."""
        with self._state() as connection:
            return query_members(connection, lots, at)

    def holdings(self, query: HoldingQuery, at: int | None = None) -> list[HoldingRow]:
        """Holdings that meet the query, sorted by holding id."""
        with self._state() as connection:
            return query_holdings(connection, self._find_on(connection), query, at)

    def joints(self, nodes: Collection[int], at: int | None = None) -> list[JointRow]:
        """Transformations among the nodes, sorted by id."""
        with self._state() as connection:
            return query_joints(connection, nodes, at)

    def joints_of(self, events: Collection[str], at: int | None = None) -> list[JointRow]:
        """Transformations in which one of the events takes part, sorted by id."""
        with self._state() as connection:
            return query_joints_of(connection, events, at)

    def reach(
        self, starts: Sequence[int], direction: Direction, confirmed_only: bool = False, at: int | None = None
    ) -> Legs:
        """Every leg on some path from the starts in that direction."""
        with self._state() as connection:
            return find_reach(connection, self._index, Question(starts, direction, confirmed_only, at))

    def reach_units(
        self, starts: Sequence[int], direction: Direction, confirmed_only: bool = False, at: int | None = None
    ) -> UnitReach:
        """The units reached and their least distances."""
        with self._state() as connection:
            return find_units(connection, self._index, Question(starts, direction, confirmed_only, at))

    def unit_keys(self, units: Sequence[int]) -> list[str]:
        """The keys of units by their numbers."""
        with self._state() as connection:
            texts = find_texts(connection, units)
        return [texts[unit] for unit in units]

    def legs(
        self, nodes: Sequence[int], direction: Direction, confirmed_only: bool = False, at: int | None = None
    ) -> Legs:
        """The legs that leave (backward: enter) the nodes."""
        with self._state() as connection:
            return find_legs(connection, self._index, Question(nodes, direction, confirmed_only, at))

    def gaps(
        self, holdings: Collection[str] | None = None, units: Collection[str] | None = None, at: int | None = None
    ) -> list[Gap]:
        """Gaps of the holdings or, with no holding of their own, of the units; all where both are None."""
        with self._state() as connection:
            return query_gaps(connection, holdings, units, at)

    def describe(self, nodes: Collection[int], at: int | None = None) -> Described:
        """The holdings and joints at the nodes, and the rows of the units held there."""
        with self._state() as connection:
            return query_described(connection, nodes, at)

    def held_during(
        self, spans: Mapping[str, tuple[int | None, int | None]], at: int | None = None
    ) -> list[HoldingRow]:
        """The holdings of each unit that touch its span of time, sorted by holding id."""
        with self._state() as connection:
            return query_held_during(connection, spans, at)

    def onwards(self, nodes: Collection[int], at: int | None = None) -> Onwards:
        """What leads on from the nodes, certainly or possibly."""
        with self._state() as connection:
            return find_onwards(connection, self._index, nodes, at)

    def links(self, nodes: Collection[int], at: int | None = None) -> list[tuple[int, int, bool]]:
        """The legs that leave the nodes as (source, target, confirmed)."""
        with self._state() as connection:
            return query_links(connection, nodes, at)

    def gathered(self, asked: Following) -> Gathered | None:
        """All that the starts reach, where the index tells it."""
        with self._state() as connection:
            return find_gathered(connection, self._index, asked)

    def flow(self, starts: Collection[int], at: int | None = None) -> Flow | None:
        """What flowed into all that the starts reach, where the index tells it and numba is loaded."""
        with self._state() as connection:
            return find_flow(connection, self._index, starts, at)

    def gaps_at(self, nodes: Collection[int], units: Collection[str] = (), at: int | None = None) -> list[Gap]:
        """Gaps of the holdings at the nodes, and of their units and `units` as a whole."""
        with self._state() as connection:
            return query_gaps_at(connection, nodes, units, at)

    def _find_on(self, connection: sqlite3.Connection) -> Find:
        """How texts are looked up."""
        return partial(find_numbers, connection)

    def _pages(self, after: int, upto: int) -> Iterator[LedgerEntry]:
        """Entries page by page; a missing position shows as a jump, never as an end."""
        while after < upto:
            with self._state() as connection:
                page = read_page(connection, after, upto)
            if not page:
                return
            yield from page
            after = page[-1].position
