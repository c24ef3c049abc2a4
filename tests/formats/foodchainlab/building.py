"""FoodChain-Lab documents for tests, in a few words each, and what its own tracing would say of them."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from tests.formats.epcis.building import encoded
from tests.trace.memory import MemoryStore
from tracegraph import Tracegraph
from tracegraph.capture import Capture, CaptureReport
from tracegraph.formats.epcis import AcceptedEvent, AcceptedMasterData, Piece, Rejected
from tracegraph.formats.foodchainlab import read_file
from tracegraph.formats.source import SourceFile, Unpacked

Row = Mapping[str, Any]

#: Two farms, a mill, a bakery, two shops: D5 is bread of D3 and D4, D6 is bread of D4 alone.
STATIONS: list[Row] = [
    {"ID": "S1", "Name": "Farm North", "Country": "DE", "Latitude": 52.5, "type of business": "Farm"},
    {"ID": "S2", "Name": "Farm South"},
    {"ID": "S3", "Name": "Mill"},
    {"ID": "S4", "Name": "Bakery"},
    {"ID": "S5", "Name": "Shop"},
    {"ID": "S6", "Name": "Market"},
]
DELIVERIES: list[Row] = [
    {"ID": "D1", "from": "S1", "to": "S3", "Name": "Rye", "Lot Number": "R7", "Date Delivery": "2016-01-02"},
    {"ID": "D2", "from": "S2", "to": "S3", "Name": "Rye", "Date Delivery Arrival": "03.01.2016"},
    {"ID": "D3", "from": "S3", "to": "S4", "Name": "Flour", "Lot Number": "F1", "Amount": "25 kg"},
    {"ID": "D4", "from": "S3", "to": "S4", "Name": "Flour", "Lot Number": "F1", "Date Delivery": "2016-01"},
    {"ID": "D5", "from": "S4", "to": "S5", "Name": "Bread", "Date Delivery": "2016-01-09"},
    {"ID": "D6", "from": "S4", "to": "S6", "Name": "Bread"},
]
RELATIONS = [("D1", "D3"), ("D2", "D4"), ("D3", "D5"), ("D4", "D5"), ("D4", "D6")]


def document(
    stations: Iterable[Row] = STATIONS,
    deliveries: Iterable[Row] = DELIVERIES,
    relations: Iterable[tuple[str, str]] = RELATIONS,
    **members: Any,
) -> dict[str, Any]:
    """A document in format v1."""
    joined = [{"from": one, "to": other} for one, other in relations]
    tables = {"stations": stations, "deliveries": deliveries, "deliveryRelations": joined}
    data = {"version": "1.2.0", **{name: table(rows) for name, rows in tables.items()}}
    return {"version": "1.2.0", "data": data, **members}


def table(rows: Iterable[Row]) -> dict[str, Any]:
    """Rows as a table of cells."""
    listed = list(rows)
    columns = dict.fromkeys(name for row in listed for name in row)
    return {
        "columnProperties": [{"id": name, "type": "string"} for name in columns],
        "data": [[{"id": name, "value": value} for name, value in row.items()] for row in listed],
    }


def pieces(data: bytes, strict: bool = False) -> list[Piece]:
    """All pieces of a file."""
    stream = Unpacked(io.BytesIO(data))
    return list(read_file(SourceFile("file.json", stream=io.BytesIO(data)), stream, strict=strict))


def events(found: Iterable[Piece]) -> list[AcceptedEvent]:
    """The events among the pieces."""
    return [piece for piece in found if isinstance(piece, AcceptedEvent)]


def elements(found: Iterable[Piece]) -> list[AcceptedMasterData]:
    """The master data among the pieces."""
    return [piece for piece in found if isinstance(piece, AcceptedMasterData)]


def rejections(found: Iterable[Piece]) -> list[Rejected]:
    """The rejected pieces among them."""
    return [piece for piece in found if isinstance(piece, Rejected)]


def captured(*documents: Any) -> tuple[Tracegraph, list[CaptureReport]]:
    """A graph in memory of these documents, and what became of each."""
    store = MemoryStore()
    reports = []
    for one in documents:
        work = Capture(store, lambda: 1_500_000_000_000_000, form="auto")
        reports.append(work.run([io.BytesIO(one if isinstance(one, bytes) else encoded(one))]))
    return Tracegraph(store, "en"), reports


def reached(starts: Collection[str], relations: Iterable[tuple[str, str]], direction: str) -> set[str]:
    """What FoodChain-Lab reaches from deliveries by relations alone, the starts included."""
    onwards: dict[str, set[str]] = {}
    for pair in relations:
        one, other = pair if direction == "forward" else reversed(pair)
        onwards.setdefault(one, set()).add(other)
    found, todo = set(starts), list(starts)
    while todo:
        new = onwards.get(todo.pop(), set()) - found
        found |= new
        todo += new
    return found


_DATES = (None, "2016", "2016-01", "02.2016", "2016-01-03", "2016-01-04", "05.02.2016", "1/2/2016", "2015-12-30T10:00")
_AMOUNTS = (None, "12 kg", "0.5 t", "3 pieces", "two boxes")


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Any small network: circles, deliveries to oneself, dates that contradict each other, and none at all."""
    names = [f"S{number}" for number in range(draw(st.integers(1, 4)))]
    stations = [{"ID": name, "Name": draw(st.sampled_from(["", "Mill", "Dépôt 仓库"])), "x": 1} for name in names]
    station = st.sampled_from(names)
    deliveries = [
        {
            "ID": f"D{number}",
            "from": draw(station),
            "to": draw(station),
            "Name": draw(st.sampled_from(["Flour", "Rye"])),
            "Lot Number": draw(st.sampled_from([None, "L1", "L2"])),
            "Date Delivery": draw(st.sampled_from(_DATES)),
            "Date Delivery Arrival": draw(st.sampled_from(_DATES)),
            "Amount": draw(st.sampled_from(_AMOUNTS)),
        }
        for number in range(draw(st.integers(1, 7)))
    ]
    return document(stations, deliveries, draw(st.just(_possible(deliveries)).flatmap(_some)))


def _possible(deliveries: Sequence[Row]) -> list[tuple[str, str]]:
    """All relations that the deliveries admit."""
    return [(a["ID"], b["ID"]) for a in deliveries for b in deliveries if a is not b and a["to"] == b["from"]]


def _some(pairs: list[tuple[str, str]]) -> st.SearchStrategy[list[tuple[str, str]]]:
    return st.lists(st.sampled_from(pairs), unique=True) if pairs else st.just([])
