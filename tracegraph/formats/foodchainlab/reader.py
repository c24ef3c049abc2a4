"""FoodChain-Lab files as pieces: what a document tells as events and master data, what it does not as rejected rows.

A file is read whole before its first piece: what an event says of a delivery may depend on any other row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tracegraph.errors import InputError
from tracegraph.formats.epcis import AcceptedEvent, Piece, Rejected, SourcePosition
from tracegraph.formats.epcis.acceptance import Original, event_piece, master_data_piece, packed_rest, rejected
from tracegraph.formats.epcis.json_text import json_text
from tracegraph.formats.epcis.parse import first_sentence
from tracegraph.formats.epcis.payload import surroundings
from tracegraph.formats.foodchainlab.document import Document, Row
from tracegraph.formats.foodchainlab.events import (
    DECLARED,
    beginning_event,
    delivery_element,
    document_element,
    making_event,
    receiving_event,
    shipping_event,
    station_elements,
)
from tracegraph.formats.foodchainlab.json_reader import read_json
from tracegraph.formats.foodchainlab.story import Story, story_of
from tracegraph.formats.foodchainlab.workbook import read_workbook
from tracegraph.formats.source import Kept, SourceFile, Unpacked, read_fully
from tracegraph.formats.tables.reading import MOST_BYTES, is_workbook, read_sheets
from tracegraph.model.event import Finding, Json


def read_file(file: SourceFile, stream: Unpacked, *, strict: bool = False) -> Iterator[Piece]:
    """The pieces of one open file. `strict`: what is stored with a finding otherwise is a rejected piece."""
    document = _read(file, stream)
    if stream.damage and (missing := packed_rest(stream, SourcePosition(file.name), bool(document.rejected))):
        yield missing
    story = story_of(document)
    if not story.stations and not story.deliveries and not story.rejected:
        reason = "it has no stations and no deliveries; give a FoodChain-Lab file"
        held = Kept(path=file.path) if file.path else Kept(json_text(document.about).encode("utf-8", "surrogatepass"))
        yield rejected(SourcePosition(file.name), reason, held)
        return
    yield from story.rejected
    yield from _master_data(file.name, document, story)
    yield from _events(story, strict)


def _read(file: SourceFile, stream: Unpacked) -> Document:
    if not is_workbook(stream.peek()):
        return read_json(file.name, stream)
    data = read_fully(stream, MOST_BYTES + 1)
    try:
        return read_workbook(file.name, read_sheets(data, file.name))
    except InputError as unreadable:
        return Document(rejected=[Rejected(SourcePosition(file.name), str(unreadable), Kept(data))])


def _master_data(name: str, document: Document, story: Story) -> Iterator[Piece]:
    around = surroundings(DECLARED)
    for station in story.stations.values():
        kept = _kept(station.row)
        for kind, element in station_elements(station):
            yield master_data_piece(kind, element, around, station.position, kept)
    for delivery in story.deliveries.values():
        row = delivery.row
        yield master_data_piece(*delivery_element(delivery), around, row.position, _kept(row))
    if story.stations:
        yield master_data_piece(*document_element(document, story), around, SourcePosition(name), Kept)


def _kept(row: Row | None) -> Original:
    return lambda: Kept(row.original if row else b"")


def _events(story: Story, strict: bool) -> Iterator[Piece]:
    for making in story.makings:
        yield _piece(*making_event(making), making.rows[0], strict)
    for delivery in story.begins_late():
        yield _piece(beginning_event(delivery), (), delivery.row, strict)
    for delivery in story.deliveries.values():
        yield _piece(*shipping_event(delivery), delivery.row, strict)
        yield _piece(*receiving_event(delivery), delivery.row, strict)


def _piece(event: dict[str, Json], findings: tuple[Finding, ...], row: Row, strict: bool) -> Piece:
    """An event as every EPCIS event, with what was found on the way to it."""
    if strict and findings:
        reason = f"rejected as strict: {first_sentence(findings)}"
        return rejected(row.position, reason, Kept(row.original), findings)
    piece = event_piece(event, json_text(event), surroundings(DECLARED), row.position, _kept(row), strict=strict)
    if isinstance(piece, AcceptedEvent) and findings:
        return replace(piece, findings=(*findings, *piece.findings))
    return piece
