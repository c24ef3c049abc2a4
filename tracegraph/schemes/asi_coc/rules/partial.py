"""ASI-NO-PARTIAL: what is sold as certified is wholly certified; no unit is claimed at a part of a hundred percent.

Source: the scheme's public pages on claims.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tracegraph.claims.finding import Found, failed, missing, passed
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World

WHOLE = Decimal(100)


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each claim under the scheme."""
    for scheme in parameters.words("schemes"):
        for claim in world.by("claim", "scheme", scheme):
            yield _whole(claim)


def _whole(claim: Row) -> Found:
    percent, quantity, total = (claim.number(name) for name in ("percent", "quantity", "total"))
    if percent is None and quantity is not None and total:
        percent = quantity / total * WHOLE
    words = {"claim": claim.id}
    if percent is None:
        return missing(claim, words=words, evidence=(claim,))
    say = passed if percent == WHOLE else failed
    return say(claim, words={**words, "percent": percent}, observed=percent, limit=WHOLE, evidence=(claim,))
