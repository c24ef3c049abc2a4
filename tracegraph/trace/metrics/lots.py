"""Dispersion and recall cost of the raw lots of a chain."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from tracegraph.model.custody import Holding, Joint
from tracegraph.trace.metrics.chain import Chain
from tracegraph.trace.metrics.choice import Choice
from tracegraph.trace.metrics.dispersion import dispersion
from tracegraph.trace.metrics.figures import Table, amount, ratio


def dispersion_of_lots(chain: Chain, choice: Choice) -> Table:
    """A row for each raw lot (one that was used and not made here), the dearest to recall first; `finished`: how many
    raw lots are in each lot that was made and not used."""
    begun, made, used = _begun(chain), _made(chain), _used(chain)
    inside = {
        unit: {
            chain.units[node]
            for node in chain.reached(begun.get(unit, ()))
            if chain.units.get(node) in made and chain.units[node] not in used
        }
        for unit in sorted(used - made)
    }
    volumes = {unit: _volume(chain, begun.get(unit, [])) for unit in {*inside, *made}}
    known = {unit: volume for unit, volume in volumes.items() if volume is not None}
    found = dispersion(inside, known, known)
    rows = [
        {"id": unit, "finished": found.downward[unit], "volume": amount(known.get(unit)), "cost": amount(cost)}
        for unit, cost in sorted(found.cost.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    about = {
        "links": found.total,
        "worst": amount(found.worst),
        "average": ratio(found.average),
        "average_weighted": ratio(found.weighted),
        "finished": [{"id": unit, "raw": found.upward[unit]} for unit in sorted(found.upward)],
        "without_volume": len(volumes) - len(known),
    }
    return Table(rows, about)


def _begun(chain: Chain) -> dict[str, list[int]]:
    """The nodes at which goods of each unit are first seen: made, born or of unknown origin."""
    found: dict[str, list[int]] = defaultdict(list)
    for number in chain.by_id(chain.units):
        sources = chain.sources.get(number, ())
        if not sources or any(isinstance(chain.nodes[source], Joint) for source in sources):
            found[chain.units[number]].append(number)
    return found


def _made(chain: Chain) -> set[str]:
    """Units that came out of a transformation."""
    return {
        chain.units[number]
        for number in chain.units
        if any(isinstance(chain.nodes[source], Joint) for source in chain.sources.get(number, ()))
    }


def _used(chain: Chain) -> set[str]:
    """Units that went into one."""
    return {
        chain.units[number]
        for number in chain.units
        if any(isinstance(chain.nodes[target], Joint) for _, target in chain.out.get(number, ()))
    }


def _volume(chain: Chain, begun: list[int]) -> Fraction | None:
    """How much of a unit there was in the beginning (None: not known)."""
    volumes = [chain.volume(node.quantity) for number in begun if isinstance(node := chain.nodes[number], Holding)]
    return None if not volumes or None in volumes else sum((one for one in volumes if one is not None), Fraction(0))
