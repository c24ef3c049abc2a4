"""Registers of the claim layer, for people."""

from __future__ import annotations

from tracegraph.commands.screen import Json, Sheet
from tracegraph.commands.session import Session

CERTIFICATES = ("certificate", "scheme", "holder", "state", "since", "expires")
CHANGES = ("state", "takes_effect", "decided", "known", "until", "published", "note")


def show_certificates(answer: Json, session: Session) -> None:
    """A line for each certificate, and the changes of one that was asked for."""
    sheet, result = Sheet(session), answer["result"]
    _table(sheet, CERTIFICATES, result["certificates"])
    if result.get("timeline"):
        sheet.title(sheet.word("certificate_changes"))
        _table(sheet, CHANGES, result["timeline"])


def _table(sheet: Sheet, names: tuple[str, ...], rows: list[Json]) -> None:
    cells = ([_cell(sheet, name, row) for name in names] for row in rows)
    sheet.table([f"column_{name}" for name in names], cells, len(rows))


def _cell(sheet: Sheet, name: str, row: Json) -> str:
    value = row["effective" if name == "takes_effect" else name]
    if name == "state":
        said = sheet.word(f"certificate_{value}")
        return f"{said} ({sheet.word('certificate_refused')})" if row.get("refused") else said
    return "" if value is None else str(value)
