"""ASI-TYPE-SEPARATE: an account for each type of material, closed every month, and an annual report of each year.

Source: the scheme's public page on its material accounting tool.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.calendar import months_later
from tracegraph.claims.finding import Found, failed, missing, passed
from tracegraph.claims.management import horizon
from tracegraph.claims.material import INPUTS, Book, books, kind_of, recorded, year, years
from tracegraph.claims.row import Row, day
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World
from tracegraph.model.instants import parse_instant


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each account, its months, and the years of each book."""
    at = horizon(world)
    for book in books(world, parameters.words("schemes")):
        for account in book.accounts:
            yield _one_type(world, account, parameters.words("materials"))
            yield from _months(world, account, at)
        yield from _years(world, book, at)


def _one_type(world: World, account: Row, materials: tuple[str, ...]) -> Found:
    material = account.text("material").lower()
    words = {"account": account.id, "material": material, "kind": kind_of(account)}
    if not material:
        return missing(account, words=words, evidence=(account,))
    if material not in materials or kind_of(account) not in INPUTS:
        known = ", ".join((*materials, *INPUTS))
        return failed(account, case="unknown", words=words, observed=material, limit=known, evidence=(account,))
    strange = [row for row in world.by("posting", "account", account.id) if _strange(row, account)]
    if strange:
        words |= {"posting": strange[0].id, "product": strange[0].text("product")}
        return failed(
            account,
            words=words,
            observed=words["product"],
            limit=account.text("product"),
            evidence=(account, *strange),
        )
    return passed(account, words=words, evidence=(account,))


def _strange(posting: Row, account: Row) -> bool:
    """Whether a posting is of another product, and no factor turns it into that of the account."""
    converted = posting.given("factor") or posting.given("factor_value")
    return posting.given("product") and not converted and posting.text("product") != account.text("product")


def _months(world: World, account: Row, at: int) -> Iterator[Found]:
    """Each month with postings that is over must lie in a closed period of at most a month."""
    closed = [(row.first("from") or 0, row.last("to") or 0) for row in world.by("period", "account", account.id)]
    for name in sorted({day(row.valid_from or 0)[:7] for row in world.by("posting", "account", account.id)}):
        first = parse_instant(f"{name}-01", "month")
        last = months_later(first, 1) - 1
        if last <= at:
            done = any(since == first and until >= last - 1 and until <= last for since, until in closed)
            case, say = ("month", passed) if done else ("no_month", missing)
            yield say(
                account,
                case=case,
                words={"account": account.id, "month": name},
                window=(first, last),
                evidence=(account,),
            )


def _years(world: World, book: Book, at: int) -> Iterator[Found]:
    for number in years(book):
        of = year(book, number)
        if of.last > at:
            return
        row = recorded(world, book, number)
        words = {"party": book.party, "material": book.material, "year": str(number)}
        reported = row is not None and row.given("reported")
        case, say = ("reported", passed) if reported else ("unreported", missing)
        evidence = () if row is None else (row,)
        yield say(("party", book.party), case=case, words=words, window=(of.first, of.last), evidence=evidence)
