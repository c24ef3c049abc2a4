"""Small sheets of critical tracking events, and what is read of them."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

from tracegraph.formats.epcis import AcceptedEvent, AcceptedMasterData, Piece, Rejected
from tracegraph.formats.fsma204 import AS_WRITTEN, CellReading, read_file
from tracegraph.formats.source import SourceFile, Unpacked
from tracegraph.formats.tables.writing import csv_bytes

HEADER = (
    "CTE",
    "Event ID",
    "Date",
    "TLC",
    "TLC source",
    "Description",
    "Qty",
    "UOM",
    "Location",
    "Ship to",
    "Received from",
)
STORY = (
    ("Initial packing", "P1", "2026-05-02", "L1", "", "Lettuce 12ct", "30", "cases", "Packhouse", "", ""),
    ("Shipping", "S1", "2026-05-03", "L1", "Packhouse", "Lettuce 12ct", "30", "cases", "Packhouse", "0614141000005",
     ""),
    ("Receiving", "R1", "2026-05-04", "L1", "Packhouse", "Lettuce 12ct", "30", "cases", "0614141000005", "",
     "Packhouse"),
)  # fmt: skip


def sheet(*rows: Sequence[str], header: Sequence[str] = HEADER) -> bytes:
    return csv_bytes([list(header), *map(list, rows)])


def pieces(data: bytes, reading: CellReading = AS_WRITTEN, strict: bool = False) -> list[Piece]:
    stream = Unpacked(io.BytesIO(data))
    return list(read_file(SourceFile("sheet.csv"), stream, strict=strict, reading=reading))


def events(data: bytes, reading: CellReading = AS_WRITTEN) -> list[dict[str, Any]]:
    """The events as JSON; nothing may have been rejected."""
    found = pieces(data, reading)
    assert [piece.reason for piece in found if isinstance(piece, Rejected)] == []
    payloads = [piece.entry_payload for piece in found if isinstance(piece, AcceptedEvent)]
    return [json.loads(payload)["event"] for payload in payloads]


def event(header: Sequence[str], row: Sequence[str]) -> dict[str, Any]:
    (found,) = events(sheet(row, header=header))
    return found


def reasons(data: bytes, reading: CellReading = AS_WRITTEN) -> list[str]:
    return [piece.reason for piece in pieces(data, reading) if isinstance(piece, Rejected)]


def names(data: bytes) -> dict[str, str | None]:
    """Names of places that the sheet gives, by key."""
    found = [piece.master_data for piece in pieces(data) if isinstance(piece, AcceptedMasterData)]
    return {data.id: data.name for data in found}
