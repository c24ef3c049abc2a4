"""Deliveries as events show them, whatever file they came from: goods that leave one site and come to another.

A delivery is a stay on the way (in transit or in a container) between a site that it left and a site that it came to.
It is an ingredient of another one where its goods lead to that one without being on the way in between.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from tracegraph.model.custody import Holding, PlaceKind
from tracegraph.model.quantity import Quantity
from tracegraph.trace.trail import Trail

_ON_THE_WAY = (PlaceKind.TRANSIT, PlaceKind.CONTAINER)


@dataclass(frozen=True, slots=True)
class ShownDelivery:
    """One delivery: the unit's goods from site to site, when they left and came (instants), and how certain that is.
    `node`: the stay on the way; `departure`, `arrival`: the public ids of the events that say so."""

    id: str
    unit: str
    supplier: str
    recipient: str
    left: int
    came: int
    quantity: Quantity | None
    confirmed: bool
    node: int
    departure: str
    arrival: str


@dataclass(slots=True)
class ShownNetwork:
    """Deliveries by id, and pairs of (ingredient, result)."""

    deliveries: dict[str, ShownDelivery] = field(default_factory=dict)
    relations: set[tuple[str, str]] = field(default_factory=set)


def shown_network(trail: Trail) -> ShownNetwork:
    """The deliveries in a trail. Goods that nobody is known to have received are in none."""
    reading = _Reading(trail)
    network = ShownNetwork()
    by_stay: dict[int, list[ShownDelivery]] = {}
    for number, holding in trail.holdings:
        if holding.place.kind in _ON_THE_WAY:
            by_stay[number] = list(reading.deliveries(number, holding))
            network.deliveries.update((one.id, one) for one in by_stay[number])
    for number, deliveries in by_stay.items():
        for delivery in deliveries:
            for stay in reading.next_stays(number, delivery.recipient, by_stay.keys()):
                network.relations |= {(delivery.id, other.id) for other in by_stay[stay] if other.id != delivery.id}
    return network


class _Reading:
    """A trail with its legs by where they begin and end."""

    def __init__(self, trail: Trail) -> None:
        self.trail = trail
        self.out: dict[int, list[int]] = defaultdict(list)
        self.into: dict[int, list[int]] = defaultdict(list)
        for leg in trail.leg_order:
            self.out[trail.legs.source[leg]].append(leg)
            self.into[trail.legs.target[leg]].append(leg)

    def deliveries(self, number: int, holding: Holding) -> Iterator[ShownDelivery]:
        """What a stay on the way is as deliveries: one for each pair of sites that it may have joined."""
        legs = self.trail.legs
        left = {site: leg for leg in self.into[number] if (site := self._site(legs.source[leg]))}
        came = {site: leg for leg in self.out[number] if (site := self._site(legs.target[leg]))}
        for supplier, first in sorted(left.items()):
            for recipient, last in sorted(came.items()):
                if supplier == recipient and holding.place.kind is PlaceKind.CONTAINER:
                    continue
                alone = len(left) == len(came) == 1
                yield ShownDelivery(
                    holding.id if alone else f"{holding.id}:{supplier}:{recipient}",
                    holding.unit,
                    supplier,
                    recipient,
                    legs.instant[first],
                    legs.instant[last],
                    holding.quantity,
                    legs.confirmed[first] and legs.confirmed[last],
                    number,
                    legs.event[first],
                    legs.event[last],
                )

    def _site(self, number: int) -> str:
        node = self.trail.nodes.get(number)
        return node.place.id if isinstance(node, Holding) and node.place.kind is PlaceKind.SITE else ""

    def next_stays(self, number: int, recipient: str, stays: object) -> set[int]:
        """The stays on the way to which goods lead that came from this one to a site."""
        legs = self.trail.legs
        todo = [legs.target[leg] for leg in self.out[number] if self._site(legs.target[leg]) == recipient]
        seen, found = set(todo), set[int]()
        while todo:
            for leg in self.out[todo.pop()]:
                target = legs.target[leg]
                node = self.trail.nodes.get(target)
                if isinstance(node, Holding) and node.place.kind in _ON_THE_WAY:
                    found.add(target)
                elif target not in seen:
                    seen.add(target)
                    todo.append(target)
        return found
