"""ISO22095-5.4.2-BOUNDARY: an account says for which sites and which time it is kept; each posting lies inside both.

Source: ISO 22095:2020, 5.4.2.1.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.accounts.ledger import ledger
from tracegraph.claims.finding import Found, failed, missing, passed
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World
from tracegraph.model.instants import instant_text


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each account with its postings, and each posting to an account that is not on record."""
    for account in world.rows("account"):
        yield from _inside(world, account)
    for posting in world.rows("posting"):
        if world.row("account", posting.text("account")) is None:
            words = {"posting": posting.id, "account": posting.text("account")}
            yield missing(posting, case="no_account", words=words, evidence=(posting,))


def _inside(world: World, account: Row) -> Iterator[Found]:
    postings = ledger(world, account).postings
    outside = [found for row in postings if (found := _outside(account, row)) is not None]
    yield from outside
    nowhere = tuple(row for row in postings if not row.given("site"))
    words = {"account": account.id, "sites": "; ".join(account.several("boundary"))}
    if not (account.given("to") or account.given("period_months") or world.by("period", "account", account.id)):
        yield missing(account, case="no_window", words=words)
    elif nowhere:
        words |= {"count": str(len(nowhere)), "posting": nowhere[0].id}
        yield missing(account, words=words, evidence=nowhere)
    elif not outside:
        yield passed(account, words={**words, "count": str(len(postings))})


def _outside(account: Row, posting: Row) -> Found | None:
    site, time = posting.text("site"), posting.valid_from or 0
    words = {"posting": posting.id, "account": account.id, "site": site, "time": instant_text(time)}
    if site and site not in account.several("boundary"):
        limit = "; ".join(account.several("boundary"))
        return failed(posting, words=words, observed=site, limit=limit, evidence=(posting, account))
    if not account.holds_at(time):
        limit = " / ".join(account.text(name) for name in ("from", "to") if account.given(name))
        told = instant_text(time)
        return failed(
            posting, case="time", words=words, observed=told, limit=limit, detected=time, evidence=(posting, account)
        )
    return None
