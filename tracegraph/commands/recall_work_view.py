"""Consignees of a case, and its account, for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from tracegraph.commands.screen import SYMBOLS, Json, Sheet
from tracegraph.commands.session import Session

CONSIGNEES = ("consignee", "name", "tier", "role", "certainty", "lots", "deliveries", "notice")
#: So many lots stand in a line of a consignee.
SHOWN = 2
ROWS = ("consignee", "unit", "shipped", "accounted", "unaccounted", "findings")


def show_consignees(session: Session, answer: Json) -> None:
    """A line for each consignee, then shipments that nobody received, then parties that may be one."""
    sheet, told = Sheet(session), answer["result"]
    rows = told["consignees"]
    _table(sheet, CONSIGNEES, (list(_consignee(sheet, row)) for row in rows), len(rows))
    if told["astray"]:
        sheet.title(sheet.word("recall_astray", count=len(told["astray"])))
    for one in told["astray"]:
        sheet.bullet(one["unit"])
    if told["proposals"]:
        sheet.title(sheet.word("recall_proposals"))
    for one in told["proposals"]:
        sheet.bullet(f"{one['party']} = {one['same_as']}", one["detail"])


def _consignee(sheet: Sheet, row: Json) -> Iterator[str]:
    yield row["id"]
    yield row["name"] if row["name"] != row["id"] else ""
    yield "" if row["tier"] is None else str(row["tier"])
    yield sheet.word(f"recall_role_{row['role']}")
    yield sheet.word(row["certainty"])
    yield _few(row["lots"])
    yield str(len(row["deliveries"]))
    notice = row["notice"]
    yield "" if notice is None else f"{notice['notice']} ({sheet.word('recall_notice_' + notice['state'])})"


def _few(names: list[str]) -> str:
    """The first ones, and how many more; all of them are in the other formats."""
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" +{more}" if more > 0 else "")


def show_account(session: Session, answer: Json) -> None:
    """Where what is in question is, the percentages, and a line for each consignee and unit."""
    sheet, told = Sheet(session), answer["result"]["account"]
    unit = SYMBOLS.get(told["unit"], told["unit"])
    sheet.print(sheet.word("recall_in_question", value=told["start"], unit=unit), "bold")
    for one in told["buckets"]:
        sheet.bullet(f"{one['label']}: {one['value']}")
    sheet.title(sheet.word("recall_percentages"))
    for one in told["ratios"]:
        sheet.bullet(_ratio(one))
    rows = told["consignees"]
    if rows:
        sheet.console.print()
        _table(sheet, ROWS, (list(_row(row)) for row in rows), len(rows))


def _ratio(one: Json) -> str:
    if one["value"] is None:
        return f"{one['label']}: - ({one['because']})"
    return f"{one['label']}: {100 * Decimal(one['value']):.1f} % ({one['part']} / {one['of']})"


def _row(row: Json) -> Iterator[str]:
    for name in ROWS[:-1]:
        yield "" if row[name] is None else str(row[name])
    yield "; ".join(str(one["text"]) for one in row["findings"])


def _table(sheet: Sheet, names: tuple[str, ...], rows: Iterator[list[str]], count: int) -> None:
    sheet.table([f"recall_column_{name}" for name in names], rows, count)


#: How answers of each kind are shown.
VIEWS: dict[str, Callable[[Session, Any], None]] = {
    "recall_account": show_account,
    "recall_consignees": show_consignees,
}
