"""Concentration of deliveries: which part of what changed hands went through whom.

A delivery is a shipment, or a stay in a container, that leads from one organisation to another. Its tier counts
organisations: seen from where the goods began for customers, from where they ended for suppliers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from tracegraph.model.custody import Holding
from tracegraph.stores.port import Direction
from tracegraph.trace.answer import CARRIED
from tracegraph.trace.distances import Onward, steps
from tracegraph.trace.envelope import Json
from tracegraph.trace.metrics.chain import NOBODY, ZERO, Chain, holder
from tracegraph.trace.metrics.choice import Choice, period_of
from tracegraph.trace.metrics.concentration import herfindahl
from tracegraph.trace.metrics.figures import Table, amount, ratio, share


class Delivery(NamedTuple):
    """Goods of a unit that changed hands. `volume` None: not known, or not in the measure asked for; `receiver` empty:
    the records leave open who got them."""

    node: int
    unit: str
    sender: str
    receiver: str
    instant: int
    volume: Fraction | None


def concentration(chain: Chain, choice: Choice) -> Table:
    """A row for each partner in each product, period and tier; `groups` say how concentrated each of these is."""
    side: Direction = "forward" if choice.rows_by == "customer" else "backward"
    tiers = _tiers(chain, side)
    volumes: dict[Group, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    unknown = 0
    for one in deliveries(chain):
        partner = one.receiver if side == "forward" else one.sender
        if not partner or one.volume is None:
            unknown += 1
            continue
        group = Group(chain.product(one.unit), period_of(one.instant, choice.period), tiers.get(one.node, 0) + 1)
        volumes[group][partner] += one.volume
    return grouped(volumes, {"deliveries_without_volume": unknown})


class Group(NamedTuple):
    """What volumes are compared within."""

    product: str
    period: str
    tier: int


def grouped(volumes: dict[Group, dict[str, Fraction]], about: Json) -> Table:
    """The rows, largest volume of each group first, and the index of each group, largest volume first."""
    rows: list[Json] = []
    groups: list[Json] = []
    wholes = {group: sum(partners.values(), ZERO) for group, partners in volumes.items()}
    for group in sorted(volumes, key=lambda group: (-wholes[group], group)):
        partners, whole = volumes[group], wholes[group]
        index = herfindahl(partners.values())
        told = {"product": group.product, "period": group.period, "tier": group.tier}
        groups.append(
            told
            | {
                "volume": amount(whole),
                "partners": len(partners),
                "hhi": ratio(index),
                "effective": None if index is None else ratio(1 / index),
            }
        )
        for partner in sorted(partners, key=lambda name: (-partners[name], name)):
            volume = partners[partner]
            rows.append(told | {"id": partner, "volume": amount(volume), "share": share(volume, whole)})
    return Table(rows, about | {"groups": groups})


def _tiers(chain: Chain, side: Direction) -> dict[int, int]:
    """Organisation boundaries between each node and where goods began (backward: ended)."""
    ways: Onward = chain.out if side == "forward" else chain.into
    starts = chain.roots if side == "forward" else [node for node in chain.nodes if node not in chain.out]
    counted = steps(starts, ways, {number: holder(node) or None for number, node in chain.nodes.items()})
    return {number: found.count for number, found in counted.items()}


def deliveries(chain: Chain) -> Iterator[Delivery]:
    """Every delivery, by id of the node on the way (of one without a way: where it arrived)."""
    for number in chain.by_id(chain.nodes):
        node = chain.nodes[number]
        if not isinstance(node, Holding):
            continue
        sender = chain.sender[number]
        if holder(node):
            yield from _direct(chain, number, node)
        elif receivers := _receivers(chain, number) - {sender}:
            receiver = receivers.pop() if len(receivers) == 1 else NOBODY
            yield Delivery(number, node.unit, sender, receiver, node.since, chain.volume(node.quantity))


def _receivers(chain: Chain, number: int) -> set[str]:
    """Who got what was on the way: those who certainly did, else those who may have. Of goods that were never taken out
    of their container, whoever had that last."""
    confirmed = chain.trail.legs.confirmed
    legs = chain.out.get(number, ())
    found = {True: set[str](), False: set[str]()}
    for leg, target in legs:
        if name := holder(chain.nodes[target]):
            found[confirmed[leg]].add(name)
    if not legs and number in chain.spots:
        held = [one.holding for one in chain.spots[number] if one.confirmed and holder(one.holding)]
        return {holder(max(held, key=lambda holding: (holding.since, holding.id)))} if held else set()
    return found[True] or found[False]


def _direct(chain: Chain, number: int, node: Holding) -> Iterator[Delivery]:
    """What came straight from another organisation's stay, as the only inflow."""
    legs = [(leg, source) for leg, source in chain.into.get(number, ()) if chain.trail.legs.rule[leg] != CARRIED]
    senders = {holder(chain.nodes[source]) for _, source in legs} - {NOBODY, holder(node)}
    if len(senders) == 1:
        alone = len(legs) == len(chain.into[number])
        volume = chain.volume(node.quantity) if alone else None
        yield Delivery(number, node.unit, senders.pop(), holder(node), node.since, volume)
