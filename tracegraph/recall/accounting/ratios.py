"""The percentages that people ask for, each with what it is a part of; nothing is divided by zero.

Recovered is not accounted for, and neither is the mass balance: a mock recall wants all goods accounted for, while of
what was sold little ever comes back.
"""

from __future__ import annotations

from decimal import Decimal

from tracegraph.messages import Language
from tracegraph.model.quantity import decimal_text
from tracegraph.model.values import value
from tracegraph.recall.accounting.findings import texts
from tracegraph.trace.balance.flows import ratio_text
from tracegraph.trace.envelope import Json

#: Why there is no percentage where the whole is zero.
_REASONS = {
    "notified": "no_consignees",
    "responded": "nobody_notified",
    "accounted": "nothing_in_question",
    "answered": "nothing_shipped",
    "recovered": "nothing_shipped",
    "recoverable": "nothing_in_question",
    "recovered_of_recoverable": "nothing_recoverable",
    "mass_balance": "nothing_in_question",
}
#: Those that count consignees; the others are of amounts.
COUNTED = frozenset({"notified", "responded"})


@value
class Ratio:
    """`part` of `whole`; None: nobody knows."""

    name: str
    part: Decimal | None
    whole: Decimal | None

    def to_dict(self, language: Language) -> Json:
        """With its name in words, the percentage as a part of one, and why there is none."""
        known = self.part is not None and bool(self.whole)
        told: Json = {"ratio": self.name, "label": texts("ratios")[self.name][language]}
        told |= {"part": _text(self.part), "of": _text(self.whole)}
        share = ratio_text(self.part, self.whole) if self.part is not None and self.whole is not None else None
        reason = None if known else _REASONS[self.name]
        why = None if reason is None else texts("reasons")[reason][language]
        return {**told, "value": share, "reason": reason, "because": why}


def ratio(name: str, part: Decimal | int | None, whole: Decimal | int | None) -> Ratio:
    """A percentage of that name."""
    return Ratio(name, None if part is None else Decimal(part), None if whole is None else Decimal(whole))


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else decimal_text(amount)
