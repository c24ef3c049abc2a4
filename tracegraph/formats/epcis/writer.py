"""EPCIS documents from the parsed model: events as they came, up to the order of members.

Source: EPCIS 2.0 JSON binding. Each event keeps what its extensions mean: contexts that are not those of the whole
document are written into the event.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from tracegraph.formats.epcis.context import EPCIS_CONTEXT
from tracegraph.formats.epcis.fields import EVENT, Kind, Member, Shape
from tracegraph.formats.epcis.json_text import json_text
from tracegraph.model.event import Event, Identifier, Json, Moment, Term


def event_as_json(event: Event) -> dict[str, Json]:
    """The event as JSON, rebuilt from the model alone: equal to what was read, up to the order of members."""
    written: dict[str, Json] = {}
    if event.context is not None:
        written["@context"] = event.context
    written.update(_members(event, EVENT))
    if event.certification_info is not None and not event.certification_info_listed:
        written["certificationInfo"] = "".join(event.certification_info)
    written.update(event.extensions)
    written.update(event.unread)
    return written


def _members(value: Any, shape: Shape) -> Iterator[tuple[str, Json]]:
    """Name and value of every member that is there."""
    for name, member in shape.members.items():
        held = getattr(value, member.attribute)
        if held is not None:
            yield name, _written(held, member)


def _written(held: Any, member: Member) -> Json:
    """One member of the model as JSON."""
    if isinstance(held, (Term, Identifier, Moment)):
        return held.text
    if isinstance(held, tuple):
        return [_written(item, member) for item in held]
    if member.shape is not None:
        return {**dict(_members(held, member.shape)), **held.extensions}
    return dict(held) if member.kind is Kind.OPEN_OBJECT else held


def common_context(events: Iterable[Event]) -> tuple[Json, ...]:
    """The contexts around every one of the events, or none where they differ: a first pass before `export`."""
    found: tuple[Json, ...] | None = None
    for event in events:
        if found is None:
            found = event.document_context
        elif found != event.document_context:
            return ()
    return found or ()


def export(
    events: Iterable[Event],
    created: str,
    context: tuple[Json, ...] = (),
    master_data: Iterable[tuple[str, Json]] = (),
    about: Iterable[tuple[str, Json]] = (),
) -> Iterator[str]:
    """An EPCISDocument as pieces of text, in constant memory.

    `created`: creationDate, as ISO 8601 text. `context`: contexts of the document (see `common_context`); events that
    came under others carry their own. `master_data`: (vocabulary type, element), elements of one type in a row.
    `about`: more members of the document.
    """
    outer = _document_context(context)
    head = {"@context": outer, "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": created, **dict(about)}
    yield json_text(head)[:-1]
    yield from _header(master_data)
    yield ',"epcisBody":{"eventList":['
    separator = "\n"
    for event in events:
        yield separator + json_text(event_in_document(event, context))
        separator = ",\n"
    yield "\n]}}\n"


def _document_context(context: tuple[Json, ...]) -> list[Json]:
    """The `@context` of a document: what was declared, and always EPCIS itself."""
    listed = _flat(context)
    return listed if any(isinstance(item, str) for item in listed) else [EPCIS_CONTEXT, *listed]


def _flat(context: Iterable[Json]) -> list[Json]:
    """Values of `@context` as one list."""
    listed: list[Json] = []
    for item in context:
        listed += item if isinstance(item, list) else [item]
    return [item for item in listed if item is not None]


def event_in_document(event: Event, context: tuple[Json, ...]) -> dict[str, Json]:
    """The event as JSON for a document that declares `context`; with the declarations it came under where the document
    does not make them."""
    written = event_as_json(event)
    if event.document_context != context:
        declared = [item for item in _flat(event.document_context) if item != EPCIS_CONTEXT]
        own = [*declared, *_flat([event.context])]
        if own:
            written["@context"] = own
    return written


def _header(master_data: Iterable[tuple[str, Json]]) -> Iterator[str]:
    """The header with master data, or nothing."""
    current: str | None = None
    for vocabulary_type, element in master_data:
        if current is None:
            yield ',"epcisHeader":{"epcisMasterData":{"vocabularyList":['
        if vocabulary_type != current:
            yield "" if current is None else "]},"
            yield json_text({"type": vocabulary_type})[:-1] + ',"vocabularyElementList":['
        else:
            yield ","
        current = vocabulary_type
        yield json_text(element)
    if current is not None:
        yield "]}]}}"
