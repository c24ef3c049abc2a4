"""Documents become jobs: what is stored, what is rejected and told, and to whom."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.api.epcis.conftest import LOT, Client, document, event
from tracegraph.access.caller import Role
from tracegraph.api import Serving
from tracegraph.formats.epcis import Accepted

BROKEN = {"type": "ObjectEvent", "action": "ADD"}
JSON = {"Content-Type": "application/json"}


def kept_by(serving: Serving) -> list[Path]:
    return list(serving.jobs.folder.iterdir()) if serving.jobs.folder.exists() else []


def test_a_document_is_captured_and_its_job_tells_how(client: Client) -> None:
    job = client.capture(document(event(0), event(1)))
    assert (job["success"], job["errors"], job["captureErrorBehaviour"]) == (True, [], "rollback")
    assert (job["tracegraph:accepted"], job["tracegraph:duplicates"]) == (2, 0)
    assert job["createdAt"] <= job["finishedAt"]
    again = client.capture(document(event(0), event(1), event(2)))
    assert (again["success"], again["tracegraph:accepted"], again["tracegraph:duplicates"]) == (True, 1, 2)
    assert len(client.events()) == 3


def test_what_is_described_as_a_body_is_one_in_xml_too(client: Client) -> None:
    """One event in each of the media types: new once."""
    described = client.http.get("/openapi.json").json()["paths"]["/epcis/capture"]["post"]["requestBody"]["content"]
    assert set(described) == {"application/json", "application/ld+json", "application/xml", "text/xml"}
    jobs = [client.capture(told["example"], Content_Type=media) for media, told in sorted(described.items())]
    assert [job["errors"] for job in jobs] == [[]] * 4
    assert [job["tracegraph:accepted"] for job in jobs] == [1, 0, 0, 0]
    assert [job["tracegraph:duplicates"] for job in jobs] == [0, 1, 1, 1]


def test_rollback_stores_nothing_of_a_document_with_a_broken_event(client: Client, serving: Serving) -> None:
    job = client.capture(document(event(0), BROKEN, event(1)), "rollback")
    assert not job["success"]
    (error,) = job["errors"]
    assert error["type"] == "epcisException:ValidationException"
    assert error["pointer"] == "/epcisBody/eventList/1/eventTime"
    assert error["detail"].startswith("the document /epcisBody/eventList/1/eventTime")
    assert serving.graph.store.head().count == 0


def test_proceed_stores_the_rest(client: Client) -> None:
    job = client.capture(document(event(0), BROKEN, event(1), BROKEN), "proceed")
    assert (job["success"], job["captureErrorBehaviour"]) == (False, "proceed")
    assert (job["tracegraph:accepted"], job["tracegraph:rejected"]) == (2, 2)
    pointers = [error["pointer"] for error in job["errors"]]
    assert pointers == ["/epcisBody/eventList/1/eventTime", "/epcisBody/eventList/3/eventTime"]
    assert len(client.events()) == 2


def test_doubtful_events_are_stored_and_counted(client: Client) -> None:
    job = client.capture(document(event(0, bizStep="strolling", eventTimeZoneOffset=None)))
    assert job["success"]
    assert job["tracegraph:findings"] == {"missing_member": 1, "unknown_step": 1}


def test_a_query_document_and_its_master_data_count_too(client: Client, serving: Serving) -> None:
    site = {
        "id": "urn:epc:id:sgln:9521234.00000.0",
        "attributes": [{"id": "urn:epcglobal:cbv:mda#name", "attribute": "N"}],
    }
    vocabulary = {"type": "urn:epcglobal:epcis:vtype:BusinessLocation", "vocabularyElementList": [site]}
    told = document(type="EPCISQueryDocument", epcisHeader={"epcisMasterData": {"vocabularyList": [vocabulary]}})
    told["epcisBody"] = {"queryResults": {"queryName": "q", "resultsBody": {"eventList": [event(0)]}}}
    job = client.capture(told)
    assert (job["tracegraph:accepted"], job["tracegraph:masterData"]) == (1, 1)


def test_damage_in_a_large_document_is_told_by_its_job(client: Client) -> None:
    whole = json.dumps(document(*(event(minute % 1440, note=str(minute) * 100) for minute in range(3000))))
    assert len(whole) > 1024 * 1024
    job = client.capture(whole[:-100], "proceed")
    assert not job["success"]
    assert job["tracegraph:accepted"] > 2900
    assert "no valid JSON" in job["errors"][-1]["detail"]
    assert client.capture(whole)["tracegraph:accepted"] == 3000 - job["tracegraph:accepted"]


@pytest.mark.parametrize(
    ("content", "headers", "status", "exception"),
    [
        (b"{", JSON, 400, "ValidationException"),
        (b"", JSON, 400, "ValidationException"),
        (b"[]", JSON, 400, "ValidationException"),
        (b'{"type": "ObjectEvent", "epcisBody": {}}', JSON, 400, "ValidationException"),
        (b'{"type": "EPCISDocument"}', JSON, 400, "ValidationException"),
        (b'{"type": "EPCISDocument", "epcisBody": []}', JSON, 400, "ValidationException"),
        (b'{"type": "EPCISDocument", "epcisBody": {}, "epcisHeader": 1}', JSON, 400, "ValidationException"),
        (b"[" * 100_000, JSON, 400, "ValidationException"),
        (b"<a/>", JSON, 400, "ValidationException"),
        (b"{}", {"Content-Type": "application/xml"}, 400, "ValidationException"),
        (b"{}", {"Content-Type": "text/csv"}, 415, "UnsupportedMediaTypeException"),
        (b"{}", {}, 415, "UnsupportedMediaTypeException"),
        (gzip.compress(b"{}", mtime=0), JSON, 415, "UnsupportedMediaTypeException"),
        (gzip.compress(b"{}", mtime=0), JSON | {"Content-Encoding": "gzip"}, 415, "UnsupportedMediaTypeException"),
        (b"{}", JSON | {"GS1-Capture-Error-Behaviour": "hope"}, 400, "ValidationException"),
    ],
)
def test_what_is_no_document_is_refused_at_once(
    client: Client, serving: Serving, content: bytes, headers: dict[str, str], status: int, exception: str
) -> None:
    client.refused("POST", "/epcis/capture", status, exception, content=content, headers=headers)
    assert client.http.get("/epcis/capture").json() == []
    assert kept_by(serving) == []


def test_a_document_over_the_limit_is_refused_and_not_kept(client: Client, serving: Serving) -> None:
    too_much = b"{" + b" " * serving.settings.most_bytes
    for content in (too_much, iter([too_much[: 1 << 20]] * 64 + [b" "])):
        client.refused("POST", "/epcis/capture", 413, "CaptureLimitExceededException", content=content, headers=JSON)
        assert kept_by(serving) == []


def test_jobs_are_listed_page_by_page(client: Client) -> None:
    names = [client.capture(document(event(minute)))["captureID"] for minute in range(5)]
    first = client.http.get("/epcis/capture", params={"perPage": 3})
    second = client.http.get(first.links["next"]["url"])
    assert [job["captureID"] for job in first.json() + second.json()] == names[::-1]
    assert "next" not in second.links
    client.refused("GET", "/epcis/capture?nextPageToken=made-up", 404, "NoSuchResourceException")


def test_a_job_belongs_to_who_asked(client: Client, as_role: Callable[[Role], Client]) -> None:
    operator, investigator = as_role(Role.OPERATOR), as_role(Role.INVESTIGATOR)
    address = operator.http.post("/epcis/capture", json=document(event(0))).headers["Location"]
    assert operator.job(address)["captureID"]
    assert client.http.get(address).status_code == 200
    foreign = investigator.refused("GET", address, 404, "NoSuchResourceException")
    unknown = investigator.refused("GET", "/epcis/capture/AAAAAAAAAAAAAAAAAAAAAA", 404, "NoSuchResourceException")
    assert foreign["detail"].replace(address.split("/")[-1], "x") == unknown["detail"].replace("A" * 22, "x")
    assert investigator.http.get("/epcis/capture").json() == []


def test_who_may_only_read_may_not_capture(as_role: Callable[[Role], Client]) -> None:
    analyst = as_role(Role.ANALYST)
    analyst.refused("POST", "/epcis/capture", 403, "SecurityException", json=document())
    analyst.refused("POST", "/epcis/events", 403, "SecurityException", json=event())


def test_what_a_caller_may_not_capture_is_rejected_by_its_rights(client: Client, serving: Serving) -> None:
    def not_the_second(piece: Accepted) -> str | None:
        return "it is not yours; ask who holds it" if piece.position.pointer.endswith("/1") else None

    serving.capturing.permit_of = lambda caller: not_the_second
    refused = client.capture(document(event(0), event(1)))
    assert (refused["success"], refused["tracegraph:accepted"]) == (False, 0)
    (error,) = refused["errors"]
    assert error["type"] == "epcisException:SecurityException"
    assert "it is not yours" in error["detail"]
    assert client.capture(document(event(0), event(1)), "proceed")["tracegraph:accepted"] == 1


def test_known_since_and_by_whom(client: Client, serving: Serving) -> None:
    client.capture(document(event(0, quantityList=[{"epcClass": LOT}])))
    assert [entry.actor for entry in serving.graph.store.entries()] == ["admin"]


def test_a_capture_sent_again_under_its_key_is_done_once(client: Client) -> None:
    headers = {"Idempotency-Key": "shipment-1"}
    first = client.http.post("/epcis/capture", json=document(event(0)), headers=headers)
    again = client.http.post("/epcis/capture", json=document(event(0)), headers=headers)
    assert first.headers["Location"] == again.headers["Location"]
    assert len(client.http.get("/epcis/capture").json()) == 1
    other = headers | {"GS1-Capture-Error-Behaviour": "proceed"}
    assert client.http.post("/epcis/capture", json=document(event(0)), headers=other).status_code == 409


def test_a_caller_whose_documents_wait_is_told_to_wait_too(
    client: Client, serving: Serving, as_role: Callable[[Role], Client]
) -> None:
    serving.settings = replace(serving.settings, most_captures=2)

    def send(sender: Client, minute: int) -> Any:
        return sender.http.post("/epcis/capture", json=document(event(minute)))

    with serving.capturing._turn:  # nothing is captured meanwhile
        accepted = [send(client, minute) for minute in (0, 1)]
        refused = client.refused("POST", "/epcis/capture", 429, "ImplementationException", json=document(event(2)))
        assert refused["detail"].startswith("2 of your documents wait")
        assert send(as_role(Role.OPERATOR), 3).status_code == 202
    for answer in accepted:
        assert client.job(answer.headers["Location"])["success"]
    assert send(client, 2).status_code == 202
