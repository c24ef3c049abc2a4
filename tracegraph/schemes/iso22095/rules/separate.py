"""ISO22095-5.3.1-SEPARATE: goods under identity preservation or segregation share no container and no line with others.

Source: ISO 22095:2020, 5.3.1.2 a and b, 5.3.2.2. Identity preserved goods keep apart from every other lot, segregated
ones from lots without the same characteristic set; what was used before needs a documented cleaning.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.carrying import carriers
from tracegraph.claims.custody import Custody, Upstream
from tracegraph.claims.finding import Found, failed, missing, passed
from tracegraph.claims.missing_hop import each_traced, untraced
from tracegraph.claims.models import Model
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.separation import separation
from tracegraph.claims.world import World

MODELS = (Model.IDENTITY_PRESERVED, Model.SEGREGATED)


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each claim of these models."""
    return each_traced(world, MODELS, _judged)


def _judged(world: World, custody: Custody, claim: Row, upstream: Upstream) -> Found:
    apart = separation(world, custody, upstream.units, upstream.units)
    strict = claim.text("model") == Model.IDENTITY_PRESERVED
    met = [one for one in apart.meetings if strict or not carriers(world, one.other, claim)]
    words = {"claim": claim.id, "goods": upstream.unit}
    if met:
        first = met[0]
        told = words | {"unit": first.unit, "other": first.other, "place": first.place, "count": str(len(met))}
        evidence = (claim, *(one.shown() for one in met), *(row for one in met for row in one.records))
        case = "after" if first.after else "fail"
        return failed(claim, case=case, words=told, observed=str(len(met)), limit="0", evidence=evidence)
    if upstream.gap is not None:
        return untraced(claim, upstream)
    if apart.unplaced:
        return missing(claim, words=words | {"unit": apart.unplaced[0]}, evidence=(claim,))
    return passed(claim, words=words, observed="0", limit="0", evidence=(claim,))
