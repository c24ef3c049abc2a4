"""What a file tells as events and master data, and what becomes of rows that tell nothing."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.foodchainlab.building import (
    DELIVERIES,
    STATIONS,
    document,
    documents,
    elements,
    encoded,
    events,
    pieces,
    rejections,
)
from tracegraph.formats.foodchainlab import is_foodchainlab_json
from tracegraph.formats.foodchainlab.names import delivery_key, event_id, lot_key, station_key
from tracegraph.formats.foodchainlab.story import Story

MILL, BAKERY = station_key("S3", "Mill"), station_key("S4", "Bakery")
V0: dict[str, Any] = {
    "title": "bread",
    "investigator": "authority 1",
    "stations": [{"id": "S3", "name": "Mill", "lat": 52.5, "zip": "10115"}, {"id": "S4", "name": "Bakery"}],
    "deliveries": [{"id": "D3", "name": "Flour", "lot": "F1", "date": "2016-01-05", "source": "S3", "target": "S4"}],
    "deliveriesRelations": [],
}


def test_a_delivery_is_shipped_and_received() -> None:
    found = events(pieces(encoded(document(relations=[]))))
    assert [piece.facts.step for piece in found] == ["shipping", "receiving"] * len(DELIVERIES)
    shipping, receiving = (piece.facts for piece in found if piece.facts.named[0].unit == delivery_key(MILL, "D3"))
    assert (shipping.read_point, shipping.destination_place) == (MILL, BAKERY)
    assert (receiving.biz_location, receiving.source_place) == (BAKERY, MILL)
    assert shipping.event_id == event_id(delivery_key(MILL, "D3"), "shipping")
    assert shipping.documents == receiving.documents
    assert str(shipping.named[0].quantity) == str(receiving.named[0].quantity)
    assert shipping.named[0].quantity is not None
    assert (str(shipping.named[0].quantity.value), shipping.named[0].quantity.unit) == ("25", "KGM")
    assert all(piece.facts.day for piece in found)


def test_what_was_made_of_what_is_a_transformation_where_it_was_made() -> None:
    found = [piece.facts for piece in events(pieces(encoded(document()))) if piece.facts.type == "TransformationEvent"]
    bread = next(facts for facts in found if delivery_key(BAKERY, "D5") in facts.numbers())
    assert bread.numbers() == {delivery_key(MILL, "D3"), delivery_key(MILL, "D4"), delivery_key(BAKERY, "D5")}
    assert bread.biz_location == BAKERY
    assert len(found) == 4


def test_a_station_is_a_site_and_its_party() -> None:
    found = [piece.master_data for piece in elements(pieces(encoded(document())))]
    farm = station_key("S1", "Farm North")
    site, party = (next(one for one in found if (one.kind, one.id) == (kind, farm)) for kind in ("site", "party"))
    assert (site.name, site.country, site.latitude, site.party) == ("Farm North", "DE", "52.5", farm)
    assert party.name == "Farm North"
    lot = next(one for one in found if one.id == delivery_key(MILL, "D3"))
    assert (lot.kind, lot.name, lot.attributes["tracegraph:lot"]) == ("other", "Flour", lot_key(MILL, "F1"))


def test_findings_say_what_is_not_stated() -> None:
    found = {
        piece.facts.event_id: [one.code for one in piece.findings] for piece in events(pieces(encoded(document())))
    }
    flour, rye = delivery_key(MILL, "D3"), delivery_key(station_key("S1", "Farm North"), "D1")
    assert found[event_id(flour, "shipping")] == ["assumed_time"]
    assert found[event_id(rye, "shipping")] == []
    assert found[event_id(rye, "receiving")] == ["assumed_time"]
    month = next(p for p in events(pieces(encoded(document()))) if "month" in p.entry_payload.decode())
    assert month.facts.assumed == "month"
    assert {piece.facts.assumed for piece in events(pieces(encoded(document())))} == {"", "month", "unknown"}


def test_dates_that_contradict_a_relation_are_told() -> None:
    deliveries = [
        {"ID": "D1", "from": "S1", "to": "S3", "Date Delivery": "2016-01-09"},
        {"ID": "D2", "from": "S3", "to": "S4", "Date Delivery": "2016-01-02", "Date Delivery Arrival": "2016-01-01"},
        {"ID": "D3", "from": "S3", "to": "S4", "Date Delivery": "7/8/2016"},
    ]
    found = [
        one
        for piece in events(pieces(encoded(document(STATIONS, deliveries, [("D1", "D2")]))))
        for one in piece.findings
    ]
    assert sum(one.code == "time_conflict" for one in found) == 2
    assert [one.message for one in found if one.code == "unreadable_date"] == [
        "Date Delivery '7/8/2016' is no date that is certain (2016-01-04, 04.01.2016, 2016-01, 2016); unknown."
    ]


def test_format_v0_tells_the_same() -> None:
    old = pieces(encoded(V0))
    new = pieces(encoded(document([{"ID": "S3", "Name": "Mill"}, {"ID": "S4", "Name": "Bakery"}], [
        {"ID": "D3", "Name": "Flour", "Lot Number": "F1", "Date Delivery": "2016-01-05", "from": "S3", "to": "S4"}
    ], [])))  # fmt: skip
    assert not rejections(old)
    assert [(p.facts.event_id, p.facts.instant, p.facts.named) for p in events(old)] == [
        (p.facts.event_id, p.facts.instant, p.facts.named) for p in events(new)
    ]


BAD: list[tuple[dict[str, Any], str, str]] = [
    (document([*STATIONS, {"Name": "x"}]), "/data/stations/data/6", "has no ID"),
    (document([*STATIONS, STATIONS[0]]), "/data/stations/data/6", "is that of /data/stations/data/0 already"),
    (document(deliveries=[*DELIVERIES, {"ID": "D9", "to": "S1"}]), "/data/deliveries/data/6", "names no supplier"),
    (document(deliveries=[*DELIVERIES, DELIVERIES[1]]), "/data/deliveries/data/6", "already"),
    (document(relations=[("D1", "")]), "/data/deliveryRelations/data/0", "has no 'to'"),
    (document(relations=[("D1", "D99")]), "/data/deliveryRelations/data/0", "which no row describes"),
    (document(relations=[("D1", "D5")]), "/data/deliveryRelations/data/0", "joins what 'S3' received to what 'S4'"),
    (document(relations=[("D1", "D1")]), "/data/deliveryRelations/data/0", "its own ingredient"),
    (document(relations=[("D1", "D3")] * 2), "/data/deliveryRelations/data/1", "counts once"),
    (document(tracing={"nodes": [{"id": "S9", "weight": 1}]}), "/tracing/nodes/0", "no row of the tables has"),
    (document(tracing={"nodes": [{"weight": 1}]}), "/tracing/nodes/0", "names nothing"),
    (document(tracing={"deliveries": [{"id": "D1"}, {"id": "D1"}]}), "/tracing/deliveries/1", "a second time"),
    ({"stations": [7], "deliveries": []}, "/stations/0", "an object was expected"),
    ({"data": {"stations": {"data": [{"ID": "S1"}]}}}, "/data/stations/data/0", "a list of cells"),
    ({"data": {"stations": {"data": [["S1"]]}}}, "/data/stations/data/0", "no object with the id"),
    ({"data": {"stations": {"data": [[{"id": "ID", "value": "1"}] * 2]}}}, "/data/stations/data/0", "stands twice"),
    ({"data": {"stations": {"data": "none"}}}, "/data/stations/data", "a list was expected"),
    ({"data": 5}, "/data", "an object was expected"),
]


@pytest.mark.parametrize(("value", "pointer", "reason"), BAD, ids=[pointer + reason for _, pointer, reason in BAD])
def test_a_row_that_tells_nothing_is_rejected_whole(value: dict[str, Any], pointer: str, reason: str) -> None:
    (one,) = rejections(pieces(encoded(value)))
    assert one.position.pointer == pointer
    assert reason in one.reason
    held: Any = value
    for step in pointer.split("/")[1:]:
        held = held[int(step)] if isinstance(held, list) else held[step]
    assert json.loads(one.data.read()) == held


def test_a_station_that_no_row_describes_is_known_by_its_id() -> None:
    found = pieces(encoded(document(STATIONS[:3], relations=[])))
    assert not rejections(found)
    assert station_key("S5", "") in {piece.master_data.id for piece in elements(found)}
    assert {one.code for piece in events(found) for one in piece.findings} == {"assumed_time", "station_not_described"}


def test_what_stands_before_damage_is_read() -> None:
    whole = encoded(V0)
    cut = whole.index(b'"deliveriesRelations"')
    found = pieces(whole[:cut])
    assert len(events(found)) == 2
    (damage,) = rejections(found)
    assert "is no valid JSON" in damage.reason
    assert len(events(pieces(whole + b" {}"))) == 2
    assert "nothing may follow" in rejections(pieces(whole + b" {}"))[0].reason


def test_packed_files_and_nothing_at_all() -> None:
    assert len(events(pieces(gzip.compress(encoded(V0))))) == 2
    cut = pieces(gzip.compress(encoded(V0))[:-20])
    assert any("cut off" in one.reason for one in rejections(cut))
    (nothing,) = pieces(b'{"version": "1.2.0", "data": {}}')
    assert "no stations and no deliveries" in rejections([nothing])[0].reason
    assert json.loads(rejections([nothing])[0].data.read()) == {"version": "1.2.0"}


def test_strict_rejects_what_is_doubtful() -> None:
    found = pieces(encoded(document()), strict=True)
    assert all(not piece.findings for piece in events(found))
    assert {"rejected as strict" in one.reason for one in rejections(found)} == {True}


@pytest.mark.parametrize(
    ("beginning", "meant"),
    [
        (b'{"version": "1.0.0"', True),
        (b'\xef\xbb\xbf\n { "data" :', True),
        (b'{"title":"a","investigator"', True),
        (b'{"type": "EPCISDocument"', False),
        (b'{"@context": []', False),
        (b"[]", False),
        (b'{"\\ud8', False),
        (b"<a/>", False),
        (b"", False),
    ],
)
def test_a_file_is_known_by_its_first_member(beginning: bytes, meant: bool) -> None:
    assert is_foodchainlab_json(beginning) is meant


@settings(max_examples=30)
@given(documents(), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_members_does_not_matter(value: dict[str, Any], chance: Any) -> None:
    other = json.loads(json.dumps(value))
    for table in ("stations", "deliveries", "deliveryRelations"):
        chance.shuffle(other["data"][table]["data"])
    other["data"] = dict(reversed(other["data"].items()))
    one, two = ({piece.facts.content_hash for piece in events(pieces(encoded(each)))} for each in (value, other))
    assert one == two


@settings(max_examples=60)
@given(st.data())
def test_hostile_input_never_breaks_the_reader(data: st.DataObject) -> None:
    """Any JSON where the format has something else; every piece is one sentence or something to store."""
    names = st.sampled_from(["id", "value", "data", "stations", "deliveries", "nodes", "ID", "from", "to", "x"])
    leaf = st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.sampled_from(["S1", "D1", "\ud800"])
    inner = st.recursive(leaf, lambda more: st.lists(more, max_size=3) | st.dictionaries(names, more, max_size=3))
    value = data.draw(st.dictionaries(st.sampled_from(["data", "tracing", "stations", "deliveries", "y"]), inner))
    text = json.dumps(value).encode()
    cut = data.draw(st.integers(0, len(text)))
    for found in (pieces(text), pieces(text[:cut])):
        assert found
        assert all(one.reason.endswith(".") for one in rejections(found))


def test_the_story_of_nothing_is_empty() -> None:
    assert Story().begins_late() == []
