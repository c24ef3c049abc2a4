"""Acts as they count: receipts that are dated before their shipment at the instant of that, kept up as acts change."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from tracegraph.timeline.acts import Act, Kind
from tracegraph.timeline.departures import Departures, travels_since
from tracegraph.timeline.history import Histories, Travel

ALWAYS = -(2**62)


class Dates:
    """`receipts` are those with documents, as recorded, `dated` as they count; `packed` counts packings by container,
    `travels` are the containers' shipments known so far."""

    def __init__(self, tolerance: int) -> None:
        self.departures = Departures(tolerance)
        self.receipts: Counter[Act] = Counter()
        self.by_document: dict[str, dict[Act, None]] = defaultdict(dict)
        self.dated: dict[Act, Act] = {}
        self.packed: Counter[str] = Counter()
        self.travels: dict[str, tuple[Travel, ...]] = {}

    def swap(
        self, gone: Sequence[Act], come: Sequence[Act], histories: Histories, since: Mapping[str, int]
    ) -> tuple[list[Act], list[Act]]:
        """What goes and what comes of the acts as they count, when these go and come as recorded."""
        gone_dated = [self.dated.get(act, act) for act in gone]
        touched = self._ship(gone, come) | self._travel(gone, come, histories, since)
        self._receive(gone, come)
        again = {act for document in touched for act in self.by_document.get(document, ())}
        staying = again - {act for act in come if _documented(act)}
        come_dated = [self.departures.dated(act) for act in come]
        self.dated.update((act, dated) for act, dated in zip(come, come_dated, strict=True) if _documented(act))
        for act in staying:
            self._move(act, gone_dated, come_dated)
        return gone_dated, come_dated

    def _move(self, act: Act, gone: list[Act], come: list[Act]) -> None:
        """A receipt that now counts at another instant."""
        before, after = self.dated[act], self.departures.dated(act)
        if before != after:
            self.dated[act] = after
            gone += [before] * self.receipts[act]
            come += [after] * self.receipts[act]

    def _ship(self, gone: Iterable[Act], come: Iterable[Act]) -> set[str]:
        """Documents whose first departure changes."""
        named = {document.id for act in (*gone, *come) if act.kind is Kind.SHIP for document in act.documents}
        before = {document: self._first(document) for document in named}
        self.departures.remove(gone)
        self.departures.add(come)
        return {document for document, first in before.items() if self._first(document) != first}

    def _first(self, document: str) -> int | None:
        return next(iter(self.departures.own.get(document, ())), None)

    def _travel(
        self, gone: Iterable[Act], come: Iterable[Act], histories: Histories, since: Mapping[str, int]
    ) -> set[str]:
        """Documents of containers' shipments that come or go, as containers get known or change."""
        self.packed.update(act.container for act in come if act.kind is Kind.PACK)
        self.packed.subtract(act.container for act in gone if act.kind is Kind.PACK)
        named = {act.container for act in (*gone, *come) if act.kind is Kind.PACK}
        touched: set[str] = set()
        for container in named.union(container for container in since if container in self.travels):
            known = self.travels.pop(container, None)
            if self.packed[container] > 0:
                self.travels[container] = histories.of(container).travels
            start = since.get(container, ALWAYS if (known is None) != (container not in self.travels) else None)
            if start is not None:
                touched |= self._replace(known or (), self.travels.get(container, ()), start)
        return touched

    def _replace(self, before: tuple[Travel, ...], after: tuple[Travel, ...], start: int) -> set[str]:
        start = ALWAYS if not before or not after else start
        gone, come = travels_since(before, start), travels_since(after, start)
        self.departures.remove_travels(gone)
        self.departures.add_travels(come)
        return {document.id for travel in (*gone, *come) for document in travel.documents}

    def _receive(self, gone: Iterable[Act], come: Iterable[Act]) -> None:
        for act in come:
            if _documented(act):
                self.receipts[act] += 1
                for document in act.documents:
                    self.by_document[document.id][act] = None
        for act in gone:
            if _documented(act):
                self.receipts[act] -= 1
                if not self.receipts[act]:
                    self._drop(act)

    def _drop(self, act: Act) -> None:
        del self.receipts[act], self.dated[act]
        for document in act.documents:
            del self.by_document[document.id][act]


def _documented(act: Act) -> bool:
    return act.kind is Kind.RECEIVE and bool(act.documents)
