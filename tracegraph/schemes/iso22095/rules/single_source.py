"""ISO22095-5.3.1-SINGLE-SOURCE: what is identity preserved comes from one recorded source, whatever it was merged with.

Source: ISO 22095:2020, 5.3.1. All that leads to the unit counts: merges, rework, heels, as the custody graph has them.
A second source that the records show is a violation; one that they leave open, or a hop that is missing, is no pass.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.custody import Origin, Upstream
from tracegraph.claims.finding import Found, failed, missing, passed
from tracegraph.claims.missing_hop import untraced
from tracegraph.claims.models import Model
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each claim of identity preserved goods."""
    of = parameters.text("source_is")
    for claim in world.by("claim", "model", Model.IDENTITY_PRESERVED.value):
        upstream = world.custody.upstream(claim.text("goods")) if world.custody and claim.given("goods") else None
        yield untraced(claim, upstream) if upstream is None else _judged(claim, upstream, of)


def _judged(claim: Row, upstream: Upstream, of: str) -> Found:
    shown = _by_source(upstream.origins, of, only_shown=True)
    every = _by_source(upstream.origins, of, only_shown=False)
    words = {"claim": claim.id, "goods": upstream.unit, "sources": ", ".join(sorted(every))}
    evidence = (claim, *(origin.shown() for origin in upstream.origins))
    if len(shown) > 1:
        one, other = (shown[name] for name in sorted(shown)[:2])
        met = upstream.meeting(one, other)
        told = words | {"sources": ", ".join(sorted(shown)), "event": met.get("id", "")}
        return failed(claim, words=told, observed=str(len(shown)), limit="1", evidence=(*evidence, met))
    if upstream.gap is not None:
        return untraced(claim, upstream)
    if len(every) > 1:
        return missing(claim, case="possible", words=words, observed=str(len(every)), limit="1", evidence=evidence)
    if "" in every:
        return missing(claim, case="no_source", words=words | {"what": of}, evidence=evidence)
    return passed(claim, words=words, observed="1", limit="1", evidence=evidence)


def _by_source(origins: tuple[Origin, ...], of: str, only_shown: bool) -> dict[str, Origin]:
    """The first origin of each source."""
    counted = (origin for origin in origins if not only_shown or (origin.confirmed and not origin.hidden))
    found: dict[str, Origin] = {}
    for origin in counted:
        found.setdefault(_source(origin, of), origin)
    return found


def _source(origin: Origin, of: str) -> str:
    return {"site": origin.place, "party": origin.party, "unit": origin.unit}[of]
