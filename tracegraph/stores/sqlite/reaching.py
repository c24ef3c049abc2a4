"""Who follows the legs: SQL or the trace index. The answer is the same; docs/adr/004-trace-index.md has the figures.

A process that has not used the index yet begins in SQL, which is done with small answers before numpy is loaded, and
changes over where the answer grows.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Collection, Sequence

from tracegraph.model.custody import CARRIED
from tracegraph.stores.flow import Flow
from tracegraph.stores.gathered import Following, Gathered
from tracegraph.stores.port import Legs, Onwards, UnitReach
from tracegraph.stores.sqlite.answer_queries import query_onwards
from tracegraph.stores.sqlite.graph_queries import name_legs, query_legs, query_reach_units, query_reached
from tracegraph.stores.sqlite.index.following import Fit, TraceIndex
from tracegraph.stores.sqlite.numbers import find_numbers, known_by
from tracegraph.stores.unit_reach import Question

#: Nodes up to which SQL goes on in a process that has not used the index yet.
BUDGET = 2_500

#: The same where something else has loaded numpy already.
LOADED_BUDGET = 500

#: Nodes up to which SQL looks up the legs at given nodes.
FEW = 50


def find_reach(connection: sqlite3.Connection, index: TraceIndex | None, asked: Question) -> Legs:
    """Every leg on some path from the starts."""
    nodes, fit = _small(connection, index, asked)
    if fit is not None and index is not None:
        columns = index.ask(
            connection,
            fit,
            lambda engine: engine.reached_legs(list(asked.starts), asked.direction, asked.confirmed_only),
        )
        if columns is not None:
            return name_legs(connection, **columns.by_name())
    return _legs_of(connection, nodes if nodes is not None else _all_reached(connection, asked), asked)


def find_units(connection: sqlite3.Connection, index: TraceIndex | None, asked: Question) -> UnitReach:
    """The units that the starts reach, with their least distances."""
    nodes, fit = _small(connection, index, asked)
    if fit is not None and index is not None:
        found = index.ask(
            connection, fit, lambda engine: engine.units(list(asked.starts), asked.direction, asked.confirmed_only)
        )
        if found is not None:
            return UnitReach(found[0].data, found[1].data)
    return query_reach_units(connection, nodes, asked.starts, asked.direction, asked.confirmed_only, asked.at)


def find_gathered(connection: sqlite3.Connection, index: TraceIndex | None, asked: Following) -> Gathered | None:
    """All that the starts reach, where the index tells it."""
    starts = Question(sorted(asked.starts), asked.direction, asked.confirmed_only, asked.at)
    _, fit = _small(connection, index, starts)
    if fit is None or index is None:
        return None
    carried = find_numbers(connection, [CARRIED]).get(CARRIED, 0)
    reached = index.ask(connection, fit, lambda engine: engine.reached(asked, carried))
    if reached is None:
        return None
    from tracegraph.stores.sqlite.index.gathering import Position, gather, holdings_in

    if asked.most is not None and holdings_in(reached) > asked.most:
        return None
    return gather(connection, reached, Position(fit.position, fit.manifest.position))


def find_flow(
    connection: sqlite3.Connection, index: TraceIndex | None, starts: Collection[int], at: int | None
) -> Flow | None:
    """What flowed into all that the starts reach forward, where the index tells it as it is now known."""
    fit = index.fitting(connection, at) if index is not None and "numba" in sys.modules else None
    if fit is None or index is None:
        return None
    carried = find_numbers(connection, [CARRIED]).get(CARRIED, 0)
    flow = index.ask(connection, fit, lambda engine: engine.flow(list(starts), carried))
    if flow is None or fit.position == fit.manifest.position:
        return flow
    from tracegraph.stores.sqlite.index.gathering import changed_since

    return None if changed_since(connection, flow.node, fit.manifest.position) else flow


def find_legs(connection: sqlite3.Connection, index: TraceIndex | None, asked: Question) -> Legs:
    """The legs that leave (backward: enter) the starts. The index is asked where it is in use already."""
    if index is not None and index.warm and len(asked.starts) > FEW:
        fit = index.fitting(connection, asked.at)
        if fit is not None:
            columns = index.ask(
                connection,
                fit,
                lambda engine: engine.legs_of(list(asked.starts), asked.direction, asked.confirmed_only),
            )
            if columns is not None:
                return name_legs(connection, **columns.by_name())
    return _legs_of(connection, asked.starts, asked)


def find_onwards(
    connection: sqlite3.Connection, index: TraceIndex | None, nodes: Collection[int], at: int | None
) -> Onwards:
    """What leads on from the nodes. The index is asked where it is in use already."""
    if index is not None and index.warm and len(nodes) > FEW:
        fit = index.fitting(connection, at)
        found = index.ask(connection, fit, lambda engine: engine.onwards(list(nodes))) if fit is not None else None
        if found is not None:
            return found
    return query_onwards(connection, nodes, at)


def _small(
    connection: sqlite3.Connection, index: TraceIndex | None, asked: Question
) -> tuple[list[int] | None, Fit | None]:
    """The reached nodes, where SQL found them all within its budget; else the generation of the index to ask."""
    fit = index.fitting(connection, asked.at) if index is not None else None
    if index is None or fit is None or index.warm:
        return None, fit
    budget = BUDGET if "numpy" not in sys.modules else LOADED_BUDGET
    nodes = _first_reached(connection, asked, budget)
    return (nodes, None) if len(nodes) < budget else (None, fit)


def _first_reached(connection: sqlite3.Connection, asked: Question, budget: int) -> list[int]:
    """The nodes that the starts reach, so many at most; an answer asks first for columns, and then for legs."""
    state = known_by(connection)
    known = None if state is None else state.reached
    key = (tuple(asked.starts), asked.direction, asked.confirmed_only, asked.at, budget)
    if known is not None and key in known:
        return known[key]
    nodes = query_reached(connection, asked.starts, asked.direction, asked.confirmed_only, asked.at, budget)
    if known is not None:
        known[key] = nodes
    return nodes


def _all_reached(connection: sqlite3.Connection, asked: Question) -> list[int]:
    return query_reached(connection, asked.starts, asked.direction, asked.confirmed_only, asked.at)


def _legs_of(connection: sqlite3.Connection, nodes: Sequence[int], asked: Question) -> Legs:
    return query_legs(connection, nodes, asked.direction, asked.confirmed_only, asked.at)
