"""ISO22095-5.4.2.2.2-NO-OVERDRAW: the balance of an account is never below zero, after any posting.

Source: ISO 22095:2020, 5.4.2.2.2 and the note of C.2. Schemes differ about when a negative balance is a breach, so the
test at the end of each period is told beside the test after every posting.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from tracegraph.claims.accounts.ledger import last_instant
from tracegraph.claims.accounts.periods import periods
from tracegraph.claims.accounts.replay import Series, Step
from tracegraph.claims.accounts.stopping import per_account
from tracegraph.claims.finding import Found, Term, failed, passed
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World
from tracegraph.model.instants import instant_text


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each account, after every posting and at the end of every period."""

    def both(series: Series) -> Iterator[Found]:
        yield after_every_posting(series)
        yield at_period_ends(world, series)

    return per_account(world, both)


def after_every_posting(series: Series) -> Found:
    """The lowest balance of all, and the first posting after which it is below zero."""
    first, lowest = series.first_below(Fraction(0)), series.lowest()
    assert lowest is not None  # somebody posted: per_account
    words = {"account": series.account.id, "unit": series.account.text("unit"), "lowest": series.amount(lowest.after)}
    if first is None:
        return passed(series.account, words=words, observed=words["lowest"], limit="0")
    return failed(
        series.account,
        words={**words, "time": instant_text(first.time), "posting": _name(first), "after": series.amount(first.after)},
        observed=words["lowest"],
        limit="0",
        formula=_formula(series, first),
        terms=_terms(series, first),
        window=(first.time, None),
        detected=first.time,
        evidence=() if first.posting is None else (first.posting,),
    )


def _name(step: Step) -> str:
    return "" if step.posting is None else step.posting.id


def _formula(series: Series, step: Step) -> str:
    before, after = series.amount(step.after - step.moved), series.amount(step.after)
    return f"C_b = {before:f} - {series.amount(-step.moved):f} = {after:f} < 0"


def _terms(series: Series, step: Step) -> tuple[Term, ...]:
    unit, records = series.account.text("unit"), () if step.posting is None else (step.posting,)
    return (
        Term("C_bp", series.amount(step.after - step.moved), unit),
        Term("change", series.amount(step.moved), unit, records),
        Term("C_b", series.amount(step.after), unit),
    )


def at_period_ends(world: World, series: Series) -> Found:
    """The lowest balance at the end of a period; the last known balance stands for a period that is still open."""
    until = last_instant(world, series.account) or 0
    ends = [one.last for one in periods(world, series.account, until) if one.last <= until]
    end = min([*ends, until], key=lambda instant: (_balance(series, instant), instant))
    lowest = series.amount(_balance(series, end))
    words = {"account": series.account.id, "lowest": lowest, "time": instant_text(end)}
    words["unit"] = series.account.text("unit")
    say, case = (failed, "end_fail") if lowest < 0 else (passed, "end_pass")
    return say(series.account, case=case, words=words, observed=lowest, limit="0", window=(None, end))


def _balance(series: Series, instant: int) -> int:
    step = series.at(instant)
    return 0 if step is None else step.after
