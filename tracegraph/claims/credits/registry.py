"""A registry of credits, replayed: what each run of serials is, and which entries contradict earlier ones."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from tracegraph.claims.credits.blocks import Block, Conflict, effect, issued
from tracegraph.claims.row import Row
from tracegraph.claims.world import World
from tracegraph.model.instants import instant_text
from tracegraph.model.values import value

#: In which order entries of the same instant are true.
ORDER = ("issue", "transfer", "redeem", "cancel", "expire", "void")


@value
class Registry:
    """`blocks`: sorted by serial, none overlapping; `conflicts`: in order of time; `unreadable`: entries whose serials
    are no whole numbers or run backwards."""

    name: str
    entries: tuple[Row, ...]
    blocks: tuple[Block, ...]
    conflicts: tuple[Conflict, ...]
    unreadable: tuple[Row, ...]

    def to_dict(self) -> dict[str, Any]:
        """The register as people read it."""
        return {
            "registry": self.name,
            "blocks": [_shown(block) for block in self.blocks],
            "conflicts": [_told(conflict) for conflict in self.conflicts],
            "unreadable": [row.id for row in self.unreadable],
        }


def _shown(block: Block) -> dict[str, Any]:
    return {
        "first": block.first,
        "last": block.last,
        "count": block.count,
        "owner": block.owner,
        "state": block.state.value,
        "since": instant_text(block.latest.valid_from or 0),
        "entry": block.latest.id,
    }


def _told(conflict: Conflict) -> dict[str, Any]:
    return {
        "case": conflict.case,
        "first": conflict.first,
        "last": conflict.last,
        "count": conflict.count,
        "entry": conflict.entry.id,
        "earlier": None if conflict.earlier is None else conflict.earlier.id,
    }


def registries(world: World) -> tuple[Registry, ...]:
    """All registries by name, each replayed once."""
    return world.once("registries", lambda: tuple(_registries(world)))


def _registries(world: World) -> Iterator[Registry]:
    for name in sorted({row.text("registry") for row in world.rows("credit")}):
        yield replayed(name, world.by("credit", "registry", name))


def replayed(name: str, rows: Iterable[Row]) -> Registry:
    """A registry from its entries, in any order."""
    entries = tuple(sorted(rows, key=_order))
    runs = _Runs()
    for entry in entries:
        if serials(entry) is not None:
            runs.apply(entry)
    unreadable = tuple(row for row in entries if serials(row) is None)
    return Registry(name, entries, tuple(runs.blocks), tuple(_joined(runs.conflicts)), unreadable)


def _order(entry: Row) -> tuple[int, int, str]:
    return entry.valid_from or 0, ORDER.index(entry.text("action")), entry.id


def serials(entry: Row) -> tuple[int, int] | None:
    """The first and the last serial of an entry; None where they are no whole numbers or run backwards."""
    first, last = entry.number("first"), entry.number("last")
    if first is None or last is None or first % 1 or last % 1 or first > last:
        return None
    return int(first), int(last)


class _Runs:
    """The blocks while the registry is replayed, sorted by their first serial."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.conflicts: list[Conflict] = []

    def apply(self, entry: Row) -> None:
        """One entry: of the serials that are there each block, of the others an issue or a conflict."""
        first, last = serials(entry) or (0, -1)
        self._split(first)
        self._split(last + 1)
        start = bisect_left(self.blocks, first, key=_first)
        end = bisect_right(self.blocks, last, key=_first)
        self.blocks[start:end] = self._after(entry, first, last, self.blocks[start:end])

    def _split(self, serial: int) -> None:
        """So that a block begins at a serial, where one holds it."""
        place = bisect_left(self.blocks, serial, key=_first) - 1
        if place >= 0 and self.blocks[place].last >= serial:
            block = self.blocks[place]
            self.blocks[place : place + 1] = [replace(block, last=serial - 1), replace(block, first=serial)]

    def _after(self, entry: Row, first: int, last: int, inside: list[Block]) -> Iterator[Block]:
        serial = first
        for block in inside:
            yield from self._new(entry, serial, block.first - 1)
            changed, case = effect(block, entry)
            if case:
                self.conflicts.append(Conflict(case, block.first, block.last, entry, _earlier(block, case)))
            yield changed
            serial = block.last + 1
        yield from self._new(entry, serial, last)

    def _new(self, entry: Row, first: int, last: int) -> Iterator[Block]:
        if first > last:
            return
        if entry.text("action") == "issue":
            yield issued(entry, first, last)
        else:
            self.conflicts.append(Conflict("not_issued", first, last, entry, None))


def _first(block: Block) -> int:
    return block.first


def _earlier(block: Block, case: str) -> Row:
    return {"issued_twice": block.issue, "redeemed_twice": block.redemption}.get(case) or block.latest


def _joined(conflicts: Iterable[Conflict]) -> list[Conflict]:
    """Conflicts of one entry with one other about serials that follow each other are one."""
    joined: list[Conflict] = []
    for one in conflicts:
        if joined and one == replace(joined[-1], first=joined[-1].last + 1, last=one.last):
            joined[-1] = replace(joined[-1], last=one.last)
        else:
            joined.append(one)
    return joined
