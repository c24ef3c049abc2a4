"""Pass or fail: what a drill took and found, against each target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Context, Decimal
from typing import Literal

from tracegraph.model.quantity import decimal_text
from tracegraph.model.values import value
from tracegraph.recall.drills.targets import HOUR, Target
from tracegraph.trace.envelope import Json

#: `open`: what it is about is not there yet, or nobody can know it.
Outcome = Literal["pass", "fail", "open"]
_RATIO = Context(prec=12)


@value
class Found:
    """How much of the amount in question was found, in one unit of measure. `found`: all but what is unaccounted for (a
    surplus counts as found) and what the records leave open."""

    unit: str
    in_question: Decimal
    found: Decimal

    @property
    def percent(self) -> Decimal | None:
        """`found` in per cent; None: nothing was in question."""
        return _RATIO.divide(100 * self.found, self.in_question) if self.in_question else None


def found_of(account: Json) -> Found:
    """What a quantity account (trace.balance) says was found."""
    buckets = {one["bucket"]: Decimal(one["value"]) for one in account["buckets"]}
    start = Decimal(account["start"])
    missing = sum((buckets.get(name, Decimal(0)) for name in ("unaccounted", "undetermined")), Decimal(0))
    return Found(account["unit"], start, start - missing)


def judged(targets: Sequence[Target], stamps: Mapping[str, int], found: Found | None) -> list[Json]:
    """Each target with its limit, what was observed, and the outcome. `stamps`: instants by name."""
    return [_time(one, stamps) if one.is_time else _balance(one, found) for one in targets]


def _time(target: Target, stamps: Mapping[str, int]) -> Json:
    """Exactly at the limit is in time."""
    done = stamps.get(target.stamp)
    taken = None if done is None else done - stamps["start"]
    outcome: Outcome = "open" if taken is None else "pass" if taken <= int(target.hours * HOUR) else "fail"
    seconds = None if taken is None else decimal_text(Decimal(taken) / 1_000_000)
    return {
        "target": target.id,
        "stamp": target.stamp,
        "limit": f"{decimal_text(target.hours)} h",
        "observed": seconds and f"{seconds} s",
        "outcome": outcome,
        **_said(target),
    }


def _balance(target: Target, found: Found | None) -> Json:
    percent = None if found is None else found.percent
    outcome: Outcome = "open" if percent is None else "pass" if target.least <= percent <= target.most else "fail"
    return {
        "target": target.id,
        "stamp": None,
        "limit": f"{decimal_text(target.least)} - {decimal_text(target.most)} %",
        "observed": None if percent is None else f"{decimal_text(percent)} %",
        "outcome": outcome,
        **_said(target),
    }


def _said(target: Target) -> Json:
    return {"source": target.source, "verified": target.verified}
