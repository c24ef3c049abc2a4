"""Spreadsheets of FSMA 204: critical tracking events in, and the columns of the electronic sortable spreadsheet."""

from __future__ import annotations

from tracegraph.formats.fsma204.columns import COLUMNS, Column
from tracegraph.formats.fsma204.reader import AS_WRITTEN, read_file
from tracegraph.formats.fsma204.rows import CellReading

__all__ = ["AS_WRITTEN", "COLUMNS", "CellReading", "Column", "read_file"]
