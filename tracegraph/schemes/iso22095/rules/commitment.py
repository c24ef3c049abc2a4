"""ISO22095-6.3-COMMIT: the commitment of the organisation is recorded and public.

Source: ISO 22095:2020, 6.3.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.finding import Found
from tracegraph.claims.management import horizon, organisations, published
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each organisation that declares a model."""
    for party in organisations(world):
        yield published(world, "commitment", party, horizon(world))
