"""What is in the documents of two public projects goes in over HTTP and comes out the same, up to the order of members
and the ids and times that the service gives."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.api.epcis.conftest import Client
from tests.end_to_end.test_reference_documents import readable, same
from tests.formats.epcis.building import decoded
from tests.formats.epcis.test_rebuild import events_in
from tracegraph.api import Serving
from tracegraph.formats.epcis.context import Context

AS_CAPTURED = {"GS1-EPC-Format": "Never_Translates"}
QUERIES = "epcis/openepcis/JSON/Query/Queries"


def answered(client: Client, **headers: str) -> list[Any]:
    """All events, without what the service adds."""
    found, following = [], "/epcis/events?perPage=50"
    while following:
        answer = client.http.get(following, headers=headers)
        assert answer.status_code == 200, answer.text
        found += decoded(answer.content)["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
        following = answer.links.get("next", {}).get("url", "")
    return found


def without_additions(event: dict[str, Any]) -> dict[str, Any]:
    """The event but for its recordTime and for an eventID that is a hash: these may be the service's."""
    left = {name: value for name, value in event.items() if name not in ("recordTime", "tracegraph:conflicting")}
    if str(left.get("eventID", "")).startswith("ni:///sha-256;"):
        del left["eventID"]
    return left


def sendable(path: Path) -> bytes:
    """A file as a document: a single event is sent in one."""
    value = decoded(path.read_text("utf-8-sig"))
    if isinstance(value, dict) and "epcisBody" in value:
        return path.read_bytes()
    text = path.read_text("utf-8-sig")
    return f'{{"type":"EPCISDocument","epcisBody":{{"eventList":[{text}]}}}}'.encode()


def test_what_goes_in_comes_out(reference: Path, client: Client) -> None:
    expected: list[Any] = []
    accepted = duplicates = 0
    for path in readable(reference):
        job = client.capture(sendable(path), "proceed")
        assert job["errors"] == [], path
        accepted += job["tracegraph:accepted"]
        duplicates += job["tracegraph:duplicates"]
        expected += events_in(decoded(path.read_text("utf-8-sig")))
    assert accepted + duplicates == len(expected) > 200
    found = answered(client, **AS_CAPTURED)
    assert len(found) == accepted
    told, wanted = (same([without_additions(one) for one in events]) for events in (found, expected))
    assert set(told) <= set(wanted)
    assert sum(one not in set(told) for one in wanted) <= duplicates


def test_every_event_is_found_by_its_own_values(reference: Path, client: Client) -> None:
    """The documents hold queries' answers: each event of them answers the query that says what the event says."""
    for path in sorted((reference / "epcis/openepcis/JSON/Query").glob("*.json")):
        client.capture(path.read_bytes())
        context = Context([json.loads(path.read_text("utf-8-sig"))["@context"]])
        for told in events_in(decoded(path.read_text("utf-8-sig"))):
            asked = {"eventType": told["type"], "GE_eventTime": told["eventTime"]}
            if "bizStep" in told:
                asked["EQ_bizStep"] = context.expanded(told["bizStep"])
            if "readPoint" in told:
                asked["EQ_readPoint"] = told["readPoint"]["id"]
            if told.get("epcList"):
                asked["MATCH_epc"] = told["epcList"][0]
            if told.get("eventID"):
                asked["EQ_eventID"] = told["eventID"]
            found = client.events(**asked)
            instants = {one["eventTime"] for one in found}
            assert told["eventTime"] in instants, (path, asked)


def test_query_documents_are_answered(reference: Path, client: Client) -> None:
    for path in readable(reference):
        client.capture(sendable(path), "proceed")
    for path in sorted((reference / QUERIES).glob("*.json")):
        body = {"name": path.stem, "query": json.loads(path.read_bytes())}
        assert client.http.post("/epcis/queries", json=body).status_code == 201
        assert client.http.get(f"/epcis/queries/{path.stem}/events").status_code == 200
    for path in sorted((reference / QUERIES / "Invalid").glob("*.json")):
        body = {"name": path.stem, "query": json.loads(path.read_bytes())}
        client.refused("POST", "/epcis/queries", 400, "QueryParameterException", json=body)


@pytest.mark.parametrize("form", ["Always_GS1_Digital_Link", "Always_EPC_URN"])
def test_identifiers_come_in_the_form_asked_for(reference: Path, client: Client, form: str) -> None:
    client.capture((reference / "epcis/openepcis/JSON/Capture/Documents/AggregationEvent.json").read_bytes())
    (event, *_) = answered(client, **{"GS1-EPC-Format": form})
    children = event["childEPCs"]
    assert children
    beginning = "urn:epc:id:" if form == "Always_EPC_URN" else "https://id.gs1.org/"
    assert all(child.startswith(beginning) for child in children)
    assert client.http.get("/epcis/events", headers={"GS1-EPC-Format": form}).headers["GS1-EPC-Format"] == form


def test_xml_documents_are_captured_too(reference: Path, client: Client, serving: Serving) -> None:
    files = sorted((reference / "epcis/openepcis-xml").rglob("*.xml"))[:10]
    assert files
    for path in files:
        job = client.capture(path.read_bytes(), Content_Type="application/xml")
        assert job["errors"] == [], path
        assert job["tracegraph:accepted"] + job["tracegraph:duplicates"] > 0, path
    assert len(client.events()) == len(serving.graph.store.events())
