"""The XML documents of a public project beside its JSON documents of the same names: the same events."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from tracegraph.formats.epcis import AcceptedEvent, AcceptedMasterData, Rejected, event_as_json, facts_of_payload, read
from tracegraph.formats.epcis.context import Context
from tracegraph.formats.epcis.event_hash import number
from tracegraph.formats.epcis.fields import EVENT, Member, Shape
from tracegraph.formats.epcis.moments import read_time, utc_text
from tracegraph.formats.epcis.parse import term_of
from tracegraph.identifiers import canonical
from tracegraph.model.event import Event

#: Pairs of the same name that hold different contents (other goods, places, extensions), of version 1.2.
DIFFERENT = {
    "1.2/Documents/AggregationEvent",
    "1.2/Documents/AssociationEvent_all_possible_fields",
    "1.2/Documents/ObjectEvent_all_possible_fields",
    "1.2/Documents/TransactionEvent_all_possible_fields",
    "1.2/Documents/TransformationEvent_all_possible_fields",
    # The JSON one does not declare the namespace of its extensions.
    "2.0/Events/TransactionEvent",
}
#: Of the documents without a JSON counterpart: events, elements of master data, rejected pieces.
ALONE = {
    "1.2/Documents/All_eventTypes_in_single_document": (6, 0, 0),
    "1.2/Documents/EPCISDocument_with_comment": (8, 6, 0),
    "1.2/Documents/Jumbled_attributes_order": (1, 0, 0),
    "1.2/Documents/Single_event_with_namespace": (1, 0, 0),
    "2.0/Events/Namespace_event": (1, 0, 0),
    "2.0/Invalid/ObjectEvent_bare_event_without_action": (1, 0, 0),
    "2.0/Invalid/ObjectEvent_with_invalid_eventTime_format": (0, 0, 1),
    "2.0/Invalid/ObjectEvent_with_unknown_element": (1, 0, 0),
    "2.0/Invalid/ObjectEvent_without_eventTime": (0, 0, 1),
    "2.0/Invalid/QueryDocument_with_invalid_eventType": (1, 0, 0),
    "2.0/Invalid/Query_without_queryName": (0, 0, 0),
}


def documents(reference: Path) -> dict[str, tuple[Path, Path | None]]:
    """Each XML document by its path, and the JSON document of the same name where there is one."""
    root = reference / "epcis"
    found = {}
    for path in sorted(root.glob("openepcis-xml/*/*/*.xml")):
        name = path.relative_to(root / "openepcis-xml").with_suffix("")
        folder = "Query" if name.parts[1] == "Query" else f"Capture/{name.parts[1]}"
        other = root / "openepcis" / "JSON" / folder / f"{name.name}.json"
        found[str(name)] = (path, other if other.exists() else None)
    return found


def pairs(reference: Path) -> dict[str, tuple[Path, Path]]:
    """The pairs of the same content."""
    return {
        name: (xml, json)
        for name, (xml, json) in documents(reference).items()
        if json is not None and name not in DIFFERENT
    }


def hashes(path: Path) -> list[str]:
    return [piece.facts.content_hash for piece in read(path) if isinstance(piece, AcceptedEvent)]


def test_the_same_hash_as_json(reference: Path) -> None:
    for name, (xml, json) in pairs(reference).items():
        assert hashes(xml) == hashes(json) != [], name
    assert len(pairs(reference)) == 25


def test_documents_listed_as_different_are(reference: Path) -> None:
    for name in DIFFERENT:
        xml, json = documents(reference)[name]
        assert json is not None
        assert hashes(xml) != hashes(json), name


def test_the_same_event_as_json(reference: Path) -> None:
    """Member by member, times, identifiers and words in whatever form: the hash leaves some members out."""
    for name, (xml, json) in pairs(reference).items():
        assert list(map(compared, events(xml))) == list(map(compared, events(json))), name


def events(path: Path) -> list[Event]:
    return [piece.event for piece in read(path) if isinstance(piece, AcceptedEvent)]


#: Members that differ between the two files of some pair.
NOT_COMPARED = ("@context", "rdfs:comment", "eventID", "recordTime", "declarationTime")


def compared(event: Event) -> Any:
    """The event with full names, canonical identifiers, bare words, times in UTC, plain numbers, lists in one order."""
    return _compared(event_as_json(event), EVENT, Context([*event.document_context, event.context]))


def _compared(value: Any, shape: Shape | None, context: Context) -> Any:
    if isinstance(value, list):
        return sorted((_compared(item, shape, context) for item in value), key=repr)
    if isinstance(value, dict):
        members = {} if shape is None else shape.members
        found = {
            "{{{}}}{}".format(*context.name(name)): _member(inner, members.get(name), context)
            for name, inner in value.items()
            if name not in NOT_COMPARED
        }
        return dict(sorted(found.items()))
    if isinstance(value, Decimal):
        return number(value)
    time = read_time(value) if isinstance(value, str) else None
    if time is not None:
        return utc_text(time.rounded(3))
    return canonical(value) if isinstance(value, str) else value


def _member(value: Any, member: Member | None, context: Context) -> Any:
    if member is None or member.words is None:
        return _compared(value, None if member is None else member.shape, context)
    words = value if isinstance(value, list) else [value]
    return sorted(term_of(word, member.words, context)[0].value for word in words)


def test_what_the_other_documents_hold(reference: Path) -> None:
    found = {}
    for name, (xml, json) in documents(reference).items():
        if json is None:
            pieces = list(read(xml))
            kinds = (AcceptedEvent, AcceptedMasterData, Rejected)
            found[name] = tuple(sum(isinstance(piece, kind) for piece in pieces) for kind in kinds)
    assert found == ALONE


def test_a_payload_gives_the_same_facts(reference: Path) -> None:
    for xml, _ in documents(reference).values():
        for piece in read(xml):
            if isinstance(piece, AcceptedEvent):
                assert facts_of_payload(piece.entry_payload) == piece.facts
