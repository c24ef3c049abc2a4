"""A profile in memory: kinds of events with the key data elements that each must have, and where these stand."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, get_args

from tracegraph.formats.profiles.standing import Path

#: What a value must be, whatever else is asked of it: see docs/fsma204.md, "A profile of your own".
ValueKind = Literal["text", "uri", "time", "number", "flag", "list", "lot"]
VALUE_KINDS: tuple[ValueKind, ...] = get_args(ValueKind)

Text = dict[str, str]


@dataclass(frozen=True, slots=True)
class Element:
    """One key data element. `at`: where it may stand; one place will do, and there every item of a list must have it.
    `named_at`: where the identifier of a place or product may stand instead, of which master data must then have each
    of `described_by`, a choice of attributes. `within`: an element without which this one is not asked for."""

    name: str
    label: Text
    at: tuple[Path, ...]
    kind: ValueKind = "text"
    one_of: tuple[str, ...] = ()
    matches: re.Pattern[str] | None = None
    within: str | None = None
    named_at: tuple[Path, ...] = ()
    described_by: tuple[tuple[str, ...], ...] = ()

    @property
    def places(self) -> tuple[Path, ...]:
        """Everywhere that it may stand."""
        return (*self.at, *self.named_at)


@dataclass(frozen=True, slots=True)
class Condition:
    """When an event is of a kind: all that is given must hold. `values`: a place, and the words one of which must stand
    there; `has`, `lacks`: places at which something, or nothing, must stand."""

    types: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()
    steps: frozenset[str] = frozenset()
    values: tuple[tuple[Path, frozenset[str]], ...] = ()
    has: tuple[Path, ...] = ()
    lacks: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class EventKind:
    """A critical tracking event: any of the conditions makes an event one. `clause`: where its elements are asked for.
    `optional` elements are looked at only where they are there."""

    name: str
    label: Text
    clause: str
    when: tuple[Condition, ...]
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """`kinds` in the order in which they are tried; an event is of the first that fits, or of none."""

    name: str
    title: Text
    source: str
    kinds: tuple[EventKind, ...]
    elements: dict[str, Element] = field(default_factory=dict)
