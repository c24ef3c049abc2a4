"""What the rules of this pack read of its parameters and of the world, said once."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from tracegraph.claims.certificates import Standing, held
from tracegraph.claims.finding import Found, Term, missing
from tracegraph.claims.management import organisations
from tracegraph.claims.material import Book, Flow, Period, Terms, Totals, books, periods
from tracegraph.claims.row import Row, day
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World
from tracegraph.model.measures import decimal


def parties(world: World, parameters: Parameters) -> tuple[str, ...]:
    """The organisations that declare a model or keep an account under the scheme."""
    return tuple(organisations(world, parameters.words("schemes")))


def kept(world: World, parameters: Parameters) -> Iterator[Book]:
    """The books under the scheme in which everything can be counted."""
    return (book for book in books(world, parameters.words("schemes")) if not book.problems)


def uncounted(world: World, parameters: Parameters) -> Iterator[Found]:
    """What is said of the accounts of a book in which something cannot be counted. Case: `uncounted`."""
    for book in books(world, parameters.words("schemes")):
        if book.problems:
            words = {"party": book.party, "material": book.material, "record": book.problems[0].id}
            for account in book.accounts:
                yield missing(account, case="uncounted", words=words, evidence=book.problems)


def reckoned(world: World, parameters: Parameters, book: Book) -> tuple[Period, ...]:
    """The periods of a book under the parameters; the one on carrying over is read only where something is."""
    months = int(parameters.number("period_months"))
    terms = Terms(months, parameters.given("carry_periods"))
    found = world.once(("periods", book.party, book.material, terms), lambda: periods(world, book, terms))
    if any(period.carried for period in found):
        parameters.number("carry_periods")
    return found


def term(of: Totals, name: str, side: str, *kinds: str) -> Term:
    """A sum as a term of a formula."""
    return Term(name, decimal(of.total(side, *kinds)), of.book.unit, of.postings(side, *kinds))


def shown(amount: Fraction) -> Decimal:
    """An exact amount as a report shows it."""
    return decimal(amount)


def told(amount: Fraction) -> Decimal:
    """An amount as a sentence says it: to six decimals, half to even; limit and observed value keep all of theirs."""
    return decimal(round(amount, 6))


def span(of: Totals) -> str:
    """The window in words."""
    return f"{day(of.first)}/{day(of.last)}"


def receipts(book: Book, *kinds: str) -> Iterator[tuple[Row, Flow]]:
    """The receipts of these kinds, each with its account."""
    return _flows(book, "in", kinds)


def deliveries(book: Book, *kinds: str) -> Iterator[tuple[Row, Flow]]:
    """The deliveries of these kinds, each with its account."""
    return _flows(book, "out", kinds)


def _flows(book: Book, side: str, kinds: tuple[str, ...]) -> Iterator[tuple[Row, Flow]]:
    accounts = {row.id: row for row in book.accounts}
    for flow in book.flows:
        if flow.side == side and flow.kind in kinds:
            yield accounts[flow.posting.text("account")], flow


def standings(world: World, parameters: Parameters, holder: str, standard: str, at: int) -> list[Standing]:
    """The certificates of a holder to a standard of the scheme (a certificate that names none is of the first)."""
    wanted = parameters.text(standard)
    names = ("", wanted) if standard == "coc_standard" else (wanted,)
    return [
        one
        for scheme in parameters.words("schemes")
        for one in held(world, holder, scheme, at)
        if one.certificate.text("standard") in names
    ]
