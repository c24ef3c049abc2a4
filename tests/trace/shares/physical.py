"""Random trade in lots of which every kilogram is known: as mixtures, as equations, and as goods really mixed.

An oracle for shares that shares no code with them: bounds are the optima of a linear programme over every way in which
marked goods can have flowed.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from scipy.optimize import linprog

from tracegraph.trace.shares.mixtures import Inflow, Mixture


@dataclass
class Pool:
    """Goods of one lot at one place: the node that they are at, and how much is left of them there."""

    node: int
    lot: str
    left: int


@dataclass
class World:
    """`inflows[n]`: (source or None, amount) of each node n; nodes are numbered in time order. `made[n]`: what came out
    of a transformation (holdings: None)."""

    lots: list[str | None] = field(default_factory=list)
    inflows: list[list[tuple[int | None, int]]] = field(default_factory=list)
    made: list[int | None] = field(default_factory=list)

    def add(self, lot: str | None, inflows: list[tuple[int | None, int]], made: int | None = None) -> int:
        """A new node."""
        self.lots.append(lot)
        self.inflows.append(inflows)
        self.made.append(made)
        return len(self.lots) - 1

    def total(self, node: int) -> int:
        return sum(amount for _, amount in self.inflows[node])

    def starts(self, lot: str) -> frozenset[int]:
        return frozenset(node for node, one in enumerate(self.lots) if one == lot)

    def mixtures(self) -> dict[int, Mixture]:
        """As the shares see it."""
        return {
            node: Mixture(
                lot,
                [
                    Inflow(Fraction(amount), () if source is None else (source,), source is None, source is not None)
                    for source, amount in self.inflows[node]
                ],
                None if self.made[node] is None else Fraction(self.made[node] or 0),
            )
            for node, lot in enumerate(self.lots)
        }

    def reached(self, starts: frozenset[int]) -> dict[int, Mixture]:
        """Only what a trace forward reaches: other sources are elsewhere."""
        found: dict[int, Mixture] = {}
        for node, mixture in self.mixtures().items():
            known = [one for one in mixture.inflows if any(source in found for source in one.sources)]
            if node not in starts and not known:
                continue
            for one in mixture.inflows:
                if not any(source in found for source in one.sources):
                    one.sources, one.elsewhere, one.sure = (), True, False
            found[node] = mixture
        return found


def random_world(seed: int, steps: int = 8, parting: bool = True, growing: bool = False) -> World:
    """Births, shipments of parts, goods that come to goods of the same lot, and transformations with losses.

    Without `parting` goods are only ever moved as a whole or split for good, so that nothing that parted meets again.
    """
    chance = random.Random(seed)
    world, pools = World(), list[Pool]()
    for number in range(3):
        lot = f"raw {number}"
        amount = chance.randint(1, 9) * 10
        pools.append(Pool(world.add(lot, [(None, amount)]), lot, amount))
    for number in range(steps):
        chance.choice((_transform, _ship, _ship))(chance, world, pools, number, parting, growing)
    return world


def _ship(chance: random.Random, world: World, pools: list[Pool], number: int, parting: bool, growing: bool) -> None:
    """Part of a pool moves, to a new place or to where goods of its lot are already."""
    source = chance.choice([pool for pool in pools if pool.left])
    amount = chance.randint(1, source.left)
    inflows: list[tuple[int | None, int]] = [(source.node, amount)]
    source.left -= amount
    there = [pool for pool in pools if pool is not source and pool.lot == source.lot]
    if parting and there and chance.random() < 0.6:
        target = chance.choice(there)
        if target.left:
            inflows.insert(0, (target.node, target.left))
        amount += target.left
        pools.remove(target)
    pools.append(Pool(world.add(source.lot, inflows), source.lot, amount))


def _transform(
    chance: random.Random, world: World, pools: list[Pool], number: int, parting: bool, growing: bool
) -> None:
    """Some pools give a part each; one or two lots come out, less or (`growing`) more than what went in."""
    full = [pool for pool in pools if pool.left]
    used = chance.sample(full, min(len(full), chance.randint(1, 3)))
    if not parting:
        used = _unrelated(world, used)
    inputs: list[tuple[int | None, int]] = []
    for pool in used:
        amount = chance.randint(1, pool.left)
        pool.left -= amount
        inputs.append((pool.node, amount))
    into = sum(amount for _, amount in inputs)
    made = chance.randint(into, 2 * into) if growing and chance.random() < 0.5 else chance.randint(1, into)
    joint = world.add(None, inputs, made)
    first = chance.randint(1, made)
    for lot, amount in ((f"made {number}", first), (f"other {number}", made - first)):
        if amount:
            pools.append(Pool(world.add(lot, [(joint, amount)]), lot, amount))


def _unrelated(world: World, pools: list[Pool]) -> list[Pool]:
    """The pools that have no node in common upstream."""
    found: list[Pool] = []
    seen: set[int] = set()
    for pool in pools:
        above = upstream(world, pool.node)
        if not above & seen:
            found.append(pool)
            seen |= above
    return found


def upstream(world: World, node: int) -> set[int]:
    found, pending = {node}, [node]
    while pending:
        for source, _ in world.inflows[pending.pop()]:
            if source is not None and source not in found:
                found.add(source)
                pending.append(source)
    return found


def attributed(world: World, starts: frozenset[int]) -> dict[int, Fraction]:
    """By proportional mixing, exactly."""
    found: dict[int, Fraction] = {}
    for node in range(len(world.lots)):
        parts = [
            (Fraction(amount), Fraction(0) if source is None else found[source])
            for source, amount in world.inflows[node]
        ]
        mean = sum((amount * part for amount, part in parts), Fraction(0)) / sum(amount for amount, _ in parts)
        found[node] = Fraction(1) if node in starts else mean
    return found


def bounds(world: World, starts: frozenset[int], even: bool) -> dict[int, tuple[float, float]]:
    """The least and the most that can be marked of each node, by linear programming. Only without growth."""
    flows = [(source, node, amount) for node, inflows in enumerate(world.inflows) for source, amount in inflows]
    rows, limits = _equations(world, starts, flows, even)
    limit = [
        (amount, amount) if source in starts else (0, 0 if source is None else amount) for source, _, amount in flows
    ]
    return {
        node: (1.0, 1.0)
        if node in starts
        else _optima([float(target == node) for _, target, _ in flows], rows, limits, limit, world.total(node))
        for node in range(len(world.lots))
    }


def _limit(source: int | None, amount: int, starts: frozenset[int]) -> tuple[int, int]:
    """How much of a flow can be marked."""
    return (amount, amount) if source in starts else (0, 0 if source is None else amount)


def _equations(
    world: World, starts: frozenset[int], flows: list[tuple[int | None, int, int]], even: bool
) -> tuple[np.ndarray, list[float]]:
    """Of no node can more that is marked, or more that is not, go on than came in."""
    rows, limits = [], []
    for node in range(len(world.lots)):
        if node in starts:
            continue
        total, made = world.total(node), world.made[node]
        left = made / total if even and made is not None else 1.0
        gone = sum(amount for source, _, amount in flows if source == node)
        balance = [(source == node) - left * (target == node) for source, target, _ in flows]
        rows += [balance, [-value for value in balance]]
        limits += [0.0, left * total - gone]
    return np.array(rows, dtype=float), limits


def _optima(
    goal: list[float], rows: np.ndarray, limits: list[float], limit: list[tuple[int, int]], total: int
) -> tuple[float, float]:
    found = []
    for sign in (1, -1):
        solved = linprog([sign * value for value in goal], A_ub=rows, b_ub=limits, bounds=limit, method="highs")
        assert solved.status == 0, solved.message
        found.append(sign * solved.fun / total)
    return found[0], found[1]


def really_mixed(world: World, starts: frozenset[int], seed: int) -> dict[int, Fraction]:
    """Goods in single kilograms, drawn at random: how much of each node came from a start. Losses fall anywhere."""
    chance = random.Random(seed)
    left: dict[int, list[bool]] = {}
    found: dict[int, Fraction] = {}
    for node, inflows in enumerate(world.inflows):
        goods: list[bool] = []
        for source, amount in inflows:
            goods += [False] * amount if source is None else _drawn(chance, left[source], amount)
        if node in starts:
            goods = [True] * len(goods)
        found[node] = Fraction(sum(goods), len(goods))
        left[node] = goods
    return found


def _drawn(chance: random.Random, goods: list[bool], amount: int) -> list[bool]:
    """So much, taken away: well mixed, or from either end of a heap that was never stirred."""
    goods.sort()
    how = chance.randrange(3)
    if how == 0:
        chance.shuffle(goods)
    elif how == 1:
        goods.reverse()
    taken = goods[:amount]
    del goods[:amount]
    return taken


def evenly_lost(world: World, starts: frozenset[int], seed: int) -> dict[int, Fraction]:
    """How much of each node came from a start, where goods are taken from heaps at random but whatever a transformation
    loses, or gains, it does of all that went in alike."""
    chance = random.Random(seed)
    left: dict[int, tuple[Fraction, Fraction]] = {}
    found: dict[int, Fraction] = {}
    for node, inflows in enumerate(world.inflows):
        marked, others = Fraction(0), Fraction(0)
        for source, amount in inflows:
            if source is None:
                others += amount
                continue
            there, rest = left[source]
            taken = _some(chance, max(Fraction(0), amount - rest), min(there, Fraction(amount)))
            left[source] = (there - taken, rest - (amount - taken))
            marked, others = marked + taken, others + amount - taken
        if node in starts:
            marked, others = marked + others, Fraction(0)
        found[node] = marked / (marked + others)
        made = world.made[node]
        scale = Fraction(1) if made is None else made / (marked + others)
        left[node] = (marked * scale, others * scale)
    return found


def _some(chance: random.Random, least: Fraction, most: Fraction) -> Fraction:
    """Either end, or between."""
    return least + (most - least) * chance.choice((Fraction(0), Fraction(1), Fraction(chance.randint(0, 8), 8)))
