"""What each role may do and see, and what each level of information holds: data that a deployment may change.

The file has five parts: `operations` (what each role may do), `sees` (whether it sees everything, what concerns its
organisations, or nothing), `levels` (the fields of each kind of thing that are `basic`, and those that are `extended`),
`level_at` (which level applies to what is the organisations' own, to what is one organisation away, and beyond that),
and `follow` (the certainty of the legs by which something is on a trace).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from tracegraph.access.caller import Caller, Role
from tracegraph.errors import InputError
from tracegraph.model.custody import Certainty

OPERATIONS = frozenset(
    {
        *{"resolve", "read", "trace", "query", "capture", "subscribe", "export", "investigate", "recall"},
        *{"ledger", "monitor", "audit", "administer"},
    }
)


class Sees(StrEnum):
    """How much of a store a role sees."""

    EVERYTHING = "everything"
    ORGANISATIONS = "organisations"
    NOTHING = "nothing"


class Level(StrEnum):
    """How much of one thing is shown; extended includes basic."""

    BASIC = "basic"
    EXTENDED = "extended"


class Distance(StrEnum):
    """Where something is, seen from the organisations of a caller."""

    OWN = "own"
    ADJACENT = "adjacent"
    BEYOND = "beyond"


#: The fields that can be withheld, by kind of thing. What is in none of them (identifiers, kinds, times) always shows.
FIELDS: dict[str, frozenset[str]] = {
    "unit": frozenset({"product", "lots", "aliases"}),
    "holding": frozenset({"place", "party", "until", "owner", "quantity", "remaining", "sublocation", "destination"}),
    "event": frozenset(
        {
            "eventID",
            "recordTime",
            "errorDeclaration",
            "action",
            "transformationID",
            "bizStep",
            "disposition",
            "persistentDisposition",
            "readPoint",
            "bizLocation",
            "sourceList",
            "destinationList",
            "quantity",
            "sensorElementList",
            "ilmd",
            "certificationInfo",
            "extensions",
        }
    ),
    "record": frozenset({"name", "country", "parent", "party", "attributes", "children", "latitude", "longitude"}),
    "gap": frozenset({"place", "ask", "detail"}),
    "document": frozenset({"id"}),
}


@dataclass(frozen=True, eq=False)
class Rights:
    """What a rights file says. `operations`: those that each role may ask for. `shown`: by level the fields of each
    kind of thing, those of lower levels included."""

    operations: Mapping[Role, frozenset[str]]
    sees: Mapping[Role, Sees]
    shown: Mapping[Level, Mapping[str, frozenset[str]]]
    level_at: Mapping[Distance, Level]
    confirmed_only: bool

    def allows(self, caller: Caller, operation: str) -> bool:
        """Whether the caller's role has the operation, and the caller's scopes do not leave it out."""
        return operation in self.operations[caller.role] and (not caller.scopes or operation in caller.scopes)

    def seen_by(self, caller: Caller) -> Sees:
        """How much the caller sees; a role of organisations without any sees nothing."""
        sees = self.sees[caller.role]
        return Sees.NOTHING if sees is Sees.ORGANISATIONS and not caller.organisations else sees

    def is_full(self, distance: Distance) -> bool:
        """Whether every field of everything shows at a distance."""
        return all(self.fields(distance, kind) >= names for kind, names in FIELDS.items())

    def highest(self, caller: Caller) -> Level | None:
        """The highest level of anything that the caller may see; None where that is nothing."""
        match self.seen_by(caller):
            case Sees.EVERYTHING:
                return Level.EXTENDED
            case Sees.ORGANISATIONS:
                return max(self.level_at.values(), key=list(Level).index)
        return None

    def at_most(self, level: Level) -> Rights:
        """The same with no more than this level anywhere."""
        order = list(Level).index
        return replace(self, level_at={at: min(told, level, key=order) for at, told in self.level_at.items()})

    def fields(self, distance: Distance, kind: str) -> frozenset[str]:
        """The fields of a kind of thing that show at a distance."""
        return self.shown[self.level_at[distance]][kind]


def load_rights(path: Path | None = None) -> Rights:
    """The rights in a file, or those that tracegraph comes with. Raises InputError, which names the place in the file
    that is wrong."""
    if path is None:
        return _shipped()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise InputError(f"the rights file {path} cannot be read ({problem}); name a JSON file") from None
    return _parsed(text, str(path))


@cache
def _shipped() -> Rights:
    return _parsed(files("tracegraph.access").joinpath("rights.json").read_text(encoding="utf-8"), "rights.json")


def _parsed(text: str, name: str) -> Rights:
    try:
        loaded = json.loads(text)
    except ValueError as problem:
        raise InputError(f"the rights file {name} is no JSON ({problem}); correct it") from None
    return _Reader(name).rights(loaded)


class _Reader:
    """Checks one file as it is read; every fault is an InputError that says where and what is allowed there."""

    def __init__(self, name: str) -> None:
        self.name = name

    def rights(self, loaded: Any) -> Rights:
        """The whole file."""
        parts = self.members(loaded, "the file", {"operations", "sees", "levels", "level_at", "follow"})
        operations = self.members(parts["operations"], "operations", set(Role))
        sees = self.members(parts["sees"], "sees", set(Role))
        return Rights(
            operations={
                Role(role): self.listed(names, f"operations.{role}", OPERATIONS) for role, names in operations.items()
            },
            sees={Role(role): Sees(self.one(how, f"sees.{role}", set(Sees))) for role, how in sees.items()},
            shown=self.levels(parts["levels"]),
            level_at={
                Distance(where): Level(self.one(level, f"level_at.{where}", set(Level)))
                for where, level in self.members(parts["level_at"], "level_at", set(Distance)).items()
            },
            confirmed_only=self.one(parts["follow"], "follow", set(Certainty)) == Certainty.CONFIRMED,
        )

    def levels(self, told: Any) -> dict[Level, dict[str, frozenset[str]]]:
        """The fields of each level; extended is what it says and what basic says."""
        found: dict[Level, dict[str, frozenset[str]]] = {}
        before: dict[str, frozenset[str]] = dict.fromkeys(FIELDS, frozenset())
        levels = self.members(told, "levels", set(Level))
        for level in Level:
            kinds = self.members(levels[level], f"levels.{level}", set(FIELDS))
            before = {
                kind: before[kind] | self.listed(names, f"levels.{level}.{kind}", FIELDS[kind], kind == "event")
                for kind, names in kinds.items()
            }
            found[level] = before
        return found

    def members(self, value: Any, where: str, names: set[Any]) -> dict[str, Any]:
        """An object with exactly these members."""
        if not isinstance(value, dict) or set(value) != {str(name) for name in names}:
            raise self.wrong(where, f"an object with the members {_listed(names)}")
        return value

    def listed(self, value: Any, where: str, names: frozenset[str], extensions: bool = False) -> frozenset[str]:
        """A list of some of the names; with `extensions` also of names with a prefix."""
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            raise self.wrong(where, f"a list of {_listed(names)}")
        unknown = [name for name in value if name not in names and not (extensions and ":" in name)]
        if unknown:
            raise self.wrong(where, f"a list of {_listed(names)}, and not {unknown[0]!r}")
        return frozenset(value)

    def one(self, value: Any, where: str, names: set[Any]) -> str:
        """One of the names."""
        if not isinstance(value, str) or value not in {str(name) for name in names}:
            raise self.wrong(where, f"one of {_listed(names)}")
        return str(value)

    def wrong(self, where: str, expected: str) -> InputError:
        """The error for a place in the file."""
        return InputError(f"the rights file {self.name} is wrong at {where}: there should be {expected}")


def _listed(names: Any) -> str:
    return ", ".join(sorted(str(name) for name in names))
