"""What a query looks at: one stored event with what is known about its recording, and master data by identifier."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property

from tracegraph.formats.epcis import context_within
from tracegraph.formats.epcis.context import Context
from tracegraph.formats.epcis.parse import event_instant
from tracegraph.formats.epcis.payload import UnreadEvent
from tracegraph.model.event import Event, Json
from tracegraph.model.master_data import MasterData

_SEPARATOR = re.compile(r"[:#/]")


class Candidate:
    """A stored event: `position` and `recorded_at` (an instant) are those of its ledger entry. One that is given as
    JSON is read when it is first asked for."""

    __slots__ = ("_context", "_event", "_unread", "payload", "position", "recorded_at")

    def __init__(
        self, event: Event | UnreadEvent, position: int = 0, recorded_at: int = 0, payload: bytes = b""
    ) -> None:
        self._unread = event if isinstance(event, UnreadEvent) else None
        self._event = None if isinstance(event, UnreadEvent) else event
        self._context: Context | None = None
        self.position = position
        self.recorded_at = recorded_at
        self.payload = payload

    @property
    def event(self) -> Event:
        """The event."""
        if self._event is None:
            assert self._unread is not None
            self._event = self._unread.event()
        return self._event

    @property
    def instant(self) -> int | None:
        """When it happened; known without reading the event."""
        if self._event is None and self._unread is not None:
            return event_instant(self._unread.value)
        return self.event.event_time.instant

    @property
    def context(self) -> Context:
        """What the names of its extensions mean; made when it is first asked for."""
        if self._context is None:
            self._context = context_within(self.event) if self._unread is None else self._unread.context
        return self._context


class Master:
    """Master data as look-ups, made when a query first asks for them."""

    def __init__(self, elements: Callable[[], Iterable[MasterData]] = tuple) -> None:
        self._elements = elements
        self._within: dict[frozenset[str], frozenset[str]] = {}

    def within(self, places: frozenset[str]) -> frozenset[str]:
        """The places themselves and everything that master data put into them, over any number of levels."""
        found = self._within.get(places)
        if found is None:
            found = self._within[places] = frozenset(self._below(places))
        return found

    def attribute(self, key: str, name: str) -> Json:
        """The value that master data give an identifier's attribute, None where they give none. Names are compared
        without namespace and case, as master data are read everywhere."""
        return self._attributes.get(key, {}).get(attribute_name(name))

    def _below(self, places: Iterable[str]) -> Iterator[str]:
        waiting = list(places)
        seen = set(waiting)
        while waiting:
            place = waiting.pop()
            yield place
            further = self._children.get(place, set()) - seen
            seen |= further
            waiting += further

    @cached_property
    def _known(self) -> tuple[MasterData, ...]:
        return tuple(self._elements())

    @cached_property
    def _children(self) -> Mapping[str, set[str]]:
        """What is directly inside of each place: as its master data list it, or as the inner one names its parent."""
        found: dict[str, set[str]] = {}
        for data in self._known:
            found.setdefault(data.id, set()).update(data.children)
            if data.parent is not None:
                found.setdefault(data.parent, set()).add(data.id)
        return found

    @cached_property
    def _attributes(self) -> Mapping[str, Mapping[str, Json]]:
        found: dict[str, dict[str, Json]] = {}
        for data in self._known:
            known = found.setdefault(data.id, {})
            known.update((attribute_name(name), value) for name, value in data.attributes.items() if value is not None)
        return found


def attribute_name(name: str) -> str:
    """The last part of an attribute's URI or CURIE, in lower case."""
    return _SEPARATOR.split(name)[-1].lower()
