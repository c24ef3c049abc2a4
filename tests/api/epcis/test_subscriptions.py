"""Subscriptions over HTTP: asked for, looked at, delivered to a receiver, paused, redelivered, ended."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.service.events import capture
from tests.service.receiver import TOKEN, Receiver, is_signed
from tracegraph.api.serving import Serving
from tracegraph.service.users import Users

QUERY = "/epcis/queries/all/subscriptions"
WANTED = {"dest": "https://client.example.com/events", "signatureToken": TOKEN, "stream": True}


@pytest.fixture
def client(admin: TestClient) -> TestClient:
    assert admin.post("/epcis/queries", json={"name": "all", "query": {}}).status_code == 201
    return admin


def until(what: Callable[[], Any]) -> Any:
    """Wait for something that happens in the background."""
    while not (found := what()):
        time.sleep(0.01)
    return found


def test_asking_looking_and_ending(client: TestClient) -> None:
    made = client.post(QUERY, json=WANTED)
    assert made.status_code == 201
    told = made.json()
    assert made.headers["Location"] == f"{QUERY}/{told['subscriptionID']}"
    assert (told["queryName"], told["dest"], told["stream"]) == ("all", WANTED["dest"], True)
    assert client.get(QUERY).json() == [told]
    assert client.get(made.headers["Location"]).json() == told
    assert client.delete(made.headers["Location"]).status_code == 204
    assert client.get(made.headers["Location"]).json()["type"] == "epcisException:NoSuchNameException"
    assert client.get(QUERY).json() == []


def test_a_schedule_is_answered_as_it_was_asked_for(client: TestClient) -> None:
    wanted = {
        "dest": WANTED["dest"],
        "schedule": {"hour": "1", "minute": "5"},
        "reportIfEmpty": True,
        "initialRecordTime": "2026-01-01T00:00:00Z",
    }
    told = client.post(QUERY, json=wanted).json()
    assert {name: told[name] for name in wanted} == wanted
    followed = client.get(f"/api/v1/subscriptions/{told['subscriptionID']}").json()
    assert followed["signed"] is False
    assert followed["nextRun"].endswith("T01:05:00Z")


def test_the_token_is_never_shown(client: TestClient) -> None:
    made = client.post(QUERY, json=WANTED)
    paths = (QUERY, made.headers["Location"], "/api/v1/subscriptions")
    assert TOKEN not in made.text
    assert all(TOKEN not in client.get(path).text for path in paths)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"stream": False}, "exactly one"),
        ({"schedule": {"minute": "5"}}, "exactly one"),
        ({"trigger": "an-event"}, "trigger is not offered"),
        ({"dest": "ftp://client.example.com/"}, "dest"),
        ({"dest": "https://user@client.example.com/"}, "credentials"),
        ({"signatureToken": "short"}, "signatureToken"),
        ({"stream": "yes"}, "stream"),
        ({"stream": False, "schedule": {"minute": "60"}}, "minute"),
        ({"stream": False, "schedule": {"hours": "1"}}, "hours"),
        ({"initialRecordTime": "yesterday"}, "initialRecordTime"),
        ({"initialRecordTime": "2026-02-31T00:00:00Z"}, "initialRecordTime"),
        ({"more": 1}, "more"),
    ],
)
def test_what_is_refused(client: TestClient, change: dict[str, Any], said: str) -> None:
    refused = client.post(QUERY, json={**WANTED, **change})
    assert refused.status_code == 400
    assert said in refused.json()["detail"]
    assert client.get(QUERY).json() == []


@pytest.mark.parametrize("dest", ["https://10.0.0.1/", "https://169.254.169.254/latest", "https://client.invalid/"])
def test_what_is_inside_is_refused_without_telling_why(client: TestClient, dest: str) -> None:
    refused = client.post(QUERY, json={**WANTED, "dest": dest})
    assert refused.status_code == 409
    assert "is not found or is no public host" in refused.json()["detail"]


def test_subscriptions_of_others_are_unknown(client: TestClient) -> None:
    name = client.post(QUERY, json=WANTED).json()["subscriptionID"]
    client.headers["X-API-Key"] = "investigator"
    client.post("/epcis/queries", json={"name": "all", "query": {}})
    own = f"/api/v1/subscriptions/{name}"
    unknown = "/api/v1/subscriptions/nothing"
    assert client.get(QUERY).json() == []
    assert client.get("/api/v1/subscriptions").json() == {"subscriptions": []}
    for method, rest in (("GET", ""), ("POST", "/pause"), ("POST", "/resume"), ("GET", "/dead-letters")):
        answers = [client.request(method, f"{path}{rest}") for path in (own, unknown)]
        assert [answer.status_code for answer in answers] == [404, 404]
        told = [answer.text.replace(name, "nothing").replace(answer.headers["X-Request-ID"], "") for answer in answers]
        assert told[0] == told[1]
    assert client.get(f"{QUERY}/{name}").status_code == client.delete(f"{QUERY}/{name}").status_code == 404
    client.headers["X-API-Key"] = "admin"
    assert client.get(own).json()["state"] == "active"


def test_who_may_not_subscribe_is_refused(client: TestClient) -> None:
    client.headers["X-API-Key"] = "analyst"
    assert client.get("/api/v1/subscriptions").status_code == 403
    assert client.post(QUERY, json=WANTED).status_code == 403


def test_a_query_takes_its_subscriptions_with_it(client: TestClient) -> None:
    client.post(QUERY, json=WANTED)
    assert client.delete("/epcis/queries/all").status_code == 204
    assert client.get("/api/v1/subscriptions").json() == {"subscriptions": []}


def test_events_arrive_signed_and_in_order(client: TestClient, serving: Serving, tmp_path: Path) -> None:
    with Receiver() as receiver:
        name = client.post(QUERY, json={**WANTED, "dest": receiver.url}).json()["subscriptionID"]
        for start in range(0, 30, 10):
            capture(serving.graph, tmp_path, range(start, start + 10))
        until(lambda: len(receiver.numbers) == 30)
    assert receiver.numbers == list(range(30))
    assert all(map(is_signed, receiver.requests))
    assert {one.results["subscriptionID"] for one in receiver.requests} == {name}
    assert client.get(f"/api/v1/subscriptions/{name}").json()["lastNotifiedAt"]


def test_a_receiver_that_is_slow_keeps_only_itself_waiting(
    client: TestClient, serving: Serving, tmp_path: Path
) -> None:
    is_over = Event()

    def wait(_: int) -> int:
        is_over.wait()
        return 204

    with Receiver(wait) as slow, Receiver() as quick:
        for receiver in (slow, quick):
            client.post(QUERY, json={**WANTED, "dest": receiver.url})
        for number in (1, 2):
            capture(serving.graph, tmp_path, [number])
            until(lambda: len(quick.numbers) == number)  # noqa: B023
        is_over.set()
        until(lambda: slow.numbers == [1, 2])


def test_a_user_that_is_disabled_is_told_nothing_more(client: TestClient, serving: Serving, tmp_path: Path) -> None:
    users = Users(serving.file, serving.clock)
    users.add("admin", "admin")
    with Receiver() as receiver:
        name = client.post(QUERY, json={**WANTED, "dest": receiver.url}).json()["subscriptionID"]
        users.disable("admin")
        capture(serving.graph, tmp_path, [1])
        own = f"/api/v1/subscriptions/{name}"
        stopped = until(lambda: (told := client.get(own).json())["state"] == "stopped" and told)
        assert "may not subscribe" in stopped["reason"]
        assert receiver.requests == []


def test_an_operator_is_told_only_what_it_may_know(client: TestClient, serving: Serving, tmp_path: Path) -> None:
    """The first goods are, were and will be nothing of the maker's; the second ones are at its place."""
    with Receiver() as everything, Receiver() as little:
        client.post(QUERY, json={**WANTED, "dest": everything.url})
        client.headers["X-API-Key"] = "operator"
        client.post("/epcis/queries", json={"name": "all", "query": {}})
        name = client.post(QUERY, json={**WANTED, "dest": little.url}).json()["subscriptionID"]
        capture(serving.graph, tmp_path, [1], place="https://id.gs1.org/414/9524321000001")
        until(lambda: everything.numbers == [1])
        until(lambda: serving.subscribing.subscriptions[name].position == serving.graph.store.head().count)
        assert little.requests == []
        capture(serving.graph, tmp_path, [2])
        until(lambda: little.numbers == [2])


def test_a_dead_letter_is_listed_and_delivered_by_request(client: TestClient, serving: Serving, tmp_path: Path) -> None:
    with Receiver(lambda count: 410 if count == 0 else 204) as receiver:
        name = client.post(QUERY, json={**WANTED, "dest": receiver.url}).json()["subscriptionID"]
        own = f"/api/v1/subscriptions/{name}"
        capture(serving.graph, tmp_path, [1])
        stopped = until(lambda: (told := client.get(own).json())["state"] == "stopped" and told)
        assert (stopped["deadLetters"], stopped["reason"][:25]) == (1, "the receiver answered 410")
        (dead,) = client.get(f"{own}/dead-letters").json()["deadLetters"]
        assert dead["deliveryID"] == receiver.requests[0].name
        capture(serving.graph, tmp_path, [2])
        assert client.post(f"{own}/dead-letters/nothing/redelivery").status_code == 404
        told = client.post(f"{own}/dead-letters/{dead['deliveryID']}/redelivery").json()
        assert (told["state"], told["deadLetters"]) == ("active", 0)
        until(lambda: receiver.numbers == [1, 2])
    assert receiver.requests[1].name == dead["deliveryID"]


def test_pausing_and_resuming(client: TestClient, serving: Serving, tmp_path: Path) -> None:
    with Receiver() as receiver:
        name = client.post(QUERY, json={**WANTED, "dest": receiver.url}).json()["subscriptionID"]
        own = f"/api/v1/subscriptions/{name}"
        assert client.post(f"{own}/pause").json()["state"] == "paused"
        capture(serving.graph, tmp_path, [1])
        assert receiver.requests == []
        assert client.post(f"{own}/resume", params={"skip": "true"}).json()["state"] == "active"
        until(lambda: receiver.numbers == [1])


def test_openapi_describes_all_of_it(client: TestClient) -> None:
    told = client.get("/openapi.json").json()
    ours = {path: methods for path, methods in told["paths"].items() if "subscriptions" in path}
    assert len(ours) == 8
    for path, methods in ours.items():
        for method, operation in methods.items():
            assert operation["operationId"], (path, method)
            assert operation["summary"], (path, method)
    request = told["components"]["schemas"]["SubscriptionRequest"]
    assert "trigger" not in json.dumps(request)
