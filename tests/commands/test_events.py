"""`tracegraph events`, and the same from Python."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.conftest import LOT, PRODUCT_LOT, Run, document, harvest
from tracegraph import Tracegraph
from tracegraph.errors import QueryTooLarge

SHIPPING = "EQ_bizStep=urn:epcglobal:cbv:bizstep:shipping"


def times(events: list[dict]) -> list[str]:
    return [one["event"]["eventTime"] for one in events]


def test_table(captured: Run) -> None:
    lines = captured("events", SHIPPING, f"MATCH_anyEPCClass={LOT}").text.splitlines()
    assert lines[0] == "1 event"
    assert lines[1].split() == ["Time", "(UTC)", "Type", "Action", "Step", "Place", "Units", "Event"]
    assert lines[2].startswith("2026-01-02 08:00  ObjectEvent  OBSERVE  shipping  ")
    assert "https://id.gs1.org/01/09521000123458/10/L1" in lines[2]
    assert len(lines) == 3


def test_table_of_some(captured: Run) -> None:
    text = captured("events", "orderBy=eventTime", "--rows", "2").text
    assert text.startswith("The first 2 events\n")
    assert text.endswith("There are more: --rows 0 shows all, --format ndjson is for programs.\n")
    assert captured("events", "--rows", "5").text.startswith("5 events\n")
    assert captured("events", "--rows", "0").text.startswith("5 events\n")
    assert captured("--lang", "zh", "events", "--rows", "1").text.startswith("前 1 个事件\n")


def test_a_row_names_the_first_units_only(run: Run) -> None:
    lots = [(f"urn:x-lot:{number}", "1") for number in range(5)]
    one = harvest() | {"quantityList": [{"epcClass": lot, "quantity": 1} for lot, _ in lots]}
    run("capture", "-", stdin=document(one))
    assert "urn:x-lot:0, urn:x-lot:1, urn:x-lot:2, 2 more" in run("events").text


def test_json(captured: Run) -> None:
    told = captured("events", SHIPPING, "orderBy=eventTime", "--format", "json").json
    assert times(told["events"]) == ["2026-01-05T08:00:00Z", "2026-01-02T08:00:00Z"]
    assert told["next_page_token"] is None
    one = told["events"][0]
    assert set(one) == {"id", "position", "recorded_at", "conflicting_event_id", "event"}
    assert one["id"].startswith("ni:///sha-256;")
    assert one["recorded_at"] == one["event"]["recordTime"]
    assert one["position"] == 5
    assert one["conflicting_event_id"] is False
    lines = captured("events", SHIPPING, "orderBy=eventTime", "--format", "ndjson").lines
    assert lines == told["events"]
    assert captured("events", "EQ_bizStep=packing", "--format", "json").json == {"events": [], "next_page_token": None}


def test_pages(captured: Run) -> None:
    first = captured("events", "perPage=3", "--format", "json").json
    assert len(first["events"]) == 3
    second = captured("events", f"nextPageToken={first['next_page_token']}", "--format", "ndjson")
    assert len(second.lines) == 2
    assert second.err == ""
    note = captured("events", "perPage=3", "--format", "ndjson").sentence
    assert note == f"The next page: nextPageToken={first['next_page_token']}"
    other = captured("events", SHIPPING, f"nextPageToken={first['next_page_token']}")
    assert (other.status, other.out) == (2, b"")
    assert "belongs to another query" in other.sentence


def test_a_query_from_a_file(captured: Run) -> None:
    query = {"EQ_bizStep": ["shipping"], "GE_quantity_KGM": 90.5, "@context": {"ex": "https://example.com/ns/"}}
    Path("query.json").write_text(json.dumps(query))
    found = captured("events", "--query", "query.json", "--format", "ndjson").lines
    assert times(found) == ["2026-01-02T08:00:00Z"]
    assert captured("events", "--query", "-", "--format", "ndjson", stdin=json.dumps(query).encode()).lines == found
    paged = json.dumps({"perPage": 1}).encode()
    assert len(captured("events", "--query", "-", "--format", "ndjson", stdin=paged).lines) == 1


def test_prefixes(run: Run) -> None:
    run("capture", "-", stdin=document(harvest() | {"@context": {"a": "https://a.example/ns#"}, "a:size": 5}))
    for name in ("EQ_b:size=5", "GT_b:size=4.5", "EXISTS_b:size="):
        assert len(run("events", name, "--prefix", "b=https://a.example/ns#", "--format", "ndjson").lines) == 1
    assert "'b', which is not declared" in run("events", "EQ_b:size=5").sentence


def test_what_was_known(captured: Run) -> None:
    assert captured("events", "--as-of", "2020-01-01").text.startswith("0 events\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("shipping",), "'shipping' is not a parameter with its value; write it as in EQ_bizStep=shipping"),
        (("=shipping",), "'=shipping' is not a parameter with its value"),
        (("EQ_bizstep=shipping",), "the query parameter EQ_bizstep is unknown; did you mean EQ_bizStep"),
        (
            (
                "--prefix",
                "ex",
            ),
            "'ex' is not --prefix with its value",
        ),
        (("--query", "missing.json"), "the query missing.json cannot be read: No such file"),
        (("--query", "wrong.json"), "the query wrong.json is no JSON (Expecting value"),
        (("--query", "list.json"), "the query list.json is no JSON object"),
        (("--query", "list.json", "EQ_action=ADD"), "'EQ_action=ADD' is given beside --query"),
        (("--format", "csv"), "events has no format csv; choose one of table, json, ndjson"),
    ],
)
def test_refused(captured: Run, arguments: tuple[str, ...], told: str) -> None:
    Path("wrong.json").write_text("nothing")
    Path("list.json").write_text("[]")
    result = captured("events", *arguments)
    assert (result.status, result.out) == (2, b"")
    assert result.sentence.startswith(told)


def test_too_many_have_the_exit_status_of_a_limit(captured: Run) -> None:
    result = captured("events", "maxEventCount=4")
    assert (result.status, result.out) == (5, b"")
    assert result.sentence.startswith("more than 4 events answer the query")


def test_from_python(captured: Run) -> None:
    with Tracegraph.open() as graph:
        found = list(graph.events(EQ_bizStep=["shipping", "receiving"], MATCH_anyEPCClass=LOT))
        assert [one.event.biz_step.value for one in found if one.event.biz_step] == ["shipping", "receiving"]
        assert list(graph.events({"EQ_bizStep": "shipping"}, MATCH_anyEPCClass=PRODUCT_LOT, as_of="2020-01-01")) == []
        page = graph.events_page({"perPage": 4})
        following = graph.events_page({"perPage": 4, "nextPageToken": page.next_page_token})
        assert [*page.events, *following.events] == list(graph.events())
        with pytest.raises(QueryTooLarge):
            graph.events(maxEventCount=1)
