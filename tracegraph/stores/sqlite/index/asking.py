"""One generation of the index at work: brought forward, searched, and what it said checked against damage."""

from __future__ import annotations

import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path
from time import thread_time

import numpy as np

from tracegraph.stores.flow import Flow
from tracegraph.stores.gathered import NEVER, Following
from tracegraph.stores.port import Direction, Onwards
from tracegraph.stores.sqlite.index.arrays import Array
from tracegraph.stores.sqlite.index.blocks import distinct
from tracegraph.stores.sqlite.index.choice import Kernel, choose_search
from tracegraph.stores.sqlite.index.flowing import Loops, compiled_loops, gather_flow
from tracegraph.stores.sqlite.index.manifest import Manifest
from tracegraph.stores.sqlite.index.network import TOLD, Network
from tracegraph.stores.sqlite.index.repeats import may_repeat
from tracegraph.stores.sqlite.index.scratch import Scratch
from tracegraph.stores.sqlite.index.search_numpy import expand, nearest_units
from tracegraph.stores.sqlite.index.ways import FullIndex

#: Rows added since the index was made up to which bringing it forward is worth the while (about 5 microseconds each).
MOST_PENDING = 100_000


@dataclass(frozen=True, slots=True)
class LegColumns:
    """Legs as lists: numbers of nodes and of names."""

    source: list[int]
    target: list[int]
    event: list[int]
    rule: list[int]
    confirmed: list[int]
    cost: list[int]
    instant: list[int]

    def by_name(self) -> dict[str, list[int]]:
        """The columns by their names."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Reached:
    """What a trace reaches: arrays with a place for each node, in ascending order, of its least distance, whether a
    chain of confirmed legs leads there, its unit (0: a transformation), its row (see `held`), whether legs lead on to
    holdings or into transformations, and the instant of the first that does. `events`: numbers of those that moved
    something on the way; `amounts`: the texts of what the rows number."""

    nodes: Array
    distance: Array
    confirmed: Array
    units: Array
    rows: Array
    moved: Array
    consumed: Array
    first: Array
    events: Array
    amounts: dict[int, str]


class Engine:
    """Everything raises DamagedIndex, FullIndex, IndexError or ValueError where the arrays cannot be used; the engine
    is of no use any more then."""

    def __init__(self, folder: Path, manifest: Manifest, kernel: Kernel) -> None:
        self._network = Network(folder, manifest)
        self._scratch = Scratch(self._network.forward.nodes)
        self._kernel = kernel
        self._spent = 0.0
        self._search, self._final = choose_search(kernel, manifest.shift, 0.0)

    @property
    def position(self) -> int:
        """What ledger position it answers for."""
        return self._network.position

    def advance(self, connection: sqlite3.Connection, position: int) -> None:
        """Bring it forward to a position of the connection's state."""
        if self._network.pending(connection) > MOST_PENDING:
            raise FullIndex
        self._network.advance(connection, position)

    def units(self, starts: list[int], direction: Direction, confirmed_only: bool) -> tuple[Array, Array]:
        """The numbers of the units reached, sorted, and their least distances."""
        nodes, distances = self._reached(starts, direction, confirmed_only)
        self._network.hold_units(nodes)
        return nearest_units(self._network.units, nodes, distances)

    def reached_legs(self, starts: list[int], direction: Direction, confirmed_only: bool) -> LegColumns:
        """Every leg on some path from the starts."""
        nodes, _ = self._reached(starts, direction, confirmed_only)
        return self._legs(nodes, direction, confirmed_only)

    def legs_of(self, nodes: list[int], direction: Direction, confirmed_only: bool) -> LegColumns:
        """The legs that leave (backward: enter) the nodes."""
        return self._legs(self._inside(nodes), direction, confirmed_only)

    def onwards(self, nodes: list[int]) -> Onwards | None:
        """What leads on from the nodes; None where a leg leads to what is only named, of which just the store knows
        what it is."""
        wanted = self._inside(nodes)
        told = self._onwards(wanted)
        if told is None:
            return None
        moved, consumed, first = told
        left = first != NEVER
        return Onwards(
            set(wanted[moved].tolist()),
            set(wanted[consumed].tolist()),
            dict(zip(wanted[left].tolist(), first[left].tolist(), strict=True)),
        )

    def reached(self, asked: Following, carried: int) -> Reached | None:
        """All that a trace reaches; None where something that is only named is among it, or is led to. `carried`: the
        number of the rule by which goods stay where they are."""
        if max(asked.starts) >= len(self._scratch.marks):
            return None
        nodes, distance = self._reached(list(asked.starts), asked.direction, asked.confirmed_only)
        order = nodes.argsort()
        nodes, distance = nodes[order], distance[order]
        self._network.hold_units(nodes)
        units = self._network.units.take(nodes)
        onwards = self._onwards(nodes)
        if onwards is None or (units < 0).any():
            return None
        entries, legs = self._followed(nodes, asked.direction, asked.confirmed_only)
        if all(asked.starts.values()) and (entries & 1).all():
            confirmed = np.ones(len(nodes), dtype=np.bool_)
        else:
            confirmed = np.zeros(len(nodes), dtype=np.bool_)
            sure, _ = self._reached([node for node, is_sure in asked.starts.items() if is_sure], asked.direction, True)
            confirmed[nodes.searchsorted(sure)] = True
        events = self._events(legs, carried)
        rows = self._network.held.rows(nodes)
        return Reached(nodes, distance, confirmed, units, rows, *onwards, events, self._network.held.amounts(rows))

    def flow(self, starts: list[int], carried: int) -> Flow | None:
        """What flowed into all that the starts reach forward; None where the arrays do not tell all of it, or compiled
        loops are not to be used. `carried`: the number of the rule by which goods stay where they are."""
        loops = self._loops()
        if loops is None or max(starts) >= len(self._scratch.marks):
            return None
        nodes, _ = self._reached(starts, "forward", False)
        return gather_flow(self._network, nodes.astype(np.int64), self._scratch.ranks(), carried, loops)

    def _loops(self) -> Loops | None:
        """Compiled ones, where numba is loaded."""
        return compiled_loops() if self._kernel is not Kernel.NUMPY and "numba" in sys.modules else None

    def _onwards(self, nodes: Array) -> tuple[Array, Array, Array] | None:
        """Of each node whether legs lead from it to holdings and into transformations, and the instant of the first;
        None where one leads to what is only named."""
        network, ways = self._network, self._network.forward
        ways.hold(nodes, legs=True)
        places, counts = ways.places(nodes)
        here, entries = np.arange(len(nodes)).repeat(counts), ways.entries.take(places)
        known = (entries >> ways.shift) != 0
        here, target, places = here[known], entries[known] >> ways.shift, places[known]
        network.hold_units(target)
        units = network.units.take(target)
        if (units < 0).any():
            return None
        moved, consumed = (np.zeros(len(nodes), dtype=np.bool_) for _ in range(2))
        moved[here[units > 0]] = consumed[here[units == 0]] = True
        first = np.full(len(nodes), NEVER)
        np.minimum.at(first, here, network.told("instant", ways.legs.take(places)))
        return moved, consumed, first

    def _followed(self, nodes: Array, direction: Direction, confirmed_only: bool) -> tuple[Array, Array]:
        """The entries and the numbers of all legs that leave (backward: enter) the nodes."""
        ways = self._network.ways(direction)
        ways.hold(nodes, legs=True)
        _, entries, places = expand(ways, nodes, confirmed_only)
        return entries, ways.legs.take(places)

    def _events(self, legs: Array, carried: int) -> Array:
        """The numbers of the events of the legs, but of carried goods."""
        network = self._network
        events: Array = network.told("event", legs)[network.told("rule", legs) != carried]
        return events

    def _inside(self, nodes: list[int]) -> Array:
        """The nodes that there is room for, each once, in order."""
        wanted = distinct(np.array(nodes, dtype=np.int64))
        return wanted[(wanted > 0) & (wanted < len(self._scratch.marks))]

    def _reached(self, starts: list[int], direction: Direction, confirmed_only: bool) -> tuple[Array, Array]:
        began = thread_time()
        ways = self._network.ways(direction)
        nodes, distances = self._search(ways, starts, confirmed_only, self._scratch)
        if not ways.checked:
            ways.hold(nodes)
        self._count(thread_time() - began)
        return nodes, distances

    def _count(self, seconds: float) -> None:
        """See whether another kernel has become worth loading."""
        self._spent += seconds
        if not self._final:
            shift = self._network.manifest.shift
            self._search, self._final = choose_search(self._kernel, shift, self._spent)

    def _legs(self, nodes: Array, direction: Direction, confirmed_only: bool) -> LegColumns:
        network = self._network
        ways = network.ways(direction)
        ways.hold(nodes, legs=True)
        here, entries, places = expand(ways, nodes, confirmed_only)
        there = entries >> ways.shift
        source, target = (here, there) if direction == "forward" else (there, here)
        legs = ways.legs.take(places)
        event, rule, instant = (network.told(name, legs) for name in TOLD)
        low = entries & ((1 << ways.shift) - 1)
        if network.repeats and may_repeat((source, target, event, rule, low, instant)):
            rows = np.unique(np.stack((source, target, event, rule, low, instant)), axis=1)
            source, target, event, rule, low, instant = rows
        columns = (source, target, event, rule, low & 1, low >> 1, instant)
        return LegColumns(*(column.tolist() for column in columns))
