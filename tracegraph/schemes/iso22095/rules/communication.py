"""ISO22095-6.12-COMMS: requirements are communicated to staff and suppliers, and the parties of the chain can read what
they need.

Source: ISO 22095:2020, 6.12.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.finding import Found
from tracegraph.claims.management import covered, horizon, organisations
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each organisation that declares a model."""
    for party in organisations(world):
        yield covered(world, "communication", party, parameters.words("communication_aspects"), horizon(world))
