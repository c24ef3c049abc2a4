"""The shares of an answer: for each reached holding and unit, as they stand in the envelope.

Forward, a share is the part of what was reached that derives from the start; backward, the part of the start that
derives from what was reached. So the share from one lot to another is the same number in both traces.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from tracegraph.stores.port import Direction
from tracegraph.trace.reach import Node, Reached, Starts, reach
from tracegraph.trace.shares.kernels import Mixed, Part, mix_backward, mix_forward
from tracegraph.trace.shares.mixtures import Mixtures
from tracegraph.trace.shares.network import Network, network
from tracegraph.trace.shares.rounding import DIGITS, above, below, nearest
from tracegraph.trace.snapshot import Snapshot

Share = dict[str, str | None]

#: Whose part a share is, by the direction of the trace.
WHOLE: dict[Direction, str] = {"forward": "reached", "backward": "start"}
#: Nodes from which on the network is made as arrays; loading numpy costs as much as some thousand nodes do otherwise.
WIDE = 5_000
OF_START = Part(1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares by node number and by unit key, ready to be listed; `about` is what the answer says of all of them."""

    nodes: Mapping[int, Share]
    units: Mapping[str, Share]
    about: Mapping[str, str | int | bool]


def shares(snapshot: Snapshot, starts: Starts, part: Reached, confirmed_only: bool) -> Shares:
    """The shares of everything that was reached. What may have mixed counts too where the question follows only what
    certainly did, for else the bounds would not hold."""
    if confirmed_only:
        part = reach(snapshot, starts, part.direction)
    made = network_of(snapshot, starts, part)
    mix = mix_forward if part.direction == "forward" else mix_backward
    any_loss, even_loss = mix(made, False), mix(made, True)
    return Shares(
        _of_nodes(made, part, any_loss, even_loss),
        _of_units(made, part, any_loss, even_loss),
        {"approximate": True, "digits": DIGITS, "of": WHOLE[part.direction]},
    )


def network_of(snapshot: Snapshot, starts: Starts, part: Reached) -> Network:
    """The mixtures of the reached nodes as columns. What left a start before the asked window is not of the start;
    where goods of a start came there by another way, it may be."""
    nodes = part.nodes
    if len(nodes) >= WIDE and "numba" in sys.modules:
        from tracegraph.trace.shares.arrays import flowed_network

        flowed = flowed_network(snapshot, starts, part)
        if flowed is not None:
            return flowed
    legs = snapshot.legs(sorted(nodes), "backward") if part.direction == "forward" else part.legs
    early = starts.early if part.direction == "forward" else {}
    before = [
        number
        for number, (source, instant) in enumerate(zip(legs.source, legs.instant, strict=True))
        if source in early and instant < early[source]
    ]
    late = part.late.since
    dropped = [number for number in before if legs.source[number] not in late]
    open_ones = [number for number in before if legs.source[number] in late]
    if len(nodes) >= WIDE and part.starts and not open_ones:
        from tracegraph.trace.shares.wide import wide_network

        return wide_network(snapshot, nodes, legs, dropped, part.starts, part.direction)
    mixtures = Mixtures(snapshot, nodes, legs, dropped, open_ones).all()
    return network(mixtures, part.starts, lambda node: _name(nodes[node]), part.direction)


def _name(node: Node) -> str:
    return node.id


def _of_nodes(made: Network, part: Reached, any_loss: Mixed, even_loss: Mixed) -> dict[int, Share]:
    shares = list(map(_share, any_loss.nodes, even_loss.nodes))
    found = {node: shares[place] for node, place in made.place.items()}
    return found | dict.fromkeys(part.starts, _share(OF_START, OF_START))


def _of_units(made: Network, part: Reached, any_loss: Mixed, even_loss: Mixed) -> dict[str, Share]:
    """Backward, a unit of which a start is a holding is the start's only source."""
    found = {
        unit: _share(one, other) for unit, one, other in zip(made.units, any_loss.units, even_loss.units, strict=True)
    }
    if part.direction == "backward":
        begun = {node.unit for number in part.starts if hasattr(node := part.nodes[number], "unit")}
        found |= {unit: _share(OF_START, OF_START) for unit in begun}
    return found


@lru_cache(maxsize=1 << 12)
def _share(any_loss: Part, even_loss: Part) -> Share:
    """As it stands in the answer; the same goods often lie in many places."""
    known = any_loss.share == any_loss.share
    return {
        "attributed": nearest(any_loss.share) if known else None,
        "min": below(any_loss.least),
        "max": above(any_loss.most),
        "min_even_loss": below(max(any_loss.least, even_loss.least)),
        "max_even_loss": above(min(any_loss.most, even_loss.most)),
    }
