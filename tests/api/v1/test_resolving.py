"""What an identifier on the goods leads to, for whom."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from tests.api.v1.demo import client_of
from tests.api.v1.documents import schema_of
from tests.commands.conftest import Event, document, event
from tracegraph import Tracegraph
from tracegraph.api import Serving

LOT = "/01/09520101000019/10/48088"
KEY = "https://id.gs1.org/01/09520101000019/10/48088"


@pytest.fixture
def anybody(serving: Serving) -> Iterator[TestClient]:
    with client_of(serving, "") as opened:
        yield opened


def test_the_public_gets_the_least(anybody: TestClient, graph: Tracegraph) -> None:
    reply = anybody.get(LOT)
    told = reply.json()
    assert told == graph.public_facts(KEY)
    assert told["unit"] == {
        "id": KEY,
        "kind": "lot",
        "product": "https://id.gs1.org/01/09520101000019",
        "name": "fenugreek seed, organic",
    }
    assert told["birth"] == {"date": "2009-09-01", "country": "EG"}
    assert told["complete"] is False
    assert [gap["kind"] for gap in told["gaps"]] == ["withheld"]
    assert reply.headers["Vary"] == "Accept, Accept-Language, Authorization, X-API-Key"


def test_nothing_of_the_chain_is_in_what_the_public_gets(anybody: TestClient, graph: Tracegraph) -> None:
    every = graph.origin(KEY).to_dict()["result"]
    names = {entry["id"] for name in ("sites", "parties", "holdings") for entry in every[name]} | set(every["events"])
    names |= {entry["id"] for entry in every["units"]} - {KEY}
    for accept in ("application/json", "text/html"):
        for language in ("en", "zh"):
            text = anybody.get(LOT, headers={"Accept": accept, "Accept-Language": language}).text
            assert [name for name in names if name in text] == []


def test_whoever_may_know_everything_gets_the_origin(client: TestClient, graph: Tracegraph) -> None:
    reply = client.get(LOT)
    assert reply.content == graph.origin(KEY, max_nodes=50_000, max_seconds=30.0).to_json()
    Draft202012Validator(schema_of(client, "resolve_lot")).validate(reply.json())


def test_pages_for_browsers(client: TestClient, serving: Serving) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    key = client.headers.pop("X-API-Key")
    small = client.get(LOT, headers={**browser, "Accept-Language": "zh"})
    client.headers["X-API-Key"] = key
    large = client.get(LOT, headers=browser)
    for reply in (small, large):
        assert reply.headers["content-type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
        assert "<script" not in reply.text
        assert "http-equiv" not in reply.text
    assert '<html lang="zh-Hans">' in small.text
    assert "fenugreek seed, organic" in small.text
    assert len(small.content) < 10_000 < len(large.content)


@pytest.mark.parametrize("role", ["", "operator", "admin"])
def test_an_unknown_lot_is_the_same_for_everybody(role: str, serving: Serving) -> None:
    with client_of(serving, role) as client:
        for path in ("/01/09520101000019/10/48089", "/00/095201010000000016", "/01/09520101000019/21/7", f"{LOT}/21/1"):
            reply = client.get(path)
            assert reply.status_code == 404
            told = reply.json()
            assert told.keys() == {"type", "title", "status", "detail", "request"}
            assert told["detail"].endswith("is known here, or you may not know it; check the identifier")


@pytest.mark.parametrize("path", ["/01/x/10/48088", "/01/09520101000019/10/%C3%A4", "/00/1", "/01/1/21/2"])
def test_what_is_no_identifier(path: str, client: TestClient) -> None:
    assert client.get(path).status_code == 400


def served_events(tmp_path: Path, *events: Event) -> Tracegraph:
    path = tmp_path / "events.json"
    path.write_bytes(document(*events))
    graph = Tracegraph.open(f"sqlite:///{tmp_path}/store.db")
    graph.capture(path)
    return graph


def test_a_lot_whose_birth_nobody_recorded(tmp_path: Path) -> None:
    lot = "urn:epc:class:lgtin:9521000.012345.L1"
    with served_events(
        tmp_path, event("receiving", "2026-01-01T08:00:00Z", "https://plant.example", (lot, "5"))
    ) as graph:
        told = graph.public_facts(lot)
    assert (told["birth"], told["unit"]["name"]) == (None, None)


def test_what_is_in_a_name_is_text(tmp_path: Path) -> None:
    from tracegraph.reports.public_page import public_page

    told = {
        "unit": {"id": "https://id.gs1.org/01/1/10/<b>", "name": "<script>alert(1)</script>", "product": None},
        "birth": {"date": "2026-01-01", "country": '"><img src=x>'},
    }
    page = public_page(told)
    assert "<script>" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
