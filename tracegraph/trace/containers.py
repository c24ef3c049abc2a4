"""Where containers are: look-ups by time, because a content's holding says in which container it is, not where that is.

Source: docs/custody-graph section 7. Two directions: what stood in some units while they were somewhere (contents), and
where a container, or the container that it is in, was while something was in it (spots).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from tracegraph.model.custody import Holding, PlaceKind
from tracegraph.stores.port import HoldingQuery, HoldingRow
from tracegraph.trace.distances import confirmed_nodes
from tracegraph.trace.intervals import Intervals
from tracegraph.trace.snapshot import Snapshot

#: So many holdings are sooner looked at one by one than put in order of time.
FEW = 16


class Stay(NamedTuple):
    """The time during which something is asked of a unit: [since, until), open ends allowed."""

    unit: str
    since: int | None = None
    until: int | None = None

    def overlaps(self, holding: Holding) -> bool:
        """Whether a holding's time and this have an instant in common; a stay of no length counts at its instant."""
        since, until = holding.since, holding.until
        starts = since if self.since is None or self.since < since else self.since
        ends = until if self.until is None or (until is not None and until < self.until) else self.until
        if ends is None or starts < ends:
            return True
        return starts == ends and (self.since == self.until or since == until)

    def within(self, holding: Holding) -> Stay:
        """The common time of this and a holding, as a stay of the holding's unit."""
        starts = holding.since if self.since is None else max(self.since, holding.since)
        ends = [moment for moment in (self.until, holding.until) if moment is not None]
        return Stay(holding.unit, starts, min(ends) if ends else None)


@dataclass(slots=True)
class Content:
    """One holding inside a unit: the time that it shares with the first outermost stay, and the nodes of the stays that
    it is inside of (None: the outermost)."""

    row: HoldingRow
    stay: Stay
    inside: set[int | None]


def contents(snapshot: Snapshot, stays: Iterable[Stay]) -> dict[int, Content]:
    """The holdings inside the units during these stays, and inside what was inside them, by node."""
    found: dict[int, Content] = {}
    pending: list[tuple[Stay, int | None]] = [(stay, None) for stay in stays]
    seen = set(pending)
    while pending:
        by_container: dict[str, list[tuple[Stay, int | None]]] = defaultdict(list)
        for stay, node in pending:
            by_container[stay.unit].append((stay, node))
        pending = []
        times = {
            unit: Intervals([(stay.since, stay.until) for stay, _ in asked]) for unit, asked in by_container.items()
        }
        for row in snapshot.holdings(HoldingQuery(containers=by_container.keys())):
            container = row.holding.place.id
            for number in times[container].touching((row.holding.since, row.holding.until)):
                stay, node = by_container[container][number]
                if stay.overlaps(row.holding):
                    inner = (stay.within(row.holding), row.node)
                    content = found.setdefault(row.node, Content(row, inner[0], set()))
                    content.inside.add(node)
                    content.stay = min(content.stay, inner[0], key=_begin)
                    pending += [inner] if inner not in seen else []
                    seen.add(inner)
    return found


def _begin(stay: Stay) -> tuple[int, int]:
    """By begin, of equals the longest first."""
    since, until = stay.since, stay.until
    return -(2**63) if since is None else since, -(2**63) if until is None else -until


def certain_contents(found: Mapping[int, Content], entered: Mapping[int, bool]) -> set[int]:
    """The contents that were certainly put where they are, in something that certainly was where it is. `entered`: for
    a node that legs enter, whether a confirmed one does."""
    certain: set[int] = set()
    growing = True
    while growing:
        more = {
            node
            for node, content in found.items()
            if entered.get(node, True) and any(outer is None or outer in certain for outer in content.inside)
        }
        growing = not more <= certain
        certain = more
    return certain


class Spot(NamedTuple):
    """One stay of a container, or of the one that it is in, during the asked time: `holding` is the container's."""

    holding: Holding
    confirmed: bool


class _Asked(NamedTuple):
    """A stay for whose `number` spots are wanted, through the containers in `chain`."""

    number: int
    stay: Stay
    confirmed: bool
    chain: frozenset[str]


def spots(snapshot: Snapshot, stays: Sequence[Stay]) -> list[list[Spot]]:
    """For each stay (whose unit is a container) where the container was, nested containers after those inside them."""
    found: list[list[Spot]] = [[] for _ in stays]
    pending = [_Asked(number, stay, True, frozenset({stay.unit})) for number, stay in enumerate(stays)]
    while pending:
        histories = _histories(snapshot, [asked.stay for asked in pending])
        further: list[_Asked] = []
        for asked in pending:
            for spot in _spots_of(asked, histories.get(asked.stay.unit, _NOTHING)):
                found[asked.number].append(spot)
                place = spot.holding.place
                if place.kind is PlaceKind.CONTAINER and place.id not in asked.chain:
                    common = asked.stay.within(spot.holding)
                    outer = Stay(place.id, common.since, common.until)
                    further.append(_Asked(asked.number, outer, spot.confirmed, asked.chain | {place.id}))
        pending = further
    return found


class _History:
    """Holdings of one container in time order, and the legs between them: from each node (to, confirmed)."""

    def __init__(self, rows: Iterable[HoldingRow]) -> None:
        self.rows = sorted(rows, key=lambda row: (row.holding.since, row.holding.id))
        self.ways: dict[int, list[tuple[int, bool]]] = defaultdict(list)

    def during(self, stay: Stay) -> dict[int, HoldingRow]:
        """The holdings that overlap a stay, by node, in time order."""
        near = self.rows if len(self.rows) <= FEW else self._near(stay)
        return {row.node: row for row in near if stay.overlaps(row.holding)}

    def _near(self, stay: Stay) -> list[HoldingRow]:
        return [self.rows[number] for number in self._times.touching((stay.since, stay.until))]

    @cached_property
    def _times(self) -> Intervals:
        return Intervals([(row.holding.since, row.holding.until) for row in self.rows])


_NOTHING = _History(())


def _histories(snapshot: Snapshot, stays: Iterable[Stay]) -> dict[str, _History]:
    """Of each unit as much as its stays can touch."""
    rows: dict[str, list[HoldingRow]] = defaultdict(list)
    unit_of: dict[int, str] = {}
    for row in snapshot.held_during(_spans(stays)):
        rows[row.holding.unit].append(row)
        unit_of[row.node] = row.holding.unit
    found = {unit: _History(own) for unit, own in rows.items()}
    for source, target, confirmed in snapshot.links(unit_of):
        if unit_of.get(target) == unit_of[source]:
            found[unit_of[source]].ways[source].append((target, confirmed))
    return found


def _spans(stays: Iterable[Stay]) -> dict[str, tuple[int | None, int | None]]:
    """For each unit the time from the begin of its first stay to the end of its last."""
    found: dict[str, tuple[int | None, int | None]] = {}
    for unit, since, until in stays:
        begin, end = found.get(unit, (since, until))
        found[unit] = (
            None if begin is None or since is None else min(begin, since),
            None if end is None or until is None else max(end, until),
        )
    return found


def _spots_of(asked: _Asked, history: _History) -> list[Spot]:
    """The container's holdings during the stay. Confirmed: on a chain of confirmed legs from the only place where the
    container can have been when the stay began."""
    during = history.during(asked.stay)
    begin = asked.stay.since
    first = {node for node, row in during.items() if begin is None or row.holding.since <= begin}
    ways = {node: history.ways.get(node, ()) for node in during}
    roots = first - {target for source in first for target, _ in ways[source] if target != source}
    certain: set[int] = set()
    if asked.confirmed and len(roots) == 1:
        sure = {
            source: [(0, to) for to, certainly in legs if certainly and to in during] for source, legs in ways.items()
        }
        certain = confirmed_nodes(roots, sure, [True])
    return [Spot(row.holding, node in certain) for node, row in during.items()]
