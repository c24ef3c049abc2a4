"""What consignees replied: every reply as it was given, and which of them holds for a consignee and a unit.

Replies come late, contradict each other and are corrected; none is ever changed. Of several the one of the latest date
holds (without a date: of the latest entry); of equal dates the one that was entered last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tracegraph.formats.tables.cells import unit_of
from tracegraph.model.measures import dimension, in_base
from tracegraph.model.quantity import Quantity
from tracegraph.model.record_kinds import time_span
from tracegraph.model.values import value
from tracegraph.recall.case.move import Move

REPLY = "reply"
#: What a consignee may say of the goods it got. No two of them overlap: what was returned is not on hand.
AMOUNTS = ("on_hand", "sold", "returned", "destroyed", "distributed")
#: States of a case in which a reply comes late.
CLOSED = frozenset({"completed", "terminated"})

#: A consignee and a unit.
Key = tuple[str, str]
#: In which unit of measure goods were delivered; None: there were none.
MeasureOf = Callable[[Key], str | None]
#: A number as it is known otherwise: a party under its other names, a unit under another number.
Renamed = Callable[[str], str]


@value
class Reply:
    """One reply about one unit. `number`: of the move; `at`: the instant from which it counts, `entered`: at which it
    was entered; `late`: the case was closed by then; `measure`: the unit of measure of its amounts (None: that in
    which the goods were delivered; empty: pieces); `parts`: all that it says (recall/case/actions/reply.json)."""

    number: int
    consignee: str
    unit: str
    at: int
    entered: int
    late: bool
    measure: str | None
    actor: str
    parts: Mapping[str, Any]

    @property
    def held(self) -> bool:
        """Whether what is on hand is set aside."""
        return bool(self.parts.get("held"))

    @property
    def said(self) -> dict[str, str]:
        """The amounts that it states, as they were written."""
        return {name: str(self.parts[name]) for name in ("quantity", *AMOUNTS) if name in self.parts}

    def text(self, name: str) -> str:
        """A field as text; empty where it was not given."""
        told = self.parts.get(name)
        return "" if told is None else str(told)

    def amounts(self, measure: str) -> dict[str, Fraction] | None:
        """What it states, in the base unit of the dimension of `measure`, which stands for one that it does not name.
        None where it is measured in another dimension."""
        code = measure if self.measure is None else self.measure
        if dimension(code) != dimension(measure):
            return None
        return {name: _exact(Decimal(text), code) for name, text in self.said.items()}


@value
class Standing:
    """The reply that holds for a consignee and a unit, and those that it replaced, oldest first."""

    reply: Reply
    earlier: tuple[Reply, ...] = ()


def replies(moves: Iterable[Move]) -> tuple[Reply, ...]:
    """The replies among the moves of a case, in the order of their entry."""
    return tuple(_reply(move) for move in moves if move.action == REPLY)


def _reply(move: Move) -> Reply:
    date = move.text("date")
    at = time_span(date)[0] if date else move.at
    measure = stated_measure(move)
    late = move.state in CLOSED
    who, unit = move.text("consignee"), move.text("unit")
    return Reply(move.number, who, unit, at, move.at, late, measure, move.actor, move.parts)


def stated_measure(move: Move) -> str | None:
    """The unit of measure that a move names; None: none."""
    text = move.text("measure")
    return unit_of(text) if text else None


def _unchanged(key: str) -> str:
    return key


def standing(
    given: Iterable[Reply],
    consignee_of: Renamed = _unchanged,
    unit_named: Renamed = _unchanged,
    measure_of: MeasureOf = lambda key: None,
) -> dict[Key, Standing]:
    """Which reply holds for each consignee and unit, sorted. `consignee_of`: which consignee a party is;
    `unit_named`: which unit a number means; `measure_of`: in which unit of measure its goods were delivered."""
    found: dict[Key, list[Reply]] = defaultdict(list)
    for reply in sorted(given, key=lambda one: (one.at, one.number)):
        key = consignee_of(reply.consignee), unit_named(reply.unit)
        found[key].append(replace(reply, measure=measure_of(key) if reply.measure is None else reply.measure))
    return {key: Standing(found[key][-1], tuple(found[key][:-1])) for key in sorted(found)}


def _exact(number: Decimal, code: str) -> Fraction:
    amount = in_base(Quantity(number, code))
    return Fraction(0) if amount is None else amount
