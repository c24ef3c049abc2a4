"""What stands in exported files of any form, as one text, and the records that parties may or may not know."""

from __future__ import annotations

import io
import json
from pathlib import Path
from zipfile import ZipFile

import pyarrow.parquet as pq

from tests.access.chain import FRAME, WHEEL, party
from tests.end_to_end.building import site
from tracegraph import Tracegraph
from tracegraph.formats.tables.reading import read_sheets

#: Everything but the import files of a server, which are for nobody's view.
FORMS = ("csv", "graphml", "epcis", "geojson", "parquet", "foodchainlab", "xlsx", "fsma204", "eu931")
#: In the chain, what maker A is never told of: its competitor, its goods, its papers.
HIDDEN = (WHEEL, site("maker-b"), party("maker-b"), "N3", "price-N5", "wheel-swab", "case-7")
#: Of the extended level.
EXTENDED = ("price-N", "urn:x-despatch", "KGM", "street of")


def record_findings(graph: Tracegraph) -> None:
    """Findings and cases about goods of both makers."""
    found = {"at": "2026-03-01", "result": "positive"}
    graph.record("evidence", {"evidence": "frame-swab", "unit": FRAME, **found}, "laboratory")
    graph.record("case", {"case": "case-7", "unit": FRAME}, "as reported")
    record_about_wheel(graph)


def record_about_wheel(graph: Tracegraph) -> None:
    """A finding about goods of maker B alone."""
    found = {"evidence": "wheel-swab", "unit": WHEEL, "at": "2026-03-01", "result": "positive"}
    graph.record("evidence", found, "laboratory")


def for_maker_a(graph: Tracegraph, form: str, folder: Path) -> str:
    """All that an export for maker A says, but for the state of the ledger, of which it is."""
    told = exported_text(graph, form, folder, for_party=party("maker-a"), as_of="2100-01-01")
    return told.replace(graph.store.head().hash, "head")


def exported_text(graph: Tracegraph, form: str, folder: Path, **options: str | None) -> str:
    """All that an export says."""
    path = folder / "export"
    graph.export(form, path, **options)  # type: ignore[arg-type]
    data = path.read_bytes()
    if form == "xlsx":
        sheets = read_sheets(data, "export")
        return json.dumps([[sheet.name, sheet.rows] for sheet in sheets], default=str, ensure_ascii=False)
    if form == "parquet":
        with ZipFile(io.BytesIO(data)) as archive:
            return "\n".join(_table(archive.read(name)) for name in archive.namelist())
    return data.decode("utf-8-sig")


def _table(data: bytes) -> str:
    table = pq.read_table(io.BytesIO(data))
    return f"{json.dumps(table.to_pylist(), default=str, ensure_ascii=False)} {table.schema.metadata}"
