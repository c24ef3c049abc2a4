"""The same load again: departing after shipping, accepting after arriving and the like (custody-graph section 5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tracegraph.model.custody import Place
from tracegraph.model.facts import Document
from tracegraph.model.quantity import Quantity
from tracegraph.timeline.account import Shipment
from tracegraph.timeline.acts import Act, Kind
from tracegraph.timeline.matching import same_document


@dataclass(slots=True)
class Load:
    """One load in one direction at one place, and the (step, event type) pairs that told of it."""

    documents: frozenset[Document]
    quantity: Quantity | None
    destination: Place | None
    told: set[tuple[str, str]]
    paper: Shipment | None


@dataclass(slots=True)
class Loads:
    """Loads by direction and place; a document finds its load at once, undocumented ones are tried newest first."""

    by_place: dict[tuple[Kind, Place], dict[frozenset[str], list[Load]]] = field(default_factory=dict)
    by_document: dict[tuple[Kind, Place, str], list[Load]] = field(default_factory=dict)

    def again(self, act: Act, still: Callable[[Shipment | None], bool]) -> bool:
        """Whether the act tells of a load that was told before by another step; then it is noted and nothing flows."""
        load = self._documented(act) or self._undocumented(act, still)
        if load is None:
            return False
        load.told.add((act.step, act.type))
        return True

    def _documented(self, act: Act) -> Load | None:
        for place in self._places(act):
            for document in sorted(act.documents, key=lambda one: (one.type, one.id)):
                for load in self.by_document.get((act.kind, place, document.id), ()):
                    if same_document(act.documents, load.documents) and _told_differently(act, load):
                        return load
        return None

    def _undocumented(self, act: Act, still: Callable[[Shipment | None], bool]) -> Load | None:
        for place in self._places(act):
            by_types = self.by_place.get((act.kind, place), {})
            for types in sorted(by_types, key=sorted):
                if not act.documents or not _comparable(_types(act.documents), types):
                    by_types[types] = [load for load in by_types[types] if still(load.paper)]
                    for load in reversed(by_types[types]):
                        if _told_differently(act, load):
                            return load
        return None

    def received_again(self, act: Act) -> bool:
        """Whether a receipt at this place was told under the same document before."""
        place = act.place
        if place is None:
            return False
        return any(
            same_document(act.documents, load.documents)
            for document in act.documents
            for load in self.by_document.get((act.kind, place, document.id), ())
        )

    def remember(self, act: Act, place: Place, paper: Shipment | None) -> None:
        """A load that flowed."""
        load = Load(act.documents, act.quantity, act.destination, {(act.step, act.type)}, paper)
        self.by_place.setdefault((act.kind, place), {}).setdefault(_types(act.documents), []).append(load)
        for document in act.documents:
            self.by_document.setdefault((act.kind, place, document.id), []).append(load)

    def forget(self, paper: Shipment) -> None:
        """A voided shipment is no load any more."""
        tables = [table for by_types in self.by_place.values() for table in by_types.values()]
        for table in (*tables, *self.by_document.values()):
            table[:] = [load for load in table if load.paper is not paper]

    def _places(self, act: Act) -> tuple[Place, ...]:
        if act.kind is Kind.RECEIVE:
            return (act.place,) if act.place else ()
        return act.origins


def _told_differently(act: Act, load: Load) -> bool:
    """Another step, or a TransactionEvent beside an ObjectEvent; not for elsewhere, not more than the first told."""
    if (act.step, act.type) in load.told or _bound_elsewhere(act, load):
        return False
    steps = {step for step, _ in load.told}
    if act.step in steps and act.type != "TransactionEvent" and not any(t == "TransactionEvent" for _, t in load.told):
        return False
    if act.quantity is None or load.quantity is None or act.quantity.unit != load.quantity.unit:
        return True
    first, again = load.quantity.value, act.quantity.value
    return first is None or again is None or again <= first


def _bound_elsewhere(act: Act, load: Load) -> bool:
    """Two declared sites that are not the same; a party may stand for a site."""
    one, other = act.destination, load.destination
    return one is not None and other is not None and one.kind is other.kind and one != other


def _types(documents: frozenset[Document]) -> frozenset[str]:
    return frozenset(document.type for document in documents)


def _comparable(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether documents of these types could be the same: then other numbers are other loads."""
    return bool(other) and ("" in one or "" in other or bool(one & other))
