"""A writer of EPCIS XML for the tests: the event of JSON as a partner on EPCIS 2.0 or 1.2 writes it."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

from tracegraph.formats.epcis.context import Context
from tracegraph.formats.epcis.event_hash import number
from tracegraph.formats.epcis.fields import EVENT, Member, Shape
from tracegraph.formats.epcis.vocabulary import SENSOR_TYPES

_NAME = re.compile(r"[^\W\d][\w.\-]*")
_EPCS = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")
_PAIRS = {"bizTransactionList": "bizTransaction", "sourceList": "source", "destinationList": "destination"}
#: What EPCIS 1.2 put into which of its wrappers: `baseExtension`, `extension`, `extension` within `extension`.
_BASE = ("eventID", "errorDeclaration")
_FIRST = ("quantityList", "childQuantityList", "sourceList", "destinationList", "ilmd")
_SECOND = ("sensorElementList", "persistentDisposition")
#: Wrappers around events in the list of events.
_EVENTS = {"TransformationEvent": 1, "AssociationEvent": 2}


class Unwritable(Exception):
    """What JSON says here has no counterpart in XML."""


def document(events: list[ET.Element], version: int) -> bytes:
    """A document of these events."""
    root = ET.Element(f"{{urn:epcglobal:epcis:xsd:{version}}}EPCISDocument", schemaVersion=f"{version}.0")
    event_list = ET.SubElement(ET.SubElement(root, "EPCISBody"), "EventList")
    for event in events:
        around = event_list
        for _ in range(_EVENTS.get(event.tag, 0) if version == 1 else 0):
            around = ET.SubElement(around, "extension")
        around.append(event)
    return ET.tostring(root, xml_declaration=True, encoding="utf-8")


def written(event: dict[str, Any], context: Context, version: int) -> ET.Element:
    """The event as an element; Unwritable where XML has no way to say it."""
    element = ET.Element(_tag(event["type"], context) if ":" in event["type"] else event["type"])
    writer = _Writer(context)
    for name, value in event.items():
        if name not in ("@context", "type"):
            writer.member(_around(element, name, version), name, value, EVENT)
    return element


def _around(element: ET.Element, name: str, version: int) -> ET.Element:
    """Where a member stands."""
    path: tuple[str, ...] = ()
    if version == 1 and element.tag not in _EVENTS:
        path = ("extension",) * (2 * (name in _SECOND) + (name in _FIRST))
        path = ("baseExtension",) if name in _BASE else path
    for wrapper in path:
        found = element.find(wrapper)
        element = ET.SubElement(element, wrapper) if found is None else found
    return element


def _tag(name: str, context: Context) -> str:
    namespace, local = context.name(name)
    if not _NAME.fullmatch(local):
        raise Unwritable(name)
    return f"{{{namespace}}}{local}" if namespace else local


class _Writer:
    def __init__(self, context: Context) -> None:
        self._context = context

    def member(self, around: ET.Element, name: str, value: Any, shape: Shape) -> None:
        member = shape.members.get(name)
        if member is None or name == "ilmd":
            self._extension(around, name, value)
        elif name in _EPCS or name == "correctiveEventIDs":
            inner = ET.SubElement(around, name)
            for item in _listed(value):
                self._text(inner, "epc" if name in _EPCS else "correctiveEventID", item, member)
        elif isinstance(value, list) and member.shape is not None and name != "sensorReport":
            inner = ET.SubElement(around, name)
            for item in value:
                self._item(inner, name, item, member.shape)
        else:
            for item in value if isinstance(value, list) else [value]:
                self._one(around, name, item, member)

    def _one(self, around: ET.Element, name: str, value: Any, member: Member) -> None:
        if member.shape is None:
            self._text(around, name, value, member)
        elif name.startswith("sensor"):
            self._attributes(ET.SubElement(around, name), value, member.shape)
        else:
            self._members(ET.SubElement(around, name), value, member.shape)

    def _item(self, around: ET.Element, name: str, value: Any, shape: Shape) -> None:
        if name in _PAIRS:
            element = self._text(around, _PAIRS[name], value.get(_PAIRS[name], ""), None)
            if "type" in value:
                element.set("type", self._word(value["type"], shape.members["type"]))
        else:
            inner = "sensorElement" if name == "sensorElementList" else "quantityElement"
            self._members(ET.SubElement(around, inner), value, shape)

    def _members(self, element: ET.Element, value: Any, shape: Shape) -> None:
        if not isinstance(value, dict):
            raise Unwritable(value)
        for name, inner in value.items():
            self.member(element, name, inner, shape)

    def _attributes(self, element: ET.Element, value: dict[str, Any], shape: Shape) -> None:
        for name, inner in value.items():
            if isinstance(inner, (dict, list)):
                self._extension(element, name, inner)
            else:
                element.set(_tag(name, self._context), self._word(inner, shape.members.get(name)))

    def _text(self, around: ET.Element, name: str, value: Any, member: Member | None) -> ET.Element:
        element = ET.SubElement(around, name)
        element.text = self._word(value, member)
        return element

    def _extension(self, around: ET.Element, name: str, value: Any) -> None:
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, list):
                raise Unwritable(name)
            element = ET.SubElement(around, _tag(name, self._context))
            for inner_name, inner in item.items() if isinstance(item, dict) else ():
                self._extension(element, inner_name, inner)
            if not isinstance(item, dict):
                element.text = self._word(item, None)

    def _word(self, value: Any, member: Member | None) -> str:
        """A value as text; a bare word of CBV as its URN, as files of XML have it."""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, Decimal):
            return str(value) if member is not None else number(value)
        if not isinstance(value, str) or not value.isprintable():
            raise Unwritable(value)
        if member is None or member.words is None:
            return value
        words = member.words
        if ":" in value:
            return self._context.expanded(value)
        return words.urn + value if words.knows(value) and words is not SENSOR_TYPES else value


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Unwritable(value)
    return value
