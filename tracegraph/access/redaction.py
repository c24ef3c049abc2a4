"""Things with what a caller may not know taken out: pure functions, one for each kind of thing.

What is left depends on what is knowable alone, never on what was taken out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from tracegraph.access.rights import Distance, Rights
from tracegraph.access.sight import Sight
from tracegraph.formats.epcis import event_as_json, event_of_payload, payload_of
from tracegraph.formats.epcis.json_text import json_text
from tracegraph.formats.epcis.master_data import master_data_of
from tracegraph.model.custody import Gap, Holding, Joint, Place, PlaceKind
from tracegraph.model.event import Destination, ErrorDeclaration, Event, Identifier, Location, QuantityElement, Source
from tracegraph.model.facts import EventFacts
from tracegraph.model.record import Record

#: Gaps that are there because of a second event, which may be anybody's.
_COMPARING = frozenset(
    {
        "repeated_content",
        "conflicting_event_id",
        "retraction_without_original",
        "reused_transformation_id",
        "conflicting_kind",
    }
)
#: Gaps that say what else is recorded of goods without a certain source.
OF_SOURCES = frozenset(
    {
        "unmatched_receipt",
        "unknown_origin",
        "implied_move",
        "ambiguous_receipt",
        "destination_mismatch",
        "time_conflict",
        "container_elsewhere",
        "item_at_two_places",
        "received_again",
    }
)
UNKNOWN = Place(PlaceKind.UNKNOWN)

#: Which member of an event each field of its facts comes from.
_FACTS = {
    "event_id": "eventID",
    "action": "action",
    "step": "bizStep",
    "disposition": "disposition",
    "transformation": "transformationID",
    "read_point": "readPoint",
    "biz_location": "bizLocation",
    "source_place": "sourceList",
    "source_party": "sourceList",
    "source_owner": "sourceList",
    "destination_place": "destinationList",
    "destination_party": "destinationList",
    "destination_owner": "destinationList",
}
_PLACES = frozenset(
    {
        "read_point",
        "biz_location",
        "source_place",
        "source_party",
        "source_owner",
        "destination_place",
        "destination_party",
        "destination_owner",
    }
)
#: Members of an event (attributes of the model) that are shown or not as a whole.
_MEMBERS = {
    "event_id": "eventID",
    "record_time": "recordTime",
    "action": "action",
    "transformation_id": "transformationID",
    "biz_step": "bizStep",
    "disposition": "disposition",
    "persistent_disposition": "persistentDisposition",
    "sensor_element_list": "sensorElementList",
    "ilmd": "ilmd",
    "certification_info": "certificationInfo",
}
#: Members in which anything may stand.
_OPEN = frozenset({"ilmd", "certification_info", "sensor_element_list", "persistent_disposition"})
_UNITS = ("epc_list", "child_epcs", "input_epc_list", "output_epc_list")
_QUANTITIES = ("quantity_list", "child_quantity_list", "input_quantity_list", "output_quantity_list")


@dataclass(frozen=True, slots=True)
class EventSight:
    """What shows of one event: at which distance it is, which of the units it names (None: all), and what may be named
    as a place or party. Where units are left out, so is everything that may speak of them in words of its own."""

    distance: Distance
    units: frozenset[str] | None
    names_place: Callable[[str], bool]

    def shows(self, unit: str) -> bool:
        """Whether a unit shows, by its number in the event."""
        return self.units is None or unit in self.units

    def whole(self, facts: EventFacts, rights: Rights) -> bool:
        """Whether the event shows as it is."""
        own = self.distance is Distance.OWN and rights.is_full(Distance.OWN)
        return own and all(self.shows(number) for number in facts.numbers())


def shown_holding(holding: Holding, node: int, sight: Sight, rights: Rights) -> Holding:
    """A holding as it shows. What a pool holds, and until when, speaks of all who drew from it: of other organisations
    the quantity shows for shipments from and to the caller's only."""
    distance = sight.levels[node]
    fields, own = rights.fields(distance, "holding"), distance is Distance.OWN
    shipped = own or (holding.place.kind is PlaceKind.TRANSIT and holding.event in sight.shared)
    return holding._replace(
        place=holding.place if "place" in fields else UNKNOWN,
        until=sight.until(node, holding) if "until" in fields else None,
        party=holding.party if "party" in fields else None,
        owner=holding.owner if "owner" in fields else None,
        quantity=holding.quantity if "quantity" in fields and shipped else None,
        remaining=holding.remaining if "remaining" in fields and own else None,
        sublocation=holding.sublocation if "sublocation" in fields else None,
        destination=holding.destination if "destination" in fields and shipped else None,
    )


def shown_joint(joint: Joint, sight: Sight) -> Joint:
    """A transformation with those of its events that moved something knowable."""
    return replace(joint, events=tuple(event for event in joint.events if event in sight.told))


def shown_gap(gap: Gap, distance: Distance, sight: Sight, rights: Rights) -> Gap | None:
    """A gap with nothing in it that may not be named; None where its event may not be, or where it says
    that there is another event."""
    if gap.kind in _COMPARING or not sight.tells(gap.event):
        return None
    fields = rights.fields(distance, "gap")
    detail = gap.detail if "detail" in fields and distance is Distance.OWN else ""
    return replace(
        gap,
        place=gap.place if "place" in fields and sight.names(gap.place) else "",
        ask=tuple(name for name in gap.ask if sight.names(name)) if "ask" in fields else (),
        detail=detail if ":" not in detail or sight.names(detail) else "",
    )


def withheld(holding: Holding, sight: Sight) -> Gap:
    """That not everything about a holding shows; who to ask is whoever has it."""
    ask = (holding.party,) if holding.party and holding.party not in sight.ground.organisations else ()
    place = holding.place.id if holding.place.kind in (PlaceKind.SITE, PlaceKind.PARTY) else ""
    return Gap("withheld", holding.unit, place, holding.event, holding.id, ask)


def shown_facts(facts: EventFacts, seen: EventSight, rights: Rights) -> EventFacts:
    """The facts of an event as they show."""
    if seen.whole(facts, rights):
        return facts
    fields, units = rights.fields(seen.distance, "event"), rights.fields(seen.distance, "unit")
    emptied: dict[str, Any] = {}
    for name, member in _FACTS.items():
        value = getattr(facts, name)
        if value and (member not in fields or (name in _PLACES and not seen.names_place(value))):
            emptied[name] = "" if isinstance(value, str) and name not in _PLACES | {"transformation"} else None
    named = [one for one in facts.named if seen.shows(one.unit)]
    if "quantity" not in fields:
        named = [replace(one, quantity=None) for one in named]
    return replace(
        facts,
        **emptied,
        named=tuple(dict.fromkeys(named)),
        documents=facts.documents if "id" in rights.fields(seen.distance, "document") else (),
        memberships=tuple(one for one in facts.memberships if "lots" in units and seen.shows(one.item)),
        aliases=tuple(one for one in facts.aliases if "aliases" in units and seen.shows(one.unit)),
    )


def shown_payload(payload: bytes, seen: EventSight, rights: Rights) -> bytes:
    """The payload of an event that does not show whole, written anew without what does not show."""
    event = shown_event(event_of_payload(payload), seen, rights)
    return payload_of(event_as_json(event), event.document_context)


def shown_event(event: Event, seen: EventSight, rights: Rights) -> Event:
    """An event as it shows. Extensions of its parts go with its own: anything may stand in them."""
    fields = rights.fields(seen.distance, "event")
    free = "extensions" in fields and seen.units is None
    shown: dict[str, Any] = {"unread": {}, "findings": ()}
    shown |= {name: None for name, member in _MEMBERS.items() if member not in fields or (name in _OPEN and not free)}
    shown |= {name: _units(getattr(event, name), seen) for name in _UNITS}
    shown |= {name: _quantities(getattr(event, name), seen, "quantity" in fields) for name in _QUANTITIES}
    if event.parent_id is None or not seen.shows(event.parent_id.key):
        shown["parent_id"] = None
    if "id" not in rights.fields(seen.distance, "document"):
        shown["biz_transaction_list"] = None
    if not free:
        shown["extensions"] = {name: value for name, value in event.extensions.items() if name in fields}
    shown["error_declaration"] = _declaration(event, free) if "errorDeclaration" in fields else None
    shown["read_point"] = _location(event.read_point, seen, free) if "readPoint" in fields else None
    shown["biz_location"] = _location(event.biz_location, seen, free) if "bizLocation" in fields else None
    shown["source_list"] = _ends(event.source_list, seen) if "sourceList" in fields else None
    shown["destination_list"] = _ends(event.destination_list, seen) if "destinationList" in fields else None
    return replace(event, **shown)


def _declaration(event: Event, free: bool) -> ErrorDeclaration | None:
    declared = event.error_declaration
    return declared if declared is None or free else ErrorDeclaration(declared.declaration_time, declared.reason)


def _units(listed: tuple[Identifier, ...] | None, seen: EventSight) -> tuple[Identifier, ...] | None:
    return tuple(one for one in listed or () if seen.shows(one.key)) or None


def _quantities(
    listed: tuple[QuantityElement, ...] | None, seen: EventSight, amounts: bool
) -> tuple[QuantityElement, ...] | None:
    shown = [one for one in listed or () if one.epc_class is not None and seen.shows(one.epc_class.key)]
    if not amounts:
        shown = [QuantityElement(one.epc_class) for one in shown]
    return tuple(replace(one, extensions={}) for one in shown) or None


def _location(location: Location | None, seen: EventSight, free: bool) -> Location | None:
    if location is None or location.id is None or not seen.names_place(location.id.key):
        return None
    return location if free else Location(location.id)


def _ends(listed: tuple[Any, ...] | None, seen: EventSight) -> tuple[Any, ...] | None:
    """Sources or destinations of which the place or party may be named."""
    kept: list[Source | Destination] = []
    for one in listed or ():
        end = one.source if isinstance(one, Source) else one.destination
        if end is not None and seen.names_place(end.key):
            kept.append(replace(one, extensions={}))
    return tuple(kept) or None


def shown_record(record: Record, distance: Distance, sight: Sight, rights: Rights) -> Record:
    """Master data as they show; who runs a site and what it belongs to only where that may be named."""
    if distance is Distance.OWN and rights.is_full(distance):
        return record
    fields = rights.fields(distance, "record")
    data = {name: value for name, value in record.data.items() if name in fields and _is_nameable(name, value, sight)}
    return replace(record, data=data, reason="", source="")


def shown_master_payload(payload: bytes, shown: Record) -> bytes:
    """A vocabulary element as it was captured, with those of its attributes that its record still shows."""
    kept = json.loads(payload, parse_float=Decimal, parse_int=Decimal)
    element = kept["element"]
    attributes = [entry for entry in element.get("attributes", ()) if _says(kept["vocabulary"], element, entry, shown)]
    left = {"id": element["id"]} | ({"attributes": attributes} if attributes else {})
    return json_text({**kept, "element": left}).encode()


def _says(vocabulary: str, element: Mapping[str, Any], entry: Any, shown: Record) -> bool:
    """Whether one attribute says something that shows."""
    alone = master_data_of(vocabulary, {"id": element["id"], "attributes": [entry]})
    told = {name: getattr(alone, name) for name in ("parent", "party", "name", "country", "latitude", "longitude")}
    return any(value is not None and shown.data.get(name) == value for name, value in told.items())


def _is_nameable(name: str, value: Any, sight: Sight) -> bool:
    if name == "children":
        return all(map(sight.names, value))
    return name not in ("parent", "party") or sight.names(value)
