"""One event in, events out, page by page; by eventID and by content."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import pytest

from tests.api.epcis.conftest import LOT, SITE, Client, document, event
from tests.formats.epcis.building import decoded
from tracegraph.api import Serving

ID = "urn:uuid:11111111-1111-4111-8111-111111111111"
DECLARATION = {"declarationTime": "2026-03-02T00:00:00Z", "reason": "did_not_occur"}


def post(client: Client, told: Any) -> str:
    answer = client.http.post("/epcis/events", json=told)
    assert answer.status_code == 201, answer.text
    return unquote(answer.headers["Location"].removeprefix("/epcis/events/"))


def test_a_posted_event_is_there_when_the_answer_comes(client: Client) -> None:
    assert post(client, event(0, eventID=ID)) == ID
    (found,) = client.named(ID)
    assert found.pop("recordTime").endswith("Z")
    assert found == event(0, eventID=ID)


def test_an_event_without_id_is_named_by_its_content(client: Client) -> None:
    name = post(client, event(0))
    assert name.startswith("ni:///sha-256;")
    (found,) = client.named(name)
    assert found["eventID"] == name
    assert client.events()[0]["eventID"] == name


def test_the_same_event_twice_is_a_conflict_and_changes_nothing(client: Client, serving: Serving) -> None:
    post(client, event(0, eventID=ID))
    client.refused("POST", "/epcis/events", 409, "ResourceAlreadyExistsException", json=event(0, eventID=ID))
    assert serving.graph.store.head().count == 1


def test_another_event_with_the_same_id_is_stored_and_both_are_marked(client: Client) -> None:
    post(client, event(0, eventID=ID))
    assert "tracegraph:conflicting" not in client.named(ID)[0]
    post(client, event(1, eventID=ID))
    found = client.named(ID)
    assert [one["tracegraph:conflicting"] for one in found] == [True, True]
    context = client.http.get("/epcis/events").json()["@context"]
    assert context[1] == {"tracegraph": "https://tracegraph.dev/ns#"}


def test_an_error_declaration_comes_with_its_event(client: Client) -> None:
    post(client, event(0, eventID=ID))
    declared = event(0, eventID=ID, errorDeclaration=DECLARATION)
    assert post(client, declared) == ID
    assert post(client, declared) == ID
    assert ["errorDeclaration" in one for one in client.named(ID)] == [False, True]
    nameless = post(client, event(5))
    post(client, event(5, errorDeclaration=DECLARATION))
    assert ["errorDeclaration" in one for one in client.named(nameless)] == [False, True]


def test_what_nobody_captured_is_unknown(client: Client) -> None:
    client.refused("GET", "/epcis/events/urn%3Ax%3Ay", 404, "NoSuchResourceException")


@pytest.mark.parametrize(
    "told",
    [
        {},
        [],
        [event(0)],
        document(event(0)),
        event(0, eventTime="someday"),
        event(0, type=None),
        event(0, type=" "),
        event(0, eventTime=None),
        "text",
    ],
)
def test_what_is_no_event_is_refused(client: Client, serving: Serving, told: Any) -> None:
    client.refused("POST", "/epcis/events", 400, "ValidationException", json=told)
    assert serving.graph.store.head().count == 0


def test_two_events_are_not_one(client: Client, serving: Serving) -> None:
    body = b'{"type": "ObjectEvent", "eventTime": "2026-03-01T00:00:00Z"}' * 2
    headers = {"Content-Type": "application/json"}
    client.refused("POST", "/epcis/events", 400, "ValidationException", content=body, headers=headers)
    assert serving.graph.store.head().count == 0


def test_who_may_not_capture_an_event_is_told_why(client: Client, serving: Serving) -> None:
    serving.capturing.permit_of = lambda caller: lambda piece: "it happened elsewhere; ask who was there"
    told = client.refused("POST", "/epcis/events", 403, "SecurityException", json=event(0))
    assert "it happened elsewhere" in told["detail"]
    assert serving.graph.store.head().count == 0


def test_numbers_keep_their_digits(client: Client) -> None:
    amount = '{"epcClass": "%s", "quantity": 0.10000000000000000001, "uom": "KGM"}' % LOT  # noqa: UP031
    body = f'{{"type":"ObjectEvent","eventTime":"2026-03-01T00:00:00Z","action":"ADD","quantityList":[{amount}]}}'
    sent = client.http.post("/epcis/events", content=body, headers={"Content-Type": "application/json"})
    assert sent.status_code == 201
    told = decoded(client.http.get("/epcis/events").content)
    quantity = told["epcisBody"]["queryResults"]["resultsBody"]["eventList"][0]["quantityList"][0]["quantity"]
    assert quantity == Decimal("0.10000000000000000001")


def test_parameters_are_alternatives_within_and_conditions_among_each_other(client: Client) -> None:
    steps = ["storing", "shipping", "receiving"]
    client.capture(document(*(event(minute, bizStep=step) for minute, step in enumerate(steps))))
    assert [one["bizStep"] for one in client.events(EQ_bizStep="shipping|receiving")] == ["shipping", "receiving"]
    assert client.events(EQ_bizStep="shipping", EQ_action="ADD") == []
    assert len(client.events(EQ_bizStep="urn:epcglobal:cbv:bizstep:storing")) == 1
    assert len(client.events(MATCH_anyEPC="urn:epc:id:sgtin:9521234.000001.1")) == 1
    assert len(client.events(EQ_readPoint=SITE)) == 3


def test_nothing_is_an_answer(client: Client) -> None:
    assert client.events() == []
    assert client.events(EQ_bizStep="shipping") == []


def test_prefixes_of_extensions_come_in_a_header(client: Client) -> None:
    note = {"@context": [{"ex": "https://example.com/ns#"}], "ex:note": "a"}
    client.capture(document(event(0, **note), event(1)))
    headers = {"GS1-Extensions": "other=https://example.com/ns#"}
    answer = client.http.get("/epcis/events", params={"EQ_other:note": "a"}, headers=headers)
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]) == 1


def test_pages_hold_all_events_once_while_others_capture(client: Client) -> None:
    client.capture(document(*(event(minute) for minute in range(25))))
    first = client.http.get("/epcis/events", params={"perPage": 10, "orderBy": "eventTime"})
    client.capture(document(*(event(minute) for minute in range(25, 40))))
    assert first.headers["GS1-Next-Page-Token-Expires"] > "2026"
    times = [one["eventTime"] for one in first.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]]
    times += [one["eventTime"] for one in client.events(first.links["next"]["url"])]
    assert times == [event(minute)["eventTime"] for minute in reversed(range(25))]
    assert len(client.events(perPage=7)) == 40


def test_a_page_token_tells_nothing_and_belongs_to_its_query(client: Client) -> None:
    client.capture(document(*(event(minute) for minute in range(5))))
    url = client.http.get("/epcis/events", params={"perPage": 2}).links["next"]["url"]
    token = url.split("nextPageToken=")[1]
    client.refused("GET", f"/epcis/events?EQ_action=ADD&nextPageToken={token}", 404, "NoSuchResourceException")
    client.refused("GET", f"/epcis/events?perPage=2&nextPageToken={token[:-4]}", 404, "NoSuchResourceException")
    again = client.http.get("/epcis/events", params={"perPage": 2}).links["next"]["url"]
    assert again != url


@pytest.mark.parametrize(
    ("parameters", "status", "exception"),
    [
        ({"EQ_nothing": "x"}, 400, "QueryParameterException"),
        ({"GE_eventTime": "yesterday"}, 400, "QueryParameterException"),
        ({"perPage": "0"}, 400, "ValidationException"),
        ({"maxEventCount": "2"}, 413, "QueryTooLargeException"),
        ({"EQ_bizStep": "x" * 20_000}, 414, "URITooLongException"),
    ],
)
def test_queries_that_cannot_be_answered(
    client: Client, parameters: dict[str, str], status: int, exception: str
) -> None:
    client.capture(document(*(event(minute) for minute in range(3))))
    client.refused("GET", "/epcis/events", status, exception, params=parameters)


def test_a_query_may_look_at_so_many_events_only(client: Client, serving: Serving) -> None:
    client.capture(document(*(event(minute) for minute in range(3))))
    object.__setattr__(serving.settings, "most_events_read", 2)
    client.refused("GET", "/epcis/events?EQ_action=ADD", 413, "QueryTooComplexException")
    assert len(client.events(MATCH_epc="https://id.gs1.org/01/09521234000013/21/1")) == 1
