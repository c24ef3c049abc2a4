"""Queries under a name, each user's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.api.epcis.conftest import Client, document, event
from tracegraph.access.caller import Role

SHIPPED = {"name": "shipped", "query": {"EQ_bizStep": ["shipping"], "GE_eventTime": "2026-03-01T00:01:00Z"}}


def named(client: Client, told: Any = SHIPPED) -> str:
    answer = client.http.post("/epcis/queries", json=told)
    assert answer.status_code == 201, answer.text
    return answer.headers["Location"]


def test_a_query_is_kept_and_asked_again(client: Client) -> None:
    assert named(client) == "/epcis/queries/shipped"
    told = client.http.get("/epcis/queries/shipped").json()
    assert told.pop("createdAt")
    assert told == SHIPPED
    assert client.events("/epcis/queries/shipped/events") == []
    client.capture(document(*(event(minute, bizStep="shipping") for minute in range(5)), event(9)))
    found = client.events("/epcis/queries/shipped/events", perPage=3)
    assert [one["eventTime"] for one in found] == [event(minute)["eventTime"] for minute in range(1, 5)]
    answer = client.http.get("/epcis/queries/shipped/events").json()
    assert answer["epcisBody"]["queryResults"]["queryName"] == "shipped"


def test_a_query_is_forgotten(client: Client) -> None:
    address = named(client)
    assert client.http.delete(address).status_code == 204
    client.refused("GET", address, 404, "NoSuchNameException")
    client.refused("DELETE", address, 404, "NoSuchNameException")
    client.refused("GET", f"{address}/events", 404, "NoSuchNameException")
    assert client.http.get("/epcis/queries").json() == []
    named(client)


def test_a_name_is_given_once(client: Client) -> None:
    named(client)
    client.refused("POST", "/epcis/queries", 409, "ResourceAlreadyExistsException", json=SHIPPED)


def test_queries_belong_to_who_made_them(client: Client, as_role: Callable[[Role], Client]) -> None:
    address = named(client)
    other = as_role(Role.OPERATOR)
    assert other.http.get("/epcis/queries").json() == []
    foreign = other.refused("GET", f"{address}/events", 404, "NoSuchNameException")["detail"]
    unknown = other.refused("GET", "/epcis/queries/unknown/events", 404, "NoSuchNameException")["detail"]
    assert foreign.replace("shipped", "unknown") == unknown
    other.refused("DELETE", address, 404, "NoSuchNameException")
    assert named(other, SHIPPED | {"query": {}}) == address
    assert client.http.get(address).json()["query"] == SHIPPED["query"]


def test_queries_are_listed_by_name(client: Client) -> None:
    for name in ("b", "a", "c"):
        named(client, {"name": name, "query": {}})
    assert [query["name"] for query in client.http.get("/epcis/queries").json()] == ["a", "b", "c"]


def test_prefixes_are_kept_with_the_query(client: Client) -> None:
    body = {"name": "noted", "query": {"EQ_ex:note": "a"}}
    client.refused("POST", "/epcis/queries", 400, "QueryParameterException", json=body)
    headers = {"GS1-Extensions": "ex=https://example.com/ns#"}
    assert client.http.post("/epcis/queries", json=body, headers=headers).status_code == 201
    note = {"@context": [{"own": "https://example.com/ns#"}], "own:note": "a"}
    client.capture(document(event(0, **note), event(1)))
    assert len(client.events("/epcis/queries/noted/events")) == 1
    kept = client.http.get("/epcis/queries/noted").json()["query"]
    assert kept == {"@context": {"ex": "https://example.com/ns#"}, "EQ_ex:note": "a"}
    assert named(client, {"name": "again", "query": kept})


def test_a_named_query_is_asked_as_it_is(client: Client) -> None:
    address = named(client)
    client.refused("GET", f"{address}/events?EQ_action=ADD", 400, "QueryParameterException")


@pytest.mark.parametrize(
    ("told", "exception"),
    [
        ([], "ValidationException"),
        ({"query": {}}, "ValidationException"),
        ({"name": "a"}, "ValidationException"),
        ({"name": "a/b", "query": {}}, "ValidationException"),
        ({"name": "a\n", "query": {}}, "ValidationException"),
        ({"name": "a", "query": []}, "ValidationException"),
        ({"name": "a", "query": {}, "other": 1}, "ValidationException"),
        ({"name": "a", "query": {"EQ_nothing": ["x"]}}, "QueryParameterException"),
        ({"name": "a", "query": {"GE_eventTime": "soon"}}, "QueryParameterException"),
    ],
)
def test_what_is_no_query_is_refused(client: Client, told: Any, exception: str) -> None:
    client.refused("POST", "/epcis/queries", 400, exception, json=told)
    assert client.http.get("/epcis/queries").json() == []
