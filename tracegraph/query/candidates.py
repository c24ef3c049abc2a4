"""Which stored events can answer a query, and these events themselves, from the ledger.

Exact identifiers, eventIDs and transformationIDs are looked up in the store, times of recording bound the part of the
ledger; everything else looks at each entry of that part. Events are read from `Reading.entries` alone, so that a store
that shows less of an event is asked about no more than it shows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from tracegraph.errors import QueryTooComplex
from tracegraph.formats.epcis import unread_event
from tracegraph.query.candidate import Candidate
from tracegraph.query.query import Narrowing, Query
from tracegraph.stores.port import EntryKind, LedgerEntry
from tracegraph.trace.snapshot import Snapshot

#: Entries that lie this close together are read at once, with those between them.
NEAR = 32


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the ledger: positions above `after` up to `upto`, and of these only `positions` (None: all)."""

    after: int
    upto: int
    positions: tuple[int, ...] | None = None

    def __len__(self) -> int:
        """How many entries it has at most."""
        return max(0, self.upto - self.after) if self.positions is None else len(self.positions)

    def beyond(self, position: int) -> Scope:
        """What of it lies above a position."""
        if self.positions is not None:
            return self.only([known for known in self.positions if known > position])
        return Scope(max(self.after, position), self.upto)

    def below(self, position: int) -> Scope:
        """What of it lies below a position."""
        if self.positions is not None:
            return self.only([known for known in self.positions if known < position])
        return Scope(self.after, min(self.upto, position - 1))

    def end(self, size: int) -> Scope:
        """The last part, of so many entries at most."""
        if self.positions is not None:
            return self.only(self.positions[-size:])
        return Scope(max(self.after, self.upto - size), self.upto)

    def without_end(self, size: int) -> Scope:
        """What lies before that part."""
        if self.positions is not None:
            return self.only(self.positions[:-size])
        return Scope(self.after, max(self.after, self.upto - size))

    def only(self, positions: Iterable[int]) -> Scope:
        """These positions, as far as they lie within."""
        return Scope(self.after, self.upto, tuple(sorted(p for p in positions if self.after < p <= self.upto)))


def scope_of(query: Query, snapshot: Snapshot, after: int = 0) -> Scope:
    """Where every event that answers the query is found."""
    narrowings = [condition.narrowing for condition in query.conditions if condition.narrowing is not None]
    scope = _recorded(narrowings, snapshot, after)
    found: set[int] | None = None
    for narrowing in narrowings:
        if narrowing.names_events:
            positions = _positions(narrowing, snapshot)
            found = positions if found is None else found & positions
    return scope if found is None else scope.only(found)


def _recorded(narrowings: Iterable[Narrowing], snapshot: Snapshot, after: int) -> Scope:
    """The part of the ledger that was recorded within the bounds: times never go back along it."""
    upto = snapshot.position
    for narrowing in narrowings:
        if narrowing.since is not None:
            after = max(after, snapshot.store.position_at(narrowing.since - 1))
        if narrowing.before is not None:
            upto = min(upto, snapshot.store.position_at(narrowing.before - 1))
    return Scope(after, upto)


def _positions(narrowing: Narrowing, snapshot: Snapshot) -> set[int]:
    stored = snapshot.store.events(
        units=narrowing.units or None,
        event_ids=narrowing.event_ids or None,
        transformations=narrowing.transformations or None,
        upto=snapshot.position,
    )
    return {event.position for event in stored}


class Allowance:
    """How many entries may be looked at (None: any number). How many there are is not told: not everybody may know."""

    def __init__(self, most: int | None) -> None:
        self.most = most
        self._spent = 0

    def within(self, size: int) -> int:
        """So many, or as many as are left to be looked at, but one at least."""
        return size if self.most is None else max(1, min(size, self.most - self._spent))

    def spend(self) -> None:
        """Look at one more. Raises QueryTooComplex where that is one too many."""
        self._spent += 1
        self.refuse_more_than(self._spent)

    def refuse_more_than(self, count: int) -> None:
        """Raise QueryTooComplex where so many may not be looked at."""
        if self.most is not None and count > self.most:
            raise QueryTooComplex(
                f"the query would have to look at more than {self.most} events, as many as are allowed; name units, "
                "eventIDs or a shorter recordTime"
            )


def candidates(
    snapshot: Snapshot, scope: Scope, query: Query | None = None, allowance: Allowance | None = None
) -> Iterator[Candidate]:
    """The events in a part of the ledger, in its order; of those that certainly do not answer the query, most are left
    out, because reading an event takes longer than a glance at it. Raises QueryTooComplex beyond the allowance."""
    glances = [one.glance for one in query.conditions if one.glance is not None] if query is not None else []
    for entry in _entries(snapshot, scope):
        if allowance is not None:
            allowance.spend()
        if entry.kind is EntryKind.EVENT:
            unread = unread_event(entry.payload)
            context = unread.context
            if all(glance(unread.value, context) for glance in glances):
                yield Candidate(unread, entry.position, entry.recorded_at, entry.payload)


def _entries(snapshot: Snapshot, scope: Scope) -> Iterator[LedgerEntry]:
    if scope.positions is None:
        if scope.after < scope.upto:
            yield from snapshot.store.entries(scope.after, scope.upto)
        return
    # A view that shows less than the store finds out anew what it shows each time that it is asked.
    near = NEAR if snapshot.counted else snapshot.position
    for run in _runs(scope.positions, near):
        wanted: Collection[int] = set(run)
        for entry in snapshot.store.entries(run[0] - 1, run[-1]):
            if entry.position in wanted:
                yield entry


def _runs(positions: Iterable[int], near: int) -> Iterator[list[int]]:
    """Sorted positions in groups that lie so close together."""
    run: list[int] = []
    for position in positions:
        if run and position - run[-1] > near:
            yield run
            run = []
        run.append(position)
    if run:
        yield run
