"""A snapshot in which goods without a lot number may be of the lots that were there: the graph of the records, and the
legs that a named assumption adds. Whatever asks it (a trace, its shares, its lists) sees one graph."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from tracegraph.model.custody import PlaceKind
from tracegraph.stores.flow import Flow
from tracegraph.stores.port import Direction, Legs, Onwards
from tracegraph.trace.infer.modes import Mode
from tracegraph.trace.infer.stocks import Inferred, by_node, inferred
from tracegraph.trace.reach import append_legs, select_legs
from tracegraph.trace.snapshot import Snapshot


@dataclass(slots=True)
class Inference:
    """What was inferred so far, each stock once. `numberless`: by product, whether goods of it without a lot number are
    known; `forward`, `backward`: inferred legs by the node they leave, or lead to."""

    mode: Mode
    numberless: dict[str, bool] = field(default_factory=dict)
    stocks: set[tuple[str, str]] = field(default_factory=set)
    looked: set[int] = field(default_factory=set)
    forward: dict[int, list[Inferred]] = field(default_factory=dict)
    backward: dict[int, list[Inferred]] = field(default_factory=dict)

    def look(self, snapshot: Snapshot, nodes: Iterable[int]) -> None:
        """Replay the stocks that the nodes are in."""
        new = set(nodes) - self.looked
        if not new:
            return
        self.looked |= new
        found = snapshot.describe(new)
        products = {unit: row.product for unit, row in found.units.items() if row.product is not None}
        self._ask(snapshot, set(products.values()) - self.numberless.keys())
        for holding in found.holdings.values():
            product = products.get(holding.unit, "")
            stock = (holding.place.id, product)
            if holding.place.kind is PlaceKind.SITE and self.numberless.get(product) and stock not in self.stocks:
                self._replay(snapshot, *stock)

    def _ask(self, snapshot: Snapshot, products: Collection[str]) -> None:
        known = {row.key for row in snapshot.units(keys=sorted(products))} if products else set()
        self.numberless |= {product: product in known for product in products}

    def _replay(self, snapshot: Snapshot, site: str, product: str) -> None:
        self.stocks.add((site, product))
        forward, backward = by_node(inferred(snapshot, site, product, self.mode))
        for kept, more in ((self.forward, forward), (self.backward, backward)):
            for node, legs in more.items():
                kept.setdefault(node, []).extend(legs)

    def legs(self, nodes: Iterable[int], direction: Direction) -> list[Inferred]:
        """The inferred legs that leave (backward: enter) the nodes, of stocks that were looked at."""
        of = self.forward if direction == "forward" else self.backward
        return [leg for node in sorted(set(nodes)) for leg in of.get(node, ())]


@dataclass(frozen=True, slots=True)
class Inferring(Snapshot):
    """`inference`: what the assumption adds. Slots forbid `super()`, so what the records say is asked by name."""

    inference: Inference = field(default_factory=lambda: Inference(Mode("fifo")))

    @classmethod
    def over(cls, plain: Snapshot, mode: Mode) -> Inferring:
        """The same snapshot under an assumption."""
        return cls(plain.store, plain.position, plain.head, plain.known, plain.counted, Inference(mode))

    def reach(self, starts: Sequence[int], direction: Direction, confirmed_only: bool = False) -> Legs:
        """Every leg on some path from the starts. Nothing that is inferred is confirmed."""
        legs = Snapshot.reach(self, starts, direction, confirmed_only)
        if confirmed_only:
            return legs
        nodes = {*starts, *legs.source, *legs.target}
        waiting, known = nodes, set(zip(legs.source, legs.target, legs.event, legs.rule, strict=True))
        while waiting:
            self.inference.look(self, waiting)
            extra = _as_legs(self.inference.legs(waiting, direction))
            ahead = set(extra.target if direction == "forward" else extra.source) - nodes
            more = Snapshot.reach(self, sorted(ahead), direction) if ahead else Legs()
            append_legs(extra, more)
            new = select_legs(extra, lambda number: _key(extra, number) not in known)  # noqa: B023 (called at once)
            known.update(zip(new.source, new.target, new.event, new.rule, strict=True))
            append_legs(legs, new)
            waiting = {*ahead, *new.source, *new.target} - nodes
            nodes |= waiting
        return legs

    def legs(self, nodes: Sequence[int], direction: Direction, confirmed_only: bool = False) -> Legs:
        """The legs that leave (backward: enter) the nodes."""
        found = Snapshot.legs(self, nodes, direction, confirmed_only)
        if not confirmed_only:
            self.inference.look(self, {*nodes, *found.source})
            append_legs(found, _as_legs(self.inference.legs(nodes, direction)))
        return found

    def flow(self, starts: Collection[int]) -> Flow | None:
        """Nothing: what a store tells of a flow leaves out what is inferred."""
        return None

    def onwards(self, nodes: Collection[int]) -> Onwards:
        """What leads on from the nodes, certainly or possibly."""
        found = Snapshot.onwards(self, nodes)
        self.inference.look(self, nodes)
        extra = self.inference.legs(nodes, "forward")
        joints = {row.node for row in self.joints({leg.target for leg in extra})}
        for leg in extra:
            found.note(leg.source, leg.instant, leg.target in joints)
        return found

    def links(self, nodes: Collection[int]) -> list[tuple[int, int, bool]]:
        """The legs that leave the nodes as (source, target, confirmed)."""
        self.inference.look(self, nodes)
        more = self.inference.legs(nodes, "forward")
        return Snapshot.links(self, nodes) + [(leg.source, leg.target, False) for leg in more]


def _key(legs: Legs, number: int) -> tuple[int, int, str, str]:
    return legs.source[number], legs.target[number], legs.event[number], legs.rule[number]


def _as_legs(extra: Sequence[Inferred]) -> Legs:
    """As columns; all of them possible."""
    return Legs(
        [leg.source for leg in extra],
        [leg.target for leg in extra],
        [leg.event for leg in extra],
        [leg.rule for leg in extra],
        [False] * len(extra),
        [leg.cost for leg in extra],
        [leg.instant for leg in extra],
    )
