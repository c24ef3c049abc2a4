"""ASI-S0.3-SIX-TOTALS: for each calendar year that is over, input and output of certified, eligible scrap and other
material are recorded, and equal the sums of the postings.

Source: ASI chain-of-custody overview, 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tracegraph.claims.finding import Found, failed, missing, passed
from tracegraph.claims.management import horizon
from tracegraph.claims.material import SIX, Totals, recorded, year, years
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World
from tracegraph.schemes.asi_coc.reading import kept, term, uncounted


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each year of each book: the six totals, one by one."""
    yield from uncounted(world, parameters)
    for book in kept(world, parameters):
        for number in years(book):
            of = year(book, number)
            if of.last <= horizon(world):
                yield from _recorded(recorded(world, book, number), of, number, parameters.number("totals_tolerance"))


def _recorded(row: Row | None, of: Totals, number: int, tolerance: Decimal) -> Iterator[Found]:
    words = {"party": of.book.party, "material": of.book.material, "year": str(number)}
    if row is None:
        yield missing(("party", of.book.party), words=words, window=(of.first, of.last))
        return
    if row.text("unit") != of.book.unit:
        told = words | {"unit": row.text("unit"), "wanted": of.book.unit}
        yield missing(row, case="other_unit", words=told, window=(of.first, of.last), evidence=(row,))
        return
    for name in SIX:
        yield _compared(row, of, name, tolerance, words | {"total": name})


def _compared(row: Row, of: Totals, name: str, tolerance: Decimal, words: dict[str, str]) -> Found:
    side, kinds = SIX[name]
    stated, summed = row.number(name), of.six(name)
    told = {**words, "sum": summed, "unit": of.book.unit}
    terms = (term(of, name, side, *kinds),)
    window, evidence = (of.first, of.last), (row, *of.postings(side, *kinds))
    if stated is None:
        return failed(row, case="absent", words=told, limit=summed, terms=terms, window=window, evidence=evidence)
    residual = stated - summed
    return (passed if abs(residual) <= tolerance else failed)(
        row,
        words={**told, "recorded": stated, "residual": residual},
        observed=stated,
        limit=summed,
        formula=f"{stated} - {summed} = {residual}",
        terms=terms,
        window=window,
        evidence=evidence,
    )
