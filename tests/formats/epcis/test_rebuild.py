"""The model alone gives the event back: reference files, and anything that can be thought of."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.epcis.building import decoded, encoded, event, pieces
from tests.formats.epcis.test_findings import files
from tracegraph.formats.epcis import AcceptedEvent, event_as_json, event_of_payload, facts_of_payload, payload_of, read
from tracegraph.formats.epcis.fields import EVENT
from tracegraph.formats.epcis.parse import Unusable, parse_event


def events_in(value: Any) -> list[Any]:
    """The events of a document, query answer or single event."""
    body = value.get("epcisBody") if isinstance(value, dict) else None
    if body is None:
        return [value]
    if "queryResults" in body:
        body = body["queryResults"]["resultsBody"]
    return body["eventList"] if "eventList" in body else [body["event"]]


def test_reference_events_are_rebuilt_without_the_original(reference: Path) -> None:
    count = 0
    for name, path in files(reference).items():
        if name.endswith("malformed.jsonld"):
            continue
        rebuilt = [event_as_json(piece.event) for piece in read(path) if isinstance(piece, AcceptedEvent)]
        expected = events_in(decoded(path.read_text("utf-8-sig")))
        assert rebuilt == expected, name
        assert [encoded(sorted_members(value)) for value in rebuilt] == [
            encoded(sorted_members(value)) for value in expected
        ], name
        count += len(rebuilt)
    assert count > 200


def sorted_members(value: Any) -> Any:
    """The same with members sorted: equal texts then mean equal digits too."""
    if isinstance(value, dict):
        return {name: sorted_members(value[name]) for name in sorted(value)}
    return [sorted_members(item) for item in value] if isinstance(value, list) else value


def test_reference_events_are_all_typed(reference: Path) -> None:
    """Nothing of a faultless event is kept as raw JSON but extensions."""
    for path in files(reference).values():
        for piece in read(path):
            if isinstance(piece, AcceptedEvent) and not piece.event.findings:
                assert piece.event.unread == {}
                assert not set(piece.event.extensions) & set(EVENT.members)


def test_a_payload_gives_the_same_event_and_facts(reference: Path) -> None:
    for path in files(reference).values():
        for piece in read(path):
            if isinstance(piece, AcceptedEvent):
                assert event_of_payload(piece.entry_payload) == piece.event
                assert facts_of_payload(piece.entry_payload) == piece.facts


def test_a_payload_keeps_the_text_of_numbers() -> None:
    data = (
        b'{ "type":"ObjectEvent", "eventTime" : "2026-01-01T00:00:00Z",\n'
        b' "ex:n" : [1.50, 1e2, -0.0, 12345678901234567890] }'
    )
    (piece,) = pieces(data)
    assert isinstance(piece, AcceptedEvent)
    assert piece.entry_payload == (
        b'{"context":[],"event":{"type":"ObjectEvent","eventTime":"2026-01-01T00:00:00Z",'
        b'"ex:n":[1.50,1e2,-0.0,12345678901234567890]}}'
    )


NUMBERS = st.decimals(allow_nan=False, allow_infinity=False)
TEXTS = st.sampled_from(
    ["", " ", "shipping", "urn:x:1", "cbv:BizStep-packing", "2026-01-01T00:00:00Z", "ä\U0001f41f", "a b"]
)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "type", "source", "epcClass", "quantity", "uom", "ex:a", "set"]), inner, max_size=4
        )
    ),
    max_leaves=10,
)


@st.composite
def mangled(draw: st.DrawFn) -> dict[str, Any]:
    """An event of which some members hold anything at all."""
    members = draw(st.dictionaries(st.sampled_from([*EVENT.members, "@context", "ex:x", "foo"]), JSON, max_size=6))
    return {**event(), **members}


@given(mangled())
def test_whatever_is_accepted_is_rebuilt(value: dict[str, Any]) -> None:
    try:
        parsed = parse_event(copy.deepcopy(value))
    except Unusable:
        return
    assert event_as_json(parsed) == value


@given(mangled())
def test_whatever_is_accepted_survives_as_payload(value: dict[str, Any]) -> None:
    (piece,) = pieces(encoded(value))
    if isinstance(piece, AcceptedEvent):
        assert event_of_payload(payload_of(value)) == piece.event
        assert facts_of_payload(piece.entry_payload) == piece.facts


def test_a_payload_that_is_none_is_refused() -> None:
    for data in (b"", b"{}", b"[]", b'{"context":5,"event":{}}', b"\xff", b"[" * 100_000):
        with pytest.raises(ValueError, match="no EPCIS event"):
            event_of_payload(data)
