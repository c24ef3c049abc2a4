"""Flows between sites: what a trail moved from where to where, shipments and stays in containers taken together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from tracegraph.model.custody import Holding, PlaceKind
from tracegraph.model.measures import EXACT
from tracegraph.trace.answer import CARRIED, container_spots
from tracegraph.trace.containers import Spot
from tracegraph.trace.distances import Onward, finishing_order, onward
from tracegraph.trace.reach import Node
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.trail import Trail

Site = str


class Move(NamedTuple):
    """One movement; `node`: the holding on the way, or, of goods that were not seen on a way, the one that they came
    into."""

    source: Site
    target: Site
    node: Holding
    instant: int
    confirmed: bool


@dataclass(slots=True)
class Flow:
    """All movements from one site to another. `quantities`: what is known of the amounts, by unit of measure;
    `confirmed`: one of them certainly took place."""

    source: Site
    target: Site
    first: int
    last: int
    movements: int = 0
    confirmed: bool = False
    units: set[str] = field(default_factory=set)
    quantities: dict[str, Decimal] = field(default_factory=dict)

    def add(self, move: Move) -> None:
        """Count one more."""
        self.first, self.last = min(self.first, move.instant), max(self.last, move.instant)
        self.movements += 1
        self.confirmed = self.confirmed or move.confirmed
        self.units.add(move.node.unit)
        stated = move.node.quantity
        if stated is not None and stated.value is not None:
            known = self.quantities.get(stated.unit, Decimal(0))
            self.quantities[stated.unit] = EXACT.add(known, stated.value)


def flows(snapshot: Snapshot, trail: Trail) -> list[Flow]:
    """By source and target. Between sites that goods passed in a container they flow too, in the order of the stays."""
    found: dict[tuple[Site, Site], Flow] = {}
    for move in _Moves(snapshot, trail).all():
        ends = (move.source, move.target)
        found.setdefault(ends, Flow(*ends, move.instant, move.instant)).add(move)
    return [found[ends] for ends in sorted(found)]


class _Moves:
    """The movements of a trail."""

    def __init__(self, snapshot: Snapshot, trail: Trail) -> None:
        self.trail = trail
        self.nodes: Mapping[int, Node] = trail.nodes
        self.out, self.into = onward(trail.legs, "forward"), onward(trail.legs, "backward")
        self.spots: Mapping[int, list[Spot]] = container_spots(snapshot, trail.holdings)
        self.left = self._left()

    def all(self) -> Iterator[Move]:
        """Through stays on the way, and straight from site to site."""
        for number, node in self.trail.holdings:
            if node.place.kind in (PlaceKind.TRANSIT, PlaceKind.CONTAINER):
                yield from self._through(number, node)
            elif node.place.kind is PlaceKind.SITE:
                yield from self._straight(number, node)

    def _left(self) -> dict[int, dict[Site, bool]]:
        """For each node the sites that its goods left last, and whether certainly."""
        found: dict[int, dict[Site, bool]] = {}
        by_id = [number for number, _ in self.trail.listed]
        for number in reversed(finishing_order(by_id, self.out)):
            site = _site(self.nodes[number])
            if site:
                found[number] = {site: True}
                continue
            found[number] = {}
            for leg, source in self.into.get(number, ()):
                for before, sure in found.get(source, {}).items():
                    certain = sure and self.trail.legs.confirmed[leg]
                    found[number][before] = certain or found[number].get(before, False)
        return found

    def _through(self, number: int, node: Holding) -> Iterator[Move]:
        way: list[dict[Site, bool]] = [self.left[number]] if self.left[number] else []
        way += [{site: spot.confirmed} for spot in self.spots.get(number, ()) if (site := _site(spot.holding))]
        arrived = self._sites(self.out, number)
        for sources, targets in pairwise([*way, arrived] if arrived else way):
            for source, target, sure in _pairs(sources, targets):
                yield Move(source, target, node, node.since, sure)

    def _straight(self, number: int, node: Holding) -> Iterator[Move]:
        for leg, source in self.into.get(number, ()):
            before = self.nodes[source]
            site = _site(before) if isinstance(before, Holding) else ""
            if site and site != node.place.id and self.trail.legs.rule[leg] != CARRIED:
                yield Move(site, node.place.id, node, self.trail.legs.instant[leg], self.trail.legs.confirmed[leg])

    def _sites(self, ways: Onward, number: int) -> dict[Site, bool]:
        found: dict[Site, bool] = defaultdict(bool)
        for leg, other in ways.get(number, ()):
            if site := _site(self.nodes[other]):
                found[site] |= self.trail.legs.confirmed[leg]
        return dict(found)


def _pairs(sources: Mapping[Site, bool], targets: Mapping[Site, bool]) -> Sequence[tuple[Site, Site, bool]]:
    return [
        (source, target, sources[source] and targets[target])
        for source in sorted(sources)
        for target in sorted(targets)
        if source != target
    ]


def _site(node: Node) -> Site:
    return node.place.id if node.place.kind is PlaceKind.SITE else ""
