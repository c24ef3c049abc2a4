"""A container's history that grows: what its contents look up, kept sorted while holdings and shipments change."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from tracegraph.model.custody import Holding
from tracegraph.timeline.acts import Act
from tracegraph.timeline.history import (
    History,
    Stop,
    Travel,
    differences,
    ends_of_stops,
    stop_key,
    stop_span,
    travel_key,
    travel_span,
)
from tracegraph.timeline.unit_timeline import (
    ENDS,
    STOPS,
    ContainerRole,
    act_order,
    end_of,
    stop_of,
    stop_order,
    travel_order,
)

T = TypeVar("T")


class GrowingHistory:
    """`since`: the first instant from which the history differs since last asked; `open_until`: see `History`, as far
    as it is known."""

    def __init__(self, unit: str) -> None:
        self.unit = unit
        self.role = ContainerRole()
        self.since: int | None = None
        self.stops: list[Stop] = []
        self.open_until: list[int] = []
        self.travels: list[Travel] = []
        self.ends: list[Act] = []
        self.empties: tuple[Act, ...] = ()
        self._made: History | None = None

    def history(self) -> History:
        """As it is now; it stays as it is."""
        if self._made is None:
            latest = self.open_until[-1] if self.open_until else None
            self.open_until.extend(ends_of_stops(self.stops, len(self.open_until), latest))
            self._made = History(
                tuple(self.stops), tuple(self.travels), self.role.packings, self.empties, tuple(self.ends)
            )
            self._made.__dict__["open_until"] = list(self.open_until)
        return self._made

    def take_since(self) -> int | None:
        """The first instant from which it differs since last asked, None where it does not."""
        taken, self.since = self.since, None
        return taken

    def holdings(self, gone: Iterable[Holding], come: Iterable[Holding]) -> None:
        """Other holdings of the container."""
        before = Counter(stop_of(holding) for holding in gone if holding.place.kind in STOPS)
        after = Counter(stop_of(holding) for holding in come if holding.place.kind in STOPS)
        changed = [_remove(self.stops, stop, stop_order) for stop in (before - after).elements()]
        changed += [_add(self.stops, stop, stop_order) for stop in (after - before).elements()]
        del self.open_until[min(changed, default=len(self.stops)) :]
        self._differs(differences(before.elements(), after.elements(), stop_key, stop_span))

    def travelled(self, gone: Iterable[Travel], come: Iterable[Travel]) -> None:
        """Other shipments of the container."""
        removed, added = list(gone), list(come)
        for travel in removed:
            _remove(self.travels, travel, travel_order)
        for travel in added:
            _add(self.travels, travel, travel_order)
        self._differs(differences(removed, added, travel_key, travel_span))

    def acts(self, gone: Iterable[Act], come: Iterable[Act]) -> None:
        """Other acts, of which those matter that end the container."""
        for act in gone:
            if act.kind in ENDS:
                _remove(self.ends, end_of(act, self.unit), act_order)
                self._differs((act.instant,))
        for act in come:
            if act.kind in ENDS:
                _add(self.ends, end_of(act, self.unit), act_order)
                self._differs((act.instant,))

    def acts_as(self, role: ContainerRole) -> None:
        """What the unit did as a container."""
        empties = self._ordered(role.empties)
        self._differs(_first_difference(self.role.packings, role.packings, lambda packed: packed))
        self._differs(_first_difference(self.empties, empties, lambda act: act.instant))
        self.role, self.empties = role, empties

    def _ordered(self, empties: tuple[Act, ...]) -> tuple[Act, ...]:
        """In order; what was so before is not sorted again."""
        known = self.empties
        if empties[: len(known)] != known:
            return tuple(sorted(empties, key=act_order))
        more = sorted(empties[len(known) :], key=act_order)
        if known and more and act_order(more[0]) < act_order(known[-1]):
            return tuple(sorted(empties, key=act_order))
        return (*known, *more)

    def _differs(self, instants: Iterable[int]) -> None:
        found = list(instants)
        if found:
            self._made = None
            self.since = min(found) if self.since is None else min(self.since, *found)


def _remove(row: list[T], one: T, order: Callable[[T], Any]) -> int:
    index = bisect_left(row, order(one), key=order)
    while row[index] != one:
        index += 1
    row.pop(index)
    return index


def _add(row: list[T], one: T, order: Callable[[T], Any]) -> int:
    index = bisect_left(row, order(one), key=order)
    row.insert(index, one)
    return index


def _first_difference(one: Sequence[T], other: Sequence[T], instant: Callable[[T], int]) -> Iterable[int]:
    """The instants of what differs first; nothing where nothing does."""
    if one == other:
        return
    shorter = min(len(one), len(other))
    first = shorter if one[:shorter] == other[:shorter] else _first_index(one, other)
    for row in (one, other):
        if first < len(row):
            yield instant(row[first])


def _first_index(one: Sequence[T], other: Sequence[T]) -> int:
    return next(index for index, (before, after) in enumerate(zip(one, other, strict=False)) if before != after)
