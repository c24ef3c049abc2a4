"""A document in each form: its marks on every page and sheet, what is open, its data and hash."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256

import pytest
import rfc8785

from tests.reports.documents.reading import TEXTS, json_of, pages_of_pdf, rows_of_csv, sheets_of
from tracegraph.messages import LANGUAGES, Language
from tracegraph.reports.documents.laying_out import FORMS, html
from tracegraph.reports.documents.paper import BLANK, Entry, Grid, Made, Paper, Part
from tracegraph.reports.documents.writing import MEDIA

ROWS = tuple((f"L{number}", Decimal(number), None) for number in range(60))
LOTS = Grid("Lots: all", ("Lot", "Quantity", "Place"), ROWS, "lots", ("lot", "quantity", "place"))
FACTS = (Entry("Case", "=R-1", "case"), Entry("Size", None, "size"), Entry("Signature", BLANK, "signature"))
MADE = Made((Entry("Scope version", "2", "version"),), 0, "sha256:0123")


def paper(language: Language = "en") -> Paper:
    """A drill of two pages."""
    parts = (Part("Facts", FACTS, (LOTS,), ("Stop selling.",), "facts"),)
    return Paper("Notice", "R-1", language, parts, ("Size",), ("A note.",), MADE, ("URGENT: RECALL",), drill=True)


def unspaced(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_drill_says_so_on_each_page(language: Language) -> None:
    pages = pages_of_pdf(paper(language))
    assert len(pages) > 1
    for page in pages:
        assert [one for one in ("DRILL", "演练", "URGENT:RECALL", "Notice·R-1") if one not in unspaced(page)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_drill_says_so_on_each_sheet_and_in_data(language: Language) -> None:
    for rows in (*sheets_of(paper(language)).values(), rows_of_csv(paper(language))):
        assert "DRILL" in rows[0][0]
        assert "演练" in rows[0][0]
        assert rows[1][0] == "URGENT: RECALL"
    content = json_of(paper(language))["content"]
    assert content["drill"] is True
    assert content["marks"] == [rows_of_csv(paper(language))[0][0], "URGENT: RECALL"]


def test_what_is_no_drill_has_no_word_of_it() -> None:
    real = replace(paper(), drill=False, marks=())
    assert [form for form, text in TEXTS.items() if form != "pdf" and re.search("DRILL|演练|URGENT", text(real))] == []


def test_a_named_table_has_its_own_sheet() -> None:
    sheets = sheets_of(paper())
    assert list(sheets) == ["Notice", "Lots  all"]
    assert sheets["Lots  all"][2:4] == [["Lot", "Quantity", "Place"], ["L0", "0", "not on record"]]
    assert not any("L0" in row for row in sheets["Notice"])
    assert ["L0", "0", "not on record"] in rows_of_csv(paper())


def test_sheets_of_the_same_title_are_told_apart() -> None:
    parts = (Part("", (), tuple(replace(LOTS, title="notice", name=name) for name in ("a", "b"))),)
    assert list(sheets_of(replace(paper(), parts=parts))) == ["Notice", "notice 2", "notice 3"]


def test_cells_do_not_run() -> None:
    assert ["Case", "'=R-1"] in rows_of_csv(paper())
    assert ["Case", "'=R-1"] in [row[:2] for row in sheets_of(paper())["Notice"]]


def test_what_is_open_is_not_missing() -> None:
    assert ["Signature", ""] in rows_of_csv(paper())
    assert '<th scope=row>Signature</th><td class="open"></td>' in html(paper())
    assert '<th scope=row>Size</th><td class="lacking">not on record</td>' in html(paper())


def test_data_are_the_content_with_its_hash() -> None:
    told = json_of(paper())
    assert told["hash"] == f"sha256:{sha256(rfc8785.dumps(told['content'])).hexdigest()}"
    part = told["content"]["parts"][0]
    assert part["entries"][1] == {"name": "size", "label": "Size", "value": None}
    assert part["grids"][0]["columns"] == ["lot", "quantity", "place"]
    assert part["grids"][0]["rows"][1] == ["L1", "1", None]
    assert told["content"]["made"] == {
        "parameters": [{"name": "version", "label": "Scope version", "value": "2"}],
        "known": "1970-01-01T00:00:00Z",
        "head": "sha256:0123",
    }


@pytest.mark.parametrize("form", ["html", "xlsx", "csv"])
def test_a_document_ends_with_what_makes_it_again(form: str) -> None:
    told = TEXTS[form](paper())
    wanted = ["Scope version", "1970-01-01T00:00:00Z", "sha256:0123", json_of(paper())["hash"]]
    assert [one for one in wanted if one not in told] == []
    assert json_of(replace(paper(), title="Other"))["hash"] not in told


def test_each_form_has_a_media_type_and_the_same_bytes_each_time() -> None:
    assert list(MEDIA) == list(FORMS)
    assert [form for form in FORMS if form != "pdf" and FORMS[form](paper()) != FORMS[form](paper())] == []
