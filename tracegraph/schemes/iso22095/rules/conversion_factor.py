"""ISO22095-6.8-CF: a factor holds when it is used, is proved, was checked lately, and is what really comes out.

Source: ISO 22095:2020, 6.8.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from tracegraph.claims.accounts.changes import CONVERTED
from tracegraph.claims.accounts.factors import converts, unit_ratio
from tracegraph.claims.accounts.ledger import ledger
from tracegraph.claims.accounts.yields import Yield, yields
from tracegraph.claims.calendar import months_later
from tracegraph.claims.finding import Found, Term, failed, missing, passed
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World
from tracegraph.model.instants import instant_text
from tracegraph.model.measures import decimal


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each factor; each posting that uses one; each yield beside one."""
    for factor in world.rows("factor"):
        months = parameters.number("factor_check_months")
        problems = [*_unproved(factor), *_stale(world, factor, months), *_gain(factor)]
        drifts = [_drift(parameters, one) for one in yields(world, factor)]
        yield from problems
        yield from drifts
        if not problems:
            yield passed(factor, words={"factor": factor.id}, observed=factor.number("value") or "", evidence=(factor,))
    for account in world.rows("account"):
        yield from _used(world, account)


def _unproved(factor: Row) -> Iterator[Found]:
    if not factor.given("evidence"):
        yield missing(factor, words={"factor": factor.id, "field": "evidence"})
    if not factor.given("checked"):
        yield missing(factor, words={"factor": factor.id, "field": "checked"})


def _stale(world: World, factor: Row, months: Decimal) -> Iterator[Found]:
    """Checked too long before the time that is looked at, or the end of the factor."""
    checked = factor.first("checked")
    last = min((end for end in (world.valid, factor.valid_to) if end is not None), default=None)
    if checked is None or last is None:
        return
    due = months_later(checked, int(months))
    if last >= due:
        words = {"factor": factor.id, "checked": instant_text(checked), "due": instant_text(due)}
        yield failed(factor, case="stale", words=words, observed=words["checked"], due=due, evidence=(factor,))


def _gain(factor: Row) -> Iterator[Found]:
    """More comes out than goes in, in units of one dimension, and nobody says why."""
    value = factor.number("value") or Decimal(0)
    ratio = unit_ratio(factor.text("output_unit"), factor.text("input_unit"))
    if ratio is not None and Fraction(value) * ratio > 1 and not factor.given("gain"):
        yield failed(
            factor,
            case="gain",
            words={"factor": factor.id, "value": value},
            observed=value,
            limit="1",
            evidence=(factor,),
        )


def _used(world: World, account: Row) -> Iterator[Found]:
    """Postings with a factor that is not on record or did not hold, and those that lack one."""
    side, needed = CONVERTED[account.text("formula")], converts(world, account)
    product = account.text("product")
    for posting in ledger(world, account).postings:
        if "factor" in posting.data:
            factor = world.row("factor", posting.text("factor"))
            yield from _lacks(posting) if factor is None else _held(posting, factor)
        elif needed and posting.text("direction") == side and not posting.given("factor_value"):
            yield from _lacks(posting) if posting.text("product") != product else ()


def _lacks(posting: Row) -> Iterator[Found]:
    words = {"posting": posting.id, "factor": posting.text("factor") or "?"}
    yield missing(posting, case="not_on_record", words=words, evidence=(posting,))


def _held(posting: Row, factor: Row) -> Iterator[Found]:
    time = posting.valid_from or 0
    if not factor.holds_at(time):
        words = {"posting": posting.id, "factor": factor.id, "time": instant_text(time)}
        limit = " / ".join(factor.text(name) for name in ("from", "to") if factor.given(name))
        told = {"observed": words["time"], "limit": limit, "detected": time}
        yield failed(posting, case="not_valid", words=words, evidence=(posting, factor), **told)


def _drift(parameters: Parameters, one: Yield) -> Found:
    tolerance, value = one.factor.number("tolerance"), one.factor.number("value") or Decimal(0)
    words = {"factor": one.factor.id, "stock": one.stock.id, "value": value, "observed": decimal(one.ratio)}
    evidence = (one.factor, one.stock)
    if tolerance is None and not parameters.given("yield_tolerance"):
        return missing(one.factor, case="no_tolerance", words=words, evidence=evidence)
    tolerance = parameters.number("yield_tolerance") if tolerance is None else tolerance
    say, case = (failed, "drift") if abs(one.drift) > Fraction(tolerance) else (passed, "yield")
    return say(
        one.factor,
        case=case,
        words={**words, "drift": decimal(one.drift), "tolerance": tolerance},
        observed=decimal(one.ratio),
        limit=value,
        formula=f"{decimal(one.produced):f} / {decimal(one.used):f} = {decimal(one.ratio):f}",
        terms=(
            Term("produced", decimal(one.produced), one.factor.text("output_unit"), (one.stock,)),
            Term("used", decimal(one.used), one.factor.text("input_unit"), (one.stock,)),
        ),
        window=(one.stock.first("from"), one.stock.last("to")),
        evidence=evidence,
    )
