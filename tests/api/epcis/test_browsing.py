"""What there is to look at, and the events of each."""

from __future__ import annotations

from pathlib import Path
from typing import cast
from urllib.parse import quote

import pytest

from tests.api.epcis.conftest import LOT, SITE, Client, document, event
from tracegraph.api import Serving
from tracegraph.service import seen
from tracegraph.service.seen import Kind, Seen
from tracegraph.stores.port import Reading

OTHER = "https://id.gs1.org/414/9521234000013"
PARENT = "urn:example:crate:7"
EVENTS = [
    event(0, bizStep="commissioning", action="ADD", epcList=None, quantityList=[{"epcClass": LOT, "quantity": 1}]),
    event(1, bizStep="urn:epcglobal:cbv:bizstep:shipping", disposition="in_transit"),
    event(2, bizStep="https://example.com/steps#polishing", readPoint={"id": "urn:epc:id:sgln:9521234.00001.0"}),
    event(3, type="AggregationEvent", action="ADD", parentID=PARENT, epcList=None, bizStep=None,
          childEPCs=["urn:epc:id:sgtin:9521234.000001.1"], bizLocation={"id": SITE}),
]  # fmt: skip
LISTS = {
    "eventTypes": ["AggregationEvent", "ObjectEvent"],
    "bizSteps": ["commissioning", "https://example.com/steps#polishing", "shipping"],
    "dispositions": ["in_transit"],
    "readPoints": [SITE, OTHER],
    "bizLocations": [SITE],
    "epcs": [
        LOT,
        "https://id.gs1.org/01/09521234000013/21/1",
        "https://id.gs1.org/01/09521234000013/21/2",
        PARENT,
    ],
}


@pytest.fixture
def filled(client: Client) -> Client:
    client.capture(document(*EVENTS))
    return client


def test_lists_hold_what_events_name(filled: Client) -> None:
    for name, members in LISTS.items():
        assert filled.collection(name) == members, name


def test_an_empty_store_has_empty_lists(client: Client) -> None:
    for name in LISTS:
        assert client.collection(name) == []


def test_lists_grow_with_what_is_captured(filled: Client) -> None:
    filled.collection("bizSteps")
    filled.capture(document(event(9, bizStep="receiving")))
    assert "receiving" in filled.collection("bizSteps")
    assert filled.collection("readPoints") == LISTS["readPoints"]


def test_lists_come_in_pages(filled: Client) -> None:
    for name, members in LISTS.items():
        answer = filled.http.get(f"/epcis/{name}", params={"perPage": 1})
        found = answer.json()["member"]
        while "next" in answer.links:
            answer = filled.http.get(answer.links["next"]["url"])
            found += answer.json()["member"]
        assert found == members
    filled.refused("GET", "/epcis/epcs?nextPageToken=x", 404, "NoSuchResourceException")


@pytest.mark.parametrize("name", LISTS)
def test_each_member_can_be_looked_at_and_has_events(filled: Client, name: str) -> None:
    for member in LISTS[name]:
        path = f"/epcis/{name}/{quote(member, safe='')}"
        assert filled.http.get(path).json()["member"] == ["events"]
        assert filled.events(f"{path}/events"), member


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("eventTypes/ObjectEvent", 3),
        ("bizSteps/shipping", 1),
        ("bizSteps/https%3A%2F%2Fref.gs1.org%2Fcbv%2FBizStep-shipping", 1),
        ("bizSteps/urn:epcglobal:cbv:bizstep:shipping", 1),
        ("readPoints/urn:epc:id:sgln:9521234.00000.0", 3),
        ("bizLocations/urn:epc:id:sgln:9521234.00000.0", 1),
        ("epcs/urn:epc:class:lgtin:9521234.000001.L1", 1),
        ("epcs/urn:epc:id:sgtin:9521234.000001.1", 2),
        (f"epcs/{PARENT}", 1),
    ],
)
def test_members_are_found_in_every_form(filled: Client, path: str, count: int) -> None:
    assert len(filled.events(f"/epcis/{path}/events")) == count


def test_a_query_narrows_the_events_of_a_member(filled: Client) -> None:
    path = "/epcis/epcs/urn:epc:id:sgtin:9521234.000001.1/events"
    assert [one["type"] for one in filled.events(path, eventType="AggregationEvent")] == ["AggregationEvent"]
    assert len(filled.events(path, perPage=1, orderBy="eventTime")) == 2


@pytest.mark.parametrize(
    "path",
    ["eventTypes/TransactionEvent", "bizSteps/receiving", "bizSteps/nothing", "epcs/urn:x:y", "readPoints/urn:x:y"],
)
def test_what_no_event_names_is_unknown(filled: Client, path: str) -> None:
    filled.refused("GET", f"/epcis/{path}", 404, "NoSuchResourceException")
    filled.refused("GET", f"/epcis/{path}/events", 404, "NoSuchResourceException")


def test_a_list_reads_each_event_once(filled: Client, serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    filled.collection("bizSteps")
    read: list[bytes] = []
    monkeypatch.setattr(seen, "_written", lambda payload: read.append(payload))
    for name in Kind:
        filled.collection(name)
    assert read == []


def test_a_restricted_view_is_read_itself(filled: Client, serving: Serving) -> None:
    """Nothing of the whole store comes into the lists of another view."""

    class Restricted:
        def entries(self, after: int = 0, upto: int | None = None):
            return (entry for entry in serving.graph.store.entries() if entry.position == 2)

    view = cast(Reading, Restricted())
    filled.collection("bizSteps")
    lists = Seen(serving.file, serving.graph.store)
    assert lists.values(view, Kind.BIZ_STEP) == ["shipping"]
    assert lists.knows(view, Kind.BIZ_STEP, "shipping")
    assert not lists.knows(view, Kind.BIZ_STEP, "commissioning")


def test_lists_are_made_anew_for_another_store(filled: Client, serving: Serving, tmp_path: Path) -> None:
    from tracegraph import Tracegraph

    filled.collection("bizSteps")
    with Tracegraph.open(f"sqlite:///{tmp_path}/other.db") as other:
        assert Seen(serving.file, other.store).values(other.store, Kind.BIZ_STEP) == []
    assert filled.collection("bizSteps") == LISTS["bizSteps"]
