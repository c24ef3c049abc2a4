"""ASI-S0.5-DOCS: records are kept at least as long as the scheme asks.

Source: ASI chain-of-custody overview, 5; the number of months is a parameter.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.finding import Found
from tracegraph.claims.management import horizon, kept
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World
from tracegraph.schemes.asi_coc.reading import parties


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each organisation under the scheme."""
    for party in parties(world, parameters):
        yield kept(world, party, parameters.number("retention_months"), horizon(world))
