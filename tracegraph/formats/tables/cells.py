"""One cell of a spreadsheet, and what it says: a text, an identifier, a number, an amount or a date.

Nothing is guessed. What can be read in two ways (05/06/2024, 1.250) is an UnreadableCell that names both readings and
the option that chooses. A date keeps the precision that it was given with. Missing values are None, never zero.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from typing import Literal

from tracegraph.model.measures import measures

Value = str | Decimal | bool | date | datetime | time | None

#: What decides between two readings of a number, and of a date; empty: ask.
DecimalMark = Literal["", "point", "comma"]

#: Excel keeps this many digits of a number; an identifier with more has lost the others.
EXCEL_DIGITS = 15
#: Blanks that spreadsheets put where nobody sees them, beside those that str.strip() knows.
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_LONGEST_SHOWN = 40
_MANGLED = re.compile(r"\d([.,]\d+)?E\+\d+", re.IGNORECASE)
_GROUP = 3
_NUMBER = re.compile(r"[+-]?(\d[\d.,]*|[.,]\d+)(E[+-]?\d{1,3})?", re.IGNORECASE | re.ASCII)
_AMOUNT = re.compile(rf"({_NUMBER.pattern})\s*([^\d\s.,].*)?", re.IGNORECASE | re.ASCII | re.DOTALL)
#: What separates thousands besides points and commas.
_THOUSANDS = re.compile(r"(?<=\d)[ '’](?=\d{3}(?!\d))")


class UnreadableCell(ValueError):
    """What is wrong with a cell, as one sentence with its address. `asks`: the option that would decide (`dates`,
    `decimal`), where it can be read in two ways; else empty."""

    def __init__(self, cell: Cell, reason: str, asks: str = "") -> None:
        super().__init__(f"cell {cell.address} ({cell.shown!r}) {reason}")
        self.cell = cell
        self.reason = reason
        self.asks = asks


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: `value` as the file has it (texts of a CSV file, typed values of a workbook, None where it is empty),
    row and column from 1. `merged`: the merged range (`B5:B9`) that covers it, where it is not the first cell of it.
    `epoch_1904`: numbers for dates count from 1904 in this workbook."""

    value: Value
    row: int = 1
    column: int = 1
    sheet: str = ""
    merged: str = ""
    epoch_1904: bool = False

    @property
    def address(self) -> str:
        """Where it stands, as a spreadsheet names it: `Deliveries!C7`, in a CSV file `C7`."""
        place = f"{column_letters(self.column)}{self.row}"
        return f"{self.sheet}!{place}" if self.sheet else place

    @property
    def shown(self) -> str:
        """The value as a message shows it."""
        shown = raw_text(self.value)
        return shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}…"

    @property
    def empty(self) -> bool:
        """Whether nothing stands in it."""
        return not tidy(raw_text(self.value))


def column_letters(column: int) -> str:
    """The letters of a column counted from 1: A to Z, then AA."""
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def tidy(text: str) -> str:
    """The text without blanks around it, the invisible ones included, and without doubled blanks inside."""
    return " ".join(text.translate(dict.fromkeys(map(ord, _INVISIBLE))).split())


def raw_text(value: Value) -> str:
    """A value of a cell as text: decimals without exponent, dates and times as ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value if isinstance(value, str) else value.isoformat()


def text(cell: Cell) -> str:
    """The text of a cell, tidied; empty where it is empty. UnreadableCell where a merged range covers it: which of its
    rows the value was meant for is not recorded."""
    if cell.merged:
        reason = f"is covered by the merged cells {cell.merged}; unmerge them and fill in every row"
        raise UnreadableCell(cell, reason)
    return tidy(raw_text(cell.value))


def identifier(cell: Cell) -> str:
    """An identifier. UnreadableCell where a spreadsheet has cut its digits (4.01235E+12, or a number of more than 15
    digits) or made a date of it."""
    if isinstance(cell.value, date | time) and not cell.merged:
        raise UnreadableCell(
            cell, "is a date where an identifier belongs; enter it again in a column formatted as text"
        )
    found = text(cell)
    lost = isinstance(cell.value, Decimal) and len(cell.value.as_tuple().digits) >= EXCEL_DIGITS + 1
    if lost or _MANGLED.fullmatch(found):
        reason = "has lost digits of an identifier; enter it again in a column formatted as text"
        raise UnreadableCell(cell, reason)
    return found


def is_missing(found: str) -> bool:
    """Whether a text says that a number or a date is not known (`n/a`, `unknown`, `不详`)."""
    return not found or found.casefold() in _words("missing")


def number(cell: Cell, mark: DecimalMark = "") -> Decimal | None:
    """The number in a cell, None where it is empty or said to be unknown.

    Thousands may be grouped; a lone separator before three digits can be either and needs `mark`: `point` where a point
    stands before decimals, else `comma`. UnreadableCell where it is no number, or `mark` is needed and not given.
    """
    if isinstance(cell.value, Decimal) and not cell.merged:
        return cell.value
    found = text(cell)
    if is_missing(found):
        return None
    if not isinstance(cell.value, str):
        raise UnreadableCell(cell, "is no number; enter a number")
    return _number_of(cell, _plain(found), mark)


def amount(cell: Cell, mark: DecimalMark = "") -> tuple[Decimal | None, str]:
    """A number and the unit of measure behind it (`12,5 kg`) as unit_of() gives it, empty where none is."""
    if not isinstance(cell.value, str) or cell.merged:
        return number(cell, mark), ""
    found = text(cell)
    if is_missing(found):
        return None, ""
    parts = _AMOUNT.fullmatch(_plain(found))
    if parts is None:
        raise UnreadableCell(cell, "is no number; enter a number, or a number and its unit of measure")
    return _number_of(cell, parts[1], mark), unit_of(parts[4] or "")


def unit_of(word: str) -> str:
    """The UN/ECE Rec 20 code that a word for a unit of measure means (kg, 公斤: KGM); a word that is not known as it
    is: comparable with itself only."""
    plain = tidy(word).rstrip(".")
    known = _words("units").get(plain.casefold())
    if known is None and plain.upper() in measures():
        known = plain.upper()
    return tidy(word) if known is None else known


def _plain(found: str) -> str:
    """A number in the characters of ASCII, without what groups its thousands visibly."""
    folded = unicodedata.normalize("NFKC", found).replace("\N{MINUS SIGN}", "-")
    return _THOUSANDS.sub("", folded)


def _number_of(cell: Cell, found: str, mark: DecimalMark) -> Decimal:
    if not _NUMBER.fullmatch(found):
        raise UnreadableCell(cell, "is no number; enter a number")
    digits, exponent, tail = found.partition("e") if "e" in found else found.partition("E")
    separators = [character for character in digits if character in ".,"]
    decimal = _decimal_separator(cell, digits, separators, mark)
    whole, _, fraction = digits.rpartition(decimal) if decimal else (digits, "", "")
    _check_groups(cell, whole, decimal)
    plain = re.sub(r"[.,]", "", whole)
    try:
        return Decimal(f"{plain or '0'}{'.' if fraction else ''}{fraction}{exponent}{tail}")
    except InvalidOperation:
        raise UnreadableCell(cell, "is no number; enter a number") from None


def _decimal_separator(cell: Cell, digits: str, separators: list[str], mark: DecimalMark) -> str:
    """The character before the decimals; empty where there are none."""
    if not separators:
        return ""
    last = separators[-1]
    if len(set(separators)) > 1:
        return last
    if len(separators) > 1:
        return ""
    whole, _, fraction = digits.lstrip("+-").partition(last)
    if len(fraction) != _GROUP or not 1 <= len(whole) <= _GROUP or whole.startswith("0"):
        return last
    if not mark:
        reason = (
            f"can be {whole}{fraction} or {whole}.{fraction}; say which with --decimal point (a point stands before "
            "decimals) or --decimal comma"
        )
        raise UnreadableCell(cell, reason, "decimal")
    return last if (last == ".") == (mark == "point") else ""


def _check_groups(cell: Cell, whole: str, decimal: str) -> None:
    """What separates thousands separates all of them, three digits each, and is not the decimal separator."""
    first, *groups = re.split(r"[.,]", whole.lstrip("+-"))
    separators = set(re.findall(r"[.,]", whole))
    if groups and (
        decimal in separators
        or len(separators) > 1
        or not 1 <= len(first) <= _GROUP
        or any(len(group) != _GROUP for group in groups)
    ):
        raise UnreadableCell(cell, "is no number; enter it without separators between thousands")


@cache
def _words(kind: Literal["months", "missing", "units"]) -> dict[str, str]:
    """Words that spreadsheets have, and what they mean (words.json)."""
    listed = json.loads((files(__package__) / "words.json").read_text(encoding="utf-8"))[kind]
    if isinstance(listed, list):
        return dict.fromkeys(listed, "")
    return {word: meaning for meaning, words in listed.items() for word in words}


def months() -> dict[str, int]:
    """The names of months and their short forms, in lower case, and their numbers."""
    return {word: int(month) for word, month in _words("months").items()}
