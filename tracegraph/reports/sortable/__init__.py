"""Spreadsheets that authorities ask for: the sortable spreadsheet of FSMA 204, the eight items of EU 931/2011."""

from __future__ import annotations

from tracegraph.reports.sheet_forms import SheetChoice
from tracegraph.reports.sortable.writing import SHEETS, write_sheet

__all__ = ["SHEETS", "SheetChoice", "write_sheet"]
