"""ASI-S0.1-SYSTEM: the system of sourcing, accounting and transfer is documented, with named responsibilities.

Source: ASI chain-of-custody overview, 1.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.finding import Found
from tracegraph.claims.management import documented, horizon
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World
from tracegraph.schemes.asi_coc.reading import parties


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each organisation under the scheme, and each topic."""
    for party in parties(world, parameters):
        for topic in parameters.words("system_topics"):
            yield documented(world, topic, party, horizon(world))
