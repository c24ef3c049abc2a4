"""From starts to the nodes at which a trace begins.

Rules (docs/design section 5, custody-graph section 7): a unit means all its holdings, a lot also its members', a
product those of all its lots and items; a site or a party the holdings there; an event the holdings that it opened and
its transformation. A start that is a container includes what it held, nested, unless contents are left out. A window
keeps the stays that overlap it, and what had left such a stay before the window opened is not followed, unless goods
in scope came there by another way (see tracegraph.trace.late).

Of a line the starts are the units made on it in the window: all their holdings, for the window is the line's and not
theirs. Of a run of unknown line or time they are possible.

A start is confirmed whatever its own origin, unless no record shows the stay itself (a shipment that may have arrived):
from a place such a stay is possible, and of a unit it is listed as possible. What a container held is confirmed only
where it was certainly put there; and what may have come out of the container where it was then, without a record, is
possible.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import groupby

from tracegraph.model.custody import CONJECTURED_ROLES, Holding, PlaceKind
from tracegraph.stores.port import HoldingQuery, HoldingRow, Legs
from tracegraph.trace.containers import Stay, certain_contents, contents, spots
from tracegraph.trace.question import Question, Start, StartKind, Window
from tracegraph.trace.reach import Starts
from tracegraph.trace.register import Register
from tracegraph.trace.resolve import event_names
from tracegraph.trace.unrecorded import unrecorded


def begin(question: Question, register: Register) -> Starts:
    """The start nodes of a question whose identifiers are resolved."""
    gathering = _Gathering(question, register)
    for kind, starts in groupby(question.starts, key=lambda start: start.kind):
        alike = list(starts)
        if kind is StartKind.UNIT:
            gathering.add_units({start.id for start in alike})
        else:
            for start in alike:
                gathering.add(start)
    if question.contents:
        gathering.add_contents()
    return gathering.starts()


class _Gathering:
    """The start nodes found so far."""

    def __init__(self, question: Question, register: Register) -> None:
        self.window = question.window
        self.confirmed_only = question.confirmed_only
        self.run_length = question.assumptions.run_length
        self.register = register
        self.snapshot = register.snapshot
        self.certain: dict[int, bool] = {}
        self.early: dict[int, int] = {}
        self.units: set[str] = set()
        self.conjectured: set[int] = set()
        self.unsure: set[str] = set()
        self.nowhere: set[str] = set()
        self.stays: list[Stay] = []
        self.unsure_stays: list[Stay] = []

    def starts(self) -> Starts:
        """What was found."""
        units, conjectured = frozenset(self.units), frozenset(self.conjectured)
        return Starts(
            self.certain, self.early, units, conjectured, frozenset(self.unsure - units), frozenset(self.nowhere)
        )

    def add(self, start: Start) -> None:
        """All that one start means that is no unit."""
        match start.kind:
            case StartKind.PRODUCT:
                rows = self.snapshot.units(products=[start.id]) + self.snapshot.units(keys=[start.id])
                self.add_units({row.key for row in rows})
            case StartKind.SITE:
                self._add_rows(
                    self._at_window(HoldingQuery(sites=[start.id], since=self.window.since, until=self.window.until))
                )
            case StartKind.PARTY:
                self._add_rows(
                    self._at_window(HoldingQuery(parties=[start.id], since=self.window.since, until=self.window.until))
                )
            case StartKind.EVENT:
                self._add_event(start.id)
            case StartKind.LINE:
                self._add_line(start.id)

    def add_contents(self) -> None:
        """What the start units held while they were starts."""
        self._add_held(self.stays, sure=True)
        if self.unsure_stays:
            self._add_held(self.unsure_stays, sure=False)

    def _add_held(self, stays: Iterable[Stay], sure: bool) -> None:
        held = contents(self.snapshot, stays)
        into = self.snapshot.legs(sorted(held), "backward")
        certain = certain_contents(held, _entered(into)) if sure else set[int]()
        for node, content in held.items():
            if node not in self.certain and (node in certain or not self.confirmed_only):
                self.certain[node] = node in certain
                self.units |= {content.row.holding.unit} if node in certain else set()
                self._note_early(content.row, content.stay.since)
        for row, since in () if self.confirmed_only else unrecorded(self.snapshot, held, into):
            if row.node not in self.certain:
                self.certain[row.node] = False
                self._note_early(row, since)

    def _add_line(self, name: str) -> None:
        from tracegraph.trace.lines.outputs import outputs  # few questions are about lines
        from tracegraph.trace.lines.recorded import Recorded

        made = outputs(name, Recorded(self.register, self.run_length), self.window.since, self.window.until)
        sure = self._with_members([unit for unit, certain in made.items() if certain])
        self._add_made(sure, True)
        if not self.confirmed_only:
            self._add_made(self._with_members(made) - sure, False)

    def _add_made(self, units: set[str], sure: bool) -> None:
        """Units made on a line, wherever they were since; at the asked site alone, where one is asked for."""
        rows = self.snapshot.holdings(HoldingQuery(units=units)) if units else []
        here = self._at_site(rows, Window())
        self.nowhere |= unheard_of(units - {row.holding.unit for row in rows}, self.register)
        if self.window.at is not None:
            units = {row.holding.unit for row in here}
        (self.units if sure else self.unsure).update(units)
        (self.stays if sure else self.unsure_stays).extend(Stay(unit) for unit in sorted(units))
        for row in here:
            self.certain[row.node] = sure or self.certain.get(row.node, False)
            if sure and row.holding.role in CONJECTURED_ROLES:
                self.conjectured.add(row.node)

    def _with_members(self, keys: Collection[str]) -> set[str]:
        return {*keys, *self.register.all_members(keys)}

    def add_units(self, keys: Collection[str]) -> None:
        """All that starts mean that are units, however many: in one look."""
        units = self._with_members(keys)
        rows = self._at_window(HoldingQuery(units=units, since=self.window.since, until=self.window.until))
        if self.window.narrow:
            self._add_rows(rows)
            return
        self.units |= units
        self.stays += [Stay(unit) for unit in sorted(units)]
        self.certain.update((row.node, True) for row in rows)
        self.conjectured |= {row.node for row in rows if row.holding.role in CONJECTURED_ROLES}

    def _add_rows(self, rows: Iterable[HoldingRow]) -> None:
        """Single holdings, within the window."""
        for row in rows:
            shown = row.holding.role not in CONJECTURED_ROLES
            if self.confirmed_only and not shown:
                continue
            self.certain[row.node] = shown
            self.units |= {row.holding.unit} if shown else set()
            self._note_early(row, self.window.since)
            self.stays.append(_stay(row.holding, self.window))

    def _add_event(self, event: str) -> None:
        names = event_names(event, self.snapshot)
        joints = self.snapshot.joints_of(names)
        self.certain.update((row.node, True) for row in joints)
        opened = HoldingQuery(events=names, since=self.window.since, until=self.window.until)
        rows = self._at_window(opened)
        self._add_rows(rows if rows or joints else self._seen_by(event))

    def _seen_by(self, event: str) -> list[HoldingRow]:
        """For an event that moved nothing (an inspection): the holdings of what it names, open then, there if known."""
        found: list[HoldingRow] = []
        content_hash, _, _ = event.partition("#")
        for facts in (stored.facts for stored in self.snapshot.events(hashes=[content_hash])):
            units = {self.register.representative(named.unit) for named in facts.named}
            query = HoldingQuery(units=units, since=facts.instant, until=facts.instant + 1)
            rows = self._at_window(query) if units else []
            there = [row for row in rows if row.holding.place.id in (facts.biz_location, facts.read_point)]
            found += there or rows
        return found

    def _note_early(self, row: HoldingRow, since: int | None) -> None:
        if since is not None and row.holding.since < since:
            self.early[row.node] = min(since, self.early.get(row.node, since))
        else:
            self.early.pop(row.node, None)

    def _at_window(self, query: HoldingQuery) -> list[HoldingRow]:
        """The holdings that meet the query and stand at the asked site, in a container that stood there included."""
        return self._at_site(self.snapshot.holdings(query), self.window)

    def _at_site(self, rows: list[HoldingRow], window: Window) -> list[HoldingRow]:
        """Those that stand at the asked site during a window."""
        site = self.window.at
        if site is None:
            return rows
        boxed = [row for row in rows if row.holding.place.kind is PlaceKind.CONTAINER]
        places = spots(self.snapshot, [_container_stay(row.holding, window) for row in boxed])
        there = {
            row.node
            for row, found in zip(boxed, places, strict=True)
            if any(spot.holding.place.id == site for spot in found)
        }
        return [row for row in rows if row.node in there or row.holding.place.id == site]


def unheard_of(units: Collection[str], register: Register) -> set[str]:
    """Those of the units that no event names, nor any member of theirs."""
    known = {row.key for row in register.snapshot.units(keys=sorted(units))} if units else set[str]()
    return {unit for unit in units if unit not in known and not register.members(unit)}


def _stay(holding: Holding, window: Window) -> Stay:
    return Stay(holding.unit, window.since, window.until).within(holding)


def _container_stay(holding: Holding, window: Window) -> Stay:
    common = _stay(holding, window)
    return Stay(holding.place.id, common.since, common.until)


def _entered(legs: Legs) -> dict[int, bool]:
    """For each node that the legs enter: does a confirmed one?"""
    found: dict[int, bool] = defaultdict(bool)
    for target, confirmed in zip(legs.target, legs.confirmed, strict=True):
        found[target] |= confirmed
    return dict(found)
