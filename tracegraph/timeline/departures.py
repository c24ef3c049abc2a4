"""When the shipment of a receipt's document left: receipts dated before it count from it on (section 6, rule 1).

Kept up while acts and containers' histories come and go, as a receipt may arrive long before its shipment.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence

from tracegraph.model.facts import Document
from tracegraph.timeline.acts import Act, Kind
from tracegraph.timeline.history import Travel
from tracegraph.timeline.matching import same_document

Left = tuple[int, str, frozenset[Document]]


class Departures:
    """By document: when shipments of the unit left (`own`), and those of containers that it was in (`carried`).
    `tolerance`: by how much a receipt may be dated before its shipment, in microseconds."""

    def __init__(self, tolerance: int) -> None:
        self.tolerance = tolerance
        self.own: dict[str, list[int]] = {}
        self.carried: dict[str, list[Left]] = {}

    def add(self, acts: Iterable[Act]) -> None:
        """Shipments of the unit."""
        for act in acts:
            if act.kind is Kind.SHIP:
                for document in act.documents:
                    insort(self.own.setdefault(document.id, []), act.instant)

    def remove(self, acts: Iterable[Act]) -> None:
        """Shipments that are none any more."""
        for act in acts:
            if act.kind is Kind.SHIP:
                for document in act.documents:
                    self.own[document.id].remove(act.instant)

    def add_travels(self, travels: Iterable[Travel]) -> None:
        """Shipments of a container that the unit was in."""
        for travel in travels:
            for document in travel.documents:
                insort(self.carried.setdefault(document.id, []), _left(travel), key=_when)

    def remove_travels(self, travels: Iterable[Travel]) -> None:
        """The opposite."""
        for travel in travels:
            for document in travel.documents:
                self.carried[document.id].remove(_left(travel))

    def dated(self, act: Act) -> Act:
        """The act; a receipt that is dated before its shipment, within tolerance, at the instant of that."""
        later = self._later(act) if act.documents and act.kind is Kind.RECEIVE else None
        return act if later is None else act._replace(instant=later, shifted=True)

    def _later(self, act: Act) -> int | None:
        known = [own[0] for document in act.documents if (own := self.own.get(document.id))]
        for document in act.documents:
            carried = self.carried.get(document.id, ())
            found = next((left[0] for left in carried if same_document(left[2], act.documents)), None)
            known += () if found is None else (found,)
        earliest = min(known, default=None)
        if earliest is None or earliest <= act.instant or earliest > act.instant + self.tolerance:
            return None
        return earliest


def travels_since(travels: Sequence[Travel], since: int) -> Sequence[Travel]:
    """Those that departed at or after an instant."""
    return travels[bisect_left(travels, since, key=lambda travel: travel.departed) :]


def _left(travel: Travel) -> Left:
    return (travel.departed, travel.event, travel.documents)


def _when(left: Left) -> int:
    return left[0]
