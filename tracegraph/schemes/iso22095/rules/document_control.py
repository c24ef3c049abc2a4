"""ISO22095-6.6.2-CONTROL: documented information has rules for access, protection, storage, versions, retention and
editors.

Source: ISO 22095:2020, 6.6.2.
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
        yield covered(world, "document_control", party, parameters.words("control_aspects"), horizon(world))
