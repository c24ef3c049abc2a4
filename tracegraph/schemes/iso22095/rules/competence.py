"""ISO22095-6.4-COMPETENCE: each person who affects chain of custody has a record of competence.

Source: ISO 22095:2020, 6.4.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.finding import Found
from tracegraph.claims.management import horizon, instructed, organisations
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each organisation that declares a model, and each of its persons on record."""
    for party in organisations(world):
        yield from instructed(world, "competence", party, horizon(world))
