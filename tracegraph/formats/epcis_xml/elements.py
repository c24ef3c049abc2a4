"""XML elements as plain values, and which names are EPCIS's own.

EPCIS writes its elements without namespace or with its own; all others are extensions.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
INCLUSION = "http://www.w3.org/2001/XInclude"
_EPCIS = "urn:epcglobal:epcis"
#: The wrappers in which EPCIS 1.x put what later versions added.
_WRAPPERS = ("extension", "baseExtension")

#: Longer names are not remembered, so that the memory for them is bounded.
_LONGEST_REMEMBERED = 200

Scope = Mapping[str | None, str]


@dataclass(frozen=True, slots=True)
class Name:
    """A name: its namespace (empty for EPCIS's own and for names without one) and its local part."""

    namespace: str
    local: str


@dataclass(slots=True)
class Element:
    """An element with everything in it. `scope`: the namespaces in force, by prefix; `text`: its text parts in order,
    its children's aside."""

    name: Name
    attributes: dict[Name, str]
    scope: Scope
    children: list[Element] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its own text without surrounding blanks."""
        return "".join(self.parts).strip(" \t\r\n")

    @property
    def is_text(self) -> bool:
        """Whether it holds nothing but text."""
        return not self.children and not self.attributes


def name_of(tag: str) -> Name:
    """A name as the parser writes it, `{namespace}local`."""
    return _remembered(tag) if len(tag) <= _LONGEST_REMEMBERED else _split(tag)


@lru_cache(maxsize=4096)
def _remembered(tag: str) -> Name:
    return _split(tag)


def _split(tag: str) -> Name:
    if not tag.startswith("{"):
        return Name("", tag)
    namespace, _, local = tag[1:].partition("}")
    return Name("" if namespace.startswith(_EPCIS) else namespace, local)


def attributes_of(attributes: Mapping[str, str], ignored: Container[str] = ()) -> dict[Name, str]:
    """The attributes by name, but those that only tell a validator about types, and the `ignored` ones."""
    if not attributes:
        return {}
    named = {name_of(tag): value for tag, value in attributes.items() if tag not in ignored}
    return {name: value for name, value in named.items() if name.namespace != SCHEMA_INSTANCE}


def unwrapped(element: Element) -> Iterator[Element]:
    """The children; in place of a wrapper of EPCIS 1.x what stands in it."""
    for child in element.children:
        if is_wrapper(child.name) and not child.text and not child.attributes:
            yield from unwrapped(child)
        else:
            yield child


def is_wrapper(name: Name) -> bool:
    """Whether the name is that of a wrapper of EPCIS 1.x."""
    return not name.namespace and name.local in _WRAPPERS
