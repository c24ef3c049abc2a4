"""Is this unit blocked, since when and by which case: for many units at once.

A unit is blocked by a hold on itself, under whichever of its numbers, on a lot that it is a member of, and on a
container that it was in while that was on hold, be it for a moment. A lot is blocked in part by a hold on a member of
it, and a container by one on what is in it now, or on the lot of that: neither may leave as it is. Who looks for units
to ship wants all of this; who looks for what people said wants `all_holds`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from tracegraph.errors import UsageError
from tracegraph.identifiers import canonical
from tracegraph.model.custody import PlaceKind, Timeline
from tracegraph.model.instants import instant_text, optional_text
from tracegraph.model.values import value
from tracegraph.recall.case import case_files
from tracegraph.recall.holds.standing import Hold, holds_of
from tracegraph.recall.scope.overrides import overrides
from tracegraph.stores.port import HoldingQuery, Reading
from tracegraph.trace.answering import answering
from tracegraph.trace.containers import Stay
from tracegraph.trace.envelope import Json
from tracegraph.trace.lines.recorded import Recorded
from tracegraph.trace.register import Register
from tracegraph.trace.snapshot import Snapshot


@value
class Block:
    """A hold that blocks a unit. `through`: `itself`, `lot`, `container`, `member` or `content`; `of`: the unit that is
    on hold; `part`: only a part of the asked unit is; `since`: since when it blocks this one."""

    hold: Hold
    through: str
    of: str
    part: bool
    since: int

    def to_dict(self) -> Json:
        """As answers give it."""
        hold = self.hold
        return {
            "case": hold.case,
            "type": hold.type,
            "move": hold.move,
            "action": hold.action,
            "class": hold.scope_class or None,
            "since": instant_text(self.since),
            "until": optional_text(hold.until),
            "reason": hold.reason,
            "actor": hold.actor,
            "disposition": hold.disposition,
            "through": self.through,
            "of": self.of,
            "part": self.part,
        }


@value
class Blocked:
    """What blocks one unit, longest first. `asked`: as it was asked for; `known`: whether anything is known of it."""

    asked: str
    unit: str
    known: bool
    blocks: tuple[Block, ...]

    def to_dict(self) -> Json:
        """As answers give it: `blocked`; `part`: not all of it is; `since`: the longest."""
        return {
            "asked": self.asked,
            "unit": self.unit,
            "known": self.known,
            "blocked": bool(self.blocks),
            "part": bool(self.blocks) and all(one.part for one in self.blocks),
            "since": optional_text(min((one.since for one in self.blocks), default=None)),
            "holds": [one.to_dict() for one in self.blocks],
        }


def holds(store: Reading, units: Sequence[str], now: int, as_of: int | None = None) -> list[Blocked]:
    """What blocks each of the units at the instant `now`, as known then or at `as_of`; in the order of asking.

    `store` must show all cases: in a view of one party nothing is on hold. A unit that nothing is known of is told so.
    Raises UsageError for a lot number that several units have.
    """
    with answering(store):
        snapshot = Snapshot.of(store, as_of)
        return _Blocking(snapshot, _standing(snapshot, now)).of(units)


def all_holds(snapshot: Snapshot, now: int) -> list[Hold]:
    """All that is on hold at an instant, under the key of each unit, by unit and case."""
    found = [one for several in _standing(snapshot, now).values() for one in several]
    return sorted(found, key=lambda one: (one.unit, one.case, one.move))


def _standing(snapshot: Snapshot, now: int) -> dict[str, list[Hold]]:
    """The holds of all cases, by the key of the unit."""
    found = [one for case in case_files(snapshot.store, snapshot.position) for one in holds_of(case, now)]
    if not found:
        return {}
    cleared = {unit for unit, one in overrides(Recorded(Register(snapshot))).items() if one.lapsed is None}
    keys = _keys(snapshot, {one.unit for one in found})
    by_unit: dict[str, list[Hold]] = defaultdict(list)
    for one in found:
        key = keys[one.unit]
        if key not in cleared or not one.scope_class:
            by_unit[key].append(one if one.unit == key else replace(one, unit=key))
    return dict(by_unit)


def _keys(snapshot: Snapshot, numbers: Collection[str]) -> dict[str, str]:
    """The key of the unit that each number means; a number that is no other's stands for itself."""
    meant: dict[str, str] = {}
    for unit, alias in snapshot.aliases(numbers) if numbers else ():
        if alias in numbers:
            meant[alias] = min(unit, meant.get(alias, unit))
    return {number: meant.get(number, number) for number in numbers}


class _Blocking:
    """Looks up what the holds have to do with the asked units."""

    def __init__(self, snapshot: Snapshot, standing: Mapping[str, list[Hold]]) -> None:
        self.snapshot = snapshot
        self.standing = standing
        self._timelines: dict[str, Timeline | None] = {}

    def of(self, texts: Sequence[str]) -> list[Blocked]:
        """What blocks each."""
        unit_of = self._units(texts)
        units = list(dict.fromkeys(unit_of.values()))
        blocks = self._blocks(units) if self.standing else {}
        known = self._known(units)
        return [
            Blocked(
                text, unit_of[text], unit_of[text] in known, tuple(sorted(blocks.get(unit_of[text], ()), key=_first))
            )
            for text in texts
        ]

    def _units(self, texts: Iterable[str]) -> dict[str, str]:
        """The key of the unit that each text means."""
        number_of = {text: canonical(text) for text in texts}
        keys = _keys(self.snapshot, set(number_of.values()))
        known = self._known(keys.values())
        found = {text: keys[number] for text, number in number_of.items()}
        unknown = [text for text, unit in found.items() if unit not in known and unit not in self.standing]
        return {**found, **self._by_code(unknown)} if unknown else found

    def _by_code(self, texts: Iterable[str]) -> dict[str, str]:
        """The units that suppliers call so."""
        register, found = Register(self.snapshot), {}
        for text in texts:
            named = register.by_code(text.strip())
            if len(named) > 1:
                raise UsageError(f"lot number {text.strip()!r} is used for {len(named)} units; ask for one of them")
            if named:
                found[text] = named[0]
        return found

    def _known(self, units: Iterable[str]) -> set[str]:
        """Those of which something is known: that events name, or members of which records name."""
        wanted = list(units)
        known = {row.key for row in self.snapshot.units(keys=wanted)} if wanted else set()
        left = [unit for unit in wanted if unit not in known]
        return known | {lot for lot, _ in self.snapshot.members(left)} if left else known

    def _blocks(self, units: Sequence[str]) -> dict[str, list[Block]]:
        parts = self._parts(units)
        inside = {part for several in parts.values() for part in several}
        direct = self._direct({*units, *inside})
        around = self._around(units)
        found: dict[str, list[Block]] = {}
        for unit in units:
            by_part = [
                Block(one.hold, how, one.of, True, one.since)
                for part, how in parts.get(unit, {}).items()
                for one in direct.get(part, ())
                if one.of != unit
            ]
            found[unit] = list(dict.fromkeys([*direct.get(unit, ()), *around.get(unit, ()), *by_part]))
        return found

    def _direct(self, units: Collection[str]) -> dict[str, list[Block]]:
        """The holds on each unit itself, and on lots that it is a member of."""
        lots = {unit: found.lots for unit, found in self._read(units).items() if found.lots}
        keys = _keys(self.snapshot, {lot for named in lots.values() for lot in named})
        blocks: dict[str, list[Block]] = defaultdict(list)
        for unit in units:
            blocks[unit] += [Block(one, "itself", unit, False, one.since) for one in self.standing.get(unit, ())]
            for lot in sorted({keys[name] for name in lots.get(unit, ())} - {unit}):
                blocks[unit] += [Block(one, "lot", lot, False, one.since) for one in self.standing.get(lot, ())]
        return blocks

    def _around(self, units: Sequence[str]) -> dict[str, list[Block]]:
        """The holds on containers in which each unit was meanwhile, and on containers that these were in."""
        blocks: dict[str, list[Block]] = defaultdict(list)
        pending = {(unit, Stay(unit)) for unit in units}
        seen = set(pending)
        while pending:
            self._read({stay.unit for _, stay in pending})
            outer = {(unit, spot) for unit, stay in pending for spot in self._spots(stay)}
            for unit, spot in sorted(outer - seen, key=_order):
                since = _EARLIEST if spot.since is None else spot.since
                for one in self.standing.get(spot.unit, ()):
                    if spot.until is None or spot.until > one.since:
                        part = self._is_divided(unit)
                        blocks[unit].append(Block(one, "container", spot.unit, part, max(one.since, since)))
            pending = outer - seen
            seen |= pending
        return blocks

    def _spots(self, stay: Stay) -> Iterable[Stay]:
        """The containers in which a unit was during a stay, each with the time that it was there."""
        timeline = self._timelines.get(stay.unit)
        for holding in timeline.holdings if timeline else ():
            if holding.place.kind is PlaceKind.CONTAINER and stay.overlaps(holding):
                common = stay.within(holding)
                yield Stay(holding.place.id, common.since, common.until)

    def _is_divided(self, unit: str) -> bool:
        """Whether it is in several places now, as a lot may be."""
        timeline = self._timelines.get(unit)
        now = [one for one in timeline.holdings if one.until is None] if timeline else []
        return sum(one.place.kind is not PlaceKind.SINK for one in now) > 1

    def _parts(self, units: Sequence[str]) -> dict[str, dict[str, str]]:
        """The members of each unit, and what is in it now, however deep; each with which of the two it is."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        named = {unit: unit for unit in units}
        named |= {alias: unit for unit, alias in self.snapshot.aliases(units) if unit in named}
        for lot, member in self.snapshot.members(named.keys()):
            found[named[lot]][member] = "member"
        pending = {unit: {unit} for unit in units}
        while pending:
            further: dict[str, set[str]] = defaultdict(set)
            for row in self.snapshot.holdings(HoldingQuery(containers=pending.keys())):
                if row.holding.until is None:
                    inner = row.holding.unit
                    new = {one for one in pending[row.holding.place.id] if one != inner and inner not in found[one]}
                    for one in new:
                        found[one][inner] = "content"
                    further[inner] |= new
            pending = {inner: asked for inner, asked in further.items() if asked}
        return found

    def _read(self, units: Collection[str]) -> dict[str, Timeline]:
        """The timelines of the units, each read once."""
        missing = [unit for unit in units if unit not in self._timelines]
        if missing:
            read = self.snapshot.store.timelines(missing, at=self.snapshot.position)
            self._timelines |= {unit: read.get(unit) for unit in missing}
        return {unit: found for unit in units if (found := self._timelines[unit]) is not None}


_EARLIEST = -(2**63)


def _first(block: Block) -> tuple[int, str, int, str]:
    return block.since, block.hold.case, block.hold.move, block.of


def _order(pair: tuple[str, Stay]) -> tuple[str, str, int, int]:
    unit, (container, since, until) = pair
    return unit, container, _EARLIEST if since is None else since, -_EARLIEST if until is None else until
