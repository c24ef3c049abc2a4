"""Claims, certificates and the like that EPCIS events state, as rows: the event is their source.

An event states a record of the claim layer by a member of tracegraph's namespace, or one within its ilmd, that is
named after the kind: `tracegraph:claim`, `tracegraph:certificate` and so on, an object (or several) with the fields of
the kind. What it leaves out follows from the event: goods, place, time. `certificationInfo` (EPCIS 2.0, 7.4.1) and the
lists of certifications that fishery data carry in `certificationList` (GDST, CBV) state a claim of each unit born. A
birth with `tracegraph:line` states a run of that line, from `tracegraph:runBegin` (where given) to its own time.

An event that was declared erroneous states nothing. A field that cannot be read is left out of its row; a row that
lacks a required one is no row.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from tracegraph.claims.row import Row
from tracegraph.errors import InputError, InvalidField
from tracegraph.formats.epcis import facts_of_payload, unread_event
from tracegraph.formats.epcis.facts import is_ours
from tracegraph.formats.epcis.payload import UnreadEvent
from tracegraph.model.facts import EventFacts, Role
from tracegraph.model.instants import instant_text
from tracegraph.model.record import Record
from tracegraph.model.record_kinds import record_kind, record_of
from tracegraph.stores.port import EntryKind, LedgerEntry
from tracegraph.stores.stored_facts import relatives
from tracegraph.timeline.live_events import live_events
from tracegraph.trace.snapshot import Snapshot

#: Kinds that an event may state, and the field that says when.
TIMES = {
    "certificate": "issued",
    "claim": "made",
    "document": "date",
    "inspection": "time",
    "run": "to",
    "support": "",
    "verification": "time",
}
#: What an entry must contain to be looked at: member names, whatever their prefix.
_MARKS = tuple(f'{name}"'.encode() for name in (*TIMES, "certificationInfo", "certificationList", "line"))
#: What the members of a certificationList say of a claim, by their local names.
_LISTED = {
    "certificationIdentification": "certificate",
    "certificationStandard": "scheme",
    "certificationType": "charset",
    "certificationValue": "certificate",
}
_SEPARATOR = re.compile(r"[:#/]")
Cells = dict[str, str]


@dataclass(frozen=True, slots=True)
class Stated:
    """One record that an event states, as text by field."""

    kind: str
    cells: Cells


class EventRecords:
    """The rows that the events of a snapshot state; read once, when first asked for."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def rows(self, kind: str) -> tuple[Row, ...]:
        """The rows of a kind; of events that state the same record, the later event counts."""
        return tuple(self._rows[kind].values()) if kind in TIMES else ()

    @cached_property
    def _rows(self) -> dict[str, dict[str, Row]]:
        found: dict[str, dict[str, Row]] = defaultdict(dict)
        for facts, entry in sorted(self._telling(), key=lambda one: (one[0].instant, one[0].content_hash)):
            for row in rows_of(entry, facts):
                found[row.kind][row.id] = row
        return found

    def _telling(self) -> list[tuple[EventFacts, LedgerEntry]]:
        """The events that may state something and count, each once. A ledger of records alone is not read through."""
        if not (self.snapshot.units() or self.snapshot.events()):
            return []
        entries = self.snapshot.store.entries(upto=self.snapshot.position)
        marked = [entry for entry in entries if entry.kind is EntryKind.EVENT and _is_marked(entry.payload)]
        first: dict[tuple[str, str], tuple[EventFacts, LedgerEntry]] = {}
        for entry in marked:
            facts = facts_of_payload(entry.payload)
            if not facts.retracts:
                first.setdefault((facts.content_hash, facts.event_id), (facts, entry))
        known = relatives(self.snapshot.store, [facts for facts, _ in first.values()], self.snapshot.position)
        alive = {(live.facts.content_hash, live.facts.event_id) for live in live_events(known).events}
        return [first[key] for key in first.keys() & alive]


def _is_marked(payload: bytes) -> bool:
    return any(mark in payload for mark in _MARKS)


def rows_of(entry: LedgerEntry, facts: EventFacts) -> Iterator[Row]:
    """The rows that one event states."""
    try:
        event = unread_event(entry.payload)
    except InputError:
        return
    stated = list(_stated(event, facts)) or list(_certified(event, facts))
    counted: Counter[str] = Counter()
    for one in (*stated, *_runs(event, facts)):
        counted[one.kind] += 1
        number = counted[one.kind]
        record = _record(one, facts.content_hash if number == 1 else f"{facts.content_hash} {number}", facts)
        if record is not None:
            span = (record.valid_from, record.valid_to)
            yield Row(record.kind, record.id, record.data, entry.position, entry.recorded_at, *span)


def _record(stated: Stated, name: str, facts: EventFacts) -> Record | None:
    """The record, named after the event where it has no number of its own, without fields that cannot be read."""
    kind = record_kind(stated.kind)
    cells = {field: text for field, text in stated.cells.items() if field in kind.names}
    if len(kind.key) == 1:
        cells.setdefault(kind.key[0], name)
    while True:
        try:
            return record_of(kind.name, cells, source=facts.content_hash)
        except InvalidField as problem:
            if cells.pop(problem.field, None) is None:
                return None


def _stated(event: UnreadEvent, facts: EventFacts) -> Iterator[Stated]:
    """What tracegraph's own members state, those of the event before those of its ilmd."""
    for members in _places(event):
        for name, value in members.items():
            kind = next((kind for kind in TIMES if name.endswith(kind) and is_ours(name, kind, event.context)), None)
            for one in _several(value) if kind else ():
                yield from _completed(kind or "", _cells(one), event, facts)


def _runs(event: UnreadEvent, facts: EventFacts) -> Iterator[Stated]:
    """The run of a line that a birth was the end of."""
    said = {
        local: _text(value) or ""
        for name, value in event.value.items()
        for local in ("line", "runBegin")
        if name.endswith(local) and is_ours(name, local, event.context)
    }
    birth = facts.type == "TransformationEvent" or (facts.type == "ObjectEvent" and facts.action == "ADD")
    if birth and said.get("line"):
        site, units = facts.biz_location or facts.read_point or "", "; ".join(sorted(_born(facts)))
        cells = {"line": said["line"], "from": said.get("runBegin", ""), "site": site, "units": units}
        yield Stated("run", {**_when("run", facts), **cells})


def _places(event: UnreadEvent) -> Iterator[Mapping[str, Any]]:
    yield event.value
    ilmd = event.value.get("ilmd")
    if isinstance(ilmd, dict):
        yield ilmd


def _certified(event: UnreadEvent, facts: EventFacts) -> Iterator[Stated]:
    """A claim for each certification that an event states of what is born in it."""
    lists = [
        one
        for members in _places(event)
        for name, value in members.items()
        if _local(name) == "certificationList"
        for one in _several(value)
    ]
    listed = [{_LISTED[_local(n)]: t for n, t in _texts(one) if _local(n) in _LISTED} for one in lists]
    info = _text(event.value.get("certificationInfo"))
    for cells in listed or [{"certificate": one} for one in (info or "").split("; ") if one]:
        yield from _completed("claim", cells, event, facts)


def _completed(kind: str, cells: Cells, event: UnreadEvent, facts: EventFacts) -> Iterator[Stated]:
    """With what follows from the event; one for each unit born, where it does not say of which goods."""
    known = {name: text for name, text in _defaults(kind, event, facts).items() if text}
    told = {**known, **cells}
    if "goods" not in record_kind(kind).names or "goods" in told or kind == "document":
        yield Stated(kind, told)
        return
    units = sorted(_born(facts))
    for unit in units:
        numbered = {kind: f"{told[kind]} {unit}"} if kind in told and len(units) > 1 else {}
        yield Stated(kind, {**told, **numbered, "goods": unit})


def _defaults(kind: str, event: UnreadEvent, facts: EventFacts) -> Mapping[str, str | None]:
    certificate = (_text(event.value.get("certificationInfo")) or "").split("; ")[0]
    claims = {"site": facts.biz_location, "party": facts.source_party, "certificate": certificate}
    return {**_when(kind, facts), **(claims if kind == "claim" else {})}


def _when(kind: str, facts: EventFacts) -> Cells:
    """The time of the event, as the field of the kind that says when."""
    time = instant_text(facts.instant)
    return {TIMES[kind]: time[:10] if facts.day else time} if TIMES[kind] else {}


def _born(facts: EventFacts) -> set[str]:
    """The units that an event gives birth to; where it is no birth, those that it names."""
    outputs = {named.unit for named in facts.named if named.role is Role.OUTPUT}
    return outputs or {named.unit for named in facts.named if named.role is Role.OBJECT}


def _several(value: Any) -> list[dict[str, Any]]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def _cells(told: Mapping[str, Any]) -> Cells:
    """The fields of an object as text, whether their names have a prefix or not."""
    return {_local(name): text for name, text in _texts(told)}


def _texts(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in told.items():
        text = _text(value)
        if text:
            yield name, text


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, list):
        return "; ".join(text for one in value if (text := _text(one)))
    return value.strip() if isinstance(value, str) else None


def _local(name: str) -> str:
    return _SEPARATOR.split(name)[-1]
