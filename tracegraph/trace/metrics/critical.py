"""Critical traceability points: where the records stop saying which goods went where.

So the literature on traceability calls places where information is lost: lots are joined, topped up, repacked or moved
without a scan. Here a link is lost where it has to be inferred: between an input and an output of a transformation that
has several of both, between what came into and what left a stay that several came into and left, and where a leg is
only possible. The loss at a point is its inferred links times the volume that passes them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

from tracegraph.model.custody import Holding, Joint
from tracegraph.trace.envelope import Json
from tracegraph.trace.metrics.chain import ZERO, Chain
from tracegraph.trace.metrics.choice import Choice
from tracegraph.trace.metrics.figures import Table, amount
from tracegraph.trace.metrics.moves import NONE, last_places


@dataclass(slots=True)
class Lost:
    """What one point loses: inferred links by kind, the volume that passes them, and both multiplied."""

    links: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    volume: Fraction = ZERO
    loss: Fraction = ZERO

    def add(self, kind: str, links: int, volume: Fraction) -> None:
        """So many more links."""
        self.links[kind] += links
        self.volume += volume
        self.loss += links * volume


def critical_points(chain: Chain, choice: Choice) -> Table:
    """A row for each site or organisation, or each stay or transformation, that has inferred links; greatest loss
    first. Where an amount is not known, its links count and its volume does not."""
    was = last_places(chain, chain.parties if choice.rows_by == "party" else chain.sites)
    found: dict[str, Lost] = defaultdict(Lost)
    unknown = 0
    for number in chain.by_id(chain.nodes):
        for kind, links in _inferred(chain, number).items():
            volume = _passing(chain, number)
            unknown += volume is None
            names = (chain.names[number],) if choice.rows_by == "node" else was.get(number, NONE)
            for name in names:
                found[name].add(kind, links, volume or ZERO)
    rows = [_row(name, lost) for name, lost in found.items()]
    rows.sort(key=lambda row: (-Fraction(row["loss"]), -row["links"], row["id"]))
    return Table(rows, {"inferred_links": sum(row["links"] for row in rows), "without_volume": unknown})


def _row(name: str, lost: Lost) -> Json:
    kinds = dict(sorted(lost.links.items()))
    told = {"id": name, "loss": amount(lost.loss), "links": sum(kinds.values()), "volume": amount(lost.volume)}
    return {**told, "kinds": kinds}


def _inferred(chain: Chain, number: int) -> dict[str, int]:
    """How many links have to be inferred at a node, by kind: `mixed`, `pooled` and `possible`."""
    confirmed = chain.trail.legs.confirmed
    into = chain.into.get(number, ())
    several = len({source for _, source in into}), len({target for _, target in chain.out.get(number, ())})
    found = {"possible": sum(not confirmed[leg] for leg, _ in into)}
    if min(several) > 1:
        kind = "mixed" if isinstance(chain.nodes[number], Joint) else "pooled"
        found[kind] = several[0] * several[1]
    return {kind: links for kind, links in found.items() if links}


def _passing(chain: Chain, number: int) -> Fraction | None:
    """The volume of a stay; of a transformation that of what it made. None where it is not known."""
    node = chain.nodes[number]
    if isinstance(node, Holding):
        return chain.volume(node.quantity)
    made = [chain.nodes[target] for target in {target for _, target in chain.out.get(number, ())}]
    volumes = [chain.volume(one.quantity) for one in made if isinstance(one, Holding)]
    return None if not volumes or None in volumes else sum((one for one in volumes if one is not None), ZERO)
