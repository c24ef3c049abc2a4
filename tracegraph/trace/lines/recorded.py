"""What the records and events say of lines, cleanings and evidence, as known at one snapshot.

A run is a record, or an event that gives birth to units at a site: a transformation, or an object event with ADD. Its
line is the extension `tracegraph:line`, or the line whose `location` the event names as readPoint. It ended at the time
of the event; it began at `tracegraph:runBegin`, else at an unknown time within the assumed length of a run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tracegraph.formats.epcis.payload import unread_event
from tracegraph.model.facts import EventFacts, Role
from tracegraph.model.grading import Grade
from tracegraph.model.instants import DAY
from tracegraph.model.record import StoredRecord
from tracegraph.model.record_kinds import time_span
from tracegraph.stores.stored_facts import StoredFacts
from tracegraph.trace.lines.occupancy import ALWAYS, NEVER, Bounds, Cleaning, Run
from tracegraph.trace.register import Register
from tracegraph.trace.resolve import master_data


@dataclass(frozen=True, slots=True)
class Evidence:
    """A finding about a unit, a site or a line of it, at some instant between two."""

    name: str
    unit: str | None
    site: str | None
    line: str | None
    first: int
    last: int
    positive: bool
    grade: Grade


class Recorded:
    """Look-ups of what is recorded about lines, each read once. `run_length`: how long before its event a run may have
    begun, in microseconds."""

    def __init__(self, register: Register, run_length: int = 0) -> None:
        self.register = register
        self.snapshot = register.snapshot
        self.run_length = run_length
        self._runs: dict[str, list[Run]] = {}

    def runs(self, site: str) -> list[Run]:
        """All runs at a site, by name."""
        if site not in self._runs:
            found = [run for run in self._recorded_runs if self.site(run.site) == site]
            self._runs[site] = sorted([*found, *self._runs_of_events(site, found)], key=lambda run: run.name)
        return self._runs[site]

    def lines(self, site: str) -> list[str]:
        """The names of the lines of a site, by whatever was recorded of them; sorted."""
        kinds = ("line", "cleaning", "evidence")
        told = [stored.record.data for kind in kinds for stored in self.snapshot.records(kind)]
        names = {data.get("line") for data in told if "site" in data and self.site(data["site"]) == site}
        return sorted({name for name in names | {run.line for run in self.runs(site)} if name})

    @cached_property
    def cleanings(self) -> list[Cleaning]:
        """All cleanings."""
        return [_cleaning(stored) for stored in self.snapshot.records("cleaning")]

    def line_cleanings(self, site: str, line: str | None) -> list[Cleaning]:
        """Those of a line; a cleaning of the whole site is one of each line."""
        mine = [one for one in self.cleanings if one.site and one.equipment is None and self.site(one.site) == site]
        return [one for one in mine if one.line is None or one.line == line]

    @cached_property
    def evidence(self) -> list[Evidence]:
        """All evidence, by name."""
        return [_evidence(stored) for stored in self.snapshot.records("evidence")]

    def unit(self, name: str) -> str:
        """The key of a unit by any of its numbers; a number that nothing is known by stands for itself."""
        key = self.register.representative(name)
        if self.snapshot.units(keys=[key]):
            return key
        named = self.register.by_code(name)
        return named[0] if len(named) == 1 else key

    def site(self, place: str) -> str:
        """The site that a place belongs to; itself where nothing is known of it."""
        return str(self._places.site(place) or place)

    def names_site(self, place: str) -> bool:
        """Whether a record of a line, run, cleaning or finding names the site."""
        kinds = ("line", "run", "cleaning", "evidence")
        return any(stored.record.data.get("site") == place for kind in kinds for stored in self.snapshot.records(kind))

    @cached_property
    def _recorded_runs(self) -> list[Run]:
        return [self._run(stored) for stored in self.snapshot.records("run")]

    def _run(self, stored: StoredRecord) -> Run:
        data = stored.record.data
        units = tuple(sorted({self.unit(name) for name in data["units"]}))
        begin, end = _bounds(data)
        return Run(f"run {stored.record.id}", units, data["site"], data.get("line"), begin, end, Grade(data["grade"]))

    def _runs_of_events(self, site: str, recorded: Sequence[Run]) -> Iterator[Run]:
        """The births at a site, but for those that a record of the unit's run tells more of."""
        named = self.snapshot.store.units_at([site, *self._locations(site)])
        known: dict[str, list[Run]] = defaultdict(list)
        for run in recorded:
            for unit in run.units:
                known[unit].append(run)
        for facts in self._live(named):
            if self._site_of(facts) == site:
                born = {self.register.representative(unit) for unit in _born(facts)}
                untold = {unit for unit in born if not any(_covers(run, facts) for run in known[unit])}
                if untold:
                    yield self._run_of_event(facts, untold, site)

    def _live(self, units: Collection[str]) -> list[EventFacts]:
        """The events that name the units and count: each once, without retracted ones."""
        stored = StoredFacts(self.snapshot.store, self.snapshot.position)
        return [event.facts for event in stored.naming(units)] if units else []

    def _run_of_event(self, facts: EventFacts, units: set[str], site: str) -> Run:
        said = _extensions(self._payload(facts.content_hash))
        end = _moment(facts)
        begin = time_span(said["runBegin"]) if "runBegin" in said else (end[0] - self.run_length, end[1])
        line = said.get("line") or self._lines.get((site, facts.read_point or ""))
        grade = Grade.DOCUMENTED if facts.documents else Grade.STATED
        return Run(f"event {facts.content_hash}", tuple(sorted(units)), site, line, begin, end, grade)

    def _payload(self, content_hash: str) -> bytes:
        """The text of an event; of several that say the same, that of the first."""
        for stored in self.snapshot.events(hashes=[content_hash])[:1]:
            for entry in self.snapshot.store.entries(stored.position - 1, stored.position):
                return entry.payload
        return b""

    def _locations(self, site: str) -> list[str]:
        """The sub-locations that events name instead of the site."""
        lines = [location for of, location in self._lines if of == site]
        known = [one for one in self._places.sublocations if self._places.site(one) == site]
        return sorted({*lines, *known})

    def _site_of(self, facts: EventFacts) -> str | None:
        place = facts.biz_location or facts.read_point
        return None if place is None else self.site(place)

    @cached_property
    def _places(self) -> Any:
        from tracegraph.timeline.places import Places  # with it comes the whole compiler, which few questions need

        return Places.of(master_data(self.snapshot))

    @cached_property
    def _lines(self) -> dict[tuple[str, str], str]:
        """Lines by site and the location that events name."""
        found = [stored.record.data for stored in self.snapshot.records("line")]
        return {(data["site"], data["location"]): data["line"] for data in found if "location" in data}


def _born(facts: EventFacts) -> set[str]:
    """The units that an event gives birth to."""
    role = Role.OUTPUT if facts.type == "TransformationEvent" else Role.OBJECT
    births = facts.type == "TransformationEvent" or (facts.type == "ObjectEvent" and facts.action == "ADD")
    return {named.unit for named in facts.named if named.role is role} if births else set()


def _moment(facts: EventFacts) -> Bounds:
    """When an event was: an instant, or some time of a day."""
    return (facts.instant, facts.instant + DAY - 1) if facts.day else (facts.instant, facts.instant)


def _covers(run: Run, facts: EventFacts) -> bool:
    """Whether an event can have been in a run."""
    first, last = _moment(facts)
    return run.begin[0] <= last and run.end[1] >= first


def _extensions(payload: bytes) -> dict[str, str]:
    """What an event says of its run by tracegraph's own members, `line` and `runBegin`."""
    from tracegraph.errors import InputError
    from tracegraph.formats.epcis.facts import is_ours

    try:
        unread = unread_event(payload)
    except InputError:
        return {}
    found: dict[str, str] = {}
    for name, value in unread.value.items():
        for local in ("line", "runBegin"):
            if name.endswith(local) and isinstance(value, str) and is_ours(name, local, unread.context):
                found[local] = value.strip()
    return found


def _bounds(data: Mapping[str, Any]) -> tuple[Bounds, Bounds]:
    """Between which instants begin and end of a run were; unknown ones are bounded by each other alone."""
    first = time_span(data["from"]) if "from" in data else None
    last = time_span(data["to"]) if "to" in data else None
    begin = first or (NEVER, last[1] if last else ALWAYS)
    end = last or (begin[0], ALWAYS)
    return (begin[0], min(begin[1], end[1])), (max(begin[0], end[0]), end[1])


def _cleaning(stored: StoredRecord) -> Cleaning:
    data = stored.record.data
    begin, by = time_span(data["from"])
    end = time_span(data["to"])[1] if "to" in data else by
    name = f"cleaning {stored.record.id}"
    return Cleaning(name, data.get("site"), data.get("line"), data.get("equipment"), begin, end, data["verified"])


def _evidence(stored: StoredRecord) -> Evidence:
    data = stored.record.data
    first, last = time_span(data["at"])
    return Evidence(
        f"evidence {stored.record.id}",
        data.get("unit"),
        data.get("site"),
        data.get("line"),
        first,
        last,
        data["result"] == "positive",
        Grade(data["grade"]),
    )
