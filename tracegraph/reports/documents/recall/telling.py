"""The words of a case's own documents: facts and tables (grids) whose words begin with `recall_doc_`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tracegraph.messages import Language, words
from tracegraph.reports.documents.paper import Cell, Entry, Grid
from tracegraph.reports.documents.recall import grids

_PREFIX = "recall_doc"


def said(name: str, language: Language) -> str:
    """The words for a name."""
    return words(f"{_PREFIX}_{name}", language)


def fact(name: str, value: Cell, language: Language) -> Entry:
    """A fact under its word."""
    return grids.fact(name, value, language, _PREFIX)


def grid(name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], language: Language) -> Grid:
    """A table under its word, and its columns under theirs."""
    return grids.grid(name, columns, rows, language, _PREFIX)
