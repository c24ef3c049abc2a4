"""The fast path, part one: single values of the usual form, each with its text in the event hash.

Every function raises Unusual where it is not certain to agree with formats.epcis.parse and event_hash, and wherever
those would find something doubtful. What repeats from event to event is remembered within bounds.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from tracegraph.formats.epcis import vocabulary
from tracegraph.formats.epcis.context import Context, is_uri
from tracegraph.formats.epcis.event_hash import named, number, term_part, uri
from tracegraph.formats.epcis.facts import NO_UNIT, product_of_item
from tracegraph.formats.epcis.json_text import json_text
from tracegraph.formats.epcis.moments import Reading, clock_of_usual, is_fraction, read_time, utc_text
from tracegraph.formats.epcis.parse import is_sane, term_of
from tracegraph.formats.epcis.vocabulary import Vocabulary
from tracegraph.identifiers import location, parse, parse_once, party
from tracegraph.model.event import Json

#: Longer texts are left to the full reading, so that the memory of what is remembered is bounded.
_LONGEST = 200
_MOST_REMEMBERED = 4096
_LONGEST_CONTEXT = 10_000
_MOST_CONTEXTS = 16
#: A time in UTC with milliseconds: the event hash has it as it is.
_UTC_LENGTH = len("2020-01-31T12:00:00.000Z")


class Unusual(Exception):
    """Not of the usual form: the full reading decides."""


class Unit(NamedTuple):
    """A faultless identifier of a unit or document: its key, its text in the event hash, whether it names a place or an
    organisation, and the product of which it is a serial item."""

    key: str
    hashed: str
    is_place: bool
    product: str | None


class Place(NamedTuple):
    """A faultless identifier of a place or party: its key as either, and its text in the event hash."""

    location: str
    party: str
    hashed: str


class Entry(NamedTuple):
    """A source or destination: the word of its type, its key, and its text in the event hash."""

    kind: str
    key: str
    hashed: str


def text_of(value: Json) -> str:
    """A value that is a text."""
    if type(value) is not str:
        raise Unusual
    return value


def unit_of(value: Json) -> Unit:
    """An identifier of a unit or document, without faults."""
    if type(value) is not str or len(value) > _LONGEST or (unit := _unit(value)) is None:
        raise Unusual
    return unit


@lru_cache(maxsize=32768)
def _unit(text: str) -> Unit | None:
    identified = parse_once(text)
    if identified.problems or identified.lot is not None or not is_uri(text):
        return None
    key, scheme = identified.key, identified.scheme
    product = identified.product if scheme == "sgtin" else product_of_item(key)
    return Unit(key, _hashed(text, key), key.startswith("geo:") or scheme in NO_UNIT, product)


def _hashed(text: str, key: str) -> str:
    """A URI's text in the event hash; GS1 keys are there in canonical form."""
    return key if text.startswith(("urn:epc:", "https://", "http://")) else uri(text)


def place_of(value: Json) -> Place:
    """An identifier of a place or party, without faults."""
    if type(value) is not str or len(value) > _LONGEST or (place := _place(value)) is None:
        raise Unusual
    return place


@lru_cache(maxsize=16384)
def _place(text: str) -> Place | None:
    if parse(text).problems or not is_uri(text):
        return None
    return Place(location(text), party(text), uri(text))


def amount_of(value: Json) -> str:
    """The text in the event hash of a number that is a sane amount."""
    if type(value) is not Decimal or (text := _amount(str(value))) is None:
        raise Unusual
    return text


@lru_cache(maxsize=4096)
def _amount(text: str) -> str | None:
    value = Decimal(text)
    return number(value) if is_sane(value) else None


def time_of(value: Json) -> Reading:
    """A time that can be read."""
    if type(value) is not str or (read := read_time(value)) is None:
        raise Unusual
    return read


def time_text(value: Json) -> str:
    """A time that can be read, as it stands in the event hash."""
    if type(value) is not str:
        raise Unusual
    as_it_is = len(value) == _UTC_LENGTH and value[-1] == "Z" and is_fraction(value[19:-1])
    if as_it_is and clock_of_usual(value) is not None:
        return value
    return utc_text(time_of(value).rounded(3))


def plain_text(value: Json) -> str:
    """A text as it stands in the event hash."""
    if type(value) is not str:
        raise Unusual
    return uri(value) if ":" in value else value.strip()


class Words:
    """The words and places of events under one context, each understood once. Nothing that a file says makes it grow
    beyond its bound."""

    __slots__ = ("_declared", "_entries", "_terms", "_under", "context")

    def __init__(self, declared: tuple[Json, ...]) -> None:
        """`declared`: values of `@context`, the outermost first."""
        self.context = Context(declared)
        self._declared = declared
        self._under: dict[str, Words] = {}
        self._terms: dict[tuple[Vocabulary, str, str], tuple[str, str] | tuple[()]] = {}
        self._entries: dict[tuple[str, str, str], Entry] = {}

    def under(self, own: Json) -> Words:
        """The same under an event's own context within this one."""
        text = json_text(own)
        words = self._under.get(text)
        if words is None:
            words = Words((*self._declared, own))
            if len(text) <= _LONGEST_CONTEXT:
                if len(self._under) >= _MOST_CONTEXTS:
                    self._under.clear()
                self._under[text] = words
        return words

    def term(self, name: str, value: Json, words: Vocabulary) -> tuple[str, str]:
        """A known word or private URI, and `name` with it in the event hash."""
        if type(value) is not str:
            raise Unusual
        found = self._terms.get((words, name, value))
        if found is None:
            if len(self._terms) >= _MOST_REMEMBERED:
                self._terms.clear()
            found = self._terms[words, name, value] = self._term(name, value, words)
        if not found:
            raise Unusual
        return found

    def _term(self, name: str, text: str, words: Vocabulary) -> tuple[str, str] | tuple[()]:
        """Nothing where it is neither."""
        term, known = term_of(text, words, self.context)
        if not known or not text.strip():
            return ()
        return term.value, term_part(name, text, words, self.context)

    def entry(self, member: str, kind: Json, value: Json) -> Entry:
        """A source or destination."""
        key = (member, text_of(kind), text_of(value))
        entry = self._entries.get(key)
        if entry is None:
            if len(self._entries) >= _MOST_REMEMBERED:
                self._entries.clear()
            entry = self._entries[key] = self._entry(*key)
        return entry

    def _entry(self, member: str, kind: str, text: str) -> Entry:
        word, hashed = self.term("type", kind, vocabulary.SOURCES_AND_DESTINATIONS)
        place = place_of(text)
        key = place.location if word == "location" else place.party
        return Entry(word.strip(), key, hashed + named(member, place.hashed))

    def has_namespace(self, name: str) -> bool:
        """Whether a member that EPCIS does not define may stand in an event."""
        return ":" in name or name.startswith("@") or bool(self.context.name(name)[0])
