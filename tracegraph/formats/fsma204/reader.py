"""A spreadsheet of critical tracking events as pieces: events, names of places, and rows that tell no event.

One sheet for all events with a column that names each, or one sheet for each kind, named after it. A file is read
whole: rows of one event may stand anywhere in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tracegraph.errors import InputError
from tracegraph.formats.epcis import AcceptedEvent, Piece, SourcePosition
from tracegraph.formats.epcis.acceptance import Original, event_piece, master_data_piece, packed_rest, rejected
from tracegraph.formats.epcis.json_text import json_text
from tracegraph.formats.epcis.parse import first_sentence
from tracegraph.formats.epcis.payload import surroundings
from tracegraph.formats.fsma204.events import DECLARED, Unclear, event_of, place_elements
from tracegraph.formats.fsma204.rows import CellReading, Row, grouped, header_of, rows_of
from tracegraph.formats.fsma204.sources import assumptions, with_sources
from tracegraph.formats.source import Kept, SourceFile, Unpacked
from tracegraph.formats.tables.cells import raw_text
from tracegraph.formats.tables.reading import Sheet, read_sheets
from tracegraph.model.event import Json

AS_WRITTEN = CellReading()
SITE_TYPE = "urn:epcglobal:epcis:vtype:BusinessLocation"
#: What the sheet of an export begins with that tells about the others.
ABOUT = "tracegraph"


def read_file(
    file: SourceFile, stream: Unpacked, *, strict: bool = False, reading: CellReading = AS_WRITTEN
) -> Iterator[Piece]:
    """The pieces of one open file. `strict`: an event with findings is a rejected piece."""
    position = SourcePosition(file.name)
    data = stream.read()
    if stream.damage and (missing := packed_rest(stream, position, False)):
        yield missing
        return
    try:
        sheets = read_sheets(data, file.name, reading.encoding)
    except InputError as error:
        yield rejected(position, str(error).removeprefix(f"{file.name} ").rstrip("."), Kept(data))
        return
    rows = [row for sheet in sheets for row in _rows(sheet, reading)]
    if not rows:
        reason = (
            "it has no rows under a header that names critical tracking events; see docs/fsma204.md for the columns"
        )
        yield rejected(position, reason, Kept(data))
        return
    yield from _damages(file.name, sheets)
    yield from _pieces(file.name, rows, strict)


def _rows(sheet: Sheet, reading: CellReading) -> Iterator[Row]:
    if not sheet.rows or (sheet.rows[0] and raw_text(sheet.rows[0][0]) == ABOUT and sheet.name):
        return
    header = header_of(sheet)
    if header is None:
        original = {f"row {number}": ", ".join(map(raw_text, values)) for number, values in enumerate(sheet.rows, 1)}
        fault = f"sheet {sheet.name!r} has no header that names the columns of critical tracking events"
        yield Row(sheet.name, 1, original=original, fault=fault)
    else:
        yield from rows_of(sheet, header, reading)


def _damages(name: str, sheets: Sequence[Sheet]) -> Iterator[Piece]:
    for sheet in sheets:
        if sheet.damage is not None:
            position = SourcePosition(name, sheet.name, line=sheet.damage.row)
            reason = f"this row {sheet.damage.reason}; it and all behind it are rejected"
            yield rejected(position, reason, Kept(sheet.damage.rest.encode()))


def _pieces(name: str, rows: Sequence[Row], strict: bool) -> Iterator[Piece]:
    around = surroundings(DECLARED)
    readable = with_sources(row for row in rows if not row.fault)
    for row in rows:
        if row.fault:
            yield rejected(_position(name, row), row.fault, _original([row]))
    for group in grouped(readable):
        position, original = _position(name, group[0]), _original(group)
        try:
            event = event_of(group)
        except Unclear as unclear:
            yield rejected(position, f"the row {unclear}", original)
            continue
        for element in place_elements(group):
            yield master_data_piece(SITE_TYPE, element, around, position, _same(original))
        yield _event_piece(event, group, position, original, strict)


def _event_piece(
    event: dict[str, Json], group: Sequence[Row], position: SourcePosition, original: Kept, strict: bool
) -> Piece:
    """The event as every EPCIS event, with what was assumed on the way to it."""
    found = tuple(assumptions(group))
    if strict and found:
        return rejected(position, f"rejected as strict: {first_sentence(found)}", original, found)
    piece = event_piece(event, json_text(event), surroundings(DECLARED), position, _same(original), strict=strict)
    return replace(piece, findings=(*found, *piece.findings)) if isinstance(piece, AcceptedEvent) and found else piece


def _position(name: str, row: Row) -> SourcePosition:
    return SourcePosition(name, row.sheet, line=row.number)


def _same(kept: Kept) -> Original:
    return lambda: kept


def _original(rows: Sequence[Row]) -> Kept:
    """Rows as they stood, to be repaired: a JSON object for each, by header."""
    told = [{"sheet": row.sheet, "row": row.number, "cells": dict(row.original)} for row in rows]
    return Kept(json_text(told if len(told) > 1 else told[0]).encode())
