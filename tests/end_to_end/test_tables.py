"""Plain tables through a store and back: captured, written again, captured again, nothing lost and nothing new."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.tables.books import workbook
from tracegraph import Tracegraph
from tracegraph.errors import UsageError
from tracegraph.formats.tables.kinds import table_kinds
from tracegraph.formats.tables.reader import TableOptions, ways_of
from tracegraph.reports.tables import csv_tables, tables_of
from tracegraph.stores.port import EntryKind
from tracegraph.trace.snapshot import Snapshot

EXACT = TableOptions(ways=ways_of("ymd", "point"), confirmed=True)
NAMES = st.sampled_from(["Farm", "农场", "=1+1", "4012345000016", "a;b, c", "O'Neil", "'x", "+49", "Mill No. 2"])
CODES = st.sampled_from(["L1", "007", "甲-7", "@x", "a/b", "48088", "1.250", "2024-01-05"])
PRODUCTS = st.sampled_from(["", "Seed", "09521000123458", "-"])
AMOUNTS = st.sampled_from(["", "1.250", "12.50", "10500", "0.001", "12345678901234567890.5"])
DATES = st.sampled_from(["2024-01-05", "2024-02", "2023", "2024-01-05T10:30:00Z", "2024-01-05T23:59:59+08:00"])
MEASURES = st.sampled_from(["", "kg", "crates", "LTR"])
DELIVERY = st.fixed_dictionaries(
    {
        "delivery": st.sampled_from(["", "D1", "D 2", "=D3"]),
        "product": PRODUCTS,
        "lot": CODES,
        "lot_source": st.sampled_from(["", "Farm", "农场"]),
        "quantity": AMOUNTS,
        "measure": MEASURES,
        "from": NAMES,
        "to": NAMES,
        "shipped": st.one_of(st.just(""), DATES),
        "received": st.one_of(st.just(""), DATES),
        "date": DATES,
        "Remark": st.sampled_from(["", "late", "=cmd"]),
    }
)
TRANSFORMATION = st.fixed_dictionaries(
    {
        "transformation": st.sampled_from(["", "T1", "T 2"]),
        "site": NAMES,
        "date": DATES,
        "input_product": st.sampled_from(["", "09521000123458"]),
        "input_lot": st.one_of(st.just(""), CODES),
        "input_quantity": AMOUNTS,
        "input_measure": MEASURES,
        "product": PRODUCTS,
        "lot": CODES,
        "quantity": AMOUNTS,
        "measure": MEASURES,
        "Shift": st.sampled_from(["", "早班"]),
    }
)
SITE = st.fixed_dictionaries(
    {
        "site": NAMES,
        "name": NAMES,
        "organisation": st.one_of(st.just(""), NAMES),
        "latitude": st.sampled_from(["", "53.125"]),
    }
)


def sheet(rows: list[dict[str, str]]) -> list[list[str]]:
    return [list(rows[0]), *([row[name] for name in rows[0]] for row in rows)] if rows else []


def held(graph: Tracegraph) -> tuple[set[bytes], set[tuple[str, str]]]:
    """The events, and the master data by what they say."""
    events = {entry.payload for entry in graph.store.entries() if entry.kind is EntryKind.EVENT}
    records = {(stored.record.id, repr(stored.record.data)) for stored in Snapshot.of(graph.store).records()}
    return events, records


@settings(max_examples=5, deadline=None)
@given(
    st.lists(DELIVERY, min_size=1, max_size=4),
    st.lists(TRANSFORMATION, max_size=3),
    st.lists(SITE, max_size=2, unique_by=lambda row: row["site"]),
)
def test_tables_store_tables(deliveries: Any, transformations: Any, sites: Any) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        book = folder / "sent.xlsx"
        sheets = {"Deliveries": deliveries, "Transformations": transformations, "Sites": sites}
        book.write_bytes(workbook({title: sheet(rows) for title, rows in sheets.items()}))
        with Tracegraph.open(f"sqlite:///{folder}/first.db") as first:
            report = first.capture(book, rejects=None, tables=EXACT)
            assert report.reasons == [], report.reasons
            expected = held(first)
            first.export("xlsx", folder / "again.xlsx")
            again = first.capture(folder / "again.xlsx", rejects=None)
            assert (again.accepted, again.master_data, again.reasons) == (0, 0, [])
            (folder / "csv").mkdir()
            for kind, data in csv_tables(Snapshot.of(first.store), "zh", {}).items():
                (folder / "csv" / f"{kind}.csv").write_bytes(data)
        for source in ("again.xlsx", "csv"):
            with Tracegraph.open(f"sqlite:///{folder}/{source}.db") as other:
                assert other.capture(folder / source, rejects=None).reasons == []
                assert held(other) == expected


def test_the_tables_hold_every_cell_that_was_sent(tmp_path: Path) -> None:
    head = [*table_kinds()["deliveries"].columns, "Price"]
    row = ["D1", "Seed", "L1", "Farm", "", "12,5", "kg", "Farm", "Mill", "3.1.2024", "2024年2月", "", "9,90"]
    (tmp_path / "sent.csv").write_text(f"{';'.join(head)}\n{';'.join(row)}\n")
    with Tracegraph.open(f"sqlite:///{tmp_path}/store.db") as graph:
        options = TableOptions(ways=ways_of("dmy", "comma"))
        assert graph.capture(tmp_path / "sent.csv", rejects=None, tables=options).accepted == 2
        (found,) = tables_of(Snapshot.of(graph.store)).rows["deliveries"]
    assert found == {
        "table": "deliveries",
        "delivery": "D1",
        "product": "Seed",
        "lot": "L1",
        "lot_source": "Farm",
        "quantity": "12.5",
        "measure": "KGM",
        "from": "Farm",
        "to": "Mill",
        "shipped": "2024-01-03",
        "received": "2024-02",
        "others": {"Price": "9,90"},
    }


def test_events_of_other_formats_become_rows(tmp_path: Path) -> None:
    event = """{"type": "ObjectEvent", "eventTime": "2024-01-05T10:00:00Z", "eventTimeZoneOffset": "+00:00",
        "action": "OBSERVE", "bizStep": "%s", "readPoint": {"id": "https://farm.example/"},
        "epcList": ["urn:epc:id:sscc:9521000.0123456789"],
        "destinationList": [{"type": "location", "destination": "https://mill.example/"}]}"""
    (tmp_path / "two.json").write_text(f"[{event % 'shipping'}, {event % 'inspecting'}]")
    with Tracegraph.open(f"sqlite:///{tmp_path}/store.db") as graph:
        graph.capture(tmp_path / "two.json", rejects=None)
        found = tables_of(Snapshot.of(graph.store))
    assert found.left_out == 1
    (row,) = found.rows["deliveries"]
    assert (row["from"], row["to"], row["shipped"]) == (
        "https://farm.example/",
        "https://mill.example/",
        "2024-01-05T10:00:00Z",
    )
    assert row["identifier"] == "https://id.gs1.org/00/095210001234567896"


def test_a_data_frame_is_captured(tmp_path: Path) -> None:
    import pandas as pd

    frame = pd.DataFrame(
        {
            "Lot": ["007", None],
            "From": ["Farm", "Farm"],
            "To": ["Mill", "Mill"],
            "Date": pd.to_datetime(["2024-01-05", "2024-01-06"]),
            "Quantity (kg)": [1.25, float("nan")],
        }
    )
    with Tracegraph.open(f"sqlite:///{tmp_path}/store.db") as graph:
        report = graph.capture(frame, kind="deliveries", rejects=None)
        assert (report.accepted, report.rejected) == (2, 1)
        assert report.reasons[0].startswith("data frame: cell ")
        assert graph.capture(frame, kind="deliveries", rejects=None).duplicates == 2
        with pytest.raises(UsageError, match="no kind of table that is captured"):
            graph.capture(frame, kind="deliverys", rejects=None)
        answer = graph.trace("007")
        assert [holding["quantity"] for holding in answer.holdings if holding["place"]["id"] == "Mill"] == [
            {"value": "1.25", "unit": "KGM"}
        ]


def test_a_data_frame_of_records(tmp_path: Path) -> None:
    import pandas as pd

    frame = pd.DataFrame(
        {
            "evidence": ["E1", "E2"],
            "site": ["Mill", "Mill"],
            "at": ["2026-01-05", "2026-01-06"],
            "result": ["positive", "?"],
        }
    )
    with Tracegraph.open(f"sqlite:///{tmp_path}/store.db") as graph:
        report = graph.capture(frame, kind="evidence", rejects=None, tables=TableOptions(reason="laboratory"))
        assert (report.records, report.records_known, report.rejected) == (1, 0, 1)
        assert report.reasons[0].startswith(
            "data frame: cell Sheet1!D3 ('?') makes no evidence: result '?' is not offered"
        )
        (stored,) = graph.store.records("evidence")
        assert (stored.record.id, stored.record.reason) == ("E1", "laboratory")
