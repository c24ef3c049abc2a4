"""What the ledger keeps of an event, and everything that is read from it again.

A payload is the JSON object `{"context": […], "event": {…}}`: the contexts around the event, and the event as it came,
its numbers and texts to the letter, without the blanks between tokens.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from decimal import Decimal

from tracegraph.errors import InputError
from tracegraph.formats.epcis.context import Context
from tracegraph.formats.epcis.event_hash import event_hash
from tracegraph.formats.epcis.facts import aliases_of, facts_of
from tracegraph.formats.epcis.fast import read_fast
from tracegraph.formats.epcis.fast_values import Words
from tracegraph.formats.epcis.json_text import compact, json_text
from tracegraph.formats.epcis.parse import context_of, parse_event
from tracegraph.model.event import Event, Json
from tracegraph.model.facts import EventFacts
from tracegraph.model.values import value

#: So many contexts are remembered, up to so many characters each.
_MOST_REMEMBERED = 16
_LONGEST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The contexts around events of one document: as written, made ready (also with the words understood under them),
    and as the beginning of a payload."""

    declared: tuple[Json, ...]
    context: Context
    words: Words
    head: str


def surroundings(declared: tuple[Json, ...]) -> Surroundings:
    """The contexts around events, to be made once for all events of a document; those of late are remembered."""
    text = json_text(declared)
    around = _remembered.get(text)
    if around is None:
        words = Words(declared)
        around = Surroundings(declared, words.context, words, f'{{"context":{text},"event":')
        if len(text) <= _LONGEST_REMEMBERED:
            if len(_remembered) >= _MOST_REMEMBERED:
                _remembered.clear()
            _remembered[text] = around
    return around


_remembered: dict[str, Surroundings] = {}


@value
class Understood:
    """An event, its facts and its payload."""

    event: Event
    facts: EventFacts
    payload: bytes


def payload_around(text: str, around: Surroundings) -> bytes:
    """The payload of an event given as text. UnicodeEncodeError where it cannot be UTF-8."""
    return f"{around.head}{compact(text)}}}".encode()


def understand(value: Json, text: str, around: Surroundings) -> Understood:
    """Everything about an event from its JSON value and text. Unusable (formats.epcis.parse) where it is no event;
    UnicodeEncodeError where its text cannot be UTF-8."""
    event = parse_event(value, around.declared, around.context)
    context = context_of(around.declared, event.context, around.context)
    _, findings = aliases_of(event, context)
    if findings:
        event = replace(event, findings=(*event.findings, *findings))
    facts = facts_of(event, event_hash(value, context), context)
    return Understood(event, facts, payload_around(text, around))


def payload_of(value: Json, document_context: tuple[Json, ...] = ()) -> bytes:
    """The payload of an event given as JSON value (numbers as Decimal)."""
    return (surroundings(document_context).head + json_text(value) + "}").encode()


def event_of_payload(payload: bytes) -> Event:
    """The event in a payload, as it was parsed at capture. InputError where the bytes are no payload."""
    return understand(*_parts(payload)).event


@value
class UnreadEvent:
    """The event in a payload as JSON, for whoever looks at very many and wants to read few."""

    value: Json
    around: Surroundings

    @property
    def context(self) -> Context:
        """What its prefixes and terms mean."""
        return context_of(self.around.declared, self.value.get("@context"), self.around.context)

    def event(self) -> Event:
        """The event itself, without the findings about what aliases it states."""
        return parse_event(self.value, self.around.declared, self.around.context)


def unread_event(payload: bytes) -> UnreadEvent:
    """The event in a payload, not read yet. InputError where the bytes are no payload."""
    value, _, around = _parts(payload)
    return UnreadEvent(value, around)


def context_within(event: Event) -> Context:
    """What prefixes and terms mean in an event."""
    return context_of(event.document_context, event.context, surroundings(event.document_context).context)


def facts_of_payload(payload: bytes) -> EventFacts:
    """The facts of the event in a payload, as at capture. InputError where the bytes are no payload."""
    value, text, around = _parts(payload)
    return read_fast(value, around.words) or understand(value, text, around).facts


def _parts(payload: bytes) -> tuple[Json, str, Surroundings]:
    """The event in a payload and its surroundings; its text is not wanted again."""
    try:
        entry = json.loads(payload, parse_float=_number, parse_int=_number, parse_constant=str)
        value, declared = entry["event"], tuple(entry["context"])
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise InputError(
            f"A ledger entry is no EPCIS event as tracegraph writes it ({error}); verify the store."
        ) from None
    return value, "", surroundings(declared)


def _number(text: str) -> Json:
    """A number, or its text where its exponent is beyond all that can be computed with (as at capture)."""
    try:
        return Decimal(text)
    except ArithmeticError:
        return text
