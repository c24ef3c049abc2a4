"""Who asks too often is told so: callers by name, strangers and wrong keys by address."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api.clients import new_key, service
from tracegraph.api.limiting import address_of


def test_a_caller_that_asks_too_often_is_told_when_to_come_back(tmp_path: Path) -> None:
    with service(tmp_path, most_requests=3) as (serving, client):
        headers = {"X-API-Key": new_key(serving, "plant", "admin")}
        other = {"X-API-Key": new_key(serving, "shop", "admin")}
        for left in (2, 1, 0):
            answer = client.get("/metrics", headers=headers)
            assert answer.status_code == 200
            assert answer.headers["RateLimit-Policy"] == '"caller";q=3;w=60'
            assert answer.headers["RateLimit"].startswith(f'"caller";r={left};t=')
        refused = client.get("/metrics", headers=headers)
        assert (refused.status_code, refused.json()["type"]) == (429, "urn:tracegraph:problem:too-many-requests")
        assert 1 <= int(refused.headers["Retry-After"]) <= 120
        assert refused.headers["RateLimit"].startswith('"caller";r=0;t=')
        assert client.get("/metrics", headers=other).status_code == 200


def test_all_keys_of_a_caller_count_together(tmp_path: Path) -> None:
    with service(tmp_path, most_requests=1) as (serving, client):
        first = new_key(serving, "plant", "admin")
        second = serving.keys.create("plant").secret
        assert client.get("/metrics", headers={"X-API-Key": first}).status_code == 200
        assert client.get("/metrics", headers={"Authorization": f"Bearer {second}"}).status_code == 429


def test_keys_cannot_be_tried_through(tmp_path: Path) -> None:
    """The right one is not taken either, until the address may try again: else trying would go on."""
    with service(tmp_path, most_wrong_credentials=5) as (serving, client):
        right = new_key(serving, "plant", "admin")
        wrong = [right[:-1] + char for char in "abcdefghijk" if right[-1] != char]
        statuses = [client.get("/metrics", headers={"X-API-Key": key}).status_code for key in wrong[:8]]
        assert statuses == [401] * 5 + [429] * 3
        assert client.get("/metrics", headers={"X-API-Key": right}).status_code == 429


def test_right_keys_are_no_guesses(tmp_path: Path) -> None:
    with service(tmp_path, most_wrong_credentials=1) as (serving, client):
        headers = {"X-API-Key": new_key(serving, "plant", "admin")}
        assert {client.get("/metrics", headers=headers).status_code for _ in range(5)} == {200}


def test_strangers_are_limited_by_address_and_watchers_are_not(tmp_path: Path) -> None:
    with service(tmp_path, most_anonymous_requests=2) as (_, client):
        assert [client.get("/epcis").status_code for _ in range(3)] == [401, 401, 429]
        assert {client.get("/health").status_code for _ in range(5)} == {200}


def test_no_limit_where_none_is_wanted(tmp_path: Path) -> None:
    with service(tmp_path, most_requests=0, most_anonymous_requests=0, most_wrong_credentials=0) as (serving, client):
        headers = {"X-API-Key": new_key(serving, "plant", "admin")}
        answers = [client.get("/metrics", headers=headers) for _ in range(3)]
        assert {answer.status_code for answer in answers} == {200}
        assert "RateLimit" not in answers[0].headers
        assert client.get("/metrics", headers={"X-API-Key": "x"}).status_code == 401


@pytest.mark.parametrize(
    ("client", "address"),
    [
        (("192.0.2.7", 1), "192.0.2.7"),
        (("::ffff:192.0.2.7", 1), "192.0.2.7"),
        (("2001:db8:1:2:3:4:5:6", 1), "2001:db8:1:2::/64"),
        (("2001:db8:1:2:9::9", 1), "2001:db8:1:2::/64"),
        (("testclient", 1), "testclient"),
        (None, ""),
    ],
)
def test_an_address_is_what_one_customer_has(client: object, address: str) -> None:
    assert address_of({"client": client}) == address
