"""Dominators: the sites, organisations, units or products that all ways to what ended behind them pass.

Exposure is the part of the volume that ended behind one; a super-source stands before all places where goods begin, so
that goods with two independent origins have no origin that is a single point of failure.
"""

from __future__ import annotations

from tracegraph.trace.metrics.chain import ZERO, Chain
from tracegraph.trace.metrics.choice import Choice
from tracegraph.trace.metrics.figures import Table, amount, share
from tracegraph.trace.metrics.must_pass import Labels, exposures, must_pass


def single_points(chain: Chain, choice: Choice) -> Table:
    """A row for each of what `choice.by` names behind which something ended, the largest exposure first."""
    ends = chain.ends
    passed = must_pass(chain.order, chain.sources, chain.roots, labels(chain, choice.rows_by))
    whole = sum((volume for node, volume in ends.items() if node in passed), ZERO)
    found = sorted(exposures(passed, ends).items(), key=lambda pair: (-pair[1].volume, pair[0]))
    rows = [
        {"id": name, "exposure": share(one.volume, whole), "volume": amount(one.volume), "ends": one.ends}
        for name, one in found
    ]
    return Table(rows, {"volume": amount(whole), "ends": len(ends)})


def labels(chain: Chain, by: str) -> dict[int, Labels]:
    """What each node is of."""
    match by:
        case "site":
            return chain.sites
        case "party":
            return chain.parties
        case "unit":
            return {number: frozenset((unit,)) for number, unit in chain.units.items()}
    return {number: frozenset((chain.product(unit),)) for number, unit in chain.units.items()}
