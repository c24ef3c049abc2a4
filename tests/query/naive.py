"""The query language once more, as a person would write it down: by walking over the JSON of one event after the other.

It shares nothing with the program: identifiers and words are equal where the tables of `generated` say so, patterns are
compared component by component, numbers as fractions, times by the standard library.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from fractions import Fraction
from typing import Any

from tests.query.generated import EXAMPLE, MASTER_DATA, OTHER, SPELLED, Json, Stored

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "EQ": lambda one, other: one == other,
    "GT": lambda one, other: one > other,
    "GE": lambda one, other: one >= other,
    "LT": lambda one, other: one < other,
    "LE": lambda one, other: one <= other,
}
ITEM_LISTS = {
    "MATCH_epc": ["epcList", "childEPCs"],
    "MATCH_parentID": ["parentID"],
    "MATCH_inputEPC": ["inputEPCList"],
    "MATCH_outputEPC": ["outputEPCList"],
    "MATCH_anyEPC": ["epcList", "childEPCs", "inputEPCList", "outputEPCList", "parentID"],
}
CLASS_LISTS = {
    "MATCH_epcClass": ["quantityList", "childQuantityList"],
    "MATCH_inputEPCClass": ["inputQuantityList"],
    "MATCH_outputEPCClass": ["outputQuantityList"],
    "MATCH_anyEPCClass": ["quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"],
}
WORDS = {
    "eventType": "type",
    "EQ_action": "action",
    "EQ_bizStep": "bizStep",
    "EQ_disposition": "disposition",
    "EQ_transformationID": "transformationID",
    "EQ_eventID": "eventID",
}
LISTS = {"bizTransaction": "bizTransactionList", "source": "sourceList", "destination": "destinationList"}
NAMESPACES = {"ex": EXAMPLE, "same": EXAMPLE, "oth": OTHER}
METADATA_TIMES = ("time", "startTime", "endTime")
NUMBERS = ("value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue")


def plain(text: Any) -> Any:
    return SPELLED.get(text, text) if isinstance(text, str) else text


def listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def time(text: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) and "T" in text else None
    except ValueError:
        return None
    return found if found is None or found.tzinfo else None


def number(value: Any) -> Fraction | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, Fraction):
        return value
    if isinstance(value, (int, float)):
        return Fraction(str(value))
    return Fraction(value) if isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value) else None


def answers(stored: Stored, name: str, values: list[str]) -> bool:
    """Whether an event meets one parameter; the values are the texts of a URL."""
    event = stored.event
    wanted = {plain(value) for value in values}
    if name in WORDS:
        return plain(event.get(WORDS[name])) in wanted
    if match := re.fullmatch("(GE|LT|LE)_(eventTime|recordTime|errorDeclaration_?Time)", name):
        return timed(stored, match[1], match[2], values[0])
    if match := re.fullmatch("EQ_persistentDisposition_(set|unset)", name):
        return any(plain(word) in wanted for word in listed(event.get("persistentDisposition", {}).get(match[1])))
    if match := re.fullmatch("EQ_(readPoint|bizLocation)", name):
        return plain(event.get(match[1], {}).get("id")) in wanted
    if match := re.fullmatch("WD_(readPoint|bizLocation)", name):
        return bool(above(plain(event.get(match[1], {}).get("id"))) & wanted)
    if match := re.fullmatch("EQ_(bizTransaction|source|destination)(?:_(.*))?", name):
        return any(
            plain(one.get(match[1])) in wanted and (match[2] is None or plain(one.get("type")) == plain(match[2]))
            for one in event.get(LISTS[match[1]], [])
        )
    if name in ITEM_LISTS:
        return matched([one for member in ITEM_LISTS[name] for one in listed(event.get(member))], values)
    if name in CLASS_LISTS:
        named = [one["epcClass"] for member in CLASS_LISTS[name] for one in event.get(member, [])]
        return matched(named, values)
    if match := re.fullmatch("(EQ|GT|GE|LT|LE)_quantity(?:_(.*))?", name):
        return any(
            OPERATORS[match[1]](number(one["quantity"]), number(value))
            for member in CLASS_LISTS["MATCH_anyEPCClass"]
            for one in event.get(member, [])
            if "quantity" in one and (match[2] is None or one.get("uom") == match[2])
            for value in values
        )
    if name.startswith(("HASATTR_", "EQATTR_", "EQ_ATTR_")):
        return described(event, name, values)
    return error_or_sensor(event, name, values, wanted)


def error_or_sensor(event: Json, name: str, values: list[str], wanted: set[str]) -> bool:
    if name == "EXISTS_errorDeclaration":
        return "errorDeclaration" in event
    if name == "EQ_errorReason":
        return plain(event.get("errorDeclaration", {}).get("reason")) in wanted
    if name == "EQ_correctiveEventID":
        return any(one in wanted for one in event.get("errorDeclaration", {}).get("correctiveEventIDs", []))
    if name.startswith("EXISTS_sensorElement"):
        return "sensorElementList" in event
    if ":" in name or "#" in name:
        return extension(event, name, values)
    return sensor(event, name, values, wanted)


def timed(stored: Stored, comparison: str, field: str, text: str) -> bool:
    found = {
        "eventTime": time(stored.event["eventTime"]),
        "recordTime": stored.recorded,
    }.get(field, time(stored.event.get("errorDeclaration", {}).get("declarationTime")))
    return found is not None and OPERATORS[comparison](found, time(text))


def above(place: Any) -> set[str]:
    """The place, and all that it is in: by the children of those above it, and by its own attribute `site`."""
    found = {place} if place else set()
    while True:
        more = {
            upper
            for _, identifier, children, attributes in MASTER_DATA
            for upper, lower in [
                *((identifier, child) for child in children),
                *((value, identifier) for name, value in attributes.items() if name.endswith("#site")),
            ]
            if lower in found
        }
        if more <= found:
            return found
        found |= more


def matched(named: list[str], values: list[str]) -> bool:
    return any(fits(plain(one), plain(value)) for one in named for value in values)


def fits(name: str, pattern: str) -> bool:
    """Component by component; `*` is any, and a class has all its items."""
    if name == pattern:
        return True
    if link := re.fullmatch(r"https://id.gs1.org/01/(\d{14})/(10|21)/\*", pattern):
        known = {"04012345111118": "4012345.011111", "09521000123458": "9521000.012345"}[link[1]]
        pattern = f"urn:epc:{'id:sgtin' if link[2] == '21' else 'class:lgtin'}:{known}.*"
    if "*" not in pattern or name.split(":")[3:4] == [] or name.split(":")[3] != pattern.split(":")[3]:
        return False
    parts, wanted = name.rsplit(":", 1)[1].split("."), pattern.rsplit(":", 1)[1].split(".")
    return len(parts) == len(wanted) and all(two in ("*", one) for one, two in zip(parts, wanted, strict=True))


def attribute(key: str, name: str) -> list[Any]:
    local = re.split("[:#]", name)[-1].lower()
    return [
        value
        for _, identifier, _, attributes in MASTER_DATA
        if identifier == key
        for known, value in attributes.items()
        if re.split("[:#]", known)[-1].lower() == local
    ]


def described(event: Json, name: str, values: list[str]) -> bool:
    if name.startswith("HASATTR_"):
        keys = field_keys(event, name.removeprefix("HASATTR_"))
        return any(attribute(key, value) for key in keys for value in values)
    field, _, local = re.sub("^EQ_?ATTR_", "", name).partition("_")
    return any(str(found) in values for key in field_keys(event, field) for found in attribute(key, local))


def field_keys(event: Json, field: str) -> list[Any]:
    match field:
        case "readPoint" | "bizLocation":
            found = [event.get(field, {}).get("id")]
        case "source" | "destination" | "bizTransaction":
            found = [one.get(field) for one in event.get(LISTS[field], [])]
        case "epcClass":
            found = [one["epcClass"] for member in CLASS_LISTS["MATCH_anyEPCClass"] for one in event.get(member, [])]
        case "ex:site":
            found = [value for value, *_ in named(event, EXAMPLE, "site")]
        case _:
            found = listed(event.get(field))
    return [plain(one) for one in found if one is not None]


# extensions


def extension(event: Json, name: str, values: list[str]) -> bool:
    match = re.fullmatch("(EQ|GT|GE|LT|LE|EXISTS)_(INNER_)?(?:([A-Za-z_]+?)_)?([a-z]+:.*)", name)
    assert match is not None, name
    comparison, inner, scope, field = match.groups()
    if "//" in field:
        namespace, _, local = field.rpartition("#")
    else:
        prefix, _, local = field.partition(":")
        namespace = NAMESPACES[prefix]
    found = [
        value
        for members in places(event, (scope or "").upper())
        for value, depth in deep(members, namespace.rstrip("#/"), local)
        if (depth > 0) is bool(inner)
    ]
    if comparison == "EXISTS":
        return bool(found)
    return any(compared(comparison, one, value) for held in found for one in listed(held) for value in values)


def places(event: Json, scope: str) -> list[Json]:
    sensors = event.get("sensorElementList", [])
    return {
        "": [event],
        "ILMD": [event.get("ilmd", {})],
        "ERROR_DECLARATION": [event.get("errorDeclaration", {})],
        "SENSORELEMENT": sensors,
        "SENSORMETADATA": [one.get("sensorMetadata", {}) for one in sensors],
        "SENSORREPORT": [one for element in sensors for one in element["sensorReport"]],
        "READPOINT": [event.get("readPoint", {})],
        "BIZLOCATION": [event.get("bizLocation", {})],
    }[scope]


def named(members: Json, namespace: str, local: str) -> Iterator[tuple[Any, int]]:
    for member, value in members.items():
        prefix, colon, rest = member.partition(":")
        if colon and rest == local and NAMESPACES[prefix].rstrip("#/") == namespace.rstrip("#/"):
            yield value, 0


def deep(members: Json, namespace: str, local: str) -> Iterator[tuple[Any, int]]:
    """Fields of the object itself (depth 0), and those within its extension fields."""
    yield from named(members, namespace, local)
    waiting = [value for member, value in members.items() if ":" in member]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            yield from ((found, 1) for found, _ in named(value, namespace, local))
            waiting += value.values()


def compared(comparison: str, held: Any, value: str) -> bool:
    if isinstance(held, bool):
        return comparison == "EQ" and value == str(held).lower()
    if comparison == "EQ" and isinstance(held, str):
        return held == value or (time(held) is not None and time(held) == time(value))
    for read in (number, time):
        if read(value) is not None:
            return read(held) is not None and OPERATORS[comparison](read(held), read(value))
    return False


# sensor data


def sensor(event: Json, name: str, values: list[str], wanted: set[str]) -> bool:
    match = re.fullmatch("(EQ|GT|GE|LT|LE)_(?:(SENSORMETADATA|SENSORREPORT)_)?([A-Za-z]+)(?:_([A-Z]+))?", name)
    assert match is not None, name
    comparison, scope, field, unit = match.groups()
    for one in measured(event, scope, field, unit):
        if field in NUMBERS:
            if any(OPERATORS[comparison](number(one), number(value)) for value in values):
                return True
        elif field in METADATA_TIMES:
            if OPERATORS[comparison](time(one), time(values[0])):
                return True
        elif field == "hexBinaryValue":
            if one.lower() in {value.lower() for value in values}:
                return True
        elif (str(one).lower() if isinstance(one, bool) else plain(one)) in wanted:
            return True
    return False


def measured(event: Json, scope: str | None, field: str, unit: str | None) -> Iterator[Any]:
    for element in event.get("sensorElementList", []):
        holders = [] if scope == "SENSORREPORT" else [element.get("sensorMetadata", {})]
        holders += [] if scope == "SENSORMETADATA" else element["sensorReport"]
        for holder in holders:
            if field not in holder:
                continue
            if unit is None:
                yield holder[field]
            elif "uom" in holder:
                # the generated events know two units of measure, which differ by where their zero is
                assert {unit, holder["uom"]} <= {"CEL", "KEL"}
                shift = (unit == "KEL") - (holder["uom"] == "KEL")
                yield Fraction(str(holder[field])) + (0 if field == "sDev" else shift * Fraction("273.15"))
