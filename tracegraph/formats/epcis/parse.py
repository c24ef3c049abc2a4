"""From the JSON of one event to the model: everything that can be understood, and a finding for everything that cannot.

An event is unusable only without type or without time (Unusable); all else is stored with findings. Of a member with a
problem the original is kept beside what was understood of it (`Event.unread`), so that it is written again as it came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from tracegraph.formats.epcis import limits, rules
from tracegraph.formats.epcis.context import Context, is_uri
from tracegraph.formats.epcis.fields import EVENT, Kind, Member, Shape
from tracegraph.formats.epcis.moments import days_since_1970, read_offset, read_time
from tracegraph.formats.epcis.vocabulary import ACTIONS, BIZ_STEPS, DISPOSITIONS, TYPES, Vocabulary, bare_word
from tracegraph.identifiers import canonical, location, parse, party
from tracegraph.model.event import Destination, Event, Finding, Identifier, Json, Moment, Source, Term

_MICROSECONDS = 6
_FIRST_SANE = days_since_1970(limits.FIRST_SANE_YEAR, 1, 1) * 86_400 * 10**6
_END_OF_SANE = days_since_1970(limits.LAST_SANE_YEAR + 1, 1, 1) * 86_400 * 10**6
_UNKNOWN_WORD = {BIZ_STEPS.name: "unknown_step", DISPOSITIONS.name: "unknown_disposition", TYPES.name: "unknown_type"}
_LONG = 200


class Unusable(Exception):
    """The JSON is no event that could be stored. `reason` is the end of a sentence, `pointer` says where."""

    def __init__(self, reason: str, pointer: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.pointer = pointer


def parse_event(value: Json, document_context: tuple[Json, ...] = (), outer: Context | None = None) -> Event:
    """The event that a JSON value says. `document_context`: values of `@context` around it, outermost first; `outer`:
    the same, made ready. Unusable where it is no object, has no type or no usable eventTime."""
    if not isinstance(value, dict):
        raise Unusable(f"{_what(value)} stands where an event must be")
    own = value.get("@context")
    reading = _Reading(context_of(document_context, own, outer))
    members: dict[str, Any] = {
        "type": reading.event_type(value),
        "event_time": reading.event_time(value),
        "document_context": document_context,
        "context": own,
    }
    reading.members(value, members)
    event = Event(**members)
    findings = (*reading.findings, *rules.check(event, value))
    return replace(event, findings=findings) if findings else event


def event_instant(event: Mapping[str, Json]) -> int | None:
    """The instant of an event given as JSON, as `parse_event` reads it; None where its time is none."""
    text = event.get("eventTime")
    read = read_time(text) if isinstance(text, str) else None
    return None if read is None else read.rounded(_MICROSECONDS, _zone(event) or 0)


def _zone(event: Mapping[str, Json]) -> int | None:
    """Seconds east of UTC that eventTimeZoneOffset gives, or None."""
    offset = event.get("eventTimeZoneOffset")
    return read_offset(offset) if isinstance(offset, str) else None


def context_of(document_context: Sequence[Json], own: Json, outer: Context | None = None) -> Context:
    """The context in force for an event."""
    if own is None and outer is not None:
        return outer
    return Context([*document_context, own])


class _Reading:
    """One event being read: its context and what was found so far. `spoilt` tells that something of the member at hand
    was not understood, so that its original must be kept."""

    __slots__ = ("context", "findings", "spoilt")

    def __init__(self, context: Context) -> None:
        self.context = context
        self.findings: list[Finding] = []
        self.spoilt = False

    def find(self, code: str, pointer: str, message: str) -> None:
        """Add a finding."""
        self.findings.append(Finding(code, pointer, message))

    def lose(self, code: str, pointer: str, message: str) -> None:
        """Add a finding about something of which only the original is kept."""
        self.find(code, pointer, message)
        self.spoilt = True

    def event_type(self, event: Mapping[str, Json]) -> Term:
        """The type, which must be a text."""
        value = event.get("type")
        if not isinstance(value, str) or not value.strip():
            raise Unusable("it has no type; give the event type, such as ObjectEvent", "/type")
        return self.term(value, "/type", TYPES)

    def event_time(self, event: Mapping[str, Json]) -> Moment:
        """The time, which must be one; without a zone that of eventTimeZoneOffset holds, else UTC."""
        text = event.get("eventTime")
        read = read_time(text) if isinstance(text, str) else None
        if read is None or not isinstance(text, str):
            shown = "no eventTime" if text is None else f"{_shown(text)} as eventTime, which is no time"
            raise Unusable(f"it has {shown}; give date, time and zone as 2026-01-31T12:00:00Z", "/eventTime")
        offset = event.get("eventTimeZoneOffset")
        zone = _zone(event)
        if read.date_only:
            self.find("date_without_time", "/eventTime", f"{text} is a date without time; taken as the whole day.")
        elif read.zone is None:
            taken = "UTC" if zone is None else f"eventTimeZoneOffset {offset}"
            self.find("time_without_zone", "/eventTime", f"{text} has no time zone; read with {taken}.")
        instant = read.rounded(_MICROSECONDS, zone or 0)
        if not is_sane_time(instant):
            span = f"{limits.FIRST_SANE_YEAR} to {limits.LAST_SANE_YEAR}"
            self.find("absurd_date", "/eventTime", f"{text} lies outside of {span}; kept, but check the year.")
        return Moment(text, instant)

    def members(self, event: Mapping[str, Json], into: dict[str, Any]) -> None:
        """Read all other members."""
        extensions: dict[str, Json] = {}
        unread: dict[str, Json] = {}
        for name, value in event.items():
            member = EVENT.members.get(name)
            if name == "@context":
                if value is None:
                    unread[name] = None
            elif member is None:
                self.extension(name, value, "", extensions)
            elif name not in ("type", "eventTime"):
                self.spoilt = False
                into[member.attribute] = _READERS[member.kind](self, value, "/" + name, member)
                if self.spoilt:
                    unread[name] = value
                elif member.kind is Kind.CERTIFICATION:
                    into["certification_info_listed"] = isinstance(value, list)
        into["extensions"] = extensions
        into["unread"] = unread

    def extension(self, name: str, value: Json, pointer: str, into: dict[str, Json]) -> None:
        """Keep a member that EPCIS does not define; it needs a namespace."""
        into[name] = value
        if ":" not in name and not name.startswith("@") and not self.context.name(name)[0]:
            self.find(
                "member_without_namespace",
                f"{pointer}/{escaped(name)}",
                f"{_shown(name)} is no member that EPCIS defines here and has no namespace; kept as an extension.",
            )

    def term(self, text: str, pointer: str, words: Vocabulary) -> Term:
        """A word of a vocabulary, or a private URI."""
        term, known = term_of(text, words, self.context)
        if not known:
            code = _UNKNOWN_WORD.get(words.name, "unknown_word")
            self.find(code, pointer, f"{_shown(text)} is no {words.name} of CBV 2.0 and no private URI; kept as it is.")
        return term

    def object(self, value: Json, pointer: str, shape: Shape) -> Any:
        """A JSON object as its model; None where it is none."""
        if not isinstance(value, dict):
            self.wrong_type(value, pointer, "an object")
            return None
        found: dict[str, Any] = {}
        extensions: dict[str, Json] = {}
        for name, inner in value.items():
            member = shape.members.get(name)
            if member is not None:
                found[member.attribute] = _READERS[member.kind](self, inner, f"{pointer}/{name}", member)
            elif shape.open:
                self.extension(name, inner, pointer, extensions)
            else:
                extensions[name] = inner
                self.find(
                    "member_not_allowed",
                    f"{pointer}/{escaped(name)}",
                    f"{_shown(name)} is not allowed here; kept as it is, and without effect.",
                )
        for name in shape.required:
            if name not in value:
                self.find("missing_member", f"{pointer}/{name}", f"{name} is missing; give it.")
        if extensions:
            found["extensions"] = extensions
        return shape.model(**found)

    def wrong_type(self, value: Json, pointer: str, expected: str) -> None:
        """Say that something else was expected."""
        name = pointer.rsplit("/", 1)[-1]
        self.lose("wrong_type", pointer, f"{name} is {_what(value)} instead of {expected}; its original is kept.")

    def checked(self, value: Json, pointer: str, known: Callable[[str], _Known]) -> Identifier | None:
        """An identifier, with findings for what is wrong with it; None where it is empty or no text."""
        if not isinstance(value, str):
            self.wrong_type(value, pointer, "a URI")
            return None
        identifier, problems = known(value)
        for code, message in problems:
            self.find(code, pointer, message)
        if not identifier.key:
            self.spoilt = True
            return None
        return identifier


def term_of(text: str, words: Vocabulary, context: Context) -> tuple[Term, bool]:
    """A word of a vocabulary, or a private URI; and whether it is either."""
    if ":" not in text:
        return Term(text, text), words.knows(text)
    full = context.expanded(text)
    word = bare_word(full, words) or ""
    known = not word or words.knows(word)
    return Term(text, word if word and known else full), known


def is_faultless(name: str, value: Json, context: Context) -> bool:
    """Whether nothing is found about the value of an event's member."""
    reading = _Reading(context)
    member = EVENT.members[name]
    _READERS[member.kind](reading, value, "/" + name, member)
    return not reading.findings and not reading.spoilt


def is_sane_time(instant: int) -> bool:
    """Whether an instant lies in the years in which events happen."""
    return _FIRST_SANE <= instant < _END_OF_SANE


_Known = tuple[Identifier, tuple[tuple[str, str], ...]]


def _unit(text: str) -> _Known:
    return _known_unit(text) if len(text) < _LONG else _known(text, canonical)


def _place(text: str) -> _Known:
    return _known_place(text) if len(text) < _LONG else _known(text, location)


@lru_cache(maxsize=65536)
def _known_unit(text: str) -> _Known:
    return _known(text, canonical)


@lru_cache(maxsize=16384)
def _known_place(text: str) -> _Known:
    return _known(text, location)


def _known(text: str, key_of: Callable[[str], str]) -> _Known:
    """An identifier and its problems, as (code, message)."""
    problems = []
    for problem in parse(text).problems:
        code, _, message = problem.partition(": ")
        problems.append(("empty_identifier" if code == "empty" else code, _sentence(message)))
    if not problems and not is_uri(text):
        problems.append(("not_a_uri", f"{_shown(text)} is no URI; taken as it is."))
    return Identifier(text, key_of(text) if text.strip() else ""), tuple(problems)


def _sentence(text: str) -> str:
    """A text with a capital at its beginning and a full stop at its end."""
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _read_text(reading: _Reading, value: Json, pointer: str, member: Member) -> str | None:
    if isinstance(value, str):
        return value
    reading.wrong_type(value, pointer, "a text")
    return None


def _read_uri(reading: _Reading, value: Json, pointer: str, member: Member) -> str | None:
    if not isinstance(value, str):
        reading.wrong_type(value, pointer, "a URI")
        return None
    if not value.strip():
        reading.lose("empty_identifier", pointer, f"{pointer[1:]} is empty; taken as absent.")
        return None
    if not is_uri(value):
        reading.find("not_a_uri", pointer, f"{_shown(value)} is no URI; taken as it is.")
    return value


def _read_number(reading: _Reading, value: Json, pointer: str, member: Member) -> Decimal | None:
    if isinstance(value, Decimal):
        return value
    reading.wrong_type(value, pointer, "a number")
    return None


def _read_quantity(reading: _Reading, value: Json, pointer: str, member: Member) -> Decimal | None:
    if isinstance(value, Decimal) and is_sane(value):
        return value
    shown = str(value) if isinstance(value, Decimal) else _what(value)
    reading.lose("insane_quantity", pointer, f"{shown[:60]} is no sane quantity; the amount is taken as unknown.")
    return None


def is_sane(value: Decimal) -> bool:
    """Whether a number can be an amount of goods: finite, not negative, of a size and precision that occur."""
    if not value.is_finite() or value < 0:
        return False
    digits = limits.MAX_QUANTITY_DIGITS
    exponent = value.as_tuple().exponent
    return value.adjusted() < digits and isinstance(exponent, int) and -exponent <= digits


def _read_boolean(reading: _Reading, value: Json, pointer: str, member: Member) -> bool | None:
    if isinstance(value, bool):
        return value
    reading.wrong_type(value, pointer, "true or false")
    return None


def _read_moment(reading: _Reading, value: Json, pointer: str, member: Member) -> Moment | None:
    if not isinstance(value, str):
        reading.wrong_type(value, pointer, "a time")
        return None
    read = read_time(value)
    if read is None:
        reading.find("invalid_time", pointer, f"{_shown(value)} is no time; kept as it is, and without effect.")
        return Moment(value, None)
    return Moment(value, read.rounded(_MICROSECONDS))


def _read_term(reading: _Reading, value: Json, pointer: str, member: Member) -> Term | None:
    if not isinstance(value, str) or member.words is None:
        reading.wrong_type(value, pointer, "a word")
        return None
    if not value.strip():
        reading.lose("empty_identifier", pointer, f"{pointer[1:]} is empty; taken as absent.")
        return None
    return reading.term(value, pointer, member.words)


def _read_unit(reading: _Reading, value: Json, pointer: str, member: Member) -> Identifier | None:
    return reading.checked(value, pointer, _unit)


def _read_place(reading: _Reading, value: Json, pointer: str, member: Member) -> Identifier | None:
    return reading.checked(value, pointer, _place)


def _read_action(reading: _Reading, value: Json, pointer: str, member: Member) -> str | None:
    if isinstance(value, str) and value not in ACTIONS:
        reading.find("unknown_action", pointer, f"{_shown(value)} is not ADD, OBSERVE or DELETE; kept, without effect.")
    return _read_text(reading, value, pointer, member)


def _read_list(
    reading: _Reading, value: Json, pointer: str, member: Member, read_one: Callable[..., Any]
) -> tuple[Any, ...]:
    """What could be read of an array; an array is what must be there."""
    if not isinstance(value, list):
        reading.wrong_type(value, pointer, "a list")
        return ()
    items = [read_one(reading, item, f"{pointer}/{index}", member) for index, item in enumerate(value)]
    return tuple(item for item in items if item is not None)


def _read_units(reading: _Reading, value: Json, pointer: str, member: Member) -> tuple[Any, ...]:
    return _read_list(reading, value, pointer, member, _read_unit)


def _read_terms(reading: _Reading, value: Json, pointer: str, member: Member) -> tuple[Any, ...]:
    return _read_list(reading, value, pointer, member, _read_term)


def _read_uris(reading: _Reading, value: Json, pointer: str, member: Member) -> tuple[Any, ...]:
    return _read_list(reading, value, pointer, member, _read_uri)


def _read_certification(reading: _Reading, value: Json, pointer: str, member: Member) -> tuple[Any, ...]:
    if isinstance(value, list):
        return _read_uris(reading, value, pointer, member)
    one = _read_uri(reading, value, pointer, member)
    return () if one is None else (one,)


def _read_object(reading: _Reading, value: Json, pointer: str, member: Member) -> Any:
    assert member.shape is not None
    found = reading.object(value, pointer, member.shape)
    if isinstance(found, Source) and _is_party(found.type):
        return replace(found, source=_party(found.source))
    if isinstance(found, Destination) and _is_party(found.type):
        return replace(found, destination=_party(found.destination))
    return found


def _is_party(words: Term | None) -> bool:
    """Whether a source or destination of this type is an organisation."""
    return words is not None and words.value != "location"


def _party(identifier: Identifier | None) -> Identifier | None:
    """An identifier with the key that it has as that of a party."""
    if identifier is None or (key := party(identifier.text)) == identifier.key:
        return identifier
    return Identifier(identifier.text, key)


def _read_objects(reading: _Reading, value: Json, pointer: str, member: Member) -> tuple[Any, ...]:
    return _read_list(reading, value, pointer, member, _read_object)


def _read_open_object(reading: _Reading, value: Json, pointer: str, member: Member) -> Mapping[str, Json] | None:
    if not isinstance(value, dict):
        reading.wrong_type(value, pointer, "an object")
        return None
    kept: dict[str, Json] = {}
    for name, inner in value.items():
        reading.extension(name, inner, pointer, kept)
    return kept


_READERS: dict[Kind, Callable[[_Reading, Json, str, Member], Any]] = {
    Kind.TEXT: _read_text,
    Kind.URI: _read_uri,
    Kind.NUMBER: _read_number,
    Kind.QUANTITY: _read_quantity,
    Kind.BOOLEAN: _read_boolean,
    Kind.TIME: _read_moment,
    Kind.TERM: _read_term,
    Kind.UNIT: _read_unit,
    Kind.PLACE: _read_place,
    Kind.UNIT_LIST: _read_units,
    Kind.TERM_LIST: _read_terms,
    Kind.URI_LIST: _read_uris,
    Kind.OBJECT: _read_object,
    Kind.OBJECT_LIST: _read_objects,
    Kind.OPEN_OBJECT: _read_open_object,
    Kind.ACTION: _read_action,
    Kind.CERTIFICATION: _read_certification,
}


def escaped(name: str) -> str:
    """A member's name as part of a JSON pointer (RFC 6901 section 3)."""
    return name.replace("~", "~0").replace("/", "~1")


def _what(value: Json) -> str:
    """What kind of JSON value this is, in words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return "a number"
    if isinstance(value, str):
        return "a text"
    return "a list" if isinstance(value, list) else "an object"


def _shown(value: Json) -> str:
    """A value as a message shows it: short, in quotes."""
    if not isinstance(value, str):
        return _what(value)
    return repr(value if len(value) <= 60 else value[:57] + "...")


def first_sentence(findings: Iterable[Finding]) -> str:
    """The first finding in words, and how many there are besides."""
    listed = list(findings)
    more = f" ({len(listed) - 1} more)" if len(listed) > 1 else ""
    return f"{listed[0].pointer or '/'}: {listed[0].message.removesuffix('.')}{more}"
