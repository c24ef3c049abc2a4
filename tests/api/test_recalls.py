"""Cases of recall over HTTP: four eyes, what is possible named in the refusal, requests that are sent again, two
people at once."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from tests.api.v1.documents import schema_of
from tracegraph.model.record_kinds import record_kinds

UNIT = "urn:example:lot:L1"
EVENT = {
    "type": "ObjectEvent",
    "eventTime": "2026-01-01T08:00:00Z",
    "eventTimeZoneOffset": "+00:00",
    "action": "ADD",
    "bizStep": "commissioning",
    "bizLocation": {"id": "https://plant.example/hall"},
    "quantityList": [{"epcClass": UNIT, "quantity": 10, "uom": "KGM"}],
}
SCOPE = {"question": {"scope": {"rule": "lot", "unit": UNIT}}, "reason": "first suspicion"}


@pytest.fixture
def first(admin: TestClient) -> TestClient:
    """An administrator, with a lot on record and a case opened."""
    context = {"@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"}
    captured = admin.post("/epcis/events", json={**context, **EVENT})
    assert captured.status_code == 201, captured.text
    opened = {"case": "R-1", "fields": {"title": "Sprouts"}, "reason": "a complaint"}
    made = admin.post("/api/v1/recalls", json=opened)
    assert (made.status_code, made.headers["Location"]) == (201, "/api/v1/recalls/R-1")
    return admin


def acting(client: TestClient, role: str) -> TestClient:
    return TestClient(client.app, headers={"X-API-Key": role}, raise_server_exceptions=False)


def move(client: TestClient, action: str, headers: dict[str, str] | None = None, **body: Any) -> Any:
    return client.post("/api/v1/recalls/R-1/moves", json={"action": action, **body}, headers=headers)


def test_a_second_person_approves(first: TestClient) -> None:
    made = first.post("/api/v1/recalls/R-1/scopes", json=SCOPE).json()
    assert (made["version"]["version"], made["moved"]["state"], made["changes"]) == (1, "scoped", None)
    refused = move(first, "approve")
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:tracegraph:problem:refused")
    assert "for another person than admin" in refused.json()["detail"]
    approved = move(acting(first, "regulator"), "approve")
    assert (approved.status_code, approved.json()["state"]) == (200, "approved")
    told = first.get("/api/v1/recalls/R-1").json()["result"]["recall"]
    assert told["versions"][0]["decided"]["actor"] == "regulator"
    assert [one["actor"] for one in told["done"]] == ["admin", "admin", "regulator"]


def test_a_refusal_names_what_is_possible(first: TestClient) -> None:
    refused = move(first, "approve", fields={"version": "1"}).json()
    assert (refused["status"], refused["state"]) == (409, "open")
    assert {"assess", "scope", "cancel"} <= set(refused["allowed"])
    theirs = move(acting(first, "regulator"), "assess").json()
    assert (theirs["status"], "scope" in theirs["allowed"], "hold" in theirs["allowed"]) == (409, False, True)
    assert move(acting(first, "operator"), "note").status_code == 403
    assert move(first, "nothing").status_code == 409
    assert first.post("/api/v1/recalls/R-2/moves", json={"action": "note"}).status_code == 404
    assert first.get("/api/v1/recalls/R-1").json()["result"]["recall"]["moves"] == 1


def test_a_request_that_is_sent_again_does_nothing_again(first: TestClient) -> None:
    key = {"Idempotency-Key": "k-1"}
    answers = [move(first, "note", key, fields={"text": "called"}) for _ in range(2)]
    assert answers[0].content == answers[1].content
    other = move(acting(first, "investigator"), "note", key, fields={"text": "called"})
    assert (other.status_code, other.json()["new"]) == (200, False)  # the case knows the key, whoever uses it
    assert (
        move(acting(first, "investigator"), "note", {"Idempotency-Key": "k-1"}, fields={"text": "x"}).status_code == 409
    )
    assert first.get("/api/v1/recalls/R-1").json()["result"]["recall"]["moves"] == 2
    opened = [
        first.post("/api/v1/recalls", json={"fields": {"title": "Two"}}, headers={"Idempotency-Key": "k-2"})
        for _ in range(2)
    ]
    assert {one.json()["case"] for one in opened} == {opened[0].json()["case"]}


def test_the_later_of_two_is_told(first: TestClient) -> None:
    assert move(first, "note", fields={"text": "one"}, seen=1).status_code == 200
    late = move(acting(first, "investigator"), "note", fields={"text": "two"}, seen=1)
    assert (late.status_code, "note by admin" in late.json()["detail"]) == (409, True)
    assert move(acting(first, "investigator"), "note", fields={"text": "two"}, seen=2).status_code == 200


def test_versions_and_what_changed(first: TestClient) -> None:
    first.post("/api/v1/recalls/R-1/scopes", json=SCOPE)
    again = first.post("/api/v1/recalls/R-1/scopes", json={}).json()
    assert (again["moved"], again["version"]["version"]) == (None, 1)
    first.post("/api/v1/recalls/R-1/scopes", json={"force": True, "reason": "asked again"})
    version = first.get("/api/v1/recalls/R-1/scopes/2").json()
    assert [(one["unit"], one["class"], one["author"]) for one in version["entries"]] == [(UNIT, "implicated", "admin")]
    changes = first.get("/api/v1/recalls/R-1/changes").json()
    assert (changes["from"]["version"], changes["to"]["version"], changes["added"]) == (1, 2, [])
    assert first.get("/api/v1/recalls/R-1/scopes/3").status_code == 404


def test_answers_are_as_described(first: TestClient) -> None:
    first.post("/api/v1/recalls/R-1/scopes", json=SCOPE)
    for operation, address in (
        ("list_recalls", "/api/v1/recalls?state=scoped"),
        ("get_recall", "/api/v1/recalls/R-1"),
        ("get_recall_scope", "/api/v1/recalls/R-1/scopes/1"),
    ):
        answer = first.get(address)
        assert answer.status_code == 200
        Draft202012Validator(schema_of(first, operation)).validate(answer.json())


def test_nobody_enters_a_move_past_the_case(first: TestClient) -> None:
    assert not {"recall", "recall_move"} & set(record_kinds())


def test_what_follows_from_a_case_is_as_described(first: TestClient) -> None:
    first.post("/api/v1/recalls/R-1/scopes", json=SCOPE)
    for operation, address in (
        ("list_recall_consignees", "/api/v1/recalls/R-1/consignees"),
        ("get_recall_account", "/api/v1/recalls/R-1/account?measure=KGM"),
    ):
        answer = first.get(address)
        assert answer.status_code == 200, answer.text
        Draft202012Validator(schema_of(first, operation)).validate(answer.json())
        assert first.get(address.replace("R-1", "R-2")).status_code == 404
    told = first.get("/api/v1/recalls/R-1").json()["result"]["recall"]
    assert [one["kind"] for one in told["tasks"]] == ["approve"]
    account = first.get("/api/v1/recalls/R-1/account").json()["result"]["account"]
    assert (account["start"], account["unit"]) == ("10", "KGM")


def test_what_is_blocked_is_asked_for_many_units_at_once(first: TestClient) -> None:
    assert move(first, "hold", fields={"units": UNIT}, reason="until tested").status_code == 200
    answer = first.post("/api/v1/holds", json={"units": [UNIT, "urn:example:lot:other"]})
    Draft202012Validator(schema_of(first, "post_holds")).validate(answer.json())
    held, free = answer.json()["result"]["holds"]
    assert (held["blocked"], held["holds"][0]["case"], held["holds"][0]["actor"]) == (True, "R-1", "admin")
    assert (free["known"], free["blocked"]) == (False, False)
    partly = acting(first, "analyst").post("/api/v1/holds", json={"units": [UNIT]}).json()["result"]["holds"][0]
    assert (partly["blocked"], partly["holds"][0]["case"], partly["holds"][0]["actor"]) == (True, None, None)
    assert first.post("/api/v1/holds", json={"units": []}).status_code == 400


def test_documents_of_a_case(first: TestClient) -> None:
    first.post("/api/v1/recalls/R-1/scopes", json=SCOPE)
    address = "/api/v1/recalls/R-1/documents"
    for kind in ("consignees", "status", "checks", "report", "enforcement", "fsma204", "eu931"):
        made = first.get(address, params={"kind": kind, "form": "csv"})
        assert (made.status_code, made.headers["Content-Type"]) == (200, "text/csv; charset=utf-8"), made.text
    assert first.get(address, params={"kind": "notice"}).status_code in (404, 409)
    assert first.get(address, params={"kind": "poem"}).status_code == 400
    assert acting(first, "analyst").get(address, params={"kind": "report"}).status_code == 403


def test_replies_are_recorded_or_refused_as_a_whole(first: TestClient) -> None:
    first.post("/api/v1/recalls/R-1/scopes", json=SCOPE)
    move(acting(first, "regulator"), "approve")
    right, wrong = {"consignee": "https://shop.example/a", "unit": UNIT, "on_hand": "1"}, {"nothing": "1"}
    strict = first.post("/api/v1/recalls/R-1/replies", json={"replies": [right, wrong], "strict": True})
    assert (strict.status_code, "nothing was recorded" in strict.json()["detail"]) == (409, True)
    told = first.post("/api/v1/recalls/R-1/replies", json={"replies": [right, wrong]}).json()
    assert (told["recorded"], told["known"], len(told["rejected"])) == (1, 0, 1)
    assert first.post("/api/v1/recalls/R-1/replies", json={"replies": [right]}).json()["known"] == 1
