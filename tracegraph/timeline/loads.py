"""The same load again: departing after shipping, accepting after arriving and the like (custody-graph section 5)."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from tracegraph.model.custody import Place
from tracegraph.model.facts import Document
from tracegraph.model.quantity import Quantity
from tracegraph.timeline.account import Shipment
from tracegraph.timeline.acts import Act, Kind
from tracegraph.timeline.matching import same_document
from tracegraph.timeline.materials import Materials

Told = frozenset[tuple[str, str]]


@dataclass(slots=True)
class Load:
    """One load in one direction at one place, and the (step, event type) pairs that told of it; loads are numbered."""

    number: int
    kind: Kind
    place: Place
    documents: frozenset[Document]
    quantity: Quantity | None
    destination: Place | None
    told: Told
    paper: Shipment | None


Shelf = dict[Told, list[Load]]


@dataclass(slots=True)
class Loads:
    """Loads by direction and place; a document finds its load at once, undocumented ones are tried newest first. On
    their shelves they lie apart by who told of them: those that the same step told of are passed over together."""

    materials: Materials
    count: int = 0
    by_place: dict[tuple[Kind, Place], dict[frozenset[str], Shelf]] = field(init=False)
    by_document: dict[tuple[Kind, Place, str], Shelf] = field(init=False)

    def __post_init__(self) -> None:
        self.by_place = self.materials.table()
        self.by_document = self.materials.table()

    def again(self, act: Act, still: Callable[[Shipment | None], bool]) -> bool:
        """Whether the act tells of a load that was told before by another step; then it is noted and nothing flows."""
        if not self.by_place:
            return False
        load = self._documented(act) or self._undocumented(act, still)
        if load is None:
            return False
        self._tell(load, (act.step, act.type))
        return True

    def _documented(self, act: Act) -> Load | None:
        if not act.documents:
            return None
        for place in self._places(act):
            for document in sorted(act.documents, key=lambda one: (one.type, one.id)):
                shelf = self.by_document.get((act.kind, place, document.id))
                found = _oldest(shelf, act) if shelf else None
                if found is not None:
                    return found
        return None

    def _undocumented(self, act: Act, still: Callable[[Shipment | None], bool]) -> Load | None:
        for place in self._places(act):
            by_types = self.by_place.get((act.kind, place), {})
            for types in sorted(by_types, key=sorted) if len(by_types) > 1 else by_types:
                if not act.documents or not _comparable(_types(act.documents), types):
                    found = self._newest(by_types[types], act, still)
                    if found is not None:
                        return found
        return None

    def _newest(self, shelf: Shelf, act: Act, still: Callable[[Shipment | None], bool]) -> Load | None:
        """The newest load that this may be again; those that are over are dropped on the way."""
        if act.kind is Kind.RECEIVE and not still(None):
            for row in shelf.values():
                row.clear()
            return None
        found = [load for told, row in shelf.items() if _by_another(act, told) for load in _last(row, act, still)]
        return max(found, key=lambda load: load.number, default=None)

    def _tell(self, load: Load, teller: tuple[str, str]) -> None:
        before, after = load.told, load.told | {teller}
        load.told = after
        for shelf in self._shelves(load):
            index = bisect_left(shelf[before], load.number, key=_number) if before in shelf else 0
            if before in shelf and index < len(shelf[before]) and shelf[before][index] is load:
                shelf[before].pop(index)
                insort(self._row(shelf, after), load, key=_number)

    def received_again(self, act: Act) -> bool:
        """Whether a receipt at this place was told under the same document before."""
        place = act.place
        if place is None or not self.by_document:
            return False
        return any(
            same_document(act.documents, load.documents)
            for document in act.documents
            for row in self.by_document.get((act.kind, place, document.id), {}).values()
            for load in row
        )

    def remember(self, act: Act, place: Place, paper: Shipment | None) -> None:
        """A load that flowed."""
        told = frozenset(((act.step, act.type),))
        self.count += 1
        load = self.materials.record(
            Load, None, self.count, act.kind, place, act.documents, act.quantity, act.destination, told, paper
        )
        for shelf in self._shelves(load):
            self._row(shelf, told).append(load)

    def forget(self, paper: Shipment) -> None:
        """A voided shipment is no load any more."""
        ghost = Load(0, Kind.SHIP, paper.origin, paper.documents, None, None, frozenset(), paper)
        for shelf in self._shelves(ghost):
            for row in shelf.values():
                for index in reversed([index for index, load in enumerate(row) if load.paper is paper]):
                    row.pop(index)

    def _shelves(self, load: Load) -> Iterator[Shelf]:
        by_types = self.by_place.get((load.kind, load.place))
        if by_types is None:
            by_types = self.by_place[(load.kind, load.place)] = self.materials.table()
        types = _types(load.documents)
        if types not in by_types:
            by_types[types] = self.materials.table()
        yield by_types[types]
        for document in load.documents:
            key = (load.kind, load.place, document.id)
            if key not in self.by_document:
                self.by_document[key] = self.materials.table()
            yield self.by_document[key]

    def _row(self, shelf: Shelf, told: Told) -> list[Load]:
        row = shelf.get(told)
        if row is None:
            row = shelf[told] = self.materials.row()
        return row

    def _places(self, act: Act) -> tuple[Place, ...]:
        if act.kind is Kind.RECEIVE:
            return (act.place,) if act.place else ()
        return act.origins


def _oldest(shelf: Shelf, act: Act) -> Load | None:
    """The first load under the document that another step told of."""
    rows = [row for told, row in shelf.items() if _by_another(act, told)]
    found = (next((load for load in row if _same_load(act, load)), None) for row in rows)
    return min((load for load in found if load is not None), key=_number, default=None)


def _same_load(act: Act, load: Load) -> bool:
    return same_document(act.documents, load.documents) and not _differs(act, load)


def _last(row: list[Load], act: Act, still: Callable[[Shipment | None], bool]) -> Iterable[Load]:
    for index in range(len(row) - 1, -1, -1):
        load = row[index]
        if not still(load.paper):
            row.pop(index)
        elif not _differs(act, load):
            return [load]
    return []


def _number(load: Load) -> int:
    return load.number


def _by_another(act: Act, told: Told) -> bool:
    """Another step, or a TransactionEvent beside an ObjectEvent."""
    if (act.step, act.type) in told:
        return False
    if act.type == "TransactionEvent" or any(type_ == "TransactionEvent" for _, type_ in told):
        return True
    return all(step != act.step for step, _ in told)


def _differs(act: Act, load: Load) -> bool:
    """For elsewhere, or more than the first told."""
    if _bound_elsewhere(act, load):
        return True
    if act.quantity is None or load.quantity is None or act.quantity.unit != load.quantity.unit:
        return False
    first, again = load.quantity.value, act.quantity.value
    return first is not None and again is not None and again > first


def _bound_elsewhere(act: Act, load: Load) -> bool:
    """Two declared sites that are not the same; a party may stand for a site."""
    one, other = act.destination, load.destination
    return one is not None and other is not None and one.kind is other.kind and one != other


def _types(documents: frozenset[Document]) -> frozenset[str]:
    return frozenset([document.type for document in documents])


def _comparable(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether documents of these types could be the same: then other numbers are other loads."""
    return bool(other) and ("" in one or "" in other or bool(one & other))
