"""ISO22095-5.4.2.2.2-ONE-ACCOUNT: one account for each boundary, product and type of input, and one type in each.

Source: ISO 22095:2020, 5.4.2.2.2.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.accounts.ledger import ledger
from tracegraph.claims.finding import Found, failed, missing, passed
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each account: the types of what came in, and whether another is kept for the same."""
    accounts = world.rows("account")
    for account in accounts:
        yield from _one(world, account, accounts)


def _one(world: World, account: Row, accounts: tuple[Row, ...]) -> Iterator[Found]:
    postings = ledger(world, account).postings
    own = account.text("input")
    mixed = [row for row in postings if row.data.get("input", own) != own]
    twins = [other for other in accounts if other.id != account.id and _same(account, other)]
    untyped = tuple(row for row in postings if row.data["direction"] == "in" and "input" not in row.data)
    yield from (_mixed(account, row) for row in mixed)
    yield from (_twin(account, other) for other in twins)
    if untyped:
        words = {"account": account.id, "count": str(len(untyped)), "posting": untyped[0].id}
        yield missing(account, words=words, evidence=untyped)
    elif not mixed and not twins:
        yield passed(account, words={"account": account.id, "key": _key(account)})


def _mixed(account: Row, posting: Row) -> Found:
    stated, own = posting.text("input"), account.text("input")
    words = {"account": account.id, "posting": posting.id, "input": stated, "own": own}
    return failed(posting, words=words, observed=stated, limit=own, evidence=(posting, account))


def _twin(account: Row, other: Row) -> Found:
    words = {"account": account.id, "other": other.id, "key": _key(account)}
    return failed(account, case="twice", words=words, observed=other.id, limit="1", evidence=(account, other))


def _same(one: Row, other: Row) -> bool:
    """Whether two accounts are kept for the same thing at the same time somewhere."""
    alike = all(one.text(name) == other.text(name) for name in ("product", "input", "charset", "scheme"))
    apart = not set(one.several("boundary")) & set(other.several("boundary"))
    return alike and not apart and _overlap(one, other)


def _overlap(one: Row, other: Row) -> bool:
    starts = max(one.valid_from or 0, other.valid_from or 0)
    return one.holds_at(starts) and other.holds_at(starts)


def _key(account: Row) -> str:
    return " | ".join([*account.several("boundary"), account.text("product"), account.text("input")])
