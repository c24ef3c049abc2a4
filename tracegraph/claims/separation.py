"""Where goods were in one container or on one line with other goods, or after them without a cleaning in between.

Only loose goods (lots) can mix so; an item bears its own number and stays apart. Source: ISO 22095:2020, 5.3.1.2 a and
b, 5.3.2.2, 5.4.1.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tracegraph.claims.custody import Custody, in_container
from tracegraph.claims.row import Row
from tracegraph.claims.world import World
from tracegraph.model.custody import Holding
from tracegraph.model.instants import instant_text


@dataclass(frozen=True, slots=True)
class Meeting:
    """A lot and another one at one place: a container, or a line of a site. `after`: the other one was there before,
    and no cleaning is on record in between."""

    unit: str
    other: str
    place: str
    since: int
    after: bool
    records: tuple[Row, ...] = ()

    @property
    def order(self) -> tuple[int, str, str, str, bool]:
        """What meetings are sorted by, and told apart."""
        return (self.since, self.place, self.unit, self.other, self.after)

    def shown(self) -> dict[str, str]:
        """As evidence names it."""
        told = {"kind": "meeting", "id": self.place, "unit": self.unit, "other": self.other}
        return {**told, "how": "after" if self.after else "together", "time": instant_text(self.since)}


@dataclass(frozen=True, slots=True)
class Separation:
    """`meetings`, by time; `unplaced`: lots of which no stay in a container and no run on a line is on record."""

    meetings: tuple[Meeting, ...]
    unplaced: tuple[str, ...]


def separation(world: World, custody: Custody, units: frozenset[str], own: frozenset[str]) -> Separation:
    """How the lots among `units` were kept apart from all but `own`."""
    lots = custody.lots(units)
    held = [one for one in custody.stays(lots) if in_container(one)] if lots else []
    runs = [run for run in world.rows("run") if lots.intersection(run.several("units"))]
    found = {one.order: one for stay in held for one in _in_container(world, custody, stay, own)}
    found |= {one.order: one for run in runs for one in _on_line(world, run, own)}
    placed = {one.unit for one in held}.union(*(run.several("units") for run in runs))
    return Separation(tuple(found[order] for order in sorted(found)), tuple(sorted(lots - placed)))


def _in_container(world: World, custody: Custody, stay: Holding, own: frozenset[str]) -> Iterator[Meeting]:
    container = stay.place.id
    others = [one for one in custody.beside(container, stay.since, stay.until) if one.unit not in own]
    loose = custody.lots({other.unit for other in others}) if others else set()
    for other in others:
        if other.unit in loose and _share(stay, other):
            yield Meeting(stay.unit, other.unit, container, max(stay.since, other.since), False)
    last = custody.before(container, stay.since)
    if last is None or last.unit in own or not custody.lots([last.unit]):
        return
    if not any(_within(row, last.until or 0, stay.since) for row in world.by("cleaning", "equipment", container)):
        yield Meeting(stay.unit, last.unit, container, stay.since, True)


def _share(one: Holding, other: Holding) -> bool:
    """Whether two stays have some time in common."""
    return (one.until is None or other.since < one.until) and (other.until is None or one.since < other.until)


def _within(cleaning: Row, since: int, until: int) -> bool:
    """Whether a cleaning may have been in a span of time."""
    begin, end = cleaning.first("from") or 0, cleaning.last("to") or cleaning.last("from") or 0
    return begin <= until and end >= since


def _on_line(world: World, run: Row, own: frozenset[str]) -> Iterator[Meeting]:
    others = [row for row in world.by("run", "site", run.text("site")) if _same_line(row, run) and row.id != run.id]
    place = " ".join(part for part in (run.text("site"), run.text("line")) if part)
    yield from _met(run, run, own, place, False)
    for row in others:
        if _begin(row) < _end(run) and _begin(run) < _end(row):
            yield from _met(run, row, own, place, False)
    before = [row for row in others if _end(row) <= _begin(run)]
    last = max(before, key=lambda row: (_end(row), row.id), default=None)
    if last is not None and not _cleaned(world, run, _end(last), _begin(run)):
        yield from _met(run, last, own, place, True)


def _met(run: Row, other: Row, own: frozenset[str], place: str, after: bool) -> Iterator[Meeting]:
    since, records = max(_begin(run), _begin(other)), (run,) if run is other else (run, other)
    for unit in own.intersection(run.several("units")):
        for met in (one for one in other.several("units") if one not in own):
            yield Meeting(unit, met, place, since, after, records)


def _same_line(one: Row, other: Row) -> bool:
    return one.given("line") and one.text("line") == other.text("line")


def _cleaned(world: World, run: Row, since: int, until: int) -> bool:
    """A cleaning of the whole site is one of each line."""
    rows = [row for row in world.by("cleaning", "site", run.text("site")) if not row.given("equipment")]
    return any(_within(row, since, until) for row in rows if row.text("line") in ("", run.text("line")))


def _begin(run: Row) -> int:
    return run.first("from") or run.first("to") or 0


def _end(run: Row) -> int:
    return run.last("to") or run.last("from") or 0
