"""The account of a case: all goods in question, each gram with one holder and in exactly one bucket.

What the records show is where goods are until somebody says more. A consignee's reply divides what the records show at
its place anew; what it does not add up to is unaccounted for, below zero where it says more. What the records left open
is settled by whoever says that it is there. Goods that events show moving on are where they went, so that what a reply
says of them counts once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from tracegraph.recall.accounting.buckets import (
    DISPOSED,
    SHORT,
    UNACCOUNTED,
    ZERO,
    Buckets,
    dispose,
    divided,
    put,
    said_buckets,
    take,
    total,
)
from tracegraph.recall.accounting.disposals import Disposal
from tracegraph.recall.accounting.findings import Finding
from tracegraph.recall.accounting.replies import Key, Reply, Standing
from tracegraph.trace.balance.rows import BUCKETS, RECOVERABLE

UNDETERMINED = "undetermined"
#: Who holds what no consignee does: the case owner, or nobody knows who.
OWN = ""
#: All buckets of a case, in their order.
CASE_BUCKETS = (*BUCKETS[:9], "returned", "distributed", DISPOSED, *BUCKETS[9:])
#: Goods of consignees that nobody can use or sell any more.
RECOVERED = ("returned", "destroyed", "held", DISPOSED)


@dataclass(slots=True)
class Stakes:
    """What the records show, in the base unit of one dimension. `there`: by holder and unit what is in which bucket;
    `gone`: by consignee and unit what events show leaving it, `distributed` to other consignees, `returned` to where
    no consignee is, `sold` as an input of what it made."""

    there: dict[Key, Buckets] = field(default_factory=dict)
    gone: dict[Key, Buckets] = field(default_factory=dict)


@dataclass(slots=True)
class CaseAccount:
    """`rows`: by holder and unit what is in which bucket; their sum is the quantity in question, whatever anybody says;
    `findings`: by consignee and unit what events record beyond the reply; `came_back`: what events show returning from
    consignees."""

    rows: dict[Key, Buckets]
    findings: dict[Key, list[Finding]]
    came_back: Fraction = ZERO

    @property
    def in_question(self) -> Fraction:
        """All of it."""
        return sum(map(total, self.rows.values()), ZERO)

    def of(self, *names: str, consignees: bool = False) -> Fraction:
        """What is in these buckets (`consignees`: without what is the case owner's)."""
        kept = [buckets for (holder, _), buckets in self.rows.items() if holder or not consignees]
        return sum((buckets.get(name, ZERO) for buckets in kept for name in names), ZERO)

    def sums(self) -> Buckets:
        """What is in each bucket, in their order."""
        found = {name: self.of(name) for name in CASE_BUCKETS}
        return {name: amount for name, amount in found.items() if amount}

    @property
    def doubtful(self) -> Fraction:
        """What is missing at some, found too much at others, or undetermined: an excess here makes up for no lack
        there."""
        return self.of(UNDETERMINED) + sum((abs(one.get(UNACCOUNTED, ZERO)) for one in self.rows.values()), ZERO)

    @property
    def recovered(self) -> Fraction:
        """What came back from consignees, was destroyed or is set aside there."""
        return self.of(*RECOVERED, consignees=True) + self.came_back

    @property
    def recoverable(self) -> Fraction:
        """What is on hand, held, packed or in transit, wherever that is."""
        return self.of(*RECOVERABLE)


def settled(stakes: Stakes, standing: Mapping[Key, Standing], disposals: Iterable[Disposal], code: str) -> CaseAccount:
    """The account as the replies and disposals leave it. `code`: its unit of measure; what is told in another dimension
    says nothing in it."""
    rows = {key: dict(buckets) for key, buckets in stakes.there.items()}
    found: dict[Key, list[Finding]] = defaultdict(list)
    doubtful = _by_unit(key for key, buckets in rows.items() if UNDETERMINED in buckets)
    for key, answer in standing.items():
        amounts = answer.reply.amounts(code)
        if key[0] != OWN and amounts is not None:
            others = {other: rows[other] for other in doubtful[key[1]] if other != key}
            _divide(rows, key, amounts, answer.reply, stakes.gone.get(key, {}), others, found)
    holders = _by_unit(rows)
    for one in disposals:
        amount = one.amount(code)
        if amount is not None:
            _dispose(rows, holders[one.unit], one, amount)
    back = sum((gone.get("returned", ZERO) for gone in stakes.gone.values()), ZERO)
    return CaseAccount({key: rows[key] for key in sorted(rows) if rows[key]}, dict(found), back)


def _by_unit(keys: Iterable[Key]) -> dict[str, list[Key]]:
    """The holders and units of each unit, the case owner first."""
    found: dict[str, list[Key]] = defaultdict(list)
    for key in sorted(keys):
        found[key[1]].append(key)
    return found


def _divide(
    rows: dict[Key, Buckets],
    key: Key,
    amounts: Mapping[str, Fraction],
    reply: Reply,
    gone: Buckets,
    others: Mapping[Key, Buckets],
    found: dict[Key, list[Finding]],
) -> None:
    """Divide what is there as the reply says, less what events show gone already."""
    said = dict(amounts)
    for name, recorded in gone.items():
        if recorded > said.get(name, ZERO):
            found[key].append(Finding("less_than_recorded", (reply.number,), said.get(name, ZERO), recorded, (name,)))
        said[name] = max(ZERO, said.get(name, ZERO) - recorded)
    buckets = said_buckets(said, reply.held)
    before = rows.get(key, {})
    there = total(before)
    there += _undetermined(others, total(buckets) - there)
    rows[key] = divided(there, buckets, amounts.get("quantity"), before.get(SHORT, ZERO), total(gone))


def _undetermined(others: Mapping[Key, Buckets], missing: Fraction) -> Fraction:
    """What others may have sent to the consignee is there, up to what it says: of one after the other."""
    left = max(ZERO, missing)
    for buckets in others.values():
        left = take(buckets, (UNDETERMINED,), left)
    return max(ZERO, missing) - left


def _dispose(rows: dict[Key, Buckets], holders: Iterable[Key], one: Disposal, amount: Fraction) -> None:
    """Goods are disposed of where they are; returned goods are with the case owner, whoever of the holders returned
    them."""
    if not one.consignee and one.out_of == "returned":
        for holder in holders:
            amount -= _disposed(rows[holder], amount)
    if amount:
        dispose(rows.setdefault((one.consignee, one.unit), {}), one.out_of, amount)


def _disposed(buckets: Buckets, amount: Fraction) -> Fraction:
    """Dispose of what a consignee returned, up to an amount; returns how much that is."""
    part = amount - take(buckets, ("returned",), amount)
    put(buckets, DISPOSED, part)
    return part
