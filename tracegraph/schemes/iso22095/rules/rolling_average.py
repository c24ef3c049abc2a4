"""ISO22095-5.4.2.2.1-ROLLING: a percentage claim is at most the average of the input of the period it is about.

Source: ISO 22095:2020, 5.4.2.2.1. The window of the input is that which the output claim relates to.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from tracegraph.claims.accounts.rolling import Average, average, statements_of
from tracegraph.claims.calendar import months_later
from tracegraph.claims.finding import Found, Term, failed, missing, passed
from tracegraph.claims.models import Model
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World
from tracegraph.model.instants import instant_text
from tracegraph.model.measures import decimal


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each mass balance claim of a percentage that is not taken from an account."""
    for claim in world.rows("claim"):
        if claim.text("model") == Model.MASS_BALANCE and claim.given("percent") and not claim.given("account"):
            yield from _judged(world, parameters, claim)


def _judged(world: World, parameters: Parameters, claim: Row) -> Iterator[Found]:
    first, last = claim.first("from"), claim.last("to")
    declaration = _declaration(world, claim)
    if declaration is None:
        yield missing(claim, case="no_declaration", words={"claim": claim.id})
    elif first is None or last is None:
        yield missing(claim, case="no_window", words={"claim": claim.id})
    else:
        yield from _too_long(parameters, claim, declaration, first, last)
        yield _within(
            claim, average(statements_of(world, declaration, claim.text("product")), first, last), first, last
        )


def _declaration(world: World, claim: Row) -> Row | None:
    """The declaration of the rolling method under which a claim was made."""
    for row in world.by("declaration", "method", "rolling"):
        sites = (row.text("site"), *row.several("boundary"))
        same = all(claim.text(name) in ("", row.text(name)) or not row.given(name) for name in ("product", "charset"))
        if same and claim.text("site") in ("", *sites) and row.holds_at(claim.valid_from or 0):
            return row
    return None


def _too_long(parameters: Parameters, claim: Row, declaration: Row, first: int, last: int) -> Iterator[Found]:
    stated = declaration.number("balance_months")
    months = parameters.number("rolling_months") if stated is None else stated
    limit = months_later(first, int(months))
    if last >= limit:
        words = {"claim": claim.id, "end": instant_text(last), "limit": instant_text(limit), "months": months}
        told = {"observed": words["end"], "limit": words["limit"], "window": (first, last)}
        yield failed(claim, case="too_long", words=words, evidence=(claim, declaration), **told)


def _within(claim: Row, known: Average, first: int, last: int) -> Found:
    claimed, percent = claim.number("percent") or Decimal(0), known.percent
    words = {"claim": claim.id, "claimed": claimed}
    if known.gap is not None:
        return missing(claim, case="gap", words={**words, "time": instant_text(known.gap)}, window=(first, last))
    if known.silent or percent is None:
        silent = known.silent or known.statements
        return missing(claim, words={**words, "stock": silent[0].id}, evidence=silent, window=(first, last))
    say = failed if Fraction(claimed) > percent else passed
    specified, total, shown = decimal(known.specified), decimal(known.total), decimal(percent)
    return say(
        claim,
        words={**words, "average": shown, "specified": specified, "total": total},
        observed=claimed,
        limit=shown,
        formula=f"{claimed:f} <= 100 * {specified:f} / {total:f} = {shown:f}",
        terms=_table(known),
        window=(first, last),
        evidence=(claim, *known.statements),
    )


def _table(known: Average) -> tuple[Term, ...]:
    """The statements one by one: what was specified of what came in."""
    return tuple(
        Term(name, row.number(name) or Decimal(0), row.text("input_unit") or row.text("unit"), (row,))
        for row in known.statements
        for name in ("specified", "received")
    )
