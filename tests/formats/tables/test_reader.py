"""From the rows of a table to events and master data, and what becomes of rows that are none."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.tables.books import semicolons, workbook
from tracegraph.errors import UsageError
from tracegraph.formats.epcis import AcceptedEvent, AcceptedMasterData, Piece, Rejected
from tracegraph.formats.recognise import reader_of
from tracegraph.formats.source import SourceFile, Unpacked
from tracegraph.formats.tables.reader import TableOptions, is_table, read_tables, ways_of
from tracegraph.formats.tables.statements import lot_key

CELLS = st.sampled_from(
    [
        "",
        "D1",
        "Seed",
        "=1",
        "1.250",
        "12,5 kg",
        "2024-01-05",
        "05/06/2024",
        "2024",
        "45306",
        "n/a",
        "4.01E+12",
        "-3",
        "甲",
        "'",
    ]
)
DELIVERIES = ("delivery", "product", "lot", "quantity", "measure", "from", "to", "shipped", "received", "date")
PLAIN = TableOptions(ways=ways_of("dmy", "point"))


def pieces(data: bytes, options: TableOptions = PLAIN, strict: bool = False) -> list[Piece]:
    file = SourceFile("sent.csv", stream=io.BytesIO(data))
    return list(read_tables(file, Unpacked(io.BytesIO(data)), strict=strict, options=options))


def deliveries(*rows: tuple[str, ...]) -> list[Piece]:
    return pieces(semicolons([DELIVERIES, *rows]))


def events(found: list[Piece]) -> list[AcceptedEvent]:
    return [piece for piece in found if isinstance(piece, AcceptedEvent)]


def reason(found: list[Piece]) -> str:
    (piece,) = found
    assert isinstance(piece, Rejected)
    return piece.reason


def test_a_delivery_ships_and_is_received_by_the_same_document() -> None:
    left, came = events(deliveries(("D1", "Seed", "L1", "12.5", "kg", "Farm", "Mill", "03/01/2024", "05/01/2024", "")))
    assert (left.facts.step, left.facts.source_place, left.facts.destination_place) == ("shipping", "Farm", "Mill")
    assert (came.facts.step, came.facts.biz_location, came.facts.day) == ("receiving", "Mill", True)
    assert left.facts.documents == came.facts.documents
    (named,) = left.facts.named
    assert (named.unit, str(named.quantity)) == ("urn:tracegraph:lot:Seed:L1", str(came.facts.named[0].quantity))
    assert (left.position.line, left.findings) == (2, ())


@pytest.mark.parametrize(
    ("dates", "steps"),
    [
        (("2024-01-03", "", ""), ["shipping"]),
        (("", "2024-01-03", ""), ["shipping", "receiving"]),
        (("", "", "2024-01-03"), ["shipping", "receiving"]),
    ],
)
def test_what_a_missing_date_means(dates: tuple[str, ...], steps: list[str]) -> None:
    found = events(deliveries(("D1", "Seed", "L1", "1", "", "Farm", "Mill", *dates)))
    assert [event.facts.step for event in found] == steps


def test_a_month_is_its_last_day_and_says_so() -> None:
    found = events(deliveries(("D1", "Seed", "L1", "1", "", "Farm", "Mill", "", "", "2024-02")))
    assert b'"eventTime":"2024-02-29T00:00:00Z"' in found[0].entry_payload
    assert [finding.code for finding in found[0].findings] == ["assumed_time"]


def test_without_a_lot_number_the_delivery_is_the_unit() -> None:
    found = events(deliveries(("D 1", "Seed", "", "1", "", "Farm", "Mill", "", "", "2024-01-03")))
    assert found[0].facts.named[0].unit == "urn:tracegraph:delivery:Farm:D%201"


@pytest.mark.parametrize(
    ("product", "code", "source", "key"),
    [
        ("https://id.gs1.org/01/09521000123458", "L1", "", "https://id.gs1.org/01/09521000123458/10/L1"),
        ("https://id.gs1.org/01/09521000123458", "甲", "Farm", "urn:tracegraph:lot:Farm:%E7%94%B2"),
        ("Seed", "L1", "", "urn:tracegraph:lot:Seed:L1"),
        ("Seed", "L1", "Farm", "urn:tracegraph:lot:Farm:L1"),
    ],
)
def test_keys_of_lots(product: str, code: str, source: str, key: str) -> None:
    assert lot_key(product, code, source) == key


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("D1", "S", "L", "x", "", "F", "M", "", "", "2024"), "sent.csv: cell D2 ('x') is no number"),
        (("D1", "S", "L", "-1", "", "F", "M", "", "", "2024"), "cell D2 ('-1') is a negative amount"),
        (("D1", "S", "L", "1", "", "", "M", "", "", "2024"), "cell F2 ('') is empty where from is needed"),
        (("D1", "S", "L", "1", "", "F", "M", "", "", "soon"), "cell J2 ('soon') is no date"),
        (("D1", "S", "L", "1", "", "F", "M", "", "", ""), "leaves open shipped or received or date"),
        (("", "S", "", "1", "", "F", "M", "", "", "2024"), "leaves open lot or identifier or delivery"),
        (("D1", "S", "4.01E+12", "1", "", "F", "M", "", "", "2024"), "cell C2 ('4.01E+12') has lost digits"),
    ],
)
def test_rejected_rows_name_their_cell_and_are_kept_whole(row: tuple[str, ...], said: str) -> None:
    found = deliveries(row)
    assert said in reason(found)
    assert isinstance(found[0], Rejected)
    kept = json.loads(found[0].data.read())
    assert kept == {name: cell for name, cell in zip(DELIVERIES, row, strict=True) if cell}


def test_good_rows_around_a_bad_one_are_taken() -> None:
    good = ("D1", "S", "L", "1", "", "F", "M", "", "", "2024-01-01")
    found = deliveries(good, ("D2", *good[1:3], "many", *good[4:]), ("D3", *good[1:]))
    assert [type(piece).__name__ for piece in found] == [
        *["AcceptedEvent"] * 2,
        "Rejected",
        *["AcceptedEvent"] * 2,
    ]


def test_rows_of_one_transformation_name_an_output_once() -> None:
    head = ("transformation", "site", "date", "input lot", "input quantity", "lot", "quantity")
    rows = [("T1", "Mill", "2024-01-05", lot, "50", "P", "100") for lot in ("A", "B")]
    found = events(pieces(semicolons([head, *rows])))
    assert [(event.facts.named[0].role, event.facts.named[0].unit) for event in found] == [
        ("input", "urn:tracegraph:lot::A"),
        ("output", "urn:tracegraph:lot::P"),
        ("input", "urn:tracegraph:lot::B"),
    ]
    assert {event.facts.transformation for event in found} == {"urn:tracegraph:transformation:Mill:T1"}


def test_goods_that_are_only_named_are_refused() -> None:
    rows = [("transformation", "site", "date", "ingredient", "lot"), ("T1", "Mill", "2024-01-05", "Seed", "P")]
    assert "cell D2 ('Seed') names goods without input_lot" in reason(pieces(semicolons(rows)))
    rows[1] = ("T1", "Mill", "2024-01-05", "09521000123458", "P")
    assert len(events(pieces(semicolons(rows)))) == 2


def test_master_data() -> None:
    data = workbook(
        {
            "Organisations": [("organisation", "name", "country"), ("4012345000016", "Grower", "DE")],
            "Sites": [("site", "name", "organisation", "latitude"), ("4012345000023", "Field", "4012345000016", 53.25)],
            "Products": [("product", "name"), ("09521000123458", "Seed")],
        }
    )
    found = [piece.master_data for piece in pieces(data) if isinstance(piece, AcceptedMasterData)]
    assert [(one.kind, one.id, one.name) for one in found] == [
        ("party", "https://id.gs1.org/417/4012345000016", "Grower"),
        ("site", "https://id.gs1.org/414/4012345000023", "Field"),
        ("product", "https://id.gs1.org/01/09521000123458", "Seed"),
    ]
    assert (found[1].party, found[1].latitude) == ("https://id.gs1.org/417/4012345000016", "53.25")


def test_columns_that_are_only_guessed_wait_for_somebody() -> None:
    data = semicolons([("Lott", "Supliers", "Customer", "Shipped"), ("L", "F", "M", "2024-01-01")])
    assert "guessed as deliveries: 'Lott' = lot" in reason(pieces(data))
    assert len(events(pieces(data, TableOptions(confirmed=True)))) == 1
    assert len(events(pieces(data, TableOptions(columns={"Lott": "lot", "Supliers": "from"})))) == 1


def test_sheets_that_are_no_table_are_rejected_whole() -> None:
    assert "no row names columns of a table" in reason(pieces(b"a;b\n1;2\n"))
    assert "has no column for from" in reason(pieces(b"Lot;Date;To\nL;2024;M\n"))
    assert "encoding" in reason(pieces("Größe;x\n".encode("windows-1252")))


def test_a_broken_row_ends_the_sheet_and_the_rest_is_kept() -> None:
    good = semicolons([DELIVERIES, ("D1", "S", "L", "1", "", "F", "M", "", "", "2024-01-01")])
    found = pieces(good + b'D2;"S\n')
    assert len(events(found)) == 2
    assert isinstance(found[-1], Rejected)
    assert found[-1].data.read() == b'D2;"S\n'


def test_strict_refuses_what_was_assumed() -> None:
    data = semicolons([DELIVERIES, ("D1", "S", "L", "1", "kg", "F", "M", "", "", "2024-01")])
    found = pieces(data, strict=True)
    assert {type(piece) for piece in found} == {Rejected}


def test_recognised_by_what_a_file_begins_with() -> None:
    assert is_table(semicolons([DELIVERIES]))
    assert is_table(workbook({"S": [("x",)]}))
    assert not is_table(b"some text; with a separator\n")
    assert not is_table(b"")
    auto = reader_of("auto")
    data = semicolons([DELIVERIES, ("D1", "S", "L", "1", "", "F", "M", "", "", "2024-01-01")], "utf-16")
    assert len(list(auto(SourceFile("f"), Unpacked(io.BytesIO(data)), strict=False))) == 2


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=10, max_size=10), min_size=1, max_size=3))
def test_every_row_is_taken_or_rejected_whole(rows: list[list[str]]) -> None:
    found = pieces(workbook({"Deliveries": [DELIVERIES, *rows]}))
    filled = {number for number, row in enumerate(rows, 2) if any(cell.strip() for cell in row)}
    taken = {piece.position.line for piece in found if isinstance(piece, AcceptedEvent)}
    refused = {piece.position.line for piece in found if isinstance(piece, Rejected)}
    assert taken | refused == filled
    assert not taken & refused


def test_ways_are_said_in_known_words() -> None:
    with pytest.raises(UsageError, match="'us' is no order"):
        ways_of("us", "")
    with pytest.raises(UsageError, match="'dot' is no decimal mark"):
        ways_of("", "dot")
