"""Facts and tables of documents under their words in the catalogue: of a fact or column `unit` that is `doc_unit`, or
the word with another prefix."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tracegraph.messages import Language, gap_message, words
from tracegraph.model.custody import Gap
from tracegraph.reports.documents.paper import Cell, Entry, Grid, Made, Part
from tracegraph.reports.documents.recall.known import Known
from tracegraph.trace.snapshot import Snapshot

PREFIX = "doc"


def fact(name: str, value: Cell, language: Language, prefix: str = PREFIX) -> Entry:
    """A fact under its word."""
    return Entry(words(f"{prefix}_{name}", language), value, name)


def grid(
    name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], language: Language, prefix: str = PREFIX
) -> Grid:
    """A table under its word, and its columns under theirs."""
    heads = tuple(words(f"{prefix}_{column}", language) for column in columns)
    return Grid(words(f"{prefix}_{name}", language), heads, tuple(map(tuple, rows)), name, tuple(columns))


def part_of(one: Grid, language: Language, *texts: str) -> Part:
    """A section with one table; where that has no rows, a sentence that says so."""
    if not one.rows:
        return Part(one.title, texts=(*texts, words("doc_none", language)), name=one.name)
    return Part("", grids=(one,), texts=texts, name=one.name)


def made(snapshot: Snapshot, parameters: Iterable[Entry]) -> Made:
    """From what a document was made."""
    return Made(tuple(parameters), snapshot.known, snapshot.head)


def complete_text(complete: bool, language: Language) -> str:
    """Whether anything that the records should say is missing, in one sentence."""
    if complete:
        return words("complete", language)
    return f"{words('incomplete', language)}: {words('incomplete_gaps', language)}"


def gap_row(gap: Gap, known: Known, language: Language) -> tuple[Cell, ...]:
    """What the records do not say: the sentence, the lot, the place, and who can tell."""
    lot, place = known.lot(gap.unit) if gap.unit else "", known.short(gap.place) or ""
    asked = dict.fromkeys(known.short(known.operator(one) or one) or one for one in gap.ask)
    return (
        gap_message(replace(gap, unit=lot, place=place), language),
        lot or None,
        place or None,
        ", ".join(asked) or None,
    )


def directory(sites: Iterable[str], units: Iterable[str], known: Known, language: Language) -> tuple[Grid, ...]:
    """Whom and what the short names of a document mean: places with their operators and addresses, and lots."""
    places = [
        (known.short(site), site, known.named(known.operator(site)), known.address(site)) for site in sorted(set(sites))
    ]
    lots = [(known.lot(unit), unit, known.named(known.product_of(unit))) for unit in sorted(set(units))]
    return (
        grid("places", ("name", "identifier", "operator", "address"), places, language),
        grid("lots", ("lot", "identifier", "product"), lots, language),
    )


GAP_COLUMNS = ("missing", "lot", "place", "ask")
