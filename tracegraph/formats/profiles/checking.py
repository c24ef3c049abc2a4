"""What of a profile's key data elements one event lacks, or says in a way that the profile does not know."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

from tracegraph.formats.epcis.context import Context, is_uri
from tracegraph.formats.epcis.moments import read_time
from tracegraph.formats.profiles.profile import Condition, Element, EventKind, Profile, ValueKind
from tracegraph.formats.profiles.standing import Path, Slot, slots
from tracegraph.identifiers import canonical, has_lot_number, location, product_of
from tracegraph.model.event import Json
from tracegraph.model.facts import EventFacts

#: In what way an element is wrong; a sentence for each is in the catalogue (`key_data_missing`).
Problem = Literal[
    "missing",
    "not_a_uri",
    "not_a_time",
    "not_a_number",
    "not_a_flag",
    "not_a_list",
    "no_lot_number",
    "other_word",
    "other_form",
    "not_described",
]

_GDST_LOT = re.compile(r"(urn:gdst:[^:]+):product:lot:class:([^.]+\.[^.]+)\..+")

_NOT_OF_KIND: dict[ValueKind, Problem] = {
    "text": "missing",
    "uri": "not_a_uri",
    "time": "not_a_time",
    "number": "not_a_number",
    "flag": "not_a_flag",
    "list": "not_a_list",
    "lot": "no_lot_number",
}

#: What master data say of a place or product: attributes by their local name in lower case, by canonical key.
Described = Mapping[str, Mapping[str, object]]


class KeyDataFinding(NamedTuple):
    """One thing that is wrong: which element, where (a JSON pointer within the event), and in what way. `value`: what
    stands there; `wanted`: what should."""

    element: str
    pointer: str
    problem: Problem
    value: str = ""
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """One event under a profile: its kind (None: the profile says nothing of such events), what is wrong, and of the
    elements that were asked for whether each is there as it should be."""

    kind: EventKind | None
    findings: tuple[KeyDataFinding, ...] = ()
    met: Mapping[str, bool] = field(default_factory=dict)


def check_event(
    profile: Profile, event: Json, context: Context, facts: EventFacts, described: Described | None = None
) -> Checked:
    """An event (its JSON, what its prefixes mean, and its facts) against a profile. `described`: master data, without
    which nothing is asked of descriptions."""
    check = _Check(profile, event, context, described)
    kind = next((kind for kind in profile.kinds if any(check.fits(one, facts) for one in kind.when)), None)
    return Checked(None) if kind is None else check.checked(kind)


class _Check:
    """One event that is being looked at."""

    def __init__(self, profile: Profile, event: Json, context: Context, described: Described | None) -> None:
        self._profile = profile
        self._event = event
        self._context = context
        self._described = described
        self._found: dict[str, list[Slot]] = {}

    def fits(self, condition: Condition, facts: EventFacts) -> bool:
        """Whether all that a condition asks for holds."""
        return (
            (not condition.types or facts.type in condition.types)
            and (not condition.actions or facts.action in condition.actions)
            and (not condition.steps or facts.step in condition.steps)
            and all(
                any(slot.filled and slot.value in words for slot in self._slots(path))
                for path, words in condition.values
            )
            and all(self._is_filled(path) for path in condition.has)
            and not any(self._is_filled(path) for path in condition.lacks)
        )

    def _is_filled(self, path: Path) -> bool:
        return any(slot.filled for slot in self._slots(path))

    def checked(self, kind: EventKind) -> Checked:
        """Everything that is wrong with the event as one of this kind."""
        findings: list[KeyDataFinding] = []
        met: dict[str, bool] = {}
        for name in kind.required:
            if self._is_asked_for(element := self._profile.elements[name]):
                found = self._required(element)
                findings += found
                met[name] = not found
        for name in kind.optional:
            if self._is_asked_for(element := self._profile.elements[name]):
                findings += self._optional(element)
        return Checked(kind, tuple(findings), met)

    def _is_asked_for(self, element: Element) -> bool:
        if element.within is None:
            return True
        around = self._profile.elements[element.within]
        return any(self._is_filled(path) for path in around.places)

    def _required(self, element: Element) -> list[KeyDataFinding]:
        """Nothing where one of the places has it in full; else what is wrong at the place that has most of it."""
        places = [self._slots(path) for path in element.places]
        wrong = [
            self._wrong(element, place, path in element.named_at)
            for path, place in zip(element.places, places, strict=True)
        ]
        if [] in wrong:
            return []
        return wrong[max(range(len(places)), key=lambda number: (_most(places[number]), -number))]

    def _optional(self, element: Element) -> list[KeyDataFinding]:
        filled = [slot for path in element.at for slot in self._slots(path) if slot.filled]
        return self._wrong(element, filled, named=False)

    def _wrong(self, element: Element, place: list[Slot], named: bool) -> list[KeyDataFinding]:
        return [found for slot in place if (found := self._finding(element, slot, named)) is not None]

    def _finding(self, element: Element, slot: Slot, named: bool) -> KeyDataFinding | None:
        if not slot.filled:
            return KeyDataFinding(element.name, slot.pointer, "missing")
        told = _told(slot.value)
        if not _IS[element.kind](slot.value):
            return KeyDataFinding(element.name, slot.pointer, _NOT_OF_KIND[element.kind], told)
        if element.one_of and told not in element.one_of:
            return KeyDataFinding(element.name, slot.pointer, "other_word", told, ", ".join(element.one_of))
        if element.matches is not None and not element.matches.fullmatch(told):
            return KeyDataFinding(element.name, slot.pointer, "other_form", told, element.matches.pattern)
        return self._undescribed(element, slot.pointer, told) if named else None

    def _undescribed(self, element: Element, pointer: str, identifier: str) -> KeyDataFinding | None:
        if self._described is None:
            return None
        known = self._known(identifier)
        lacking = [names for names in element.described_by if not any(known.get(name.lower()) for name in names)]
        if not lacking:
            return None
        wanted = ", ".join("/".join(names) for names in lacking)
        return KeyDataFinding(element.name, pointer, "not_described", identifier, wanted)

    def _known(self, identifier: str) -> Mapping[str, object]:
        """What master data say of a place, or of the product of a lot."""
        assert self._described is not None
        key = canonical(identifier)
        for name in (location(identifier), key, product_key(key)):
            if name in self._described:
                return self._described[name]
        return {}

    def _slots(self, path: Path) -> list[Slot]:
        found = self._found.get(path.text)
        if found is None:
            found = self._found[path.text] = slots(self._event, path, self._context)
        return found


def _most(place: list[Slot]) -> tuple[bool, int]:
    """How much of an element a place has."""
    return any(slot.filled for slot in place), max(slot.reached for slot in place)


def product_key(lot: str) -> str:
    """The product of a lot by its GS1 key, or by GDST's own form of a key (`urn:gdst:<domain>:product:lot:class:` and
    company, item, lot with points between); empty where the key does not say."""
    match = _GDST_LOT.fullmatch(lot)
    return f"{match[1]}:product:class:{match[2]}" if match else product_of(lot) or ""


def _told(value: Json) -> str:
    """A value in the words of a finding; nested values are not repeated."""
    if isinstance(value, (dict, list)):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value).strip()


def _is_uri(value: Json) -> bool:
    return isinstance(value, str) and is_uri(value.strip())


def _is_time(value: Json) -> bool:
    return isinstance(value, str) and read_time(value.strip()) is not None


def _is_number(value: Json) -> bool:
    if isinstance(value, str):
        try:
            return Decimal(value.strip()).is_finite()
        except ArithmeticError:
            return False
    return isinstance(value, Decimal)


def _is_lot(value: Json) -> bool:
    return isinstance(value, str) and has_lot_number(canonical(value))


_IS: dict[ValueKind, Callable[[Json], bool]] = {
    "text": lambda value: not isinstance(value, (dict, list)),
    "uri": _is_uri,
    "time": _is_time,
    "number": _is_number,
    "flag": lambda value: _told(value) in ("true", "false"),
    "list": lambda value: isinstance(value, (dict, list)),
    "lot": _is_lot,
}
