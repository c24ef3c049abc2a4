"""ASI-S0.4-SEPARATE: certified and other material are kept apart in the accounts.

Source: ASI chain-of-custody overview, 4. The scheme is one of mass balance and permits mixing, so it is the accounts
that must be separate; goods that lie together are no violation.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.finding import Found, failed, missing, passed
from tracegraph.claims.material import CERTIFIED, REST, Book, books, kind_of
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each account under the scheme, and whether other material has an account at all."""
    for book in books(world, parameters.words("schemes")):
        for account in book.accounts:
            yield _pure(world, account)
        if book.of(*CERTIFIED) and not book.of(*REST):
            yield from _no_other(book)


def _pure(world: World, account: Row) -> Found:
    postings = world.by("posting", "account", account.id)
    strange = [row for row in postings if row.given("input") and row.text("input").lower() != kind_of(account)]
    words = {"account": account.id, "kind": kind_of(account)}
    if not strange:
        return passed(account, words=words, evidence=(account,))
    words |= {"posting": strange[0].id, "other": strange[0].text("input")}
    return failed(account, words=words, observed=words["other"], limit=words["kind"], evidence=(account, *strange))


def _no_other(book: Book) -> Iterator[Found]:
    words = {"party": book.party, "material": book.material}
    for account in book.of(*CERTIFIED):
        yield missing(account, words=words, evidence=(account,))
