"""What stands on a document, read back from each of its forms."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pypdfium2
from python_calamine import CalamineWorkbook

from tracegraph.reports.documents.laying_out import data, html, pdf
from tracegraph.reports.documents.paper import Paper
from tracegraph.reports.documents.sheets import csv as csv_of
from tracegraph.reports.documents.sheets import workbook


def text_of_html(made: Paper) -> str:
    return re.sub(r"<style>.*?</style>|<[^>]+>", " ", html(made), flags=re.S)


def pages_of_pdf(made: Paper) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf(made))]


def text_of_pdf(made: Paper) -> str:
    return "\n".join(pages_of_pdf(made))


def sheets_of(made: Paper) -> dict[str, list[list[str]]]:
    """The cells of each sheet of the workbook."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook(made)))
    return {
        name: [[_cell(one) for one in row] for row in book.get_sheet_by_name(name).to_python()]
        for name in book.sheet_names
    }


def _cell(found: object) -> str:
    return f"{found:g}" if isinstance(found, float) else str(found)


def text_of_workbook(made: Paper) -> str:
    return "\n".join(
        text for name, rows in sheets_of(made).items() for text in (name, *(cell for row in rows for cell in row))
    )


def rows_of_csv(made: Paper) -> list[list[str]]:
    return list(csv.reader(io.StringIO(csv_of(made).decode("utf-8-sig"))))


def text_of_csv(made: Paper) -> str:
    return "\n".join(cell for row in rows_of_csv(made) for cell in row)


def json_of(made: Paper) -> Any:
    return json.loads(data(made))


def text_of_json(made: Paper) -> str:
    return "\n".join(_texts(json_of(made)))


def _texts(told: Any) -> list[str]:
    if isinstance(told, dict):
        return [text for one in told.values() for text in _texts(one)]
    if isinstance(told, list):
        return [text for one in told for text in _texts(one)]
    return [str(told)]


#: How the text of each form is got out.
TEXTS = {
    "html": text_of_html,
    "pdf": text_of_pdf,
    "xlsx": text_of_workbook,
    "csv": text_of_csv,
    "json": text_of_json,
}
