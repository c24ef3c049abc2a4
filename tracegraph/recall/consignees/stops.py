"""Where goods in scope were, and with whom: the part of the custody graph that says who got them from whom.

A stop is a stay at a site or with a party. Goods in a container have the stops of the container while they were in it.
Between stops goods are on the way, in a container, or somewhere that no record tells.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tracegraph.model.custody import CARRIED, Holding, PlaceKind, is_supposed
from tracegraph.stores.port import HoldingQuery, Legs
from tracegraph.trace.answer import container_spots
from tracegraph.trace.containers import Spot
from tracegraph.trace.distances import Onward, Steps, steps
from tracegraph.trace.snapshot import Snapshot

#: Places where somebody has goods.
HELD = (PlaceKind.SITE, PlaceKind.PARTY)
NOBODY = ""
#: All owners of a case as one, in counting hands.
OWNER = " owner"


def holder(holding: Holding) -> str:
    """Who has the goods: the possessor, else the place where they are; nobody on the way and in sinks."""
    return (holding.party or holding.place.id) if holding.place.kind in HELD else NOBODY


class Taken(NamedTuple):
    """An event by which goods left a stay, certainly or possibly."""

    instant: int
    event: str
    certain: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """Goods with somebody (`holder`). `goods`: their own stay; `where`: that stay, or the one of the container that
    they were in. `recorded`: a record shows that they were there. `shipment`: the stay on the way that led here in a
    container; `taken`: what was taken out of that before."""

    goods: Holding
    where: Holding
    holder: str
    recorded: bool
    shipment: Holding | None = None
    taken: tuple[Taken, ...] = ()

    @property
    def id(self) -> str:
        """The same on every store."""
        return self.goods.id if self.goods is self.where else f"{self.goods.id}@{self.where.id}"

    @property
    def packed(self) -> bool:
        """Whether the goods came in a container."""
        return self.goods is not self.where


@dataclass(slots=True)
class Ways:
    """Ways between nodes as pairs, each with whether it is certain and whether goods merely stayed."""

    source: list[int] = field(default_factory=list)
    target: list[int] = field(default_factory=list)
    confirmed: list[bool] = field(default_factory=list)
    carried: list[bool] = field(default_factory=list)

    def add(self, source: int, target: int, confirmed: bool, carried: bool = False) -> None:
        """Add one."""
        self.source.append(source)
        self.target.append(target)
        self.confirmed.append(confirmed)
        self.carried.append(carried)

    def out(self, confirmed_only: bool = False) -> Onward:
        """From each node the ways that leave it."""
        found: Onward = defaultdict(list)
        for number, (source, target) in enumerate(zip(self.source, self.target, strict=True)):
            if self.confirmed[number] or not confirmed_only:
                found[source].append((number, target))
        return found

    def into(self) -> Onward:
        """By each node the ways that enter it; what merely stayed there did not come in."""
        found: Onward = defaultdict(list)
        for number, (source, target) in enumerate(zip(self.source, self.target, strict=True)):
            if not self.carried[number]:
                found[target].append((number, source))
        return found


@dataclass(slots=True)
class Network:
    """`stops` by node, those in containers under numbers of their own (below zero); `holdings`: all stays of the units;
    `joints`: transformations; `under_way`: what left in a container and came nowhere: where it was last, its stay in
    the container, and that of the container on the way."""

    stops: dict[int, Stop]
    holdings: dict[int, Holding]
    joints: frozenset[int]
    ways: Ways
    under_way: list[tuple[int, Holding, Holding]] = field(default_factory=list)

    def senders(self, confirmed_only: bool = False) -> dict[int, frozenset[str]]:
        """Of every node that is no stop: who may (or, by certain ways, did) have the goods before they came there."""
        found: dict[int, set[str]] = defaultdict(set)
        out = self.ways.out(confirmed_only)
        pending = [(node, stop.holder) for node, stop in self.stops.items()]
        while pending:
            node, name = pending.pop()
            for _, target in out.get(node, ()):
                if target not in self.stops and name not in found[target]:
                    found[target].add(name)
                    pending.append((target, name))
        return {node: frozenset(names) for node, names in found.items()}

    def steps(self, owners: Collection[str], confirmed_only: bool) -> dict[int, Steps]:
        """Through how many hands goods came to each node from a stop with one of the owners, and whose those were last;
        nodes that none of their goods came to are left out."""
        ours = [node for node, stop in self.stops.items() if stop.holder in owners]
        names: dict[int, str | None] = {node: stop.holder for node, stop in self.stops.items()}
        names.update(dict.fromkeys(ours, OWNER))
        return steps(ours, self.ways.out(confirmed_only), names)


def network(snapshot: Snapshot, units: Collection[str]) -> Network:
    """Where the goods of these units were."""
    rows = snapshot.holdings(HoldingQuery(units=list(units))) if units else []
    holdings = {row.node: row.holding for row in rows}
    legs = snapshot.legs(sorted(holdings), "forward")
    joints = {row.node for row in snapshot.joints({*legs.target} - holdings.keys())}
    out_of_joints = snapshot.legs(sorted(joints), "forward")
    stops = {
        node: Stop(held, held, holder(held), not is_supposed(held)) for node, held in holdings.items() if holder(held)
    }
    packed = _packed(snapshot, holdings, _taken(legs))
    numbered = _numbered({node: found for node, (found, _) in packed.items()})
    stops |= {number: stop for found in numbered.values() for number, stop in found}
    under_way = [
        (_last(numbered[node], node), holdings[node], sent) for node, (_, sent) in packed.items() if sent is not None
    ]
    ways = _ways((legs, out_of_joints), {*holdings, *joints}, numbered)
    return Network(stops, holdings, frozenset(joints), ways, under_way)


def _taken(legs: Legs) -> dict[int, list[Taken]]:
    """What left each stay, in order of time."""
    found: dict[int, list[Taken]] = defaultdict(list)
    for number in sorted(range(len(legs.source)), key=lambda leg: (legs.instant[leg], legs.event[leg])):
        found[legs.source[number]].append(Taken(legs.instant[number], legs.event[number], legs.confirmed[number]))
    return found


Packed = tuple[list[Stop], Holding | None]


def _packed(snapshot: Snapshot, holdings: Mapping[int, Holding], taken: Mapping[int, list[Taken]]) -> dict[int, Packed]:
    """The stops of containers while goods were in them, in order of time, and the shipment on which they are still, by
    the node of the goods."""
    order = sorted(holdings, key=lambda node: holdings[node].id)
    places = container_spots(snapshot, [(node, holdings[node]) for node in order])
    return {node: _stops_of(holdings[node], found, taken.get(node, ())) for node, found in places.items()}


def _stops_of(goods: Holding, spots: Iterable[Spot], taken: Sequence[Taken]) -> Packed:
    """Once something may have been taken out, a later stop is certain only if some certainly was in there still."""
    found: dict[str, Stop] = {}
    shipment: Holding | None = None
    for where, confirmed in sorted(spots, key=_when):
        if where.place.kind is PlaceKind.TRANSIT:
            shipment = where
        elif holder(where):
            before = tuple(one for one in taken if one.instant < max(where.since, goods.since))
            still_in = not before or _some_later(goods, taken[len(before) :])
            recorded = confirmed and still_in and not is_supposed(where)
            if where.id not in found or recorded:
                found[where.id] = Stop(goods, where, holder(where), recorded, shipment, before)
            shipment = None if recorded else shipment
    return list(found.values()), shipment


def _some_later(goods: Holding, later: Iterable[Taken]) -> bool:
    """Whether some was certainly left: it was taken out later, or is in there to the end."""
    rest = goods.remaining.value if goods.remaining else None
    return any(one.certain for one in later) or (rest is not None and rest > 0)


def _when(spot: Spot) -> tuple[int, bool, str]:
    """In order of time; of one instant what is on the way first, as it may arrive at once."""
    where = spot.holding
    return where.since, where.place.kind is not PlaceKind.TRANSIT, where.id


Numbered = Mapping[int, Sequence[tuple[int, Stop]]]


def _numbered(packed: Mapping[int, Sequence[Stop]]) -> Numbered:
    """Stops in containers with numbers that no node of the store has."""
    found: dict[int, list[tuple[int, Stop]]] = {}
    number = 0
    for node, stops in packed.items():
        found[node] = []
        for stop in stops:
            number -= 1
            found[node].append((number, stop))
    return found


def _last(stops: Sequence[tuple[int, Stop]], node: int) -> int:
    """The last certain stop of a container; where there is none, the node of the goods in it."""
    return next((number for number, stop in reversed(stops) if stop.recorded), node)


def _ways(parts: Iterable[Legs], nodes: Collection[int], packed: Numbered) -> Ways:
    """The legs among the nodes; goods leave a container at the stops where it was by then."""
    ways = Ways()
    for node, stops in packed.items():
        _along(ways, node, stops)
    for legs in parts:
        for number, target in enumerate(legs.target):
            if target in nodes:
                source, carried = legs.source[number], legs.rule[number] == CARRIED
                for begin in _left_at(source, packed.get(source, ()), legs.instant[number]):
                    ways.add(begin, target, legs.confirmed[number], carried)
    return ways


def _along(ways: Ways, node: int, stops: Iterable[tuple[int, Stop]]) -> None:
    """From one certain stop of a container to the next; possible ones branch off."""
    last = node
    for number, stop in stops:
        ways.add(last, number, stop.recorded)
        last = number if stop.recorded else last


def _left_at(node: int, stops: Sequence[tuple[int, Stop]], instant: int) -> list[int]:
    """From where goods left a container at an instant: the last certain stop by then, and every possible one."""
    by_then = [(number, stop.recorded) for number, stop in stops if stop.where.since <= instant]
    certain = [number for number, recorded in by_then if recorded]
    return [*(certain[-1:] or [node]), *(number for number, recorded in by_then if not recorded)]
