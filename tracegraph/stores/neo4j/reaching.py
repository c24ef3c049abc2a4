"""Who follows the legs: one statement from few starts, one round per hop from many.

A statement searches from each of its starts to which no other one leads directly, so that many starts that lead to the
same nodes would visit these again and again. Rounds visit every node once, but each costs a statement. So a question
begins in rounds where it has many starts, and changes over where the nodes at the edge get few; the deeper it gets, the
more of them count as few.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracegraph.stores.neo4j.asking import Asking
from tracegraph.stores.port import Legs, UnitReach
from tracegraph.stores.unit_reach import Question, Steps, least_distances, nearest_units

#: Starts of one statement at the beginning: as many holdings as most units have, of which one leads to the next.
FEW = 5


def find_reach(asking: Asking, asked: Question) -> Legs:
    """Every leg on some path from the starts."""
    return _legs(_reached(asking, asked))


def find_legs(asking: Asking, asked: Question) -> Legs:
    """The legs that leave (backward: enter) the starts."""
    return _legs(_round(asking, asked, asking.known(asked.at), set(asked.starts)))


def find_units(asking: Asking, asked: Question) -> UnitReach:
    """The units that the starts reach, with their least distances."""
    if len(set(asked.starts)) <= FEW:
        return _units_at_once(asking, asked)
    source, target, _, _, _, cost, _ = _reached(asking, asked)
    distances = least_distances(asked.starts, Steps(source, target, cost), asked.direction)
    held = asking.in_portions("units_held", "nodes", sorted(distances))
    return nearest_units(distances, zip(*held, strict=True))


def _units_at_once(asking: Asking, asked: Question) -> UnitReach:
    """The same by one statement, whose steps lead from the starts in either direction."""
    known = asking.known(asked.at)
    near, unit, far, cost = _search(asking, f"reach_units_{asked.direction}", asked, known, set(asked.starts))
    distances = least_distances(asked.starts, Steps(near, far, cost), "forward")
    held = dict(zip(near, unit, strict=True))
    return nearest_units(distances, ((node, one) for node, one in held.items() if one))


def _reached(asking: Asking, asked: Question) -> list[list[Any]]:
    """The legs on all paths from the starts, as columns."""
    known, visited, edge = asking.known(asked.at), set[int](), set(asked.starts)
    found: list[list[Any]] = [[] for _ in range(7)]
    rounds = 0
    while edge:
        few = len(edge) <= FEW + rounds
        legs = (
            _search(asking, f"reach_{asked.direction}", asked, known, edge)
            if few
            else _round(asking, asked, known, edge)
        )
        tails, heads = (legs[0], legs[1]) if asked.direction == "forward" else (legs[1], legs[0])
        if visited and few:
            legs = _but_from(visited, tails, legs)
        for whole, part in zip(found, legs, strict=True):
            whole += part
        if few:
            return found
        visited |= edge
        edge = set(heads) - visited
        rounds += 1
    return found


def _search(asking: Asking, name: str, asked: Question, known: int, edge: set[int]) -> list[list[Any]]:
    return asking.columns(name, starts=sorted(edge), at=known, confirmed_only=asked.confirmed_only)


def _round(asking: Asking, asked: Question, known: int, edge: set[int]) -> list[list[Any]]:
    name = f"legs_{asked.direction}"
    return asking.in_portions(name, "nodes", sorted(edge), at=known, confirmed_only=asked.confirmed_only)


def _but_from(visited: set[int], tails: Sequence[int], legs: list[list[Any]]) -> list[list[Any]]:
    """The legs that begin at no visited node."""
    fresh = [index for index, tail in enumerate(tails) if tail not in visited]
    if len(fresh) == len(tails):
        return legs
    return [[column[index] for index in fresh] for column in legs]


def _legs(columns: list[list[Any]]) -> Legs:
    """Columns as legs, no leg twice: two owners may say the same one, so ends that occur twice are looked at."""
    source, target = columns[0], columns[1]
    if len(set(zip(source, target, strict=True))) < len(source):
        columns = [list(column) for column in zip(*dict.fromkeys(zip(*columns, strict=True)), strict=True)]
    return Legs(*columns)
