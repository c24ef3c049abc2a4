"""The eight items that Regulation (EU) 931/2011, article 3, wants of each dispatch of food of animal origin."""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.formats.fsma204.naming import place_text
from tracegraph.formats.fsma204.telling import Told
from tracegraph.formats.tables.writing import Row
from tracegraph.reports.sortable.gathering import Line

#: The columns by their words in the catalogue: each item, amounts with their unit, operators with name and address.
HEADER = (
    "eu931_description",
    "eu931_quantity",
    "eu931_unit",
    "eu931_dispatcher",
    "eu931_dispatcher_address",
    "eu931_consignor",
    "eu931_receiver",
    "eu931_receiver_address",
    "eu931_consignee",
    "eu931_lot",
    "eu931_date",
    "eu931_event",
)


def eight_items(line: Line) -> Iterator[Row]:
    """The rows of a shipment; nothing for any other event. Owners stand there where they are others."""
    if line.checked.kind is None or line.checked.kind.name != "shipping":
        return
    facts = line.live.facts
    for row in line.rows:
        yield _row(row, facts.source_owner, facts.destination_owner)


def _row(row: Told, consignor: str | None, consignee: str | None) -> Row:
    cells = row.cells
    return [
        cells["product_description"] or cells["commodity"],
        cells["quantity"],
        cells["unit"],
        cells["location"],
        cells["location_description"],
        place_text(consignor) if consignor else None,
        cells["recipient"],
        cells["recipient_description"],
        place_text(consignee) if consignee else None,
        cells["lot_code"],
        cells["event_date"],
        cells["event_id"],
    ]
