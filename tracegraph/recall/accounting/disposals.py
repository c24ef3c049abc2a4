"""Why it happened, what was done about it, and what became of the goods: the moves `cause`, `remedy` and `dispose`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from tracegraph.model.instants import instant_text
from tracegraph.model.measures import dimension, in_base
from tracegraph.model.quantity import Quantity
from tracegraph.model.values import value
from tracegraph.recall.accounting.replies import MeasureOf, Renamed, stated_measure
from tracegraph.recall.case.move import Move
from tracegraph.trace.envelope import Json

_SAID = {
    "cause": ("cause", "document"),
    "remedy": ("corrective", "preventive", "responsible", "due", "done"),
    "dispose": (
        "unit", "quantity", "measure", "method", "date", "place", "consignee", "from", "event", "witness",
        "certificate", "document",
    ),
}  # fmt: skip


@value
class Disposal:
    """Goods of a unit that were disposed of. `consignee`: at whose place, or whose goods they were (empty: the case
    owner's, or whoever returned them); `measure`: None where none is named: that in which the goods were delivered;
    `out_of`: what they were before: `returned`, `on_hand` or `destroyed` (by what a consignee said). `event`: that
    records it too, so that the account knows it from there."""

    number: int
    consignee: str
    unit: str
    quantity: Decimal
    measure: str | None
    method: str
    out_of: str
    event: str

    def amount(self, measure: str) -> Fraction | None:
        """How much, in the base unit of the dimension of `measure`, which stands for one that was not named. None where
        it is measured in another dimension, or an event has recorded it."""
        code = measure if self.measure is None else self.measure
        if self.event or dimension(code) != dimension(measure):
            return None
        return in_base(Quantity(self.quantity, code))


def disposals(moves: Iterable[Move]) -> tuple[Disposal, ...]:
    """The disposals among the moves of a case, in order."""
    return tuple(_disposal(move) for move in moves if move.action == "dispose")


def _disposal(move: Move) -> Disposal:
    quantity, measure = Decimal(move.text("quantity")), stated_measure(move)
    who, unit, out_of = move.text("consignee"), move.text("unit"), move.text("from") or "returned"
    return Disposal(move.number, who, unit, quantity, measure, move.text("method"), out_of, move.text("event"))


def renamed(
    given: Iterable[Disposal],
    consignee_of: Renamed,
    unit_named: Renamed,
    measure_of: MeasureOf = lambda key: None,
) -> list[Disposal]:
    """The disposals with the consignees and units as they are known otherwise, in the unit of measure in which the
    goods were delivered, where none is named."""
    found = []
    for one in given:
        key = consignee_of(one.consignee) if one.consignee else "", unit_named(one.unit)
        measure = measure_of(key) if one.measure is None else one.measure
        found.append(replace(one, consignee=key[0], unit=key[1], measure=measure))
    return found


def told(moves: Iterable[Move], action: str) -> list[Json]:
    """What the moves `cause`, `remedy` or `dispose` of a case say, in order, each with its number, who and when."""
    found = []
    for move in moves:
        if move.action == action:
            said = {name: move.parts.get(name) for name in _SAID[action]}
            by = {"move": move.number, "at": instant_text(move.at), "by": move.actor, "reason": move.reason}
            found.append(by | said)
    return found
