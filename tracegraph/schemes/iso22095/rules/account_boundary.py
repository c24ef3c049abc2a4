"""ISO22095-5.4.2-BOUNDARY: an account says for which sites and which time it is kept; each posting lies inside both.

Source: ISO 22095:2020, 5.4.2.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

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
    boundary = frozenset(account.several("boundary"))
    outside = [found for row in postings if (found := _outside(account, boundary, row)) is not None]
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


def _outside(account: Row, boundary: frozenset[str], posting: Row) -> Found | None:
    site, time = posting.text("site"), posting.valid_from or 0
    if site and site not in boundary:
        limit, words = "; ".join(account.several("boundary")), {"site": site}
        return _failed(account, posting, words, observed=site, limit=limit)
    if not account.holds_at(time):
        limit = " / ".join(account.text(name) for name in ("from", "to") if account.given(name))
        words = {"time": instant_text(time)}
        return _failed(account, posting, words, case="time", observed=words["time"], limit=limit, detected=time)
    return None


def _failed(account: Row, posting: Row, words: dict[str, str], **told: Any) -> Found:
    words = {**words, "posting": posting.id, "account": account.id}
    return failed(posting, words=words, evidence=(posting, account), **told)
