"""ISO22095-5.4.2.3-RECON: no more is sold as specified than the valid opening balance and what was bought as specified.

Source: ISO 22095:2020, 5.4.2.3. Sold is what the account gave out, and every claim on the account that is sold without
having been taken from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import partial

from tracegraph.claims.accounts.factors import amount_in
from tracegraph.claims.accounts.ledger import last_instant
from tracegraph.claims.accounts.periods import Period, periods
from tracegraph.claims.accounts.replay import Series, Step
from tracegraph.claims.accounts.stopping import per_account
from tracegraph.claims.finding import Found, Term, failed, missing, passed
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World
from tracegraph.model.measures import decimal
from tracegraph.model.values import value

#: What makes a purchase as specified plausible: any of these names a record or a paper.
EVIDENCE = ("document", "certificate", "claim")
BOUGHT = frozenset({"in", "opening", "correction_in"})
SOLD = frozenset({"out", "correction_out"})


@value
class Totals:
    """Of one period, in the account's unit: what was valid at its start, bought, sold and sold without a posting."""

    period: Period
    opening: Fraction
    bought: Fraction
    sold: Fraction
    beside: Fraction
    entries: tuple[Row, ...]
    exits: tuple[Row, ...]
    claims: tuple[Row, ...]


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each account in each of its periods."""
    return per_account(world, partial(_said, world))


def _said(world: World, series: Series) -> Iterator[Found]:
    account = series.account
    beside = _sold_beside(world, series)
    uncounted = tuple(row for row in beside if amount_in(row, "quantity", account.text("unit")) is None)
    if uncounted:
        words = {"account": account.id, "claim": uncounted[0].id, "count": str(len(uncounted))}
        yield missing(account, case="uncounted", words=words, evidence=uncounted)
        return
    yield from _other_sets(world, series)
    yield from (_judged(series, totals) for totals in totals_of(world, series, beside))


def _sold_beside(world: World, series: Series) -> tuple[Row, ...]:
    """The claims on an account that were sold, but for which nothing was taken from it."""
    exits = {step.posting.id: step.posting for step in series.steps if step.posting is not None and step.change < 0}
    taken = {row.text("claim") for row in exits.values()}
    taken |= {
        row.text("claim")
        for row in world.rows("support")
        if row.text("by") == "posting" and row.text("reference") in exits
    }
    claims = world.by("claim", "account", series.account.id)
    return tuple(row for row in claims if row.id not in taken and row.flag("sold") is not False)


def _other_sets(world: World, series: Series) -> Iterator[Found]:
    """Entries on the strength of a claim of another characteristic set."""
    account = series.account
    for step in series.steps:
        if step.posting is None or step.change <= 0 or not account.given("charset"):
            continue
        claim = world.row("claim", step.posting.text("claim"))
        if claim is not None and claim.text("charset") not in ("", account.text("charset")):
            stated = claim.text("charset")
            words = {"posting": step.posting.id, "claim": claim.id, "charset": stated, "own": account.text("charset")}
            evidence = (step.posting, claim)
            yield failed(
                step.posting, case="other_set", words=words, observed=stated, limit=words["own"], evidence=evidence
            )


def totals_of(world: World, series: Series, beside: Iterable[Row] = ()) -> Iterator[Totals]:
    """The totals of each period with anything in it; all of the account's time where it has no periods."""
    until = last_instant(world, series.account) or 0
    spans = periods(world, series.account, until) or (Period(series.steps[0].time, until),)
    for span in spans:
        inside = [step for step in series.steps if span.first <= step.time <= span.last and step.posting is not None]
        claims = tuple(row for row in beside if span.first <= (row.valid_from or 0) <= span.last)
        if inside or claims:
            yield _totals(series, span, inside, claims)


def _totals(series: Series, span: Period, inside: list[Step], claims: tuple[Row, ...]) -> Totals:
    before = series.at(span.first - 1)
    entries, exits = (
        [step for step in inside if step.posting and step.posting.data["direction"] in group]
        for group in (BOUGHT, SOLD)
    )
    return Totals(
        span,
        series.exactly(0 if before is None else before.after),
        series.exactly(sum(step.change for step in entries)),
        series.exactly(-sum(step.change for step in exits)),
        sum((amount_in(row, "quantity", series.account.text("unit")) or Fraction(0) for row in claims), Fraction(0)),
        tuple(step.posting for step in entries if step.posting),
        tuple(step.posting for step in exits if step.posting),
        claims,
    )


def _judged(series: Series, totals: Totals) -> Found:
    available, sold = totals.opening + totals.bought, totals.sold + totals.beside
    bare = tuple(row for row in totals.entries if row.text("direction") != "opening" and not _proved(row))
    case, say = "", passed
    if sold > available:
        say = failed
    elif bare:
        say = missing
    shown = {name: decimal(amount) for name, amount in _amounts(totals).items()}
    words = {**shown, "account": series.account.id, "unit": series.account.text("unit")}
    words |= {"excess": decimal(max(Fraction(0), sold - available)), "count": str(len(bare))}
    words |= {"posting": bare[0].id if bare else ""}
    return say(
        series.account,
        case=case,
        words=words,
        observed=decimal(sold),
        limit=decimal(available),
        formula=f"{shown['sold']:f} + {shown['beside']:f} <= {shown['opening']:f} + {shown['bought']:f}",
        terms=_terms(series, totals),
        window=(totals.period.first, totals.period.last),
        evidence=bare if say is missing else totals.claims,
    )


def _proved(row: Row) -> bool:
    return any(row.given(name) for name in EVIDENCE)


def _amounts(totals: Totals) -> dict[str, Fraction]:
    return {
        "opening": totals.opening,
        "bought": totals.bought,
        "sold": totals.sold,
        "beside": totals.beside,
    }


def _terms(series: Series, totals: Totals) -> tuple[Term, ...]:
    behind = {"bought": totals.entries, "sold": totals.exits, "beside": totals.claims}
    unit = series.account.text("unit")
    return tuple(Term(name, decimal(amount), unit, behind.get(name, ())) for name, amount in _amounts(totals).items())
