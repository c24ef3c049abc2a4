"""From the XML of an event or a vocabulary element to its JSON: GS1's JSON binding, by the table of EPCIS's members.

Nothing is dropped: what stands where EPCIS has no place for it becomes an object of its own (attributes and children
as members, text as `rdf:value`), and the reading of JSON finds it. Types of XML Schema (`xsi:type`) are not kept.
Source: EPCIS 2.0 sections 9.5 (XML binding) and 10 (JSON binding); EPCIS 1.2 section 9.5 for the wrappers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from tracegraph.formats.epcis.fields import EVENT, Kind, Member, Shape
from tracegraph.formats.epcis.vocabulary import Vocabulary, bare_word
from tracegraph.formats.epcis_xml.elements import Element, Name, Scope, unwrapped
from tracegraph.formats.epcis_xml.namespaces import Namespaces
from tracegraph.model.event import Json

#: The elements of which a list is made.
_ITEMS = {
    "epcList": "epc",
    "childEPCs": "epc",
    "inputEPCList": "epc",
    "outputEPCList": "epc",
    "quantityList": "quantityElement",
    "childQuantityList": "quantityElement",
    "inputQuantityList": "quantityElement",
    "outputQuantityList": "quantityElement",
    "bizTransactionList": "bizTransaction",
    "sourceList": "source",
    "destinationList": "destination",
    "sensorElementList": "sensorElement",
    "correctiveEventIDs": "correctiveEventID",
}
#: Elements that are repeated instead of standing in a list: always a list in JSON.
_REPEATED = ("sensorReport", "set", "unset")
#: Elements whose text is the member of the same name.
_WITH_TEXT = ("bizTransaction", "source", "destination")
#: The member for text beside attributes or children.
_TEXT = "rdf:value"
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NOTHING: Mapping[str, Json] = {}
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def event_as_json(element: Element, namespaces: Namespaces) -> dict[str, Json]:
    """The event as JSON; `namespaces` learns which prefixes it uses."""
    name = namespaces.member(element.name.namespace, element.name.local, element.scope)
    return _Binding(namespaces).shaped(element, EVENT, {"type": name})


def vocabulary_element_as_json(element: Element, namespaces: Namespaces) -> dict[str, Json]:
    """The vocabulary element as JSON: `id`, `attributes` and `children`, and whatever else is there."""
    binding = _Binding(namespaces)
    found = _Members()
    for name, value in element.attributes.items():
        found.add(namespaces.member(name.namespace, name.local, element.scope), value)
    for child in unwrapped(element):
        if child.name == Name("", "attribute"):
            found.append("attributes", binding.attribute(child))
        elif child.name == Name("", "children"):
            found.add("children", binding.items(child, "id", binding.plain))
        else:
            found.add(binding.member_name(child), binding.plain(child))
    return found.done()


class _Members:
    """The members of a JSON object on the way: what comes again makes a list."""

    def __init__(self, given: Mapping[str, Json] = _NOTHING) -> None:
        self._found: dict[str, list[Json]] = {name: [value] for name, value in given.items()}
        self._lists: set[str] = set()

    def add(self, name: str, value: Json) -> None:
        """One more value of a member."""
        self._found.setdefault(name, []).append(value)

    def append(self, name: str, value: Json) -> None:
        """One more item of a member that is always a list."""
        self._lists.add(name)
        self.add(name, value)

    def done(self) -> dict[str, Json]:
        """The object."""
        return {
            name: values if len(values) > 1 or name in self._lists else values[0]
            for name, values in self._found.items()
        }


class _Binding:
    """The binding of one event: how each kind of member is read."""

    def __init__(self, namespaces: Namespaces) -> None:
        self._namespaces = namespaces

    def shaped(self, element: Element, shape: Shape, given: Mapping[str, Json] = _NOTHING) -> dict[str, Json]:
        """An element of which EPCIS defines the members. `given`: members that it has already; no element can replace
        them."""
        found = _Members(given)
        for name, value in element.attributes.items():
            member = None if name.namespace else shape.members.get(name.local)
            written = self._namespaces.member(name.namespace, name.local, element.scope)
            found.add(written, self._scalar(value.strip(), member, element.scope))
        if element.text:
            text_member = element.name.local if element.name.local in _WITH_TEXT else _TEXT
            found.add(text_member, element.text)
        for child in unwrapped(element):
            member = None if child.name.namespace else shape.members.get(child.name.local)
            add = found.append if member is not None and child.name.local in _REPEATED else found.add
            add(self.member_name(child), self.plain(child) if member is None else self._member(child, member))
        return found.done()

    def _member(self, element: Element, member: Member) -> Json:
        """A member that EPCIS defines."""
        name, shape = element.name.local, member.shape
        if name in _ITEMS and shape is not None:
            return self.items(element, _ITEMS[name], lambda item: self.shaped(item, shape))
        if name in _ITEMS:
            return self.items(element, _ITEMS[name], self.plain)
        if shape is not None:
            return self.shaped(element, shape)
        if member.kind is Kind.OPEN_OBJECT:
            return self._open(element, unwrapped(element))
        return self._scalar(element.text, member, element.scope) if element.is_text else self.plain(element)

    def items(self, element: Element, name: str, read: Callable[[Element], Json]) -> Json:
        """A list of elements of one name; an object where anything else stands in it."""
        children = list(unwrapped(element))
        if element.text or element.attributes or any(child.name != Name("", name) for child in children):
            return self.plain(element)
        return [read(child) for child in children]

    def plain(self, element: Element) -> Json:
        """An element that EPCIS does not define: its text, or an object."""
        return element.text if element.is_text else self._open(element, element.children)

    def _open(self, element: Element, children: Iterable[Element]) -> dict[str, Json]:
        """An object of whatever stands in an element."""
        found = _Members()
        for name, value in element.attributes.items():
            found.add(self._namespaces.member(name.namespace, name.local, element.scope), value)
        for child in children:
            found.add(self.member_name(child), self.plain(child))
        if element.text:
            found.add(_TEXT, element.text)
        return found.done()

    def attribute(self, element: Element) -> Json:
        """An attribute of master data."""
        attribute_id = element.attributes.pop(Name("", "id"), None)
        value = {"attribute": self.plain(element)}
        return value if attribute_id is None else {"id": attribute_id, **value}

    def member_name(self, element: Element) -> str:
        """The name of an element as member of a JSON object."""
        return self._namespaces.member(element.name.namespace, element.name.local, element.scope)

    def _scalar(self, text: str, member: Member | None, scope: Scope) -> Json:
        """A text as what the member holds; as it is where it cannot be that."""
        if member is None:
            return text
        if member.kind in (Kind.NUMBER, Kind.QUANTITY):
            return _number(text)
        if member.kind is Kind.BOOLEAN:
            return _BOOLEANS.get(text, text)
        return text if member.words is None or not text else self._word(text, member.words, scope)

    def _word(self, text: str, words: Vocabulary, scope: Scope) -> str:
        """A word of a vocabulary, bare as JSON has it where the vocabulary knows it."""
        if ":" not in text:
            return text
        full, curie = self._namespaces.curie(text, scope)
        word = bare_word(full, words)
        return word if word is not None and words.knows(word) else curie


def _number(text: str) -> Json:
    """A number with the digits that it was written with, or the text where it is none that can be computed with."""
    try:
        return Decimal(text) if _NUMBER.fullmatch(text) else text
    except ArithmeticError:
        return text
