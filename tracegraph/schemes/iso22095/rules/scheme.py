"""ISO22095-4-SCHEME: a claim that names a scheme is judged by the rules of that scheme.

Source: ISO 22095:2020, 4 and 4.3. The rules of the standard stand in for those of a scheme only where it permits so.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.finding import Found, missing, passed
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each claim that names a scheme."""
    for claim in world.rows("claim"):
        if claim.given("scheme"):
            yield _judged(claim, parameters.pack(claim.text("scheme")))


def _judged(claim: Row, pack: str | None) -> Found:
    words = {"claim": claim.id, "scheme": claim.text("scheme"), "pack": pack or ""}
    if pack is None:
        return missing(claim, words=words, observed=words["scheme"], evidence=(claim,))
    return passed(claim, words=words, observed=words["scheme"], limit=pack, evidence=(claim,))
