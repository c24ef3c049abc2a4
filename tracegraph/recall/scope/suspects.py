"""From seeds to suspects: which units each rule hits, at which holdings, how surely, and by which records.

A seed of a unit, a site or an organisation begins as a trace from it does (tracegraph.trace.starts): with members, with
what containers held, without what had left before the window. Hits of a union are put together, those of a minus taken
away unit by unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tracegraph.errors import UnknownIdentifier
from tracegraph.model.custody import CONJECTURED_ROLES, Certainty, Holding, PlaceKind
from tracegraph.model.grading import Grade, ScopeClass, weaker
from tracegraph.recall.scope.question import Expression, Seed, Together
from tracegraph.stores.port import HoldingQuery, HoldingRow
from tracegraph.trace.lines.naming import known_line, line_of, site_of
from tracegraph.trace.lines.occupancy import Cleaning, LineWindow, clean_window
from tracegraph.trace.lines.outputs import runs_within
from tracegraph.trace.lines.recorded import Evidence, Recorded
from tracegraph.trace.question import Question, Start, StartKind, Window
from tracegraph.trace.reach import Starts, fetch_nodes
from tracegraph.trace.resolve import known_party, known_product, known_unit
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.starts import begin


@dataclass(slots=True)
class Hit:
    """One rule's hit on one unit. `nodes`: where the goods in question were, and whether that is certain; `early`: what
    had left before this instant does not count; `because`: the records and events that say so."""

    unit: str
    seed: int
    rule: str
    declared: ScopeClass
    grade: Grade = Grade.STATED
    because: tuple[str, ...] = ()
    nodes: dict[int, bool] = field(default_factory=dict)
    early: dict[int, int] = field(default_factory=dict)
    conjectured: frozenset[int] = frozenset()


@dataclass(slots=True)
class FoundWindow:
    """The time in which a line counts as one lot."""

    seed: int
    site: str
    line: str | None
    window: LineWindow


class Suspecting:
    """Finds the hits of an expression; `windows` are those of clean breaks on the way. Seeds must be resolved."""

    def __init__(self, recorded: Recorded) -> None:
        self.recorded = recorded
        self.register = recorded.register
        self.snapshot = recorded.snapshot
        self.windows: list[FoundWindow] = []
        self._seeds = 0

    def hits(self, scope: Expression) -> list[Hit]:
        """All hits, in the order of the seeds."""
        if isinstance(scope, Seed):
            number, self._seeds = self._seeds, self._seeds + 1
            return self._hits_of(scope, number)
        parts = [self.hits(part) for part in scope.of]
        if scope.rule == "union":
            return [hit for part in parts for hit in part]
        gone = {hit.unit for part in parts[1:] for hit in part}
        return [hit for hit in parts[0] if hit.unit not in gone]

    def _hits_of(self, seed: Seed, number: int) -> list[Hit]:
        match seed.rule:
            case "lot":
                return self._lot(seed, number)
            case "site":
                return self._site(seed, number)
            case "clean_break":
                times = seed.parts["evidence"]
                first, last = min(one for one, _ in times), max(one for _, one in times)
                return self._clean_break(seed, number, seed.parts["site"], seed.parts.get("line"), first, last)
            case "product":
                return self._product(seed, number)
            case "organisation":
                return self._organisation(seed, number)
            case "equipment":
                return self._equipment(seed, number)
            case _:
                return self._evidence(seed, number)

    # rules

    def _lot(self, seed: Seed, number: int) -> list[Hit]:
        unit, at = seed.parts["unit"], seed.parts.get("at")
        window = Window() if at is None else Window(None, at, at + 1, at)
        declared = seed.declared or ScopeClass.IMPLICATED
        found = self._begun([Start(StartKind.UNIT, unit)], number, "lot", declared, window, seed.parts["contents"])
        own = {unit, *self.register.members(unit)}
        hits = [
            hit if hit.unit in own else replace(hit, rule="contents", declared=weaker(declared, ScopeClass.AFFECTED))
            for hit in found
        ]
        if seed.parts["residue"]:
            hits += self._used_after(number, unit, at, None, unit, ScopeClass.POSSIBLE, "residue")
        return hits

    def _site(self, seed: Seed, number: int) -> list[Hit]:
        site, line = seed.parts["site"], seed.parts.get("line")
        since, until = _ends(seed)
        return self._at_site(seed, number, site, line, since, until)

    def _at_site(
        self, seed: Seed, number: int, site: str, line: str | None, since: int | None, until: int | None
    ) -> list[Hit]:
        """What was made on the line in the window; of a whole site also what was there."""
        declared = seed.declared or ScopeClass.AFFECTED
        hits = self._runs(number, seed.rule, declared, site, line, since, until)
        if line is None:
            window = Window(None, since, until)
            hits += self._begun([Start(StartKind.SITE, site)], number, seed.rule, declared, window)
        return hits

    def _clean_break(self, seed: Seed, number: int, site: str, line: str | None, first: int, last: int) -> list[Hit]:
        found = clean_window(self.recorded.line_cleanings(site, line), first, last)
        self.windows.append(FoundWindow(number, site, line, found))
        hits = self._at_site(seed, number, site, line, found.since, found.until)
        named = tuple(name for name in (found.opened, found.closed) if name)
        return [replace(hit, because=(*hit.because, *named)) for hit in hits]

    def _runs(
        self,
        number: int,
        rule: str,
        declared: ScopeClass,
        site: str,
        line: str | None,
        since: int | None,
        until: int | None,
    ) -> list[Hit]:
        hits: list[Hit] = []
        for run, sure in runs_within(self.recorded, site, line, since, until):
            kind = declared if sure is Certainty.CONFIRMED else weaker(declared, ScopeClass.POSSIBLE)
            found = self._units(run.units, number, rule, kind)
            hits += [replace(hit, grade=run.grade, because=(run.name,)) for hit in found]
        return hits

    def _product(self, seed: Seed, number: int) -> list[Hit]:
        product, supplier = seed.parts["product"], seed.parts.get("supplier")
        since, until = _ends(seed)
        rows = self.snapshot.units(products=[product]) + self.snapshot.units(keys=[product])
        stays: dict[str, list[Holding]] = {row.key: [] for row in rows}
        for row in self.snapshot.holdings(HoldingQuery(units=stays.keys())) if stays else ():
            stays[row.holding.unit].append(row.holding)
        chosen = [
            unit
            for unit, held in sorted(stays.items())
            if (since is until is None or any(_began_within(one, since, until) for one in held))
            and (supplier is None or any(_is_of(one, supplier) for one in held))
        ]
        return self._units(chosen, number, "product", seed.declared or ScopeClass.AFFECTED)

    def _organisation(self, seed: Seed, number: int) -> list[Hit]:
        party, role = seed.parts["party"], seed.parts["role"]
        since, until = _ends(seed)
        declared = seed.declared or ScopeClass.AFFECTED
        if role == "holder":
            window = Window(None, since, until)
            return self._begun([Start(StartKind.PARTY, party)], number, "organisation", declared, window)
        if role == "owner":
            rows = self.snapshot.holdings(HoldingQuery(since=since, until=until))
            return hits_at(
                self.snapshot,
                starts_at([row for row in rows if row.holding.owner == party], since),
                number,
                "organisation",
                declared,
            )
        return self._made_by(party, number, declared, since, until)

    def _made_by(
        self, party: str, number: int, declared: ScopeClass, since: int | None, until: int | None
    ) -> list[Hit]:
        """Units that the party had first, from a time in the window on."""
        held = {row.holding.unit for row in self.snapshot.holdings(HoldingQuery(parties=[party]))}
        first: dict[str, Holding] = {}
        for row in self.snapshot.holdings(HoldingQuery(units=held)) if held else ():
            known = first.get(row.holding.unit)
            if known is None or (row.holding.since, row.holding.id) < (known.since, known.id):
                first[row.holding.unit] = row.holding
        made = [unit for unit, one in first.items() if one.party == party and _began_within(one, since, until)]
        return self._units(sorted(made), number, "organisation", declared)

    def _equipment(self, seed: Seed, number: int) -> list[Hit]:
        since, until = _ends(seed)
        declared = seed.declared or ScopeClass.POSSIBLE
        return self._used_after(
            number, seed.parts["equipment"], since, until, seed.parts.get("unit"), declared, "equipment"
        )

    def _used_after(
        self,
        number: int,
        asset: str,
        since: int | None,
        until: int | None,
        implicated: str | None,
        declared: ScopeClass,
        rule: str,
    ) -> list[Hit]:
        """What was in a container from a time, or from the implicated unit's first stay in it, to its next verified
        cleaning."""
        rows = self.snapshot.holdings(HoldingQuery(containers=[asset]))
        if since is None and implicated is not None:
            since = min((row.holding.since for row in rows if row.holding.unit == implicated), default=None)
        cleaned = self._cleaned_after(asset, since)
        ends = [one for one in (until, cleaned.end if cleaned else None) if one is not None]
        until = min(ends, default=None)
        used = [row for row in rows if row.holding.unit != implicated and _touches(row.holding, since, until)]
        hits = hits_at(self.snapshot, starts_at(used, since), number, rule, declared)
        return [replace(hit, because=(cleaned.name,) if cleaned else ()) for hit in hits]

    def _cleaned_after(self, asset: str, since: int | None) -> Cleaning | None:
        mine = [
            one
            for one in self.recorded.cleanings
            if one.equipment and one.verified and self.recorded.unit(one.equipment) == asset
        ]
        after = [one for one in mine if since is not None and one.begin >= since]
        return min(after, key=lambda one: (one.end, one.name), default=None)

    def _evidence(self, seed: Seed, number: int) -> list[Hit]:
        wanted = seed.parts.get("evidence")
        found = [one for one in self.recorded.evidence if one.positive]
        chosen = [one for one in found if wanted is None or one.name == f"evidence {wanted}"]
        if wanted is not None and not chosen:
            names = tuple(one.name.removeprefix("evidence ") for one in found)
            known = ", ".join(names[:5]) or "none"
            raise UnknownIdentifier(
                f"no positive evidence {wanted!r} is recorded; known are {known}", wanted, names[:5]
            )
        return [hit for one in chosen for hit in self._of_evidence(seed, number, one)]

    def _of_evidence(self, seed: Seed, number: int, one: Evidence) -> list[Hit]:
        if one.unit is not None:
            unit = self.recorded.unit(one.unit)
            hits = self._units([unit], number, "evidence", seed.declared or ScopeClass.IMPLICATED)
        else:
            site = self.recorded.site(one.site or "")
            hits = self._clean_break(seed, number, site, one.line, one.first, one.last)
        return [replace(hit, grade=one.grade, because=(one.name, *hit.because)) for hit in hits]

    # from starts to hits

    def _units(self, units: Sequence[str], number: int, rule: str, declared: ScopeClass) -> list[Hit]:
        if not units:
            return []
        hits = self._begun([Start(StartKind.UNIT, unit) for unit in units], number, rule, declared)
        named = {hit.unit for hit in hits}
        return hits + [Hit(unit, number, rule, declared) for unit in units if unit not in named]

    def _begun(
        self,
        starts: Sequence[Start],
        number: int,
        rule: str,
        declared: ScopeClass,
        window: Window | None = None,
        contents: bool = True,
    ) -> list[Hit]:
        """The hits of a trace's starts."""
        question = Question("trace", tuple(starts), window=window or Window(), contents=contents)
        return hits_at(self.snapshot, begin(question, self.register), number, rule, declared)


def hits_at(
    snapshot: Snapshot, starts: Starts, number: int, rule: str, declared: ScopeClass, because: tuple[str, ...] = ()
) -> list[Hit]:
    """The starts of a trace as hits, one for each unit, by unit."""
    hits: dict[str, Hit] = {}
    for node, found in fetch_nodes(snapshot, starts.certain).items():
        if isinstance(found, Holding):
            hit = hits.setdefault(found.unit, Hit(found.unit, number, rule, declared, because=because))
            hit.nodes[node] = starts.certain[node]
            if node in starts.early:
                hit.early[node] = starts.early[node]
    for unit in starts.units - hits.keys():
        hits[unit] = Hit(unit, number, rule, declared, because=because)
    return [_weighed(hits[unit], starts) for unit in sorted(hits)]


def starts_at(rows: Iterable[HoldingRow], since: int | None) -> Starts:
    """Single stays as starts; what had left them before is not followed."""
    starts = Starts()
    for row in rows:
        starts.certain[row.node] = row.holding.role not in CONJECTURED_ROLES
        if since is not None and row.holding.since < since:
            starts.early[row.node] = since
    return starts


def _weighed(hit: Hit, starts: Starts) -> Hit:
    """Only possible, where no stay of the unit is certain."""
    hit.conjectured = starts.conjectured & hit.nodes.keys()
    sure = not hit.nodes or any(certain and node not in hit.conjectured for node, certain in hit.nodes.items())
    return hit if sure else replace(hit, declared=weaker(hit.declared, ScopeClass.POSSIBLE))


def resolved(scope: Expression, recorded: Recorded) -> Expression:
    """The expression with canonical, known identifiers. Raises UnknownIdentifier."""
    if isinstance(scope, Together):
        return Together(scope.rule, tuple(resolved(part, recorded) for part in scope.of))
    if scope.rule == "line":
        return _on_line(scope, recorded)
    parts: dict[str, Any] = dict(scope.parts)
    for name, value in scope.parts.items():
        if name in ("unit", "equipment"):
            parts[name] = known_unit(value, recorded.register).id
        elif name == "site":
            parts[name] = site_of(value, recorded)
        elif name == "product":
            parts[name] = known_product(value, recorded.snapshot)
        elif name in ("supplier", "party"):
            parts[name] = known_party(value, recorded.snapshot)
    return replace(scope, parts=parts)


def _on_line(seed: Seed, recorded: Recorded) -> Seed:
    """The seed of a line's name as one of its site."""
    site, line = line_of(seed.parts["on"], recorded)
    known_line(site, line, recorded)
    ends = {name: value for name, value in seed.parts.items() if name != "on"}
    return replace(seed, rule="site", parts={"site": site, "line": line, **ends})


def _ends(seed: Seed) -> tuple[int | None, int | None]:
    """The window [since, until) of a seed."""
    to = seed.parts.get("to")
    return seed.parts.get("from"), None if to is None else to + 1


def _began_within(holding: Holding, since: int | None, until: int | None) -> bool:
    return (since is None or holding.since >= since) and (until is None or holding.since < until)


def _touches(holding: Holding, since: int | None, until: int | None) -> bool:
    left_before = since is not None and holding.until is not None and holding.until <= since and holding.since < since
    return not left_before and (until is None or holding.since < until)


def _is_of(holding: Holding, party: str) -> bool:
    at_party = holding.place.kind is PlaceKind.PARTY and holding.place.id == party
    return at_party or party in (holding.party, holding.owner)
