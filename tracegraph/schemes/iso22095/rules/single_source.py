"""ISO22095-5.3.1-SINGLE-SOURCE: what is identity preserved comes from one recorded source, whatever it was merged with.

Source: ISO 22095:2020, 5.3.1. All that leads to the unit counts: merges and rework as the custody graph has them, and
what the register of its vessel says was filled in, heel included. A second source that the records show is a violation;
one that they leave open, or a hop that is missing, is no pass.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.custody import Custody, Origin, Upstream
from tracegraph.claims.finding import Evidence, Found, failed, missing, passed
from tracegraph.claims.missing_hop import untraced
from tracegraph.claims.models import Model
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.vessel import departures, fillings_before
from tracegraph.claims.world import World

#: An origin, and the goods whose way back it was found on.
Way = tuple[Origin, Upstream]


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each claim of identity preserved goods."""
    of = parameters.text("source_is")
    for claim in world.by("claim", "model", Model.IDENTITY_PRESERVED.value):
        upstream = world.upstream(claim)
        if world.custody is None or upstream is None:
            yield untraced(claim, None)
        else:
            yield _judged(world.custody, claim, upstream, _filled(world, claim), of)


def _filled(world: World, claim: Row) -> list[Row]:
    """The entries by which the vessels were filled that the goods left."""
    return [row for departure in departures(world, claim) for row in fillings_before(world, departure)]


def _judged(custody: Custody, claim: Row, upstream: Upstream, filled: list[Row], of: str) -> Found:
    others = [custody.upstream(row.text("goods")) if row.given("goods") else None for row in filled]
    ways = [upstream, *(one for one in others if one is not None)]
    origins = [(origin, way) for way in ways for origin in way.origins]
    shown = _by_source([one for one in origins if one[0].confirmed and not one[0].hidden], of)
    every = _by_source(origins, of)
    words = {"claim": claim.id, "goods": upstream.unit, "sources": ", ".join(sorted(every))}
    evidence: tuple[Row | Evidence, ...] = (claim, *(origin.shown() for origin, _ in origins))
    if len(shown) > 1:
        return _several(claim, shown, words, evidence)
    unknown = [row.id for row, way in zip(filled, others, strict=True) if way is None]
    if unknown:
        return missing(claim, case="no_filling", words=words | {"entry": unknown[0]}, evidence=(claim, *filled))
    gapped = next((way for way in ways if way.gap is not None), None)
    if gapped is not None:
        return untraced(claim, gapped)
    if len(every) > 1:
        return missing(claim, case="possible", words=words, observed=str(len(every)), limit="1", evidence=evidence)
    if "" in every:
        return missing(claim, case="no_source", words=words | {"what": of}, evidence=evidence)
    way = upstream.path(upstream.origins[0])
    return passed(claim, words=words, observed="1", limit="1", evidence=(*evidence, way))


def _several(claim: Row, shown: dict[str, Way], words: dict[str, str], evidence: tuple[Row | Evidence, ...]) -> Found:
    """The violation, with the ways from two of the sources and where they met."""
    (one, way), (other, second) = (shown[name] for name in sorted(shown)[:2])
    met = way.meeting(one, other) if way is second else {"kind": "unit", "id": way.unit}
    told = words | {"sources": ", ".join(sorted(shown)), "event": met.get("id", "")}
    ways = (way.path(one), second.path(other), met)
    return failed(claim, words=told, observed=str(len(shown)), limit="1", evidence=(*evidence, *ways))


def _by_source(origins: list[Way], of: str) -> dict[str, Way]:
    """The first origin of each source."""
    found: dict[str, Way] = {}
    for origin, way in origins:
        found.setdefault(_source(origin, of), (origin, way))
    return found


def _source(origin: Origin, of: str) -> str:
    return {"site": origin.place, "party": origin.party, "unit": origin.unit}[of]
