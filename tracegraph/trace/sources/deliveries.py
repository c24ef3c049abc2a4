"""Deliveries between stations and what they lead to: FoodChain-Lab's view of a supply chain, as pure data.

A delivery goes from a station to a station; a relation says that an incoming delivery is an ingredient of an outgoing
one. What leads on from a delivery: stated relations, and what is assumed beyond them (cross-contamination, kills).
Source: the tracing of FoodChain-Lab's desktop application, restated; cycles are allowed here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

#: Year, month, day; None: not known.
PartialDate = tuple[int | None, int | None, int | None]
UNKNOWN_DATE: PartialDate = (None, None, None)

#: `foodchain-lab`: as its desktop application counts, with what is inconsistent in it. `consistent`: an element counts
#: once for itself; goods in a killed delivery reach nobody, whoever asks; a killed station is no source of anything.
Profile = Literal["foodchain-lab", "consistent"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """Goods from one station to another. `lot` may be empty; where only one date is known it is the other one too."""

    id: str
    supplier: str
    recipient: str
    departure: PartialDate = UNKNOWN_DATE
    arrival: PartialDate = UNKNOWN_DATE
    lot: str = ""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What is assumed beyond the stated relations, by ids of stations and deliveries. `in_order`: cross-contamination
    goes only from what came to what left later (the same day, or an unknown date, included). Stated relations are never
    held against the dates."""

    cross_contaminated_stations: frozenset[str] = frozenset()
    cross_contaminated_deliveries: frozenset[str] = frozenset()
    killed_stations: frozenset[str] = frozenset()
    killed_deliveries: frozenset[str] = frozenset()
    in_order: bool = True


def not_after(arrival: PartialDate, departure: PartialDate) -> bool:
    """Can what arrived then have left then? Compared from the year down; what is not known excludes nothing."""
    for came, left in zip(arrival, departure, strict=True):
        if came is None or left is None or came < left:
            return True
        if came > left:
            return False
    return True


@dataclass(slots=True)
class DeliveryNetwork:
    """Deliveries by their place in a list, and what each leads to and comes from, assumptions included.

    `outgoing`, `incoming`: of each station; `killed`: deliveries in which contamination ends. Build it with `of`.
    """

    deliveries: Sequence[Delivery]
    assumptions: Assumptions
    following: list[list[int]] = field(default_factory=list)
    before: list[list[int]] = field(default_factory=list)
    outgoing: dict[str, list[int]] = field(default_factory=dict)
    incoming: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        deliveries: Iterable[Delivery],
        relations: Iterable[tuple[str, str]],
        assumptions: Assumptions | None = None,
    ) -> DeliveryNetwork:
        """The network of deliveries and relations (ids of an incoming and an outgoing delivery); relations that name an
        unknown delivery are ignored. The result does not depend on the order of either."""
        listed = sorted(deliveries, key=lambda delivery: delivery.id)
        network = cls(listed, assumptions or Assumptions())
        network._note_stations()
        pairs = network._stated(relations)
        network._add_contaminated_stations(pairs)
        network._add_contaminated_deliveries(pairs)
        network._note_ways(network._without_killed(pairs))
        return network

    def place(self) -> dict[str, int]:
        """Where each delivery stands, by id."""
        return {delivery.id: number for number, delivery in enumerate(self.deliveries)}

    def stations(self) -> list[str]:
        """All stations that deliver or receive, sorted."""
        return sorted({*self.outgoing, *self.incoming})

    def sent(self, station: str) -> list[int]:
        """The deliveries that may carry something on from a station: none from a killed one."""
        return [] if station in self.assumptions.killed_stations else self.outgoing.get(station, [])

    def received(self, station: str) -> list[int]:
        """The deliveries that may have brought something to a station: those not killed."""
        return [number for number in self.incoming.get(station, []) if not self.is_killed(number)]

    def is_killed(self, number: int) -> bool:
        """Does contamination end in this delivery?"""
        return self.deliveries[number].id in self.assumptions.killed_deliveries

    def _note_stations(self) -> None:
        outgoing, incoming = defaultdict(list), defaultdict(list)
        for number, delivery in enumerate(self.deliveries):
            outgoing[delivery.supplier].append(number)
            incoming[delivery.recipient].append(number)
        self.outgoing, self.incoming = dict(outgoing), dict(incoming)

    def _stated(self, relations: Iterable[tuple[str, str]]) -> set[tuple[int, int]]:
        place = self.place()
        return {(place[first], place[second]) for first, second in relations if first in place and second in place}

    def _add_contaminated_stations(self, pairs: set[tuple[int, int]]) -> None:
        for station in self.assumptions.cross_contaminated_stations:
            leaving = self.outgoing.get(station, [])
            for entering in self.incoming.get(station, []):
                pairs.update((entering, left) for left in leaving if self._may_follow(entering, left))

    def _add_contaminated_deliveries(self, pairs: set[tuple[int, int]]) -> None:
        """Of flagged deliveries to one recipient, each may lead to whatever another one leads to."""
        together: dict[str, list[int]] = defaultdict(list)
        for number, delivery in enumerate(self.deliveries):
            if delivery.id in self.assumptions.cross_contaminated_deliveries:
                together[delivery.recipient].append(number)
        flagged = {number for group in together.values() for number in group}
        leads: dict[int, set[int]] = defaultdict(set)
        for first, second in pairs:
            if first in flagged:
                leads[first].add(second)
        for group in together.values():
            leaving = set().union(*(leads[number] for number in group))
            for entering in group:
                pairs.update((entering, left) for left in leaving if self._may_follow(entering, left))

    def _may_follow(self, entering: int, leaving: int) -> bool:
        if not self.assumptions.in_order:
            return True
        came, left = self.deliveries[entering], self.deliveries[leaving]
        arrival = came.departure if came.arrival == UNKNOWN_DATE else came.arrival
        departure = left.arrival if left.departure == UNKNOWN_DATE else left.departure
        return not_after(arrival, departure)

    def _without_killed(self, pairs: set[tuple[int, int]]) -> Iterable[tuple[int, int]]:
        """A killed station passes nothing from what it gets to what it sends; a killed delivery leads to nothing."""
        stations = self.assumptions.killed_stations
        for first, second in sorted(pairs):
            through = self.deliveries[first].recipient in stations or self.deliveries[second].supplier in stations
            if not through and not self.is_killed(first):
                yield first, second

    def _note_ways(self, pairs: Iterable[tuple[int, int]]) -> None:
        self.following = [[] for _ in self.deliveries]
        self.before = [[] for _ in self.deliveries]
        for first, second in pairs:
            self.following[first].append(second)
            self.before[second].append(first)
