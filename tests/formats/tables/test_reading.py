"""Files of all kinds that investigators are sent, and what of them comes back out."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.tables.books import semicolons, workbook
from tracegraph.errors import InputError, UsageError
from tracegraph.formats.tables import reading
from tracegraph.formats.tables.cells import Value
from tracegraph.formats.tables.reading import Sheet, read_sheets
from tracegraph.formats.tables.writing import FORMULA_STARTS, csv_bytes, neutral, plain, write_xlsx

CHINESE = [("批号", "数量"), ("甲-7", "12,5"), ("乙-8", "3")]
MOMENT = datetime.fromisoformat("2024-01-05T09:30")
CELLS = st.one_of(
    st.none(),
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=8),
    st.sampled_from(
        ["=1+1", "'=1", "''-2", "+49", "-", "@x", "a;b", 'say "x"', "a,b", "1|2", "two\nlines", "'", "_x000D_"]
    ),
)
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=5)


def only(data: bytes, encoding: str = "") -> Sheet:
    (sheet,) = read_sheets(data, "sent.csv", encoding)
    return sheet


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(encoding: str) -> None:
    assert only(semicolons(CHINESE, encoding)).rows == tuple(CHINESE)


def test_western_letters_without_byte_order_mark() -> None:
    rows = [("Straße", "Menge"), ("Müller", "5"), ("Café", "6")]
    assert only(semicolons(rows, "windows-1252")).rows == tuple(rows)


def test_an_encoding_that_cannot_be_told_is_asked() -> None:
    doubtful = semicolons([("Größe", "x"), ("süß", "y")], "windows-1252")
    with pytest.raises(InputError, match="--encoding"):
        only(doubtful)
    assert only(doubtful, "windows-1252").rows[0] == ("Größe", "x")
    with pytest.raises(InputError, match="'klingon'"):
        only(doubtful, "klingon")
    with pytest.raises(InputError, match="is no utf-8"):
        only(doubtful, "utf-8")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators(separator: str) -> None:
    lines = ["lot,name".replace(",", separator), separator.join(("A1", '"x, y; z"')), separator.join(("A2", "w"))]
    assert only("\n".join(lines).encode()).rows == (("lot", "name"), ("A1", "x, y; z"), ("A2", "w"))


def test_a_stated_separator_is_obeyed_and_keeps_its_row() -> None:
    assert only(b"sep=;\r\na,1;b\r\nc;d\r\n").rows == ((), ("a,1", "b"), ("c", "d"))


def test_decimal_commas_do_not_separate() -> None:
    assert only(semicolons([("lot", "kg"), ("A", "1,5"), ("B", "2,5")])).rows[1] == ("A", "1,5")


def test_rows_count_as_the_spreadsheet_shows_them() -> None:
    sheet = only(b'title\n\nlot,kg\n"two\nlines",5\nB,6\n\n\n')
    assert [sheet.cell(row, 1).value for row in range(1, 7)] == ["title", None, "lot", "two\nlines", "B", None]
    assert sheet.cell(5, 2).address == "B5"
    assert len(sheet.rows) == 5


@pytest.mark.parametrize("broken", [b'B,"never closed\nC,7\n', b'B,"x"y\nC,7\n'])
def test_after_a_broken_quotation_the_rest_is_kept(broken: bytes) -> None:
    sheet = only(b"lot,kg\nA,5\n" + broken)
    assert sheet.rows == (("lot", "kg"), ("A", "5"))
    assert sheet.damage is not None
    assert (sheet.damage.row, sheet.damage.rest.encode()) == (3, broken)
    assert "quotation mark" in sheet.damage.reason


def test_workbooks_have_typed_cells() -> None:
    rows = [("lot", "kg", "on", "at", "ok"), ("007", 0.1 + 0.2, date(2024, 1, 5), MOMENT, True)]
    (sheet,) = read_sheets(workbook({"Deliveries": rows}), "sent.xlsx")
    assert sheet.rows[1] == ("007", Decimal("0.3"), date(2024, 1, 5), MOMENT, True)
    assert sheet.cell(2, 3).address == "Deliveries!C2"


def test_rows_above_the_first_filled_one_count() -> None:
    (sheet,) = read_sheets(workbook({"S": [(), (), (None, "x")]}), "sent.xlsx")
    assert sheet.cell(3, 2).value == "x"


def test_merged_hidden_and_1904() -> None:
    data = workbook(
        {"First": [("a", "b"), (), (), (None, 1), (None, 2)], "Aside": [("x", 1)]},
        merged=[(2, 0, 4, 0, "all three")],
        hidden=["Aside"],
        epoch_1904=True,
    )
    first, aside = read_sheets(data, "sent.xlsx")
    assert [first.cell(row, 1).merged for row in (3, 4)] == ["", "A3:A5"]
    assert (first.hidden, aside.hidden) == (False, True)
    assert first.cell(1, 1).epoch_1904


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04 no archive", "cannot be read as a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "save it as .xlsx"),
        (workbook({"S": [("x",)]})[:-40], "cannot be read as a workbook"),
    ],
)
def test_workbooks_that_are_none(data: bytes, said: str) -> None:
    with pytest.raises(InputError, match=f"^sent.xlsx .*{said}"):
        read_sheets(data, "sent.xlsx")


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    far = workbook({"S": [("x",)], "T": [*[()] * 99, (*[None] * 30, 1)]})
    with monkeypatch.context() as patched:
        patched.setattr(reading, "MOST_CELLS", 3_000)
        with pytest.raises(InputError, match="spreads to AE100"):
            read_sheets(far, "far.xlsx")
    with monkeypatch.context() as patched:
        patched.setattr(reading, "MOST_UNPACKED", 1_000)
        with pytest.raises(InputError, match="unpacks to more"):
            read_sheets(far, "far.xlsx")
    with monkeypatch.context() as patched:
        patched.setattr(reading, "MOST_BYTES", 100)
        with pytest.raises(InputError, match="split it"):
            read_sheets(far, "far.xlsx")


def repacked(data: bytes, name: str, old: bytes, new: bytes, to: str = "") -> bytes:
    """A workbook with other bytes in one of its files, and that file under another name."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as after:
        for one in before.namelist():
            content = before.read(one)
            after.writestr((to or one) if one == name else one, content.replace(old, new) if one == name else content)
    return changed.getvalue()


@pytest.mark.parametrize(
    "place",
    [
        b'r="A99999999"',
        b"r='ZZZZ999'",
        b'r="zzzz999"',
        b'r\n=\t"A99999999"',
        b'r%b="A99999999"' % (b" " * 2_000_000),
        b'r=%b"A99999999"' % (b" " * 2_000_000),
        b'r="A%b99999999"' % (b"0" * 2_000_000),
        b'r="%b9"' % (b"A" * 2_000_000),
        b'r="A%b"' % (b"9" * 400),
    ],
)
@pytest.mark.parametrize("name", ["worksheets/sheet1.xml", "other.bin"])
def test_a_cell_far_off_is_refused_however_it_is_written(place: bytes, name: str) -> None:
    """Room for all cells up to there would be made before anything is read, and not having it ends the process."""
    usual = "worksheets/sheet1.xml"
    data = repacked(workbook({"S": [("x", "y")]}), f"xl/{usual}", b'r="A1"', place, to=f"xl/{name}")
    data = repacked(data, "xl/_rels/workbook.xml.rels", usual.encode(), name.encode())
    with pytest.raises(InputError, match=r"spreads to|is nowhere|too much blank"):
        read_sheets(data, "far.xlsx")


@pytest.mark.parametrize("other", ["xl/workbook.bin", "XL\\Workbook.bin", "content.xml"])
def test_what_is_a_workbook_of_another_kind_too_is_refused(other: str) -> None:
    data = io.BytesIO(workbook({"S": [("x", "y")]}))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr(other, b"")
    with pytest.raises(InputError, match="without an Excel workbook"):
        read_sheets(data.getvalue(), "two.xlsx")


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.binary(min_size=1, max_size=4), st.booleans())
def test_damaged_workbooks_are_read_or_refused(place: int, put: bytes, cut: bool) -> None:
    data = bytearray(workbook({"S": [("lot", "kg"), ("A", 5)]}))
    at = place % len(data)
    data[at : at + len(put)] = put
    assert read_or_refused(bytes(data[:at] if cut else data))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    assert read_or_refused(data)


def read_or_refused(data: bytes) -> bool:
    try:
        sheets = read_sheets(data, "sent")
    except InputError as refused:
        return str(refused).startswith(("sent ", "a sheet of sent "))
    return all(len(sheet.row(1)) == sheet.width for sheet in sheets)


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_what_was_written_is_read_again_from_csv_and_xlsx(rows: list[list[str | None]]) -> None:
    expected = trimmed(rows)
    if any(len(row) > 1 for row in expected):
        assert only(csv_bytes([*[["a", "b", "c", "d"]] * 3, *rows])).rows[3:] == expected
    file = io.BytesIO()
    write_xlsx(file, {"S": [["head"], *rows]})
    (sheet,) = read_sheets(file.getvalue(), "own.xlsx")
    assert sheet.rows[1:] == expected


def trimmed(rows: list[list[str | None]]) -> tuple[tuple[Value, ...], ...]:
    return reading._trimmed([cell or None for cell in row] for row in rows)


@given(st.text(max_size=6))
def test_nothing_that_is_written_runs_and_nothing_is_lost(cell: str) -> None:
    assert not neutral(cell).startswith(FORMULA_STARTS)
    assert plain(neutral(cell)) == cell


def test_numbers_keep_their_digits() -> None:
    amounts = [Decimal("0.1"), Decimal("12345678901234567890.5"), Decimal("-3"), Decimal("1E+3")]
    file = io.BytesIO()
    write_xlsx(file, {"S": [amounts]}, heads=0)
    (sheet,) = read_sheets(file.getvalue(), "own.xlsx")
    assert sheet.rows[0] == (Decimal("0.1"), "12345678901234567890.5", Decimal(-3), Decimal(1000))
    assert only(csv_bytes([amounts])).rows[0] == ("0.1", "12345678901234567890.5", "-3", "1000")


def test_the_same_rows_give_the_same_bytes() -> None:
    first, second = io.BytesIO(), io.BytesIO()
    for file in (first, second):
        write_xlsx(file, {"S": [["lot", "kg"], ["A", Decimal(5)]]})
    assert first.getvalue() == second.getvalue()


def test_what_does_not_fit_into_a_workbook_is_said() -> None:
    with pytest.raises(UsageError, match="cell B1 of sheet 'S' has more than 32,767 characters"):
        write_xlsx(io.BytesIO(), {"S": [["x", "y" * 40_000]]})
