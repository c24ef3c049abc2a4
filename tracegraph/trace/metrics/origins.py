"""Depth and origins: how far from where the goods began they ended, and with whom they began."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from tracegraph.model.custody import Holding, Joint
from tracegraph.trace.envelope import Json
from tracegraph.trace.metrics.beginnings import Beginnings, Passage, beginnings
from tracegraph.trace.metrics.chain import Chain
from tracegraph.trace.metrics.choice import Choice, period_of
from tracegraph.trace.metrics.deliveries import Group, grouped
from tracegraph.trace.metrics.figures import Table, amount, ratio
from tracegraph.trace.shares.mixtures import Mixtures
from tracegraph.trace.shares.network import ordered

DAY = 86_400_000_000
UNKNOWN = ""


class End(NamedTuple):
    """Goods that ended: how much, since when, and where they began."""

    unit: str
    volume: Fraction
    since: int
    begun: Beginnings


def ends(chain: Chain) -> list[End]:
    """What ended in the chain, by id."""
    begun = begun_at(chain)
    found = []
    for number, volume in chain.ends.items():
        node = chain.nodes[number]
        if isinstance(node, Holding):
            found.append(End(node.unit, volume, node.since, begun[number]))
    return found


def begun_at(chain: Chain) -> dict[int, Beginnings]:
    """Where the goods of each node began. An origin is an organisation; where a gap at the node says that goods are
    missing, it is unknown."""
    mixtures = Mixtures(chain.snapshot, chain.nodes, chain.trail.legs).all()
    order = ordered(mixtures, frozenset(), chain.names.__getitem__)
    return beginnings(
        mixtures, order, Passage(_events(chain), _organisations(chain)), lambda node: _origin(chain, node)
    )


def _events(chain: Chain) -> Callable[[int, int], int]:
    """Events between two nodes, at least."""
    legs, costs = chain.trail.legs, dict[tuple[int, int], int]()
    for source, target, cost in zip(legs.source, legs.target, legs.cost, strict=True):
        costs[source, target] = min(cost, costs.get((source, target), cost))
    return lambda source, target: costs[source, target]


def _organisations(chain: Chain) -> Callable[[int, int], int]:
    """1 where goods changed hands between two nodes."""
    sender = chain.sender
    return lambda source, target: int(
        bool(sender[source]) and bool(sender[target]) and sender[source] != sender[target]
    )


def _origin(chain: Chain, number: int) -> tuple[str, int]:
    node = chain.nodes[number]
    known = UNKNOWN if chain.open_at(number) else chain.sender.get(number) or UNKNOWN
    return known, node.instant if isinstance(node, Joint) else node.since


def depth(chain: Chain, choice: Choice) -> Table:
    """A row for each product or unit: events and days between where its goods began and where they ended, and which
    part of them began nobody knows where, so many organisations ago (`tiers`)."""
    by_key: dict[str, list[End]] = defaultdict(list)
    for end in ends(chain):
        by_key[end.unit if choice.rows_by == "unit" else chain.product(end.unit)].append(end)
    return Table([_depth_row(key, by_key[key]) for key in sorted(by_key)], {"ends": sum(map(len, by_key.values()))})


def _depth_row(key: str, found: list[End]) -> Json:
    whole = sum((end.volume for end in found), Fraction(0))
    weights = [float(end.volume / whole) for end in found]
    tiers: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for weight, end in zip(weights, found, strict=True):
        for (tier, origin), part in end.begun.origins.items():
            tiers[tier][origin == UNKNOWN] += weight * part
    return {
        "id": key,
        "volume": amount(whole),
        "least": min(end.begun.least for end in found),
        "mean": ratio(sum(weight * end.begun.mean for weight, end in zip(weights, found, strict=True))),
        "most": max(end.begun.most for end in found),
        "days": ratio(sum(w * (end.since - end.begun.instant) / DAY for w, end in zip(weights, found, strict=True))),
        "unknown": ratio(sum(unknown for _, unknown in tiers.values())),
        "weighted": all(end.begun.weighted for end in found),
        "tiers": [
            {"tier": tier, "known": ratio(tiers[tier][0]), "unknown": ratio(tiers[tier][1])} for tier in sorted(tiers)
        ],
    }


def concentration_of_origins(chain: Chain, choice: Choice) -> Table:
    """Hidden concentration: a row for each organisation with which goods of a product began, however many suppliers
    they came through."""
    volumes: dict[Group, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for end in ends(chain):
        for (tier, origin), part in end.begun.origins.items():
            group = Group(chain.product(end.unit), period_of(end.since, choice.period), tier)
            volumes[group][origin] += end.volume * Fraction(ratio(part) or "0")
    return grouped(volumes, {})
