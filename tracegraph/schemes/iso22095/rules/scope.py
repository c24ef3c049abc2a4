"""ISO22095-6.2-SCOPE: scope, persons, procedures and templates of the chain of custody are on record.

Source: ISO 22095:2020, 6.2.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.finding import Found
from tracegraph.claims.management import documented, horizon, organisations
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each organisation that declares a model, and each topic."""
    for party in organisations(world):
        for topic in parameters.words("scope_topics"):
            yield documented(world, topic, party, horizon(world))
