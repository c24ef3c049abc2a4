"""ISO22095-C.1-FORMULA: what is recorded in an account is what one formula of Annex C gives, and never both.

Source: ISO 22095:2020, Annex C. (1) C_b = C_bp + M_in * cf - M_o, in output units; (2) C_b = C_bp + M_in - M_o / cf, in
input units. A recorded balance that is wrong is told once, where it goes wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import partial

from tracegraph.claims.accounts.changes import CONVERTED
from tracegraph.claims.accounts.factors import factor_of
from tracegraph.claims.accounts.periods import closed_periods
from tracegraph.claims.accounts.replay import Series, Step
from tracegraph.claims.accounts.stopping import per_account
from tracegraph.claims.finding import Found, Term, failed, missing, passed
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World

#: The side that a factor may say it is applied at, by formula.
SIDES = {"1": "entry", "2": "exit"}


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each figure recorded in an account that is not what the formula of the account gives."""
    return per_account(world, partial(_said, world, parameters))


def _said(world: World, parameters: Parameters, series: Series) -> Iterator[Found]:
    account = series.account
    told = account.number("tolerance")
    tolerance = Fraction(parameters.number("formula_tolerance") if told is None else told)
    found = [
        *_factors(world, series),
        *_wrong_credits(series, tolerance),
        *_wrong_balances(series, tolerance),
        *_wrong_closings(world, series, tolerance),
        *_wrong_reversals(world, account),
    ]
    yield from found
    if not found:
        yield _nothing_wrong(world, series)


def _nothing_wrong(world: World, series: Series) -> Found:
    account = series.account
    figures = sum(row.given("credited") + row.given("balance") for row in _postings(series))
    figures += sum(row.given("closing") for row in world.by("period", "account", account.id))
    words = {"account": account.id, "count": str(figures), "formula": account.text("formula")}
    if not figures:
        return missing(account, words=words)
    closing = series.amount(series.steps[-1].booked)
    return passed(account, words=words, observed=closing, terms=(Term("C_b", closing, account.text("unit")),))


def _postings(series: Series) -> Iterator[Row]:
    return (step.posting for step in series.steps if step.posting is not None)


def _booked(series: Series) -> Iterator[tuple[Step, Row]]:
    """The steps that somebody posted, with their postings."""
    return ((step, step.posting) for step in series.steps if step.posting is not None)


def _factors(world: World, series: Series) -> Iterator[Found]:
    """Factors applied at the other side than that of the formula, and factors that are not those on record."""
    sound: set[tuple[str, ...]] = set()
    for posting in _postings(series):
        if "factor" in posting.data or "factor_value" in posting.data:
            key = tuple(posting.text(name) for name in ("direction", "factor", "factor_value"))
            found = [] if key in sound else list(_wrong_factor(series.account, posting, factor_of(world, posting)))
            yield from found
            if not found:
                sound.add(key)


def _wrong_factor(account: Row, posting: Row, named: Row | None) -> Iterator[Found]:
    yield from _other_side(account, posting, named)
    if named is not None:
        yield from _other_factor(posting, named)


def _other_side(account: Row, posting: Row, named: Row | None) -> Iterator[Found]:
    formula = account.text("formula")
    other_side = named is not None and named.text("side") not in ("", SIDES[formula])
    if other_side or posting.text("direction") != CONVERTED[formula]:
        words = {"posting": posting.id, "formula": formula, "account": account.id}
        evidence = (posting,) if named is None else (posting, named)
        yield failed(posting, case="both", words=words, limit=f"({formula})", evidence=evidence)


def _other_factor(posting: Row, named: Row) -> Iterator[Found]:
    """A factor stored with a posting that is not the one on record."""
    used, on_record = posting.number("factor_value"), named.number("value")
    if used is not None and on_record is not None and used != on_record:
        words = {"posting": posting.id, "used": used, "factor": named.id, "value": on_record}
        evidence = (posting, named)
        yield failed(posting, case="other_factor", words=words, observed=used, limit=on_record, evidence=evidence)


def _wrong_credits(series: Series, tolerance: Fraction) -> Iterator[Found]:
    for step, posting in _booked(series):
        recorded = posting.number("credited")
        if recorded is not None and series.off(abs(recorded), abs(step.change), tolerance):
            computed, formula = series.amount(abs(step.change)), _credit_formula(series, step, posting)
            yield _differs(posting, "credited", abs(recorded), computed, series, formula)


def _credit_formula(series: Series, step: Step, posting: Row) -> str:
    """The part of the formula that is about this posting, with its numbers."""
    quantity, computed = Decimal(posting.data["quantity"]), series.amount(abs(step.change))
    if step.factor is None:
        return f"{quantity:f} = {computed:f}"
    return f"{quantity:f} {'*' if series.account.text('formula') == '1' else '/'} {step.factor:f} = {computed:f}"


def _wrong_balances(series: Series, tolerance: Fraction) -> Iterator[Found]:
    """Where a recorded balance leaves the computed one: what follows from that is not told again."""
    drift = Fraction(0)
    for step, posting in _booked(series):
        recorded = posting.number("balance")
        if recorded is None:
            continue
        if series.off(Fraction(recorded) - drift if drift else recorded, step.booked, tolerance):
            drift = Fraction(recorded) - series.exactly(step.booked)
            computed = series.amount(step.booked)
            yield _differs(posting, "fail", recorded, computed, series, _balance_formula(series, step))


def _balance_formula(series: Series, step: Step) -> str:
    before, after = series.amount(step.booked - step.change), series.amount(step.booked)
    sign = "-" if step.change < 0 else "+"
    return f"C_b = {before:f} {sign} {series.amount(abs(step.change)):f} = {after:f}"


def _wrong_closings(world: World, series: Series, tolerance: Fraction) -> Iterator[Found]:
    for period in closed_periods(world, series.account):
        recorded = None if period.closed is None else period.closed.number("closing")
        if recorded is None or period.closed is None:
            continue
        step = series.at(period.last)
        closing = 0 if step is None else step.after
        if series.off(recorded, closing, tolerance):
            yield _differs(period.closed, "closing", recorded, series.amount(closing), series, "")


def _differs(about: Row, case: str, recorded: Decimal, computed: Decimal, series: Series, formula: str) -> Found:
    unit = series.account.text("unit")
    words = {"account": series.account.id, "about": about.id, "recorded": recorded, "computed": computed, "unit": unit}
    terms = (Term("recorded", recorded, unit, (about,)), Term("computed", computed, unit))
    return failed(
        about,
        case=case,
        words=words,
        observed=recorded,
        limit=computed,
        formula=formula,
        terms=terms,
        evidence=(about,),
    )


def _wrong_reversals(world: World, account: Row) -> Iterator[Found]:
    """Reversals of another quantity than was posted."""
    for posting in world.by("posting", "account", account.id):
        reversed_row = world.row("posting", posting.text("reverses")) if posting.given("reverses") else None
        if reversed_row is None:
            continue
        stated, posted = Decimal(posting.data["quantity"]), Decimal(reversed_row.data["quantity"])
        if stated != posted or posting.text("unit") != reversed_row.text("unit"):
            words = {"posting": posting.id, "reversed": reversed_row.id, "stated": stated, "posted": posted}
            evidence = (posting, reversed_row)
            yield failed(posting, case="reversal", words=words, observed=stated, limit=posted, evidence=evidence)
