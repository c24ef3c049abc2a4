"""ISO22095-5.4.2.2.2-PERIOD: the balance period is no longer than the evaluation period, which is at most a year.

Source: ISO 22095:2020, 5.4.2.2.2 and 6.5: as short as possible, and itself reviewed.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tracegraph.claims.accounts.periods import Period, closed_periods
from tracegraph.claims.calendar import months_later
from tracegraph.claims.finding import Found, Term, failed, missing, passed
from tracegraph.claims.models import Model
from tracegraph.claims.outcome import Severity
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World
from tracegraph.model.instants import instant_text


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each declaration of mass balance by credits and each account: both periods; of declarations, their review."""
    longest = parameters.number("evaluation_months")
    for declaration in world.rows("declaration"):
        if declaration.text("model") == Model.MASS_BALANCE and declaration.text("method") != "rolling":
            yield from _compared(declaration, "balance_months", longest)
            yield from _reviewed(declaration)
    for account in world.rows("account"):
        yield from _compared(account, "period_months", longest)
        yield from _closed(world, account)


def _compared(row: Row, name: str, longest: Decimal) -> Iterator[Found]:
    balance, evaluation = row.number(name), row.number("evaluation_months")
    if balance is None or evaluation is None:
        yield missing(row, words={"about": row.id, "field": name if balance is None else "evaluation_months"})
        return
    yield _no_longer(row, "", balance, evaluation)
    if evaluation > longest:
        yield _no_longer(row, "evaluation", evaluation, longest)


def _no_longer(row: Row, case: str, balance: Decimal, evaluation: Decimal) -> Found:
    say = passed if balance <= evaluation else failed
    return say(
        row,
        case=case,
        words={"about": row.id, "balance": balance, "evaluation": evaluation},
        observed=balance,
        limit=evaluation,
        formula=f"{balance:f} <= {evaluation:f}",
        terms=(Term("balance", balance, "MON", (row,)), Term("evaluation", evaluation, "MON", (row,))),
        evidence=(row,),
    )


def _reviewed(declaration: Row) -> Iterator[Found]:
    if not declaration.given("reviewed"):
        yield failed(declaration, case="not_reviewed", words={"about": declaration.id}, severity=Severity.MINOR)


def _closed(world: World, account: Row) -> Iterator[Found]:
    """Closed periods that lasted longer than the account allows, and what was posted into one after its closing."""
    months = account.number("period_months")
    for period in closed_periods(world, account):
        if period.closed is not None:
            yield from () if months is None else _too_long(account, period, period.closed, months)
            yield from _after_closing(world, account, period, period.closed)


def _too_long(account: Row, period: Period, closed: Row, months: Decimal) -> Iterator[Found]:
    limit = months_later(period.first, months)
    if period.last >= limit:
        words = {"about": closed.id, "end": instant_text(period.last), "limit": instant_text(limit)}
        told = {"observed": words["end"], "limit": words["limit"], "window": (period.first, period.last)}
        yield failed(closed, case="too_long", words=words, evidence=(closed, account), **told)


def _after_closing(world: World, account: Row, period: Period, closed: Row) -> Iterator[Found]:
    for posting in world.by("posting", "account", account.id):
        if posting.known > closed.known and period.first <= (posting.valid_from or 0) <= period.last:
            words = {"posting": posting.id, "about": closed.id, "known": instant_text(posting.known)}
            told = {"observed": words["known"], "limit": instant_text(closed.known), "detected": posting.known}
            yield failed(posting, case="frozen", words=words, evidence=(posting, closed), **told)
