"""Documents written from the model."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.formats.epcis.building import decoded, document, encoded, event, pieces
from tests.formats.epcis.test_findings import files
from tracegraph.formats.epcis import AcceptedEvent, AcceptedMasterData, export, read
from tracegraph.formats.epcis.json_text import compact, json_text
from tracegraph.formats.epcis.writer import common_context
from tracegraph.model.event import Event

CREATED = "2026-02-01T00:00:00Z"


def written(events: list[Event], **options: Any) -> bytes:
    return "".join(export(events, CREATED, **options)).encode()


def captured(data: bytes) -> list[AcceptedEvent]:
    return [piece for piece in pieces(data) if isinstance(piece, AcceptedEvent)]


def test_a_document_comes_back_as_it_was() -> None:
    value = document([event(), event(**{"ex:a": "1"})], creationDate=CREATED)
    events = [piece.event for piece in captured(encoded(value))]
    assert decoded(written(events, context=common_context(events))) == value


def test_nothing_gives_an_empty_document() -> None:
    assert decoded(written([]))["epcisBody"] == {"eventList": []}


def test_events_of_several_documents_keep_what_their_extensions_mean() -> None:
    one = {"@context": {"ex": "urn:one:"}, "epcisBody": {"eventList": [event(**{"ex:a": "1"})]}}
    two = {"@context": {"ex": "urn:two:"}, "epcisBody": {"eventList": [event(**{"ex:a": "1"})]}}
    three = event(**{"ex:a": "1", "@context": {"ex": "urn:three:"}})
    before = captured(encoded(one) + encoded(two) + encoded(three))
    events = [piece.event for piece in before]
    assert common_context(events) == ()
    after = captured(written(events))
    assert [piece.facts for piece in after] == [piece.facts for piece in before]
    assert len({piece.facts.content_hash for piece in after}) == 3


def test_reference_files_keep_their_facts_through_an_export(reference: Path) -> None:
    for name, path in files(reference).items():
        before = [piece for piece in read(path) if isinstance(piece, AcceptedEvent)]
        events = [piece.event for piece in before]
        for context in (common_context(events), ()):
            after = captured(written(events, context=context))
            assert [piece.facts for piece in after] == [piece.facts for piece in before], name


def test_master_data_are_written_by_vocabulary() -> None:
    elements = [("urn:a", {"id": "urn:x:1"}), ("urn:a", {"id": "urn:x:2"}), ("urn:b", {"id": "urn:x:3"})]
    data = written([], master_data=elements)
    assert decoded(data)["epcisHeader"]["epcisMasterData"]["vocabularyList"] == [
        {"type": "urn:a", "vocabularyElementList": [{"id": "urn:x:1"}, {"id": "urn:x:2"}]},
        {"type": "urn:b", "vocabularyElementList": [{"id": "urn:x:3"}]},
    ]
    found = [piece.master_data.id for piece in read(io.BytesIO(data)) if isinstance(piece, AcceptedMasterData)]
    assert found == ["urn:x:1", "urn:x:2", "urn:x:3"]


JSON = st.recursive(
    st.none() | st.booleans() | st.decimals(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(JSON)
def test_json_text_is_exact(value: Any) -> None:
    text = json_text(value)
    assert decoded(text) == value
    assert compact(text) == text


@given(JSON, st.sampled_from([" ", "\n", "\t\r\n  "]))
def test_compact_drops_blanks_between_tokens_only(value: Any, blank: str) -> None:
    text = json_text(value)
    spread = _spread(text, "\n" + blank)
    assert compact(spread) == text


def _spread(text: str, blank: str) -> str:
    """The text with blanks after every token outside of strings."""
    out, inside, escaped = [], False, False
    for letter in text:
        out.append(letter)
        if inside:
            inside = escaped or letter != '"'
            escaped = letter == "\\" and not escaped
        elif letter == '"':
            inside = True
        elif letter in "{}[],:":
            out.append(blank)
    return "".join(out)
