"""What EPCIS requires of an event beyond the types of its members, as findings.

Source: EPCIS 2.0 section 7.4 (required members per event type), CBV 2.0 section 7.6 (error reasons).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tracegraph.formats.epcis.fields import EVENT, MEMBERS_OF_TYPE
from tracegraph.formats.epcis.moments import read_offset
from tracegraph.model.event import Event, Finding, Json, QuantityElement

_CHILDREN = ("childEPCs", "childQuantityList")
_OBJECTS = ("epcList", "quantityList")
_INPUTS = ("inputEPCList", "inputQuantityList")
_OUTPUTS = ("outputEPCList", "outputQuantityList")
#: A code of UN/ECE Rec 20 has so many characters.
UOM_LENGTHS = (2, 3)


def check(event: Event, raw: Mapping[str, Json]) -> Iterator[Finding]:
    """Findings about members that are missing, or that an event of this type cannot have."""
    yield from _offset(event, raw)
    yield from _members(event.type.value, raw)
    yield from required(event.type.value, event.action, raw)
    yield from _quantities(event)
    yield from _error_declaration(event)


def required(event_type: str, action: str | None, raw: Mapping[str, Json]) -> Iterator[Finding]:
    """Findings about members that an event of this type and action lacks, or cannot have together."""
    rule = _RULES.get(event_type)
    return iter(()) if rule is None else rule(action, raw)


def _missing(name: str, message: str) -> Finding:
    return Finding("missing_member", f"/{name}", message)


def _offset(event: Event, raw: Mapping[str, Json]) -> Iterator[Finding]:
    """The offset is required, and must be one."""
    offset = event.event_time_zone_offset
    if "eventTimeZoneOffset" not in raw:
        yield _missing("eventTimeZoneOffset", "eventTimeZoneOffset is missing; give the local offset, such as +02:00.")
    elif offset is not None and (read_offset(offset) is None or offset in ("Z", "z") or ":" not in offset):
        message = f"{offset[:40]!r} is no offset such as +02:00 (at most 14:00); taken as absent."
        if read_offset(offset) is not None:
            message = f"{offset!r} is not written as +hh:mm; understood nevertheless."
        yield Finding("invalid_offset", "/eventTimeZoneOffset", message)


def _members(event_type: str, raw: Mapping[str, Json]) -> Iterator[Finding]:
    """Members that EPCIS defines, but not for this type."""
    allowed = MEMBERS_OF_TYPE.get(event_type)
    if allowed is None or allowed.issuperset(raw):
        return
    for name in raw:
        if name in EVENT.members and name not in allowed:
            yield Finding("member_not_of_type", f"/{name}", f"An {event_type} has no {name}; kept as it is.")


def _action(raw: Mapping[str, Json]) -> Iterator[Finding]:
    if "action" not in raw:
        yield _missing("action", "action is missing; give ADD, OBSERVE or DELETE.")


def _object_event(action: str | None, raw: Mapping[str, Json]) -> Iterator[Finding]:
    yield from _action(raw)
    sensed = "sensorElementList" in raw and "readPoint" in raw
    if not sensed and not any(name in raw for name in _OBJECTS):
        yield _missing("epcList", "It names no object; give epcList or quantityList.")
    if "ilmd" in raw and action != "ADD":
        message = "ilmd belongs to the birth of goods, which is action ADD; kept as it is."
        yield Finding("member_not_of_type", "/ilmd", message)


def _aggregation_event(action: str | None, raw: Mapping[str, Json]) -> Iterator[Finding]:
    yield from _action(raw)
    if "parentID" not in raw and action in ("ADD", "DELETE"):
        yield _missing("parentID", f"parentID is missing; with action {action} name the container.")
    yield from _some(_CHILDREN, action, raw)


def _association_event(action: str | None, raw: Mapping[str, Json]) -> Iterator[Finding]:
    yield from _action(raw)
    if "parentID" not in raw:
        yield _missing("parentID", "parentID is missing; name the place or object of the association.")
    yield from _some(_CHILDREN, action, raw)


def _transaction_event(action: str | None, raw: Mapping[str, Json]) -> Iterator[Finding]:
    yield from _action(raw)
    if not raw.get("bizTransactionList"):
        yield _missing("bizTransactionList", "bizTransactionList is missing or empty; name the business document.")
    yield from _some(_OBJECTS, action, raw)


def _some(names: tuple[str, ...], action: str | None, raw: Mapping[str, Json]) -> Iterator[Finding]:
    """One of the members is required unless the action is DELETE."""
    if action != "DELETE" and not any(name in raw for name in names):
        yield _missing(names[0], f"It names no object; give {' or '.join(names)}.")


def _transformation_event(action: str | None, raw: Mapping[str, Json]) -> Iterator[Finding]:
    inputs, outputs = any(name in raw for name in _INPUTS), any(name in raw for name in _OUTPUTS)
    if "transformationID" in raw:
        if not inputs and not outputs:
            yield _missing("inputEPCList", "It names neither inputs nor outputs; give at least one side.")
        return
    if not inputs:
        yield _missing("inputEPCList", "It names no inputs and has no transformationID; give inputs.")
    if not outputs:
        yield _missing("outputEPCList", "It names no outputs and has no transformationID; give outputs.")


_RULES = {
    "ObjectEvent": _object_event,
    "AggregationEvent": _aggregation_event,
    "AssociationEvent": _association_event,
    "TransactionEvent": _transaction_event,
    "TransformationEvent": _transformation_event,
}


def _quantities(event: Event) -> Iterator[Finding]:
    """A unit of measure has two or three characters (UN/ECE Rec 20)."""
    for name in ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"):
        elements: tuple[QuantityElement, ...] = getattr(event, EVENT.members[name].attribute) or ()
        for index, element in enumerate(elements):
            if element.uom is not None and len(element.uom) not in UOM_LENGTHS:
                message = f"{element.uom[:40]!r} is no code of UN/ECE Rec 20 such as KGM; kept as it is."
                yield Finding("invalid_uom", f"/{name}/{index}/uom", message)


def _error_declaration(event: Event) -> Iterator[Finding]:
    """What did not occur cannot have been corrected."""
    declaration = event.error_declaration
    if declaration is None or declaration.reason is None or not declaration.corrective_event_ids:
        return
    if declaration.reason.value == "did_not_occur":
        message = "An event that did not occur has no corrective events; kept as it is."
        yield Finding("contradictory_declaration", "/errorDeclaration/correctiveEventIDs", message)
