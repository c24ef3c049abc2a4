"""Where a key data element stands in an event: paths through its JSON.

`ilmd/cbvmda:lotNumber` are members one in another, `quantityList/*/quantity` is a member of every item of a list, and
`sourceList/[location]/source` of every item of that type. A member with a prefix is compared by its namespace, one
without by its local name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tracegraph.formats.epcis.context import Context
from tracegraph.model.event import Json

#: Nothing stands there.
MISSING = object()
_TYPE_PREFIX = re.compile(r".*[:/](?:SDT-|BTT-)?")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path. `items`: every item of a list, of these types where any are given; else a member, with the
    namespace of its name (None: any)."""

    text: str
    local: str = ""
    namespace: str | None = None
    items: bool = False
    types: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Path:
    """A path and how it was written."""

    text: str
    steps: tuple[Step, ...]

    @classmethod
    def of(cls, text: str, prefixes: Mapping[str, str]) -> Path:
        """The path that a text stands for. KeyError where it uses a prefix that is none of these, ValueError where a
        step is empty."""
        return cls(text, tuple(_step(part, prefixes) for part in text.split("/")))


def _step(text: str, prefixes: Mapping[str, str]) -> Step:
    if not text:
        raise ValueError(text)
    if text == "*":
        return Step(text, items=True)
    if text.startswith("[") and text.endswith("]"):
        return Step(text, items=True, types=frozenset(text[1:-1].split("|")))
    prefix, colon, local = text.partition(":")
    return Step(text, local, _bare(prefixes[prefix])) if colon else Step(text, text)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place at which the element should stand: its JSON pointer (RFC 6901), what stands there, or MISSING, and how
    many steps of the way to it are there."""

    pointer: str
    value: Json
    reached: int = 0

    @property
    def filled(self) -> bool:
        """Whether anything stands there; blanks, null and empty lists are nothing."""
        value = self.value
        blank = value is MISSING or value is None or value == [] or value == {}
        return not blank and not (isinstance(value, str) and not value.strip())


def slots(event: Json, path: Path, context: Context) -> list[Slot]:
    """The places that a path leads to: one, or one for each item of the lists on the way."""
    found = [Slot("", event)]
    for step in path.steps:
        found = [slot for before in found for slot in _next(before, step, context)]
    return found


def _next(slot: Slot, step: Step, context: Context) -> Iterator[Slot]:
    if slot.value is MISSING:
        yield slot if step.items else _nothing(slot, step)
    elif step.items:
        yield from _items(slot, step)
    else:
        yield _member(slot, step, context)


def _items(slot: Slot, step: Step) -> Iterator[Slot]:
    """The items of a list; what should be one and is none counts as its only item."""
    listed = slot.value if isinstance(slot.value, list) else [slot.value]
    chosen = [number for number, item in enumerate(listed) if not step.types or _type(item) in step.types]
    for number in chosen:
        pointer = f"{slot.pointer}/{number}" if isinstance(slot.value, list) else slot.pointer
        yield Slot(pointer, listed[number], slot.reached + 1)
    if not chosen:
        yield Slot(slot.pointer, MISSING, slot.reached)


def _nothing(slot: Slot, step: Step) -> Slot:
    """Where a member should stand that is not there."""
    return Slot(f"{slot.pointer}/{_escaped(step.text)}", MISSING, slot.reached)


def _type(item: Json) -> str:
    """The type of a source, destination or document as a bare word."""
    said = item.get("type") if isinstance(item, dict) else None
    return _TYPE_PREFIX.sub("", said) if isinstance(said, str) else ""


def _member(slot: Slot, step: Step, context: Context) -> Slot:
    if isinstance(slot.value, dict):
        alike = (name for name in slot.value if _is(name, step, context))
        name = step.text if step.text in slot.value else next(alike, None)
        if name is not None:
            return Slot(f"{slot.pointer}/{_escaped(name)}", slot.value[name], slot.reached + 1)
    return _nothing(slot, step)


def _is(name: str, step: Step, context: Context) -> bool:
    if step.local not in name and name not in context.terms:
        return False
    namespace, local = context.name(name)
    return local == step.local and (step.namespace is None or _bare(namespace) == step.namespace)


def _bare(namespace: str) -> str:
    """Namespaces that differ in the separator at their end are the same: XML writes none, JSON-LD needs one."""
    return namespace.rstrip("#/:")


def _escaped(name: str) -> str:
    """A member's name as a part of a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1")
