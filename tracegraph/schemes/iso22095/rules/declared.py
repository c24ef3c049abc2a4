"""ISO22095-5.1-DECLARED: for each site, product group and characteristic in scope at least one model is declared.

Source: ISO 22095:2020, 5.1. In scope is what is claimed; the declaration must be in force when the claim is made.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.finding import Found, failed, missing, passed
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World

SCOPE = ("site", "charset")


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each claim."""
    for claim in world.rows("claim"):
        yield _declared(world, claim)


def _declared(world: World, claim: Row) -> Found:
    lacking = [name for name in SCOPE if not claim.given(name)]
    if lacking:
        return missing(claim, words={"claim": claim.id, "field": ", ".join(lacking)}, evidence=(claim,))
    words = {name: claim.text(name) for name in (*SCOPE, "product")} | {"claim": claim.id}
    found = [row for row in world.by("declaration", "site", claim.text("site")) if _covers(row, claim)]
    if not found:
        return failed(claim, words=words, observed="0", limit="1", detected=claim.first("made"), evidence=(claim,))
    words["models"] = ", ".join(sorted({row.text("model").upper() for row in found}))
    return passed(claim, words=words, observed=words["models"], evidence=(claim, *found))


def _covers(declaration: Row, claim: Row) -> bool:
    """Of the same characteristic set, for all products or for the claim's, and in force when it was made."""
    product = declaration.text("product")
    return (
        declaration.text("charset") == claim.text("charset")
        and product in ("", claim.text("product"))
        and declaration.touches(claim.first("made"), claim.last("made"))
    )
