"""The columns of the spreadsheet as data (columns.json): what they are called, whose they are, what stands in them.

21 CFR part 1 subpart S fixes what must be told, not how columns are called: the names here are neutral ones, and many
others are understood. Names are compared without case, blanks and signs.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

#: What a column tells of: the event, the lot that it is about, a lot that went into that, or where either was grown.
Of = Literal["event", "lot", "input", "origin", "none"]
Kind = Literal["kind", "text", "code", "place", "product", "number", "unit", "date", "time"]

_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `label`: its name in English and Chinese; `also`: other names that are understood."""

    name: str
    of: Of
    kind: Kind
    label: dict[str, str]
    also: tuple[str, ...] = ()

    @property
    def member(self) -> str:
        """The member of an event in which its value stands where EPCIS has none: `tracegraph:lotCodeSource`."""
        first, *others = self.name.split("_")
        return f"tracegraph:{first}{''.join(word.capitalize() for word in others)}"


def plain(text: str) -> str:
    """A name as it is compared."""
    return _SIGNS.sub(" ", text.casefold()).strip()


@cache
def _load() -> Any:
    return json.loads((files(__package__) / "columns.json").read_text(encoding="utf-8"))


#: All columns in the order in which they are written.
COLUMNS: tuple[Column, ...] = tuple(
    Column(one["name"], one["of"], one["is"], one["label"], tuple(one["also"])) for one in _load()["columns"]
)
BY_NAME = {column.name: column for column in COLUMNS}


@cache
def _names() -> dict[str, Column]:
    """Columns by every name that is understood."""
    return {
        plain(name): column
        for column in COLUMNS
        for name in (column.name, *column.label.values(), *column.also)
    }  # fmt: skip


def column_of(header: str) -> Column | None:
    """The column that a header names."""
    return _names().get(plain(header))


@cache
def _words(of: Literal["kinds", "documents"]) -> dict[str, str]:
    return {plain(word): name for name, words in _load()[of].items() for word in (name, *words)}


def event_kind_of(text: str) -> str | None:
    """The critical tracking event that a text names, as the profile fsma204 calls it."""
    return _words("kinds").get(plain(text))


def event_kind_label(kind: str) -> str:
    """What a critical tracking event is called in the spreadsheet."""
    words: list[str] = _load()["kinds"][kind]
    return words[0].capitalize()


def document_type_of(text: str) -> str | None:
    """The CBV type of a business document that a text names (`Bill of lading`: bol)."""
    return _words("documents").get(plain(text))


@cache
def document_labels() -> dict[str, str]:
    """What each CBV type of a document is called in the spreadsheet."""
    found: dict[str, list[str]] = _load()["documents"]
    return {kind: words[0].capitalize() for kind, words in found.items()}
