"""The fast path: the facts of a faultless event of the usual form, straight from its JSON.

It answers only where it is certain that the full reading (formats.epcis.payload) finds nothing doubtful and gives the
same facts (property-tested), and None otherwise. It makes no model of the event; whoever wants it reads it again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache, partial

from tracegraph.formats.epcis import vocabulary
from tracegraph.formats.epcis.context import is_uri
from tracegraph.formats.epcis.event_hash import (
    EVENT_ORDER,
    METADATA_ORDER,
    PARTS,
    REPORT_ORDER,
    extension_parts,
    hash_of,
    named,
    number,
)
from tracegraph.formats.epcis.facts import lot_numbers, lots_of_birth
from tracegraph.formats.epcis.fast_values import (
    Entry,
    Unusual,
    Words,
    amount_of,
    place_of,
    plain_text,
    text_of,
    time_of,
    time_text,
    unit_of,
)
from tracegraph.formats.epcis.fields import EVENT, MEMBERS_OF_TYPE, Kind, Member, Shape, shape_of
from tracegraph.formats.epcis.moments import Reading, read_offset, utc_text
from tracegraph.formats.epcis.parse import is_faultless, is_sane_time
from tracegraph.formats.epcis.rules import UOM_LENGTHS, required
from tracegraph.formats.epcis.vocabulary import ACTIONS
from tracegraph.model.event import Json
from tracegraph.model.facts import Document, EventFacts, Membership, NamedUnit, Role
from tracegraph.model.quantity import Quantity

_NO_EXTENSIONS = frozenset({*EVENT.members, "@context"})


def read_fast(value: Json, words: Words) -> EventFacts | None:
    """The facts of an event; None where the full reading must decide."""
    if type(value) is not dict:
        return None
    kind = value.get("type")
    members = _MEMBERS.get(kind) if type(kind) is str else None
    if members is None:
        return None
    if "@context" in value:
        if value["@context"] is None:
            return None
        words = words.under(value["@context"])
    event = _Event(words)
    try:
        for name, inner in value.items():
            member = members.get(name)
            if member is not None:
                member(event, name, inner)
            else:
                event.extension(name, inner)
        return event.facts(value)
    except Unusual:
        return None


class _Event:
    """One event on its way: what was understood of it, and its parts of the pre-hash string by member."""

    __slots__ = (
        "action",
        "destinations",
        "disposition",
        "documents",
        "event_id",
        "extended",
        "lots",
        "named",
        "offset",
        "parts",
        "places",
        "products",
        "sources",
        "step",
        "time",
        "transformation",
        "words",
    )

    def __init__(self, words: Words) -> None:
        self.words = words
        self.parts: dict[str, str] = {}
        self.named: list[tuple[Role, str, bool, Quantity | None]] = []
        self.products: dict[str, str] = {}
        self.places: dict[str, str] = {}
        self.sources: list[Entry] = []
        self.destinations: list[Entry] = []
        self.documents: list[tuple[str, str]] = []
        self.lots: list[str] = []
        self.time: Reading | None = None
        self.offset = self.event_id = self.action = self.step = self.disposition = ""
        self.transformation: str | None = None
        self.extended = False

    def extension(self, name: str, value: Json) -> None:
        """A member that EPCIS does not define; `day` may be a precision of the time."""
        if value == "day" or not self.words.has_namespace(name):
            raise Unusual
        self.extended = True

    def facts(self, value: Mapping[str, Json]) -> EventFacts:
        """The facts, once all members are read."""
        if self.time is None or not self.offset or next(required(value["type"], self.action or None, value), None):
            raise Unusual
        instant = self.time.rounded(6)
        if not is_sane_time(instant):
            raise Unusual
        found = self._named()
        return EventFacts(
            hash_of(self._pre_hash(value)),
            self.event_id,
            False,
            value["type"],
            (instant + 500) // 1000 * 1000,
            self.offset,
            False,
            self.action,
            self.step,
            self.disposition,
            self.places.get("readPoint"),
            self.places.get("bizLocation"),
            _smallest(self.sources, "location"),
            _smallest(self.destinations, "location"),
            _smallest(self.sources, "possessing_party"),
            _smallest(self.destinations, "possessing_party"),
            _smallest(self.sources, "owning_party"),
            _smallest(self.destinations, "owning_party"),
            self.transformation,
            tuple([Document(*document) for document in sorted(self.documents)]),
            found,
            self._memberships(found) if self.lots and self.products else (),
        )

    def _pre_hash(self, value: Mapping[str, Json]) -> str:
        assert self.time is not None
        parts = self.parts
        found = [f"eventType={value['type']}eventTime={utc_text(self.time.rounded(3))}"]
        found += [parts[name] for name in EVENT_ORDER if name in parts]
        if self.extended:
            found += extension_parts(value, _NO_EXTENSIONS, self.words.context)
        return "".join(found)

    def _named(self) -> tuple[NamedUnit, ...]:
        """The units in the order of facts; Unusual where only amounts would tell."""
        rows = self.named
        if len({row[:3] for row in rows}) < len(rows):
            raise Unusual
        rows.sort()
        return tuple([NamedUnit(unit, role, as_class, quantity) for role, unit, as_class, quantity in rows])

    def _memberships(self, units: tuple[NamedUnit, ...]) -> tuple[Membership, ...]:
        """To which lots the items that were born belong."""
        products = self.products
        found = [
            member
            for unit in units
            if unit.unit in products and not unit.as_class and unit.role in (Role.OBJECT, Role.OUTPUT)
            for member in lots_of_birth(unit.unit, products[unit.unit], self.lots)
        ]
        return tuple(dict.fromkeys(found))


def _smallest(entries: list[Entry], kind: str) -> str | None:
    return min([entry.key for entry in entries if entry.kind == kind], default=None) if entries else None


_Reader = Callable[[_Event, str, Json], None]
_ReadValue = Callable[[Words, str, Json, Member], str]


def _unusual(event: _Event, name: str, value: Json) -> None:
    raise Unusual


def _known(event: _Event, name: str, value: Json) -> None:
    """Type and context were read first."""


def _event_time(event: _Event, name: str, value: Json) -> None:
    event.time = time_of(value)
    if event.time.zone is None:
        raise Unusual


def _record_time(event: _Event, name: str, value: Json) -> None:
    time_of(value)


def _offset(event: _Event, name: str, value: Json) -> None:
    if read_offset(text_of(value)) is None or ":" not in value:
        raise Unusual
    event.offset = value
    event.parts[name] = f"{name}={value}"


def _event_id(event: _Event, name: str, value: Json) -> None:
    if not is_uri(text_of(value)):
        raise Unusual
    event.event_id = value


def _action(event: _Event, name: str, value: Json) -> None:
    if text_of(value) not in ACTIONS:
        raise Unusual
    event.action = value
    event.parts[name] = f"{name}={value}"


def _step(event: _Event, name: str, value: Json) -> None:
    word, event.parts[name] = event.words.term(name, value, vocabulary.BIZ_STEPS)
    event.step = word.strip()


def _disposition(event: _Event, name: str, value: Json) -> None:
    word, event.parts[name] = event.words.term(name, value, vocabulary.DISPOSITIONS)
    event.disposition = word.strip()


def _place(event: _Event, name: str, value: Json) -> None:
    if type(value) is not dict or len(value) != 1:
        raise Unusual
    place = place_of(value.get("id"))
    event.places[name] = place.location
    event.parts[name] = f"{name}{named('id', place.hashed)}"


def _transformation(event: _Event, name: str, value: Json) -> None:
    unit = unit_of(value)
    event.transformation = unit.key
    event.parts[name] = f"{name}={unit.hashed}"


def _parent(event: _Event, name: str, value: Json) -> None:
    unit = unit_of(value)
    if not unit.is_place:
        event.named.append((Role.PARENT, unit.key, False, None))
    event.parts[name] = f"{name}={unit.hashed}"


def _list(value: Json) -> list[Json]:
    if type(value) is not list:
        raise Unusual
    return value


def _items(event: _Event, name: str, value: Json, role: Role) -> None:
    """A list of items."""
    hashed: list[str] = []
    for text in _list(value):
        unit = unit_of(text)
        event.named.append((role, unit.key, False, None))
        if unit.product is not None:
            event.products[unit.key] = unit.product
        hashed.append(f"epc={unit.hashed}")
    if hashed:
        hashed.sort()
        event.parts[name] = name + "".join(hashed)


def _classes(event: _Event, name: str, value: Json, role: Role) -> None:
    """A list of lots or classes with amounts."""
    hashed: list[str] = []
    for element in _list(value):
        if type(element) is not dict or not _QUANTITY_MEMBERS.issuperset(element):
            raise Unusual
        unit = unit_of(element.get("epcClass"))
        text = f"quantityElementepcClass={unit.hashed}"
        amount: Decimal | None = element.get("quantity")
        if "quantity" in element:
            text += f"quantity={amount_of(amount)}"
        uom = ""
        if "uom" in element:
            uom = text_of(element["uom"])
            text += named("uom", plain_text(uom))
            if len(uom) not in UOM_LENGTHS:
                raise Unusual
        event.named.append((role, unit.key, True, Quantity(amount, uom.strip())))
        hashed.append(text)
    if hashed:
        hashed.sort()
        event.parts[name] = name + "".join(hashed)


_QUANTITY_MEMBERS = frozenset({"epcClass", "quantity", "uom"})


def _documents(event: _Event, name: str, value: Json) -> None:
    hashed: list[str] = []
    for entry in _list(value):
        if type(entry) is not dict or len(entry) != 2:
            raise Unusual
        word, text = event.words.term("type", entry.get("type"), vocabulary.BIZ_TRANSACTIONS)
        document = unit_of(entry.get("bizTransaction"))
        event.documents.append((word, document.key))
        hashed.append(f"{text}bizTransaction={document.hashed}")
    if hashed:
        hashed.sort()
        event.parts[name] = name + "".join(hashed)


def _sources(event: _Event, name: str, value: Json) -> None:
    event.sources = _entries(event, name, value, "source")


def _destinations(event: _Event, name: str, value: Json) -> None:
    event.destinations = _entries(event, name, value, "destination")


def _entries(event: _Event, name: str, value: Json, member: str) -> list[Entry]:
    """A list of sources or destinations."""
    found: list[Entry] = []
    for entry in _list(value):
        if type(entry) is not dict or len(entry) != 2:
            raise Unusual
        found.append(event.words.entry(member, entry.get("type"), entry.get(member)))
    if found:
        event.parts[name] = name + "".join(sorted([entry.hashed for entry in found]))
    return found


def _birth(event: _Event, name: str, value: Json) -> None:
    """The attributes of a birth; other numbers of the unit are left to the full reading."""
    if type(value) is not dict:
        raise Unusual
    for attribute in value:
        if attribute.endswith("alias") or not event.words.has_namespace(attribute):
            raise Unusual
    event.lots = list(lot_numbers(value))
    event.parts[name] = PARTS[name](name, value, event.words.context)


def _other(event: _Event, name: str, value: Json) -> None:
    """A member that says nothing of goods and is rare: the full reading says whether it is faultless."""
    if not is_faultless(name, value, event.words.context):
        raise Unusual
    if value != []:
        event.parts[name] = PARTS[name](name, value, event.words.context)


def _sensors(event: _Event, name: str, value: Json) -> None:
    """What sensors said."""
    hashed = sorted([_sensor(event.words, element) for element in _list(value)])
    if hashed:
        event.parts[name] = name + "".join(hashed)


def _sensor(words: Words, element: Json) -> str:
    if type(element) is not dict or not _SENSOR_MEMBERS.issuperset(element) or "sensorReport" not in element:
        raise Unusual
    text = "sensorElement"
    if "sensorMetadata" in element:
        text += "sensorMetadata" + _METADATA(words, element["sensorMetadata"])
    reports = [_REPORT(words, report) for report in _list(element["sensorReport"])]
    reports.sort()
    return "sensorReport".join([text, *reports])


_SENSOR_MEMBERS = frozenset({"sensorMetadata", "sensorReport"})


def _object(shape: Shape, order: tuple[str, ...]) -> Callable[[Words, Json], str]:
    """How to read an object of plain members, without extensions: as its members in the event hash."""

    @lru_cache(maxsize=256)
    def plan(names: tuple[str, ...]) -> tuple[tuple[str, _ReadValue, Member], ...]:
        """How to read the members of these names, in the order of the hash; nothing of names that are not usual."""
        if not shape.members.keys() >= set(names) >= set(shape.required):
            return ()
        found = [(name, shape.members[name]) for name in order if name in names]
        return tuple([(name, _VALUES[member.kind], member) for name, member in found])

    def read(words: Words, value: Json) -> str:
        if type(value) is not dict or not (steps := plan(tuple(value))):
            raise Unusual
        return "".join([reader(words, name, value[name], member) for name, reader, member in steps])

    return read


def _text_value(words: Words, name: str, value: Json, member: Member) -> str:
    text = plain_text(value)
    return f"{name}={text}" if text else name


def _number_value(words: Words, name: str, value: Json, member: Member) -> str:
    if type(value) is not Decimal:
        raise Unusual
    return f"{name}={number(value)}"


def _boolean_value(words: Words, name: str, value: Json, member: Member) -> str:
    if type(value) is not bool:
        raise Unusual
    return f"{name}=true" if value else f"{name}=false"


def _time_value(words: Words, name: str, value: Json, member: Member) -> str:
    return f"{name}={time_text(value)}"


def _term_value(words: Words, name: str, value: Json, member: Member) -> str:
    assert member.words is not None
    return words.term(name, value, member.words)[1]


def _unit_value(words: Words, name: str, value: Json, member: Member) -> str:
    return f"{name}={unit_of(value).hashed}"


_VALUES = {
    Kind.TEXT: _text_value,
    Kind.NUMBER: _number_value,
    Kind.BOOLEAN: _boolean_value,
    Kind.TIME: _time_value,
    Kind.TERM: _term_value,
    Kind.UNIT: _unit_value,
}
_METADATA = _object(shape_of("sensorElementList", "sensorMetadata"), METADATA_ORDER)
_REPORT = _object(shape_of("sensorElementList", "sensorReport"), REPORT_ORDER)

_READERS: dict[str, _Reader] = {
    "@context": _known,
    "type": _known,
    "eventTime": _event_time,
    "recordTime": _record_time,
    "eventTimeZoneOffset": _offset,
    "eventID": _event_id,
    "action": _action,
    "bizStep": _step,
    "disposition": _disposition,
    "persistentDisposition": _other,
    "certificationInfo": _other,
    "readPoint": _place,
    "bizLocation": _place,
    "transformationID": _transformation,
    "parentID": _parent,
    "epcList": partial(_items, role=Role.OBJECT),
    "childEPCs": partial(_items, role=Role.CHILD),
    "inputEPCList": partial(_items, role=Role.INPUT),
    "outputEPCList": partial(_items, role=Role.OUTPUT),
    "quantityList": partial(_classes, role=Role.OBJECT),
    "childQuantityList": partial(_classes, role=Role.CHILD),
    "inputQuantityList": partial(_classes, role=Role.INPUT),
    "outputQuantityList": partial(_classes, role=Role.OUTPUT),
    "bizTransactionList": _documents,
    "sourceList": _sources,
    "destinationList": _destinations,
    "sensorElementList": _sensors,
    "ilmd": _birth,
}

_ALLOWED = {kind: {"@context", *allowed} for kind, allowed in MEMBERS_OF_TYPE.items()}
#: How to read each member of an event of each type; members of other types are left to the full reading.
_MEMBERS: dict[str, dict[str, _Reader]] = {
    kind: {name: _READERS.get(name, _unusual) if name in allowed else _unusual for name in (*EVENT.members, "@context")}
    for kind, allowed in _ALLOWED.items()
}
