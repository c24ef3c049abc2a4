"""What is told of each event found, and of dates, conflicts and declared errors."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.formats.epcis.building import event
from tests.query.conftest import capture, microseconds
from tests.query.generated import CONTEXT, RECORDED
from tracegraph import Tracegraph
from tracegraph.capture import Capture
from tracegraph.formats.epcis import event_as_json
from tracegraph.query import find, find_page, read_body, read_url
from tracegraph.stores.port import Store


def found(store: Store, **parameters: str) -> list[Any]:
    return list(find(store, read_url(parameters.items(), CONTEXT)))


def test_what_is_told_of_an_event(store: Store) -> None:
    written = event(eventID="urn:x-event:1", recordTime="1999-01-01T00:00:00Z", **{"ex:size": 1})
    capture(store, [written], RECORDED[0])
    (one,) = found(store)
    (stored,) = store.events()
    assert (one.position, one.recorded_at, one.content_hash) == (
        1,
        microseconds(RECORDED[0]),
        stored.facts.content_hash,
    )
    assert event_as_json(one.event) == written
    shown = one.as_json()
    assert shown == written | {"recordTime": "2026-03-11T00:00:00Z", "@context": [CONTEXT]}
    assert list(shown["@context"]) == [CONTEXT]
    assert found(store, GE_recordTime="2026-03-11T00:00:00Z")
    assert not found(store, LT_recordTime="2026-03-11T00:00:00Z")


def test_a_record_time_that_is_none_does_not_hide_the_true_one(store: Store) -> None:
    capture(store, [event(recordTime=7)], RECORDED[0])
    assert found(store)[0].as_json()["recordTime"] == "2026-03-11T00:00:00Z"


def test_the_content_hash_of_an_event_without_event_id(store: Store) -> None:
    capture(store, [event()], RECORDED[0])
    assert [one.content_hash for one in found(store)] == [one.facts.content_hash for one in store.events()]


def test_an_event_id_of_different_contents_is_a_conflict(store: Store) -> None:
    same = event(eventID="urn:x-event:1")
    declared = same | {"errorDeclaration": {"declarationTime": "2026-02-01T00:00:00Z"}}
    capture(store, [same, declared, event(eventID="urn:x-event:2"), event()], RECORDED[0])
    assert [one.conflicting for one in found(store)] == [False] * 4
    capture(store, [event(eventID="urn:x-event:2", bizStep="shipping")], RECORDED[1])
    assert [one.conflicting for one in found(store)] == [False, False, True, False, True]
    assert [one.conflicting for one in find_page(store, read_url([("EQ_bizStep", "shipping")])).events] == [True]
    assert not any(one.conflicting for one in find(store, read_url([]), as_of=microseconds(RECORDED[0])))


def test_a_date_is_its_beginning_and_after_le_its_end(store: Store) -> None:
    for number, time in enumerate(("2026-01-30T23:59:59Z", "2026-01-31T00:00:00Z", "2026-01-31T23:59:59.999Z")):
        capture(store, [event(eventTime=time, eventID=f"urn:x-event:{number}")], RECORDED[0])
    for parameter, count in {"GE_eventTime": 2, "LT_eventTime": 1, "LE_eventTime": 3}.items():
        assert len(found(store, **{parameter: "2026-01-31"})) == count
    assert len(found(store, LE_recordTime="2026-03-11")) == 3
    assert len(found(store, LE_recordTime="2026-03-10")) == 0


def test_a_large_number_is_compared_exactly(store: Store) -> None:
    lot = "urn:epc:class:lgtin:4012345.012345.998877"
    exact = "12345678901234567.000000000000000001"
    capture(store, [], RECORDED[0])
    capture_text(
        store,
        json.dumps(event(epcList=None, quantityList=[{"epcClass": lot, "quantity": 0}])).replace(" 0}", f" {exact}}}"),
    )
    assert len(found(store, EQ_quantity=exact)) == 1
    assert len(found(store, EQ_quantity="12345678901234567")) == 0
    assert len(found(store, GT_quantity="12345678901234567")) == 1


def capture_text(store: Store, text: str) -> None:
    assert Capture(store, clock=lambda: 0).run([io.BytesIO(text.encode())]).accepted == 1


@pytest.mark.parametrize(
    ("asked", "held", "equal"),
    [
        ("7", 7, True),
        ("7.0", 7, True),
        ("7", "7", True),
        ("7", "007", False),
        ("7.0", "7", False),
        ("true", True, True),
        ("1", True, False),
        ("2026-01-31T12:00:00Z", "2026-01-31T13:00:00+01:00", True),
        ("2026-01-31", "2026-01-31T00:00:00Z", False),
        ("green", ["blue", "green"], True),
        ("7", {"@value": 7, "@type": "xsd:integer"}, True),
        ("7", {"ex:inner": 7}, False),
        ("null", None, False),
    ],
)
def test_equality_of_extension_values(store: Store, asked: str, held: object, equal: bool) -> None:
    capture(store, [event(**{"ex:f": 0}) | {"ex:f": held}], RECORDED[0])
    assert bool(found(store, **{"EQ_ex:f": asked})) is equal


def test_namespaces_of_an_event_itself_and_full_names(store: Store) -> None:
    own = event(**{"@context": {"mine": "http://mine.example/terms"}, "mine:size": 5})
    capture(store, [own], RECORDED[0])
    for name in ("http://mine.example/terms#size", "http://mine.example/terms/size", "my:size", "my#size"):
        asked = read_body({"@context": [{"my": "http://mine.example/terms#"}], f"EQ_{name}": 5})
        assert len(list(find(store, asked))) == 1, name
    assert not list(find(store, read_body({"EQ_http://other.example/terms#size": 5})))


def test_the_documents_of_the_reference(reference: Path, tmp_path: Path) -> None:
    """Query documents are captured, and each of their events is found by its own type, step and items; the query that
    comes with them is answered, and those that are marked invalid are refused."""
    folder = reference / "epcis" / "openepcis" / "JSON" / "Query"
    documents = sorted(folder.glob("*.json"))
    assert documents
    with Tracegraph.open(f"sqlite:///{tmp_path}/reference.db") as graph:
        report = graph.capture(*documents, rejects=None)
        listed = list(find(graph.store, read_url([])))
        assert len(listed) == report.accepted
        for one in listed:
            own = read_url(its_own(one.event), [*one.event.document_context, one.event.context])
            assert one.position in {same.position for same in find(graph.store, own)}
        answered = json.loads((folder / "Queries" / "SimpleEventQuery.json").read_text())
        assert list(find(graph.store, read_body(answered))) == []
        matching = its_match(answered)
        capture(graph.store, [matching], RECORDED[0])
        assert [one.as_json()["eventID"] for one in find(graph.store, read_body(answered))] == [matching["eventID"]]


def its_own(parsed: Any) -> list[tuple[str, str]]:
    """A query that an event answers."""
    asked = [
        ("eventType", parsed.type.text),
        ("GE_eventTime", parsed.event_time.text),
        ("LE_eventTime", parsed.event_time.text),
    ]
    if parsed.biz_step is not None:
        asked.append(("EQ_bizStep", parsed.biz_step.text))
    items = [one.text for one in (*(parsed.epc_list or ()), *(parsed.child_epcs or ()))]
    return [*asked, *(("MATCH_anyEPC", one) for one in items)]


def its_match(asked: dict[str, Any]) -> dict[str, Any]:
    """An event that answers the reference's query, written down from what it asks."""
    return event(
        eventID="urn:x-event:match",
        eventTime="2026-06-01T00:00:00Z",
        action="ADD",
        bizStep="shipping",
        disposition="urn:epcglobal:cbv:disp:in_transit",
        bizLocation={"id": asked["EQ_bizLocation"][0]},
        epcList=asked["MATCH_epc"],
        quantityList=[{"epcClass": "urn:epc:class:lgtin:4012345.012345.1", "quantity": 499, "uom": "KGM"}],
    )


@pytest.mark.parametrize("name", ["Query_with_invalid_values", "Query_with_unknown_parameter"])
def test_the_invalid_queries_of_the_reference(reference: Path, name: str) -> None:
    path = reference / "epcis" / "openepcis" / "JSON" / "Query" / "Queries" / "Invalid" / f"{name}.json"
    with pytest.raises(ValueError, match="the query parameter GE_event"):
        read_body(json.loads(path.read_text()))
