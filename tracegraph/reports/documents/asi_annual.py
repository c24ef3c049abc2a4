"""The annual report of ASI chain of custody: the six totals of each type of material, input percentage, what it
allowed, what was claimed and what is carried over.

Source: ASI chain-of-custody overview, 3; the scheme's public page on its material accounting tool.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.certificates import Standing, held
from tracegraph.claims.material import (
    SCHEMES,
    SCRAP,
    SIX,
    Book,
    Period,
    Terms,
    books,
    claims_of,
    periods,
    recorded,
    year,
)
from tracegraph.claims.row import Row, day
from tracegraph.claims.world import World
from tracegraph.errors import UnknownIdentifier
from tracegraph.messages import Language, words
from tracegraph.reports.documents.paper import Cell, Entry, Grid, Paper, Part, label, on_paper
from tracegraph.reports.documents.sources import Source, named

#: What is said of a period, in order.
FIGURES = ("share", "allowed", "claimed", "carried", "excess", "surplus", "scrap_allowed", "scrap_sold")


def asi_annual(source: Source, party: str, number: int, language: Language, terms: Terms | None = None) -> Paper:
    """The report of an organisation on a calendar year. Raises UnknownIdentifier where it keeps no account."""
    own = [book for book in books(source.world) if book.party == party]
    if not own:
        raise UnknownIdentifier(
            f"{party} keeps no account under {SCHEMES[0]}; record accounts of this party first", party
        )
    made = [_Material(source.world, book, number, language, terms or Terms()) for book in own]
    last = max(one.totals.last for one in made)
    return Paper(
        words("paper_annual", language),
        f"{named(source.world, party)} · {number}",
        language,
        (_head(source.world, party, number, last, language), *(one.part() for one in made)),
        tuple(text for one in made for text in one.lacking()),
        (words("paper_carry", language), *source.notes(language)),
    )


def _head(world: World, party: str, number: int, last: int, language: Language) -> Part:
    standings = [one for scheme in SCHEMES for one in held(world, party, scheme, last)]
    entries = (
        Entry(label("annual", "party", language), named(world, party)),
        Entry(label("annual", "year", language), str(number)),
        Entry(label("account", "scheme", language), ", ".join(SCHEMES)),
    )
    heads = tuple(label("certificate", name, language) for name in ("certificate", "standard", "stage", "expires"))
    status = words("paper_state", language).format(day=day(last))
    rows = tuple(_certificate(one, language) for one in standings)
    grid = Grid(words("paper_certificates", language), (*heads, status), rows)
    return Part("", entries, (grid,) if rows else ())


def _certificate(one: Standing, language: Language) -> tuple[Cell, ...]:
    row = one.certificate
    return (
        row.id,
        *(row.text(name) or None for name in ("standard", "stage", "expires")),
        words(f"standing_{one.state}", language),
    )


class _Material:
    """One type of material in one year."""

    def __init__(self, world: World, book: Book, number: int, language: Language, terms: Terms) -> None:
        self.world = world
        self.book = book
        self.number = number
        self.language = language
        self.totals = year(book, number)
        self.periods = [one for one in periods(world, book, terms) if self._in_year(one)]
        self.recorded = recorded(world, book, number)

    def _in_year(self, one: Period) -> bool:
        return self.totals.first <= one.totals.first <= self.totals.last

    def part(self) -> Part:
        """Its section."""
        reported = self.recorded.text("reported") if self.recorded is not None else ""
        entries = (
            Entry(label("account", "unit", self.language), self.book.unit),
            Entry(label("annual", "reported", self.language), reported or None),
        )
        grids = (self._six(), self._accounting(), self._claims())
        return Part(self.book.material or self.book.party, entries, tuple(grid for grid in grids if grid.rows))

    def lacking(self) -> Iterator[str]:
        """What ought to be there and is not: totals, and postings that cannot be counted."""
        for name in SIX:
            if self.recorded is None or not self.recorded.given(name):
                yield f"{self.book.material}: {label('annual', name, self.language)}"
        for row in self.book.problems:
            yield words("paper_uncounted", self.language).format(record=row.id)

    def _six(self) -> Grid:
        heads = tuple(words(f"paper_{name}", self.language) for name in ("total", "recorded", "summed", "difference"))
        return Grid(words("paper_six", self.language), heads, tuple(self._total(name) for name in SIX))

    def _total(self, name: str) -> tuple[Cell, ...]:
        recorded = self.recorded.number(name) if self.recorded is not None else None
        summed = self.totals.six(name)
        difference = None if recorded is None else recorded - summed
        return (label("annual", name, self.language), recorded, summed, difference)

    def _accounting(self) -> Grid:
        """A line for each figure, a column for each period."""
        spans = tuple(f"{day(one.totals.first)} – {day(one.totals.last)}" for one in self.periods)
        figures = zip(FIGURES, *map(_figures, self.periods), strict=True)
        rows = tuple((words(f"paper_{name}", self.language), *values) for name, *values in figures)
        title = words("paper_accounting", self.language)
        return Grid(title, (words("paper_period", self.language), *spans), rows if spans else ())

    def _claims(self) -> Grid:
        names = ("claim", "made", "quantity", "unit", "percent", "document", "text")
        rows = [row for row, _ in claims_of(self.world, self.totals)]
        heads = tuple(label("claim", name, self.language) for name in names)
        return Grid(words("paper_claims", self.language), heads, tuple(_cells(row, names) for row in rows))


def _figures(one: Period) -> tuple[Cell, ...]:
    share = None if one.share is None else on_paper(one.share * 100)
    amounts = (one.allowed, one.claimed, one.carried, one.excess, one.surplus, one.allowed_scrap)
    return (share, *map(on_paper, amounts), on_paper(one.totals.total("out", *SCRAP)))


def _cells(row: Row, names: tuple[str, ...]) -> tuple[Cell, ...]:
    return tuple(row.number(name) if name in ("quantity", "percent") else row.text(name) or None for name in names)
