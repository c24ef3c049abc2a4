"""Tests on the JSON of an event that tell, sooner than reading the event does, that it cannot answer a query.

Each reads one member exactly as the reading of events does; what it lets pass is tested again on the event itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from tracegraph.formats.epcis.context import Context
from tracegraph.formats.epcis.parse import event_instant, term_of
from tracegraph.formats.epcis.vocabulary import Vocabulary
from tracegraph.identifiers import canonical, location
from tracegraph.model.event import Json
from tracegraph.query.comparing import RANGES
from tracegraph.query.query import Glance


def word_glance(member: str, words: Vocabulary, wanted: frozenset[str]) -> Glance:
    """Whether a member is one of the words."""

    def glance(event: Mapping[str, Json], context: Context) -> bool:
        text = event.get(member)
        return isinstance(text, str) and term_of(text, words, context)[0].value.strip() in wanted

    return glance


def text_glance(member: str, wanted: frozenset[str]) -> Glance:
    """Whether a member is one of the texts."""

    def glance(event: Mapping[str, Json], context: Context) -> bool:
        text = event.get(member)
        return isinstance(text, str) and text.strip() in wanted

    return glance


def place_glance(member: str, wanted: frozenset[str]) -> Glance:
    """Whether a member is one of the places, by their keys."""

    def glance(event: Mapping[str, Json], context: Context) -> bool:
        place = event.get(member)
        text = place.get("id") if isinstance(place, dict) else None
        return isinstance(text, str) and location(text) in wanted

    return glance


def time_glance(comparison: str, bound: int) -> Glance:
    """Whether the event time lies on the right side of a bound."""
    compare = RANGES[comparison]

    def glance(event: Mapping[str, Json], context: Context) -> bool:
        instant = event_instant(event)
        return instant is not None and compare(instant, bound)

    return glance


def member_glance(*members: str) -> Glance:
    """Whether the event has one of the members at all."""
    return lambda event, context: any(member in event for member in members)


def unit_glance(members: Iterable[str], is_wanted: Callable[[str], object]) -> Glance:
    """Whether one of the members, lists of identifiers or of quantities (or one identifier), names a wanted key."""
    looked_at = tuple(members)

    def glance(event: Mapping[str, Json], context: Context) -> bool:
        return any(is_wanted(canonical(text)) for member in looked_at for text in _identifiers(event.get(member)))

    return glance


def _identifiers(value: Json) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        text = item.get("epcClass") if isinstance(item, dict) else item
        if isinstance(text, str):
            yield text
