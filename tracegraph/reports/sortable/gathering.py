"""The events of a store as rows of the sortable spreadsheet, in order of time, with what each record lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from tracegraph.formats.epcis import event_of_payload, unread_event
from tracegraph.formats.fsma204.telling import Known, Told, rows_of_event
from tracegraph.formats.profiles import Checked, Profile, check_event, load_profile, product_key
from tracegraph.messages import Language
from tracegraph.model.event import Event, Identifier, QuantityElement
from tracegraph.model.facts import Role
from tracegraph.reports.sheet_forms import SheetChoice
from tracegraph.reports.sortable.choice import Chosen
from tracegraph.stores.port import EntryKind, HoldingQuery
from tracegraph.timeline.live_events import LiveEvent
from tracegraph.timeline.places import Places
from tracegraph.trace.profiles.records import described_things, live_by_position
from tracegraph.trace.register import Register
from tracegraph.trace.resolve import master_data
from tracegraph.trace.snapshot import Snapshot

PROFILE = "fsma204"
_ADDRESS = (
    "name", "telephone", "streetaddressone", "streetaddresstwo", "city", "state", "postalcode", "country"
)  # fmt: skip
_DESCRIPTIONS = ("descriptionshort", "name", "tradeitemdescription", "productname", "functionalname")


@dataclass(frozen=True, slots=True)
class Line:
    """An event that is told: its facts and public id, the event, what the profile says of it, and its wanted rows."""

    live: LiveEvent
    event: Event
    checked: Checked
    rows: tuple[Told, ...]


def lines(snapshot: Snapshot, choice: SheetChoice, language: Language = "en") -> list[Line]:
    """The critical tracking events that count and are wanted, by time, then id."""
    gathered = _Gathering(snapshot, load_profile(PROFILE), choice, language)
    return sorted(gathered.lines(), key=lambda line: (line.live.facts.instant, line.live.id))


class _Gathering:
    """One store that is being told."""

    def __init__(self, snapshot: Snapshot, profile: Profile, choice: SheetChoice, language: Language) -> None:
        elements = master_data(snapshot)
        self._snapshot = snapshot
        self._profile = profile
        self._language = language
        self._described = described_things(elements)
        self._waiting = live_by_position(snapshot)
        self._chosen = Chosen(choice, snapshot, Register(snapshot), Places.of(elements))

    def lines(self) -> Iterator[Line]:
        """The lines in ledger order."""
        wanted = {at: live for at, live in self._waiting.items() if self._chosen.takes_event(live.facts)}
        for entry in self._snapshot.store.entries(min(wanted, default=1) - 1, min(max(wanted, default=0), self._end)):
            live = wanted.get(entry.position) if entry.kind is EntryKind.EVENT else None
            if live is not None and (line := self._line(live, entry.payload)) is not None:
                yield line

    @property
    def _end(self) -> int:
        return self._snapshot.position

    def _line(self, live: LiveEvent, payload: bytes) -> Line | None:
        unread = unread_event(payload)
        checked = check_event(self._profile, unread.value, unread.context, live.facts, self._described)
        if checked.kind is None:
            return None
        event = event_of_payload(payload)
        rows = self._chosen.rows(rows_of_event(event, checked.kind.name, live.facts.content_hash, self._known(live)))
        if not rows:
            return None
        missing = "; ".join(dict.fromkeys(self._label(finding.element) for finding in checked.findings))
        for row in rows:
            row.cells["missing"] = missing or None
        return Line(live, event, checked, tuple(rows))

    def _label(self, element: str) -> str:
        label = self._profile.elements[element].label
        return label.get(self._language, label["en"])

    def _known(self, live: LiveEvent) -> Known:
        instant = live.facts.instant
        return Known(self._place, self._product, self._source, lambda unit: self._contents(unit, instant))

    def _place(self, key: str) -> str:
        """Name and address of a place, as master data have them."""
        return _joined(self._described.get(key, {}), _ADDRESS)

    def _product(self, lot: str) -> str:
        for key in (lot, product_key(lot)):
            if said := _first(self._described.get(key, {}), _DESCRIPTIONS):
                return said
        return ""

    def _source(self, lot: str) -> str:
        """Where the lot was made, as the first event that made it says; empty where none does."""
        return self._births.get(lot, "")

    @cached_property
    def _births(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for live in sorted(self._waiting.values(), key=lambda live: (live.facts.instant, live.id)):
            facts = live.facts
            place = facts.biz_location or facts.read_point
            for named in facts.named if place else ():
                born = named.role is Role.OUTPUT or (named.role is Role.OBJECT and facts.action == "ADD")
                if born and place:
                    found.setdefault(named.unit, place)
        return found

    def _contents(self, unit: str, instant: int) -> tuple[QuantityElement, ...]:
        """What was packed in a unit at an instant, and in what that was packed in turn."""
        query = HoldingQuery(containers=[unit], since=instant, until=instant + 1)
        found: list[QuantityElement] = []
        for row in self._snapshot.holdings(query):
            held = row.holding
            within = self._contents(held.unit, instant) if held.unit != unit else ()
            amount = held.quantity
            found += within or [
                QuantityElement(
                    Identifier(held.unit, held.unit),
                    amount.value if amount else None,
                    (amount.unit or None) if amount else None,
                )
            ]
        return tuple(found)


def _joined(described: Mapping[str, object], names: tuple[str, ...]) -> str:
    values = (described.get(name) or (described.get("countrycode") if name == "country" else None) for name in names)
    return ", ".join(dict.fromkeys(str(value) for value in values if value))


def _first(described: Mapping[str, object], names: tuple[str, ...]) -> str:
    return next((str(described[name]) for name in names if described.get(name)), "")
