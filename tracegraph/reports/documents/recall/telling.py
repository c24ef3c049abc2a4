"""Facts and tables of a case's documents under their words in the catalogue: of `lot` that is `recall_doc_lot`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tracegraph.messages import Language, words
from tracegraph.reports.documents.paper import Cell, Entry, Grid, Part


def said(name: str, language: Language) -> str:
    """The words for a name."""
    return words(f"recall_doc_{name}", language)


def fact(name: str, value: Cell, language: Language) -> Entry:
    """A fact under its word."""
    return Entry(said(name, language), value, name)


def grid(name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], language: Language) -> Grid:
    """A table under its word, and its columns under theirs."""
    heads = tuple(said(column, language) for column in columns)
    return Grid(said(name, language), heads, tuple(map(tuple, rows)), name, tuple(columns))


def part_of(one: Grid, language: Language) -> Part:
    """A section with one table; where that has no rows, a sentence that says so."""
    if not one.rows:
        return Part(one.title, texts=(said("none", language),), name=one.name)
    return Part("", grids=(one,), name=one.name)
