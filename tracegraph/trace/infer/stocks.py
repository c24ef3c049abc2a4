"""The arrivals and departures of one product at one site, as the graph tells them, and the legs that a mode infers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple, TypeVar

from tracegraph.model.custody import Holding, PlaceKind
from tracegraph.stores.port import HoldingQuery, Legs
from tracegraph.trace.answer import CARRIED
from tracegraph.trace.infer.modes import Mode
from tracegraph.trace.infer.replay import Arrival, Departure, replay
from tracegraph.trace.reach import Node, fetch_nodes
from tracegraph.trace.shares.mixtures import INFERRED, Mixture, Mixtures, added
from tracegraph.trace.snapshot import Snapshot

#: Stays that no record shows: later goods needed them.
NEEDED = frozenset({"implied", "overdraft"})


class Inferred(NamedTuple):
    """A leg that the assumption adds: from a holding at the site to what the goods left in. `amount` in the base unit
    of `dimension` (None: nobody knows)."""

    source: int
    target: int
    event: str
    rule: str
    cost: int
    instant: int
    amount: Fraction | None
    dimension: str


@dataclass(slots=True)
class _Stock:
    """`held`: the product's holdings at the site; `legs`: every leg from them and into them and what they left in;
    `mixtures`: what flowed into each; `carried`: the next holding of what was left."""

    held: Mapping[int, Holding]
    nodes: Mapping[int, Node]
    out: Legs
    mixtures: Mapping[int, Mixture]
    carried: Mapping[int, int]


def inferred(snapshot: Snapshot, site: str, product: str, mode: Mode) -> list[Inferred]:
    """The legs inferred at one site for one product, whose key is that of the unit without a lot number."""
    stock = _read(snapshot, site, product)
    came = _arrivals(stock, product)
    left = _departures(stock, product)
    measure = next((dimension for *_, dimension in (*came, *left) if dimension), "")
    links = replay(
        [_measured(arrival, dimension, measure) for _, arrival, dimension in came],
        [_measured(departure, dimension, measure) for _, departure, dimension in left],
        mode,
        product,
    )
    return _together(
        left[link.departure][0]._replace(
            source=_pool_at(stock, came[link.arrival][0], left[link.departure][0].instant),
            amount=link.amount,
            dimension=measure,
        )
        for link in links
    )


def _pool_at(stock: _Stock, node: int, instant: int) -> int:
    """The holding that goods had been carried into by then: those of one lot at one place are one pool."""
    for _ in stock.carried:
        following = stock.carried.get(node)
        if following is None or stock.held[following].since > instant:
            break
        node = following
    return node


def _together(legs: Iterable[Inferred]) -> list[Inferred]:
    """What one pool gave to one departure, as one leg."""
    found: dict[tuple[int, int, str], Inferred] = {}
    for leg in legs:
        before = found.get((leg.source, leg.target, leg.event))
        amount = leg.amount if before is None else added([before.amount, leg.amount])
        found[leg.source, leg.target, leg.event] = leg._replace(amount=amount)
    return list(found.values())


def _read(snapshot: Snapshot, site: str, product: str) -> _Stock:
    """Plain records only: what is inferred elsewhere changes no stock."""
    rows = snapshot.holdings(HoldingQuery(products=[product], sites=[site]))
    held = {row.node: row.holding for row in rows}
    out = Snapshot.legs(snapshot, sorted(held), "forward")
    nodes: dict[int, Node] = {**held, **fetch_nodes(snapshot, set(out.target) - held.keys())}
    into = Snapshot.legs(snapshot, sorted(nodes), "backward")
    carried = {
        source: target
        for source, target, rule in zip(out.source, out.target, out.rule, strict=True)
        if rule == CARRIED and target in held
    }
    return _Stock(held, nodes, out, Mixtures(snapshot, nodes, into).all(), carried)


def _arrivals(stock: _Stock, product: str) -> list[tuple[int, Arrival, str]]:
    """What came to the site, with its node and dimension. What is only needed of the unit without a number is what is
    to be inferred."""
    found = []
    for node, holding in stock.held.items():
        shown = holding.role not in NEEDED
        if holding.unit == product and not shown:
            continue
        for inflow in stock.mixtures[node].inflows:
            if not inflow.carried:
                amount = inflow.amount if (shown and not inflow.doubtful) or holding.unit == product else None
                found.append((node, Arrival(holding.since, holding.id, holding.unit, amount, shown), inflow.dimension))
    return sorted(found, key=lambda one: one[1].name)


def _departures(stock: _Stock, product: str) -> list[tuple[Inferred, Departure, str]]:
    """What left the site, each once, as a leg without a source. What only may have left with a number is passed over;
    what has none is never more than possible."""
    groups: dict[tuple[int, str, str], list[int]] = defaultdict(list)
    out = stock.out
    for number, (source, target, event) in enumerate(zip(out.source, out.target, out.event, strict=True)):
        unit = stock.held[source].unit
        if out.rule[number] != CARRIED and _leaves(stock.nodes[target]) and (out.confirmed[number] or unit == product):
            groups[target, event, unit].append(number)
    found = []
    for (target, event, unit), numbers in groups.items():
        amount, dimension = _amount(stock.mixtures[target], {out.source[number] for number in numbers})
        first = numbers[0]
        leg = Inferred(0, target, event, INFERRED, out.cost[first], out.instant[first], None, "")
        name = f"{stock.nodes[target].id} {event} {unit}"
        found.append((leg, Departure(leg.instant, name, unit, amount), dimension))
    return sorted(found, key=lambda one: one[1].name)


def _leaves(node: Node) -> bool:
    """Is it somewhere else than where goods simply are? A receipt that may be of this stock took nothing from it."""
    return not isinstance(node, Holding) or node.place.kind in (PlaceKind.TRANSIT, PlaceKind.CONTAINER, PlaceKind.SINK)


def _amount(mixture: Mixture, sources: set[int]) -> tuple[Fraction | None, str]:
    """How much of these sources went into a node, where one amount says it."""
    found = [inflow for inflow in mixture.inflows if sources.intersection(inflow.sources)]
    return (found[0].amount, found[0].dimension) if len(found) == 1 else (None, "")


Flow = TypeVar("Flow", Arrival, Departure)


def _measured(flow: Flow, dimension: str, measure: str) -> Flow:
    """With its amount unknown where it is of another dimension than the others."""
    return flow if dimension == measure else flow._replace(amount=None)


def by_node(legs: Sequence[Inferred]) -> tuple[dict[int, list[Inferred]], dict[int, list[Inferred]]]:
    """The legs by what they leave, and by what they lead to."""
    forward: dict[int, list[Inferred]] = defaultdict(list)
    backward: dict[int, list[Inferred]] = defaultdict(list)
    for leg in legs:
        forward[leg.source].append(leg)
        backward[leg.target].append(leg)
    return forward, backward
