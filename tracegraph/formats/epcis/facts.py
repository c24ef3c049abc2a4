"""From the parsed event to the facts that move goods (model.facts), the same from every input format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from urllib.parse import quote

from tracegraph.formats.epcis.context import TRACEGRAPH_URI, Context, is_uri
from tracegraph.formats.epcis.moments import read_offset, read_time
from tracegraph.formats.epcis.vocabulary import ACTIONS
from tracegraph.identifiers import canonical, parse, site_without_extension, supplier_lot
from tracegraph.model.event import Destination, Event, Finding, Identifier, Json, QuantityElement, Source
from tracegraph.model.facts import Alias, Document, EventFacts, Membership, NamedUnit, Role
from tracegraph.model.quantity import Quantity

#: Schemes of places and organisations: named as the parent of an association they are no unit.
NO_UNIT = frozenset({"sgln", "pgln"})
#: Values of `tracegraph:assumedTime`: what is known of a day that is assumed.
ASSUMED = ("month", "year", "unknown")
_ZONE = re.compile(r"(Z|z|[+-]\d\d:?\d\d)\s*$", re.ASCII)
_SEPARATOR = re.compile(r"[:#/]")


def facts_of(event: Event, content_hash: str, context: Context) -> EventFacts:
    """The facts of an event. `content_hash`: its event hash ID; `context`: what its extensions mean. What the
    hash does not tell apart (order, blanks, less than a millisecond) makes no difference here either."""
    named = tuple(sorted(_named(event), key=_named_order))
    aliases, _ = aliases_of(event, context)
    day = _is_day(event, context)
    action = event.action.strip() if isinstance(event.action, str) else ""
    return EventFacts(
        content_hash=content_hash,
        event_id=event.event_id or "",
        retracts=event.error_declaration is not None,
        type=event.type.value.strip(),
        instant=_whole_milliseconds(event.event_time.instant or 0),
        offset=_offset(event),
        day=day,
        action=action if action in ACTIONS else "",
        step=event.biz_step.value.strip() if event.biz_step else "",
        disposition=event.disposition.value.strip() if event.disposition else "",
        read_point=_key(event.read_point.id) if event.read_point else None,
        biz_location=_key(event.biz_location.id) if event.biz_location else None,
        source_place=_source(event.source_list, "location"),
        destination_place=_source(event.destination_list, "location"),
        source_party=_source(event.source_list, "possessing_party"),
        destination_party=_source(event.destination_list, "possessing_party"),
        source_owner=_source(event.source_list, "owning_party"),
        destination_owner=_source(event.destination_list, "owning_party"),
        transformation=_key(event.transformation_id),
        documents=tuple(sorted(_documents(event), key=lambda document: (document.type, document.id))),
        named=named,
        memberships=tuple(dict.fromkeys(_memberships(event, named))),
        aliases=aliases,
        assumed=_assumed(event, context) if day else "",
    )


def _key(identifier: Identifier | None) -> str | None:
    return identifier.key if identifier is not None else None


def _offset(event: Event) -> str:
    """The local offset: as given, else that of the event time."""
    offset = event.event_time_zone_offset
    if offset is not None and read_offset(offset) is not None:
        return offset
    zone = _ZONE.search(event.event_time.text)
    return zone[1] if zone else ""


def _is_day(event: Event, context: Context) -> bool:
    """Whether the time is a date: `tracegraph:timePrecision` says `day`, or no time of day is given."""
    for name, value in event.extensions.items():
        if value == "day" and is_ours(name, "timePrecision", context):
            return True
    read = read_time(event.event_time.text)
    return read is not None and read.date_only


def _assumed(event: Event, context: Context) -> str:
    """How little of the day is stated, where `tracegraph:assumedTime` says that it is assumed."""
    for name, value in event.extensions.items():
        if value in ASSUMED and is_ours(name, "assumedTime", context):
            return str(value)
    return ""


def is_ours(name: str, local: str, context: Context) -> bool:
    """Whether a member is tracegraph's own: by its namespace, or by the prefix `tracegraph:` itself."""
    return name == f"tracegraph:{local}" or (
        name.endswith(local) and context.name(name) in ((TRACEGRAPH_URI, local), ("", TRACEGRAPH_URI + local))
    )


def _source(entries: Iterable[Source | Destination] | None, kind: str) -> str | None:
    """The key of the source or destination of one kind; of several the smallest."""
    found: list[str] = []
    for entry in entries or ():
        identifier = entry.source if isinstance(entry, Source) else entry.destination
        if entry.type is not None and entry.type.value.strip() == kind and identifier is not None:
            found.append(identifier.key)
    return min(found, default=None)


def _whole_milliseconds(instant: int) -> int:
    """As the event hash rounds: half a millisecond up."""
    return (instant + 500) // 1000 * 1000


def _named_order(named: NamedUnit) -> tuple[str, str, bool, str]:
    return (named.role, named.unit, named.as_class, str(named.quantity))


def _documents(event: Event) -> Iterator[Document]:
    for entry in event.biz_transaction_list or ():
        if entry.biz_transaction is not None:
            yield Document(entry.type.value if entry.type else "", entry.biz_transaction.key)


def _named(event: Event) -> Iterator[NamedUnit]:
    """Every unit that the event names, whatever its type: what stands there was there."""
    if event.parent_id is not None and not _is_place(event.parent_id):
        yield NamedUnit(event.parent_id.key, Role.PARENT)
    yield from _units(Role.OBJECT, event.epc_list, event.quantity_list)
    yield from _units(Role.CHILD, event.child_epcs, event.child_quantity_list)
    yield from _units(Role.INPUT, event.input_epc_list, event.input_quantity_list)
    yield from _units(Role.OUTPUT, event.output_epc_list, event.output_quantity_list)


def _is_place(identifier: Identifier) -> bool:
    """Whether an identifier names a place or an organisation by its scheme."""
    return identifier.key.startswith("geo:") or parse(identifier.text).scheme in NO_UNIT


def _units(
    role: Role, items: tuple[Identifier, ...] | None, classes: tuple[QuantityElement, ...] | None
) -> Iterator[NamedUnit]:
    for item in items or ():
        yield NamedUnit(item.key, role)
    for element in classes or ():
        if element.epc_class is not None:
            quantity = Quantity(element.quantity, (element.uom or "").strip())
            yield NamedUnit(element.epc_class.key, role, True, quantity)


def _memberships(event: Event, named: Iterable[NamedUnit]) -> Iterator[Membership]:
    """Which items belong to which lots: by AI 10 beside the serial number, and by the lot number of their birth."""
    for identifier in _identifiers(event):
        lot = parse(identifier.text).lot
        if lot is not None:
            yield Membership(identifier.key, lot)
    lots = list(lot_numbers(event.ilmd or {}))
    if not lots:
        return
    for unit in named:
        if unit.role in (Role.OBJECT, Role.OUTPUT) and not unit.as_class:
            product = product_of_item(unit.unit)
            if product is not None:
                yield from lots_of_birth(unit.unit, product, lots)


def product_of_item(key: str) -> str | None:
    """The product of a unit with a serial number; None for every other key."""
    if "/21/" not in key:
        return None
    product = parse(key).product
    return product if product and product != key else None


def lots_of_birth(item: str, product: str, lots: Iterable[str]) -> list[Membership]:
    """The memberships of an item of a product, born with these lot numbers."""
    return [Membership(item, canonical(f"{product}/10/{quote(lot, safe='')}")) for lot in lots]


def _identifiers(event: Event) -> Iterator[Identifier]:
    """Every item that the event names, as written."""
    for items in (event.epc_list, event.child_epcs, event.input_epc_list, event.output_epc_list):
        yield from items or ()
    if event.parent_id is not None:
        yield event.parent_id


def lot_numbers(ilmd: Json) -> Iterator[str]:
    """The values of `lotNumber` among the attributes of a birth, whatever its prefix."""
    for name, value in ilmd.items():
        if name.endswith("lotNumber") and _SEPARATOR.split(name)[-1] == "lotNumber":
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, Decimal) or (isinstance(item, str) and item.strip()):
                    yield str(item).strip()


def aliases_of(event: Event, context: Context) -> tuple[tuple[Alias, ...], tuple[Finding, ...]]:
    """The other numbers that the birth of a unit gives it (`tracegraph:alias`), and findings where it is not clear
    which unit or which number is meant."""
    names = [name for name in event.ilmd or {} if name.endswith("alias") and is_ours(name, "alias", context)]
    if not names or event.ilmd is None:
        return (), ()
    role = Role.OUTPUT if event.type.value == "TransformationEvent" else Role.OBJECT
    units = list(dict.fromkeys(unit.unit for unit in _named(event) if unit.role is role))
    aliases: list[Alias] = []
    findings: list[Finding] = []
    for name in names:
        pointer = "/ilmd/" + name.replace("~", "~0").replace("/", "~1")
        if len(units) != 1:
            message = f"An alias needs an event that gives birth to exactly one unit, not {len(units)}; without effect."
            findings.append(Finding("ambiguous_alias", pointer, message))
            continue
        value = event.ilmd[name]
        for item in value if isinstance(value, list) else [value]:
            alias = alias_from(units[0], item, _numbering(event))
            if alias is None:
                message = "An alias is a text, or an object with alias, document and date; without effect."
                findings.append(Finding("invalid_alias", pointer, message))
            else:
                aliases.append(alias)
    return tuple(aliases), tuple(findings)


def alias_from(unit: str, value: Json, source: str) -> Alias | None:
    """One alias of a unit from its JSON (None: it is none); `source` is who gave a number that is no URI or GS1 key."""
    entry = value if isinstance(value, dict) else {"alias": value}
    code, document, date = entry.get("alias"), entry.get("document", ""), entry.get("date", "")
    if not isinstance(code, str) or not code.strip() or not isinstance(document, str) or not isinstance(date, str):
        return None
    identified = parse(code)
    is_key = identified.scheme != "opaque" or is_uri(code.strip())
    key = identified.key if is_key else supplier_lot(source, code)
    return None if key == unit else Alias(unit, key, canonical(document) if document.strip() else "", date.strip())


def _numbering(event: Event) -> str:
    """Who gives numbers in this event: the possessing party, else the site."""
    party = _source(event.source_list, "possessing_party") or _source(event.destination_list, "possessing_party")
    if party:
        return party
    for place in (event.biz_location, event.read_point):
        if place is not None and place.id is not None:
            return site_without_extension(place.id.key)
    return ""
