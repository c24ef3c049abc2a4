"""The account of each consignee: what was shipped to it, and what it says of that, every gram in exactly one bucket.

The same five quantities serve 21 CFR 7.53 and 107.240, the reconciliation of GMP and the forms of mock recalls:
shipped, on hand, returned, destroyed, accounted for.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

from tracegraph.model.measures import dimension, in_base
from tracegraph.model.quantity import Quantity
from tracegraph.model.values import value
from tracegraph.recall.accounting.buckets import (
    DISPOSED,
    SHORT,
    UNACCOUNTED,
    UNANSWERED,
    ZERO,
    Buckets,
    dispose,
    divided,
    said_buckets,
)
from tracegraph.recall.accounting.disposals import Disposal
from tracegraph.recall.accounting.findings import Finding, findings
from tracegraph.recall.accounting.replies import Key, MeasureOf, Reply, Standing

#: The buckets of a consignee's account, in their order.
CONSIGNEE_BUCKETS = (
    "on_hand", "held", "sold", "returned", "destroyed", "distributed", DISPOSED, SHORT, UNANSWERED, UNACCOUNTED,
)  # fmt: skip
#: What a consignee says nothing of.
NOT_SAID = (SHORT, UNANSWERED, UNACCOUNTED)
#: What was there when the notice came: what was sent back or destroyed since, too.
AT_RECEIPT = ("on_hand", "held", "returned", "destroyed", DISPOSED)


class Delivered(Protocol):
    """A delivery to a consignee, whoever knows of it. `quantity`: what was sent, None where the records do not say how
    much; `arrived`: what a record shows to have arrived (None: none does); `sender`: the consignee who sent it on,
    empty where it came from the case owner."""

    @property
    def consignee(self) -> str: ...  # noqa: D102
    @property
    def unit(self) -> str: ...  # noqa: D102
    @property
    def quantity(self) -> Quantity | None: ...  # noqa: D102
    @property
    def arrived(self) -> Quantity | None: ...  # noqa: D102
    @property
    def sender(self) -> str: ...  # noqa: D102


@value
class Delivery:
    """A delivery as a plain value."""

    consignee: str
    unit: str
    quantity: Quantity | None
    arrived: Quantity | None = None
    sender: str = ""


@dataclass(slots=True)
class LedgerRow:
    """One consignee and unit, amounts in the base unit of the account's dimension. `shipped`: what was sent to it;
    `direct`: of that, by the case owner; `short`: known not to have arrived; `unknown`: deliveries without an amount,
    which are in no bucket; `buckets`: where `shipped` is, to the gram; `received`: what the reply says to have come;
    `findings`: what does not agree."""

    consignee: str
    unit: str
    shipped: Fraction = ZERO
    direct: Fraction = ZERO
    short: Fraction = ZERO
    unknown: int = 0
    buckets: Buckets = field(default_factory=dict)
    received: Fraction | None = None
    reply: Reply | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def accounted(self) -> Fraction:
        """What the consignee says something of."""
        return self.shipped - self.of(*NOT_SAID)

    def of(self, *names: str) -> Fraction:
        """What is in these buckets."""
        return sum((self.buckets.get(name, ZERO) for name in names), ZERO)


def ledger(
    deliveries: Iterable[Delivered], standing: Mapping[Key, Standing], disposals: Iterable[Disposal], code: str
) -> list[LedgerRow]:
    """The rows of all consignees and units that something was delivered to or replied about, sorted. `code`: the unit
    of measure; deliveries, replies and disposals of another dimension are not in it (`apart`, findings)."""
    rows = _shipped(deliveries, code)
    for key in standing:
        rows.setdefault(key, LedgerRow(*key))
    for key, row in rows.items():
        _settle(row, standing.get(key), code)
    for one in disposals:
        amount = one.amount(code)
        if one.consignee and amount is not None:
            row = rows.setdefault((one.consignee, one.unit), LedgerRow(one.consignee, one.unit))
            dispose(row.buckets, one.out_of, amount, (UNANSWERED,))
    return [rows[key] for key in sorted(rows)]


def measure_of(deliveries: Iterable[Delivered]) -> MeasureOf:
    """In which unit of measure a consignee got a unit, most of the time; one that got none of it, as others did; None
    where nobody got any."""
    codes: dict[Key, Counter[str]] = defaultdict(Counter)
    for one in deliveries:
        if one.quantity is not None:
            for who in ("", one.consignee):
                codes[who, one.unit][one.quantity.unit] += 1

    def found(key: Key) -> str | None:
        known = codes.get(key) or codes.get(("", key[1])) or Counter()
        return min(known, key=lambda code: (-known[code], code), default=None)

    return found


def apart(deliveries: Iterable[Delivered], code: str) -> list[Delivered]:
    """The deliveries whose amounts are of another dimension."""
    return [one for one in deliveries if one.quantity is not None and dimension(one.quantity.unit) != dimension(code)]


def _shipped(deliveries: Iterable[Delivered], code: str) -> dict[Key, LedgerRow]:
    rows: dict[Key, LedgerRow] = {}
    for one in deliveries:
        row = rows.setdefault((one.consignee, one.unit), LedgerRow(one.consignee, one.unit))
        amount = None if one.quantity is None else in_base(one.quantity)
        if one.quantity is None or amount is None:
            row.unknown += 1
        elif dimension(one.quantity.unit) == dimension(code):
            row.shipped += amount
            row.direct += ZERO if one.sender else amount
            row.short += _short(amount, one.arrived, code)
    return rows


def _short(sent: Fraction, arrived: Quantity | None, code: str) -> Fraction:
    came = None if arrived is None or dimension(arrived.unit) != dimension(code) else in_base(arrived)
    return ZERO if came is None else max(ZERO, sent - came)


def _settle(row: LedgerRow, answer: Standing | None, code: str) -> None:
    """Divide what was shipped as the reply says; without one it is unanswered."""
    if answer is None:
        row.buckets = divided(row.shipped, {UNANSWERED: row.shipped - row.short}, None, row.short, ZERO)
        return
    row.reply = answer.reply
    row.findings = findings(answer, None if row.unknown else row.shipped, code)
    amounts = answer.reply.amounts(code)
    row.received = None if amounts is None else amounts.get("quantity")
    said = said_buckets(amounts or {}, answer.reply.held)
    row.buckets = divided(row.shipped, said, row.received, row.short, ZERO)


def sums(rows: Sequence[LedgerRow]) -> Buckets:
    """What is in each bucket of all rows, in their order."""
    found: Buckets = defaultdict(Fraction)
    for row in rows:
        for name, amount in row.buckets.items():
            found[name] += amount
    return {name: found[name] for name in CONSIGNEE_BUCKETS if found.get(name)}
