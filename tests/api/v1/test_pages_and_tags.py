"""Lists come page by page, and what has not changed is not sent again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.v1.demo import client_of, served
from tracegraph import Tracegraph


def pages(client: TestClient, address: str) -> list[dict[str, Any]]:
    """All pages, found by following `Link`."""
    found = []
    following: str | None = address
    while following:
        reply = client.get(following)
        assert reply.status_code == 200, reply.text
        found.append(reply.json())
        following = reply.links.get("next", {}).get("url")
        assert (following is None) == (found[-1]["result"]["next"] is None)
    return found


@pytest.mark.parametrize("query", ["limit=50", "limit=40&q=lots", "limit=7&q=M-2011-05"])
def test_pages_of_units_are_the_whole_list(query: str, client: TestClient) -> None:
    listed = [unit["id"] for page in pages(client, f"/api/v1/units?{query}") for unit in page["result"]["units"]]
    whole = client.get(f"/api/v1/units?{query.replace('limit=', 'limit=9')}").json()["result"]["units"]
    assert listed == [unit["id"] for unit in whole]
    assert len(listed) == len(set(listed)) > 7


def test_pages_of_gaps_are_all_gaps(client: TestClient, graph: Tracegraph) -> None:
    listed = [gap for page in pages(client, "/api/v1/gaps?limit=30") for gap in page["gaps"]]
    assert listed == list(graph.gaps())


def test_an_answer_that_is_still_right_is_not_sent_again(client: TestClient) -> None:
    for address in ("/api/v1/traces?start=48088", "/api/v1/units/48088", "/api/v1/units?limit=3"):
        first = client.get(address)
        tag = first.headers["ETag"]
        assert tag.startswith('"')
        assert first.headers["Cache-Control"] == "private, no-cache"
        for known in (tag, f"W/{tag}", f'"other", {tag}'):
            again = client.get(address, headers={"If-None-Match": known})
            assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
        for other in ('"other"', "*"):
            assert client.get(address, headers={"If-None-Match": other}).content == first.content


def test_the_tag_follows_question_language_and_caller(client: TestClient, demo: str, tmp_path: Path) -> None:
    def tag(of: TestClient, address: str, **headers: str) -> str:
        return of.get(f"/api/v1/{address}", headers=headers).headers["ETag"]

    (tmp_path / "other").mkdir()
    with served(demo, tmp_path / "other") as serving, client_of(serving, "operator") as operator:
        found = {
            tag(client, "traces?start=48088"),
            tag(client, "traces?start=48088&direction=both"),
            tag(client, "traces?start=48088", **{"Accept-Language": "zh"}),
            tag(client, "origins?start=48088"),
            tag(operator, "units?limit=3"),
            tag(client, "units?limit=3"),
        }
    assert len(found) == 6
    assert tag(client, "traces?direction=both&start=48088") in found


def test_the_tag_changes_with_the_ledger(tmp_path: Path) -> None:
    from tests.commands.conftest import LOT, document, harvest, story

    url = f"sqlite:///{tmp_path}/store.db"
    first, all_of_it = tmp_path / "first.json", tmp_path / "all.json"
    first.write_bytes(document(harvest()))
    all_of_it.write_bytes(document(*story()))
    with Tracegraph.open(url) as graph:
        graph.capture(first)
        with served(url, tmp_path) as serving, client_of(serving, "admin") as client:
            before = client.get("/api/v1/units", params={"q": LOT})
            graph.capture(all_of_it)
            after = client.get("/api/v1/units", params={"q": LOT}, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.headers["ETag"] != before.headers["ETag"]


def test_an_answer_that_a_limit_cut_has_no_tag(client: TestClient) -> None:
    reply = client.get("/api/v1/traces?start=48088&max_nodes=3")
    assert reply.json()["frontier"]
    assert "ETag" not in reply.headers
