"""ISO22095-5.4.1-ISOLATE: a blended product stays apart from other goods after blending.

Source: ISO 22095:2020, 5.4.1.2.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.custody import Custody, Upstream
from tracegraph.claims.finding import Found, failed, missing, passed
from tracegraph.claims.missing_hop import each_traced
from tracegraph.claims.models import Model
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.separation import separation
from tracegraph.claims.world import World


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each claim of controlled blending."""
    return each_traced(world, (Model.CONTROLLED_BLENDING,), _judged)


def _judged(world: World, custody: Custody, claim: Row, upstream: Upstream) -> Found:
    blended = frozenset({upstream.unit})
    apart = separation(world, custody, blended, blended)
    met = [one for one in apart.meetings if not one.after and not _went_in(upstream, one.other)]
    words = {"claim": claim.id, "goods": upstream.unit}
    if met:
        told = words | {"other": met[0].other, "place": met[0].place, "count": str(len(met))}
        evidence = (claim, *(one.shown() for one in met), *(row for one in met for row in one.records))
        return failed(claim, words=told, observed=str(len(met)), limit="0", evidence=evidence)
    if apart.unplaced:
        return missing(claim, words=words, evidence=(claim,))
    return passed(claim, words=words, observed="0", limit="0", evidence=(claim,))


def _went_in(upstream: Upstream, other: str) -> bool:
    """What the blend was made of lay with it at the moment of blending."""
    return other in upstream.units
