"""Whose lot codes are: a code without source is the one that the same file gives with a single source.

A code is unique only within the records of its source (21 CFR 1.1320). One sender's sheet names the source in some rows
and leaves it out in others; where all that name it agree, the others are taken to mean the same, with a finding.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from tracegraph.formats.fsma204.events import ASSIGNING
from tracegraph.formats.fsma204.naming import lot_key, lot_source, place_key
from tracegraph.formats.fsma204.rows import Row
from tracegraph.identifiers import split_supplier_lot
from tracegraph.model.event import Finding

_CODES = (("lot_code", "product"), ("input_lot_code", "input_product"))


def with_sources(rows: Iterable[Row]) -> list[Row]:
    """The rows, codes without source completed where the file has one source for them."""
    listed = list(rows)
    sources: dict[str, set[str]] = defaultdict(set)
    for row in listed:
        for code, source in _stated(row):
            sources[code].add(source)
    single = {code: next(iter(found)) for code, found in sources.items() if len({*map(place_key, found)}) == 1}
    return [_completed(row, single) for row in listed]


def _stated(row: Row) -> Iterator[tuple[str, str]]:
    """Codes and the sources that a row gives them."""
    own = row.text("lot_code_source") or row.text("lot_code_source_description")
    if row.text("event_kind") in ASSIGNING and not own and not row.text("lot_code_source_reference"):
        own = row.text("location") or row.text("location_description")
    for code, source in ((row.text("lot_code"), own), (row.text("input_lot_code"), row.text("input_lot_code_source"))):
        if code and source:
            yield code, source


def _completed(row: Row, single: dict[str, str]) -> Row:
    """A row with the sources that others of its file give."""
    given = {
        f"{column}_source": single[row.text(column)]
        for column, product in _CODES
        if row.text(column) in single and _is_without_source(row, column, product)
    }
    return replace(row, values={**row.values, **given}, assumed=tuple(given)) if given else row


def _is_without_source(row: Row, column: str, product: str) -> bool:
    own = [f"{column}_source", f"{column}_source_description", f"{column}_source_reference"]
    if any(row.text(name) for name in own) or (column == "lot_code" and row.text("event_kind") in ASSIGNING):
        return False
    key = lot_key(row.text(column), row.text(product), "")
    return split_supplier_lot(key) is not None and not lot_source(key)


def assumptions(rows: Iterable[Row]) -> Iterator[Finding]:
    """That the source of a lot code was taken from other rows."""
    for row in rows:
        for name in row.assumed:
            code = row.text(name.removesuffix("_source"))
            stated = f"row {row.number} does not state the source of lot code {code!r}"
            message = f"{stated}; other rows of the file say {row.text(name)!r}, which is taken."
            yield Finding("assumed_lot_code_source", "/tracegraph:lots", message)
