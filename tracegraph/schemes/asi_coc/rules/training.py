"""ASI-S0.6-TRAINING: each person who affects chain of custody has a training record.

Source: ASI chain-of-custody overview, 6.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.finding import Found
from tracegraph.claims.management import horizon, instructed
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World
from tracegraph.schemes.asi_coc.reading import parties


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each organisation under the scheme, and each of its persons on record."""
    for party in parties(world, parameters):
        yield from instructed(world, "training", party, horizon(world))
