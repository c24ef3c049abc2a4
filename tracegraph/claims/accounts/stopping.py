"""What every rule on accounts says where an account cannot be counted: not evaluable, and which posting is why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from tracegraph.claims.accounts.ledger import Ledger, ledger, series
from tracegraph.claims.accounts.replay import Series
from tracegraph.claims.finding import Found, missing
from tracegraph.claims.world import World


def per_account(world: World, say: Callable[[Series], Iterable[Found]]) -> Iterator[Found]:
    """What a rule says of the series of each account; of one that cannot be counted, why."""
    for account in world.rows("account"):
        known = ledger(world, account)
        replayed = series(world, account)
        if replayed is None:
            yield stopped(known)
        elif not replayed.steps:
            yield missing(account, case="no_postings", words={"account": account.id})
        else:
            yield from say(replayed)


def stopped(known: Ledger) -> Found:
    """Why an account cannot be counted: the gravest problem in words, all postings with one as evidence."""
    first = known.problems[0]
    words = {**first.words, "account": known.account.id}
    return missing(known.account, case=first.case, words=words, evidence=tuple(one.posting for one in known.problems))
