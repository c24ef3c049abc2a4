"""Every event of a store or of files, looked at under a profile, with the partner whose record it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracegraph.formats.epcis import AcceptedEvent, AcceptedMasterData, Rejected, facts_of_payload, read, unread_event
from tracegraph.formats.profiles import Checked, Profile, check_event
from tracegraph.formats.profiles.standing import Path as Standing
from tracegraph.formats.profiles.standing import slots
from tracegraph.formats.recognise import EPCIS, reader_of
from tracegraph.identifiers import party
from tracegraph.model.facts import EventFacts
from tracegraph.model.master_data import MasterData
from tracegraph.stores.port import EntryKind
from tracegraph.timeline.live_events import LiveEvent, live_events
from tracegraph.timeline.places import Places
from tracegraph.timeline.steps import CBV_EFFECTS, Effect
from tracegraph.trace.resolve import master_data
from tracegraph.trace.snapshot import Snapshot

#: Where an event says who tells of it (GDST and CBV).
_PROVIDER = Standing.of("cbvmda:informationProvider", {"cbvmda": "urn:epcglobal:cbv:mda"})
_SEPARATOR = re.compile(r"[:#/]")


@dataclass(frozen=True, slots=True)
class Judged:
    """One event: its public id and eventID, where it stands (file and pointer; empty for a store), whose record it is
    (the first of `partners`, by which all it is found), and what is wrong with it (None: it shows in part only)."""

    event: str
    event_id: str
    partners: tuple[str, ...]
    checked: Checked | None
    file: str = ""
    pointer: str = ""

    @property
    def partner(self) -> str:
        """Who recorded it; empty where nobody can be told."""
        return self.partners[0] if self.partners else ""


def judged_in_store(snapshot: Snapshot, profile: Profile) -> Iterator[Judged]:
    """The events that count, in ledger order. Where only a part of the store shows, so do master data of others, and
    nothing is asked of descriptions."""
    elements = master_data(snapshot)
    surroundings = _Surroundings(Places.of(elements), described_things(elements) if snapshot.counted else None)
    waiting = live_by_position(snapshot)
    for entry in snapshot.store.entries(upto=snapshot.position):
        live = waiting.pop(entry.position, None) if entry.kind is EntryKind.EVENT else None
        if live is not None:
            yield surroundings.judged(profile, entry.payload, live)


def live_by_position(snapshot: Snapshot) -> dict[int, LiveEvent]:
    """The events that count, by the position at which each was recorded first."""
    stored = snapshot.events()
    first: dict[tuple[str, str], int] = {}
    for one in stored:
        if not one.facts.retracts:
            first.setdefault((one.facts.content_hash, one.facts.event_id), one.position)
    alive = live_events(one.facts for one in stored).events
    return {first[live.facts.content_hash, live.facts.event_id]: live for live in alive}


def judged_in_files(paths: Sequence[str | Path], profile: Profile, form: str = EPCIS) -> Iterator[Judged | str]:
    """The events of files in order, error declarations left out; a sentence for each piece that was rejected. The files
    are read twice: master data may stand behind the events. `form`: which format they have."""
    read_file = reader_of(form)
    elements = [
        piece.master_data
        for path in paths
        for piece in read(path, read_file=read_file)
        if isinstance(piece, AcceptedMasterData)
    ]
    surroundings = _Surroundings(Places.of(elements), described_things(elements))
    for path in paths:
        for piece in read(path, read_file=read_file):
            if isinstance(piece, Rejected):
                yield piece.reason
            elif isinstance(piece, AcceptedEvent) and not piece.facts.retracts:
                live = LiveEvent(piece.facts.content_hash, piece.facts)
                where = piece.position
                yield surroundings.judged(profile, piece.entry_payload, live, where.source, where.pointer)


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What master data say: how places belong together, and of each thing (None: only a part of everything shows)."""

    places: Places
    described: Mapping[str, Mapping[str, object]] | None

    def judged(self, profile: Profile, payload: bytes, live: LiveEvent, file: str = "", pointer: str = "") -> Judged:
        """An event under the profile; one of which something was taken out no longer has its own hash."""
        event, facts = unread_event(payload), live.facts
        provider = next((slot.value for slot in slots(event.value, _PROVIDER, event.context) if slot.filled), None)
        partners = tuple(dict.fromkeys(self._partners(facts, provider)))
        whole = self.described is not None or facts_of_payload(payload).content_hash == facts.content_hash
        checked = check_event(profile, event.value, event.context, facts, self.described) if whole else None
        return Judged(live.id, facts.event_id, partners, checked, file, pointer)

    def _partners(self, facts: EventFacts, provider: object) -> Iterator[str]:
        """Who says that they tell of it, else who runs the place where it happened, else the place."""
        if isinstance(provider, str):
            yield party(provider)
        ships = CBV_EFFECTS.get(facts.step) is Effect.SHIP
        here = facts.source_place if ships else facts.destination_place
        where = facts.biz_location or facts.read_point or here
        site = self.places.site(where, facts.biz_location)
        for name in (self.places.party(site), facts.source_party if ships else None, site):
            if name is not None:
                yield name


def described_things(elements: Iterable[MasterData]) -> dict[str, dict[str, object]]:
    """What is said of each thing, by the local names of the attributes in lower case."""
    found: dict[str, dict[str, object]] = {}
    for data in elements:
        told = {"name": data.name, "country": data.country, "latitude": data.latitude, "longitude": data.longitude}
        attributes = {_SEPARATOR.split(name)[-1].lower(): value for name, value in data.attributes.items()}
        found.setdefault(data.id, {}).update({**told, **attributes})
    return found
