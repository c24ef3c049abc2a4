"""Which column of somebody's spreadsheet is which of ours: by name, by other names, by likeness, or as it was told.

What is only alike is a guess and says so: whoever sent the sheet, or knows it, confirms it. Nothing is guessed twice to
the same column, and a column that is none of ours is kept under its own name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import NamedTuple

from tracegraph.errors import InputError
from tracegraph.formats.tables.cells import raw_text, tidy, unit_of
from tracegraph.formats.tables.kinds import TableKind
from tracegraph.formats.tables.reading import Sheet
from tracegraph.model.measures import dimension, measures

#: How alike (0 to 100) a name must be spelt to be offered as a guess.
LEAST_LIKENESS = 80
#: Rows at the top of a sheet among which the names of columns are looked for: titles and remarks may stand above.
_MOST_ABOVE = 30
_IN_BRACKETS = re.compile(r"[(\[（【]([^)\]）】]*)[)\]）】]")
_JOINERS = re.compile(r"[\s_\-./:#*]+")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A column of a sheet: its place (from 1), its name there, the name of ours (empty: none), how alike they are (100:
    the same), and the unit of measure that its name states (`Menge (kg)`)."""

    column: int
    header: str
    ours: str
    likeness: int = 100
    measure: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a sheet is to be read: its kind of table, the row with the names of the columns, and the columns."""

    kind: TableKind
    row: int
    columns: tuple[Chosen, ...] = field(default=())

    @property
    def guessed(self) -> tuple[Chosen, ...]:
        """The columns that are only alike."""
        return tuple(chosen for chosen in self.columns if chosen.ours and chosen.likeness < 100)

    @property
    def found(self) -> frozenset[str]:
        """Our columns that the sheet has."""
        return frozenset(chosen.ours for chosen in self.columns if chosen.ours)

    @property
    def told(self) -> dict[str, str]:
        """Their names and ours, to be confirmed, written down and remembered."""
        return {chosen.header: chosen.ours for chosen in self.columns if chosen.ours}

    @property
    def by_name(self) -> Layout:
        """The same without guesses: columns that are only alike are none of ours."""
        return replace(
            self,
            columns=tuple(replace(chosen, ours="") if chosen.likeness < 100 else chosen for chosen in self.columns),
        )

    def missing(self) -> list[str]:
        """Our columns without which no row can be read."""
        lacking = [name for name, column in self.kind.columns.items() if column.required and name not in self.found]
        groups = [group for group in self.kind.any_of if not self.found.intersection(group)]
        return lacking + [" or ".join(group) for group in groups]


def layout(sheet: Sheet, kinds: Iterable[TableKind], told: Mapping[str, str] | None = None) -> Layout | None:
    """How the sheet is best read as one of the kinds: the row and kind that give the most columns, first those that
    lack nothing. None where no row names two columns of a kind (or all, where it has fewer).

    Where the kind is not known, a sheet is one of records only if it has all the columns that such a record needs by
    their own names, and most of its columns are of that kind: their names (`site`, `unit`) are those of other tables
    too. `told`: their names and ours, where somebody said them (`Datum`, or `deliveries:Datum` for one kind); a header
    told as an empty name is none of ours. Errors: InputError where two columns have names of the same one of ours.
    """
    best: Layout | None = None
    tried = list(kinds)
    rows = [_headers(sheet, row) for row in range(1, min(len(sheet.rows), _MOST_ABOVE) + 1)]
    for kind in tried:
        for row, headers in enumerate(rows, 1):
            found = _layout_of(headers, kind, row, told or {}, plainly=kind.of_records and len(tried) > 1)
            if found is None or len(found.found) < min(2, len(kind.columns)):
                continue
            if best is None or _worth(found) > _worth(best):
                best = found
    if best is not None:
        _check_once(best)
    return best


def _worth(found: Layout) -> tuple[int, int, int]:
    """How well a layout fits: little missing, many of the same name, many alike."""
    same = sum(chosen.likeness == 100 for chosen in found.columns if chosen.ours)
    return -len(found.missing()), same, len(found.found)


class _Header(NamedTuple):
    """What may be the name of a column: the text, how it can be compared, and the unit of measure that it states."""

    column: int
    text: str
    spellings: tuple[str, str]
    measure: str


def _headers(sheet: Sheet, row: int) -> list[_Header]:
    """The cells of a row that say anything, as names of columns."""
    texts = ((cell.column, tidy(raw_text(cell.value))) for cell in sheet.row(row))
    return [_Header(column, text, _spellings(text), _name_and_measure(text)[1]) for column, text in texts if text]


def _layout_of(
    headers: Sequence[_Header], kind: TableKind, row: int, told: Mapping[str, str], plainly: bool
) -> Layout | None:
    """How one row names the columns of a kind; None where it does not do so `plainly`, as it is wanted."""
    exact = _exactly(headers, kind, told)
    if plainly and not _is_plain(Layout(kind, row, tuple(chosen for chosen in exact if chosen)), len(headers)):
        return None
    taken = {chosen.ours for chosen in exact if chosen is not None and chosen.ours}
    free = {name for name in kind.columns if name not in taken}
    guesses = _alike([header for header, chosen in zip(headers, exact, strict=True) if chosen is None], kind, free)
    pairs = zip(headers, exact, strict=True)
    return Layout(kind, row, tuple(chosen or guesses[header.column] for header, chosen in pairs))


def _is_plain(exact: Layout, columns: int) -> bool:
    """Whether the columns that have names of ours are all that are needed, and most of those that there are."""
    return not exact.missing() and 2 * len(exact.found) > columns


def _exactly(headers: Sequence[_Header], kind: TableKind, told: Mapping[str, str]) -> list[Chosen | None]:
    """The columns as they were told, or by a name that they have with us. A name that two of ours have is that of the
    one which no other column is."""
    named = [_named(header, kind, told) for header in headers]
    taken = {names[0] for names in named if len(names) == 1}
    return [
        Chosen(header.column, header.text, _free(names, taken), 100, header.measure) if names else None
        for header, names in zip(headers, named, strict=True)
    ]


def _free(names: Sequence[str], taken: set[str]) -> str:
    return next((name for name in names if name not in taken), names[0])


def _named(header: _Header, kind: TableKind, told: Mapping[str, str]) -> Sequence[str]:
    """Which of ours a header names, what is written on a template first; an empty name where it was told to be none."""
    for told_name in (f"{kind.name}:{header.text}", header.text) if told else ():
        if told_name in told:
            return (told[told_name] if told[told_name] in kind.columns else "",)
    known = _names(kind)
    return list(dict.fromkeys(name for spelling in header.spellings for name in known.get(spelling, ())))


@cache
def _names(kind: TableKind) -> dict[str, list[str]]:
    """Our columns by what they are called: those of which it is the label first."""
    found: dict[str, list[str]] = {}
    for name, column in kind.columns.items():
        for label in column.labels.values():
            found.setdefault(_folded(label), []).append(name)
    for name, column in kind.columns.items():
        for called in column.names:
            if name not in found.setdefault(_folded(called), []):
                found[_folded(called)].append(name)
    return found


def _alike(headers: Sequence[_Header], kind: TableKind, free: set[str]) -> dict[int, Chosen]:
    """The best guess for each of the names, by column: most alike first, each of ours at most once."""
    likely = ((_likeness(header, kind, name), -header.column, name) for header in headers for name in free)
    pairs = sorted(likely, reverse=True)
    found: dict[int, str] = {}
    likeness: dict[int, int] = {}
    for alike, column, name in pairs:
        if alike >= LEAST_LIKENESS and -column not in found and name not in found.values():
            found[-column], likeness[-column] = name, alike
    return {
        header.column: Chosen(
            header.column,
            header.text,
            found.get(header.column, ""),
            likeness.get(header.column, 0),
            header.measure,
        )
        for header in headers
    }


def _likeness(header: _Header, kind: TableKind, name: str) -> int:
    from rapidfuzz import fuzz

    names = [_folded(known) for known in kind.columns[name].names]
    return min(99, int(max(fuzz.ratio(spelling, known) for spelling in {*header.spellings} for known in names)))


def _spellings(header: str) -> tuple[str, str]:
    """A header as it can be compared: with and without what stands in brackets."""
    name, _ = _name_and_measure(header)
    return _folded(header), _folded(name)


@lru_cache(maxsize=4096)
def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name).casefold()
    return _JOINERS.sub(" ", plain).strip()


@lru_cache(maxsize=1024)
def _name_and_measure(header: str) -> tuple[str, str]:
    """A header without the unit of measure that it states (`Menge (kg)`, `Weight kg`, `kg`), and that unit."""
    inside = [unit_of(text) for text in _IN_BRACKETS.findall(header)]
    name = _IN_BRACKETS.sub(" ", header)
    measure = next((code for code in inside if code in measures()), "")
    first, _, last = name.strip().rpartition(" ")
    if not measure and unit_of(last) in measures() and dimension(unit_of(last)) != "count":
        return first or name, unit_of(last)
    return name, measure


def _check_once(found: Layout) -> None:
    """Each of ours stands for one column at most."""
    seen: dict[str, str] = {}
    for chosen in found.columns:
        if chosen.ours and chosen.ours in seen:
            raise InputError(
                f"the columns {seen[chosen.ours]!r} and {chosen.header!r} can both be {chosen.ours}; say which with "
                "--columns"
            )
        seen[chosen.ours] = chosen.header
