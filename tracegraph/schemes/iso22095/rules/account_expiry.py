"""ISO22095-5.4.2.2.2-EXPIRY: what is withdrawn is covered by credits that have not expired.

Source: ISO 22095:2020, 5.4.2.2.2 and 5.5: whoever sets the requirements sets how long credits live. Withdrawals use the
oldest credits first; on the day on which it expires a credit can no longer be used.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.accounts.changes import ENTERING
from tracegraph.claims.accounts.lots import knows_expiry
from tracegraph.claims.accounts.replay import Series, Step
from tracegraph.claims.accounts.stopping import per_account
from tracegraph.claims.finding import Found, Term, failed, missing, passed
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World
from tracegraph.model.instants import instant_text


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each withdrawal that expired credits would have covered, and each account whose credits have no date."""
    return per_account(world, _said)


def _said(series: Series) -> Iterator[Found]:
    account = series.account
    unknown = [row for row in _entries(series) if not knows_expiry(account, row)]
    breaches = [step for step in series.steps if step.expired]
    for step in breaches:
        yield _breach(series, step)
    if unknown:
        words = {"account": account.id, "posting": unknown[0].id, "count": str(len(unknown))}
        yield missing(account, words=words, evidence=tuple(unknown))
    elif not breaches:
        yield passed(account, words={"account": account.id})


def _entries(series: Series) -> Iterator[Row]:
    for step in series.steps:
        if step.posting is not None and step.posting.data["direction"] in ENTERING:
            yield step.posting


def _breach(series: Series, step: Step) -> Found:
    posting = step.posting
    assert posting is not None  # only a withdrawal can lack credits
    lots = tuple(one.lot for one in series.steps if one.lot is not None and one.time <= step.time)
    withdrawn, available = series.amount(-step.change), series.amount(-step.change - step.short)
    expired, short, unit = series.amount(step.expired), series.amount(step.short), series.account.text("unit")
    return failed(
        posting,
        words={
            "account": series.account.id,
            "posting": posting.id,
            "time": instant_text(step.time),
            "withdrawn": withdrawn,
            "available": available,
            "expired": expired,
            "unit": unit,
        },
        observed=withdrawn,
        limit=available,
        formula=f"{withdrawn:f} - {available:f} = {short:f}",
        terms=(
            Term("withdrawn", withdrawn, unit, (posting,)),
            Term("available", available, unit),
            Term("expired", expired, unit, lots),
        ),
        detected=step.time,
        evidence=(posting, *lots),
    )
