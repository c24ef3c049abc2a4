"""Where the goods of each node began: how many events and organisations ago, and with whom; in proportion to amounts.

Mixtures (trace.shares.mixtures) say how much of what came into a node. Where an amount is not known, what came in
counts alike, and the result says that it is not weighted. Arithmetic is float64 in an order that ids decide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from tracegraph.trace.shares.mixtures import Inflow, Mixture

#: Organisations ago, and with whom the goods began (empty: the records do not say).
Origin = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Beginnings:
    """`least`, `mean`, `most`: events since the goods began; `instant`: when they did, on the mean; `origins`: parts of
    the goods by organisations ago and with whom they began; `weighted`: every amount was known."""

    least: int
    mean: float
    most: int
    instant: float
    origins: Mapping[Origin, float]
    weighted: bool = True

    def later(self, events: int, organisations: int) -> Beginnings:
        """The same goods so many events and organisations on."""
        if not events and not organisations:
            return self
        moved = {(tier + organisations, origin): part for (tier, origin), part in self.origins.items()}
        return Beginnings(
            self.least + events, self.mean + events, self.most + events, self.instant, moved, self.weighted
        )


@dataclass(frozen=True, slots=True)
class Passage:
    """What lies between two nodes: `events` and `organisations` (0 or 1 each), for (source, target)."""

    events: Callable[[int, int], int]
    organisations: Callable[[int, int], int]


def beginnings(
    mixtures: Mapping[int, Mixture],
    order: Sequence[Collection[int]],
    passage: Passage,
    begin: Callable[[int], tuple[str, int]],
) -> dict[int, Beginnings]:
    """For each node. `order`: knots of nodes that flow into each other (mostly single ones), each behind its sources;
    `begin`: the origin that goods have which begin at a node (empty: unknown), and the instant."""
    found: dict[int, Beginnings] = {}
    for knot in order:
        parts = [part for node in knot for part in _parts(node, mixtures[node], knot, found, passage, begin)]
        alone = len(knot) == 1 and all(mixtures[node].addable for node in knot)
        together = _mixed(parts, alone) if parts else _new(("", begin(min(knot))[1]))
        found.update(dict.fromkeys(knot, together))
    return found


Part = tuple[float | None, Beginnings]


def _parts(
    node: int,
    mixture: Mixture,
    knot: Collection[int],
    found: Mapping[int, Beginnings],
    passage: Passage,
    begin: Callable[[int], tuple[str, int]],
) -> list[Part]:
    """What came into a node from outside its knot."""
    if not mixture.inflows:
        return [(None, _new(begin(node)))]
    parts: list[Part] = []
    for inflow in mixture.inflows:
        outside = [source for source in inflow.sources if source not in knot]
        if inflow.amount == 0 or (inflow.sources and not outside):
            continue
        parts.append((_amount(inflow), _of_inflow(node, outside, found, passage, begin)))
    return parts


def _of_inflow(
    node: int,
    sources: Sequence[int],
    found: Mapping[int, Beginnings],
    passage: Passage,
    begin: Callable[[int], tuple[str, int]],
) -> Beginnings:
    """Of goods that came together; several sources that they may have come from count alike."""
    if not sources:
        return _new(begin(node))
    come = [
        found[source].later(passage.events(source, node), passage.organisations(source, node)) for source in sources
    ]
    return come[0] if len(come) == 1 else _mixed([(None, one) for one in come], True)


def _amount(inflow: Inflow) -> float | None:
    return None if inflow.amount is None else float(inflow.amount)


def _new(begun: tuple[str, int]) -> Beginnings:
    origin, instant = begun
    return Beginnings(0, 0.0, 0, float(instant), {(0, origin): 1.0})


def _mixed(parts: Sequence[Part], addable: bool) -> Beginnings:
    """Mixed in proportion; where an amount is not known or they cannot be added, alike."""
    if len(parts) == 1:
        return parts[0][1]
    amounts = [amount for amount, _ in parts if amount is not None]
    weighted = addable and len(amounts) == len(parts)
    weights = amounts if weighted else [1.0] * len(parts)
    whole = sum(weights)
    origins: dict[Origin, float] = defaultdict(float)
    mean = instant = 0.0
    for weight, (_, part) in zip(weights, parts, strict=True):
        mean += weight / whole * part.mean
        instant += weight / whole * part.instant
        for origin, share in part.origins.items():
            origins[origin] += weight / whole * share
    return Beginnings(
        min(part.least for _, part in parts),
        mean,
        max(part.most for _, part in parts),
        instant,
        dict(sorted(origins.items())),
        weighted and all(part.weighted for _, part in parts),
    )
