"""The reply form of a notice: a row for each lot with what was delivered, and the fields that the consignee fills in.

Fields and labels are those of the move `reply` (recall/case/actions/reply.json), so a filled form is a reply.
"""

from __future__ import annotations

from collections import defaultdict

from tracegraph.model.quantity import Quantity
from tracegraph.recall.case.actions import action_kind
from tracegraph.recall.consignees.happenings import total
from tracegraph.recall.consignees.listing import Consignee
from tracegraph.trace.envelope import Json, decimal_text

#: What is filled in before the form is sent; the consignee leaves it.
GIVEN = ("notice", "version", "consignee", "unit", "measure")
#: What whoever enters the reply adds.
ENTERED = ("source", "document")


def reply_form(notice: str, version: int, consignee: Consignee) -> Json:
    """`rows`: one for each lot or item, with the amount `delivered` (None: not known) and the fields already known;
    `fields`: what to fill in, in order, with labels and types."""
    first = [numbers[0] for numbers in lots_of(consignee)]
    fields = [one for one in action_kind("reply").fields if one.name not in (*GIVEN, *ENTERED)]
    return {
        "rows": [_row(notice, version, consignee, number) for number in first],
        "fields": [{"name": one.name, "type": one.type, "label": dict(one.label)} for one in fields],
    }


def lots_of(consignee: Consignee) -> list[list[str]]:
    """For each unit the numbers by which a reply may name it, the one in the form first; sorted by that."""
    numbers: dict[str, set[str]] = defaultdict(set)
    for unit, known in [(one.unit, one.numbers) for one in consignee.deliveries] + [
        (one.unit, one.numbers) for one in consignee.made
    ]:
        numbers[unit] |= {*known}
    told = {number for known in numbers.values() for number in known} | numbers.keys()
    stated = {one.number for one in consignee.passed} - told
    return sorted([*([*sorted(known), unit] for unit, known in numbers.items()), *([number] for number in stated)])


def _row(notice: str, version: int, consignee: Consignee, number: str) -> Json:
    amount = delivered(consignee, number)
    return {
        "notice": notice,
        "version": str(version),
        "consignee": consignee.id,
        "unit": number,
        "delivered": None if amount is None or amount.value is None else decimal_text(amount.value),
        "measure": amount.unit if amount else "",
    }


def delivered(consignee: Consignee, number: str) -> Quantity | None:
    """How much of a lot was delivered in all; None where the records do not say."""
    return total([one.quantity for one in consignee.deliveries if number in one.numbers])
