"""ISO22095-5.1-BC-NO-EXIT: what rests on book and claim stays book and claim within the same chain.

Source: ISO 22095:2020, 5.1, note.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.backing import Backing, backings, model_of
from tracegraph.claims.finding import Found, failed, missing, passed
from tracegraph.claims.models import Model
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each claim, against each credit and each book-and-claim claim that supports it."""
    for claim in world.rows("claim"):
        for support in backings(world, claim):
            if support.model is Model.BOOK_AND_CLAIM or (support.by == "credit" and support.row is None):
                yield _left(world, claim, support)


def _left(world: World, claim: Row, support: Backing) -> Found:
    words = {"claim": claim.id, "support": support.name}
    stated = model_of(claim)
    if support.row is None:
        return missing(claim, case="no_credit", words=words, evidence=(claim, *support.evidence))
    if stated is None:
        return missing(claim, words=words, evidence=(claim, *support.evidence))
    serials = _serials(world, support)
    words |= {"model": stated.short, "serials": ", ".join(f"{row.text('first')}-{row.text('last')}" for row in serials)}
    say = passed if stated is Model.BOOK_AND_CLAIM else failed
    return say(
        claim,
        words=words,
        observed=stated.short,
        limit=Model.BOOK_AND_CLAIM.short,
        evidence=(claim, *support.evidence, *(row for row in serials if row is not support.row)),
    )


def _serials(world: World, support: Backing) -> tuple[Row, ...]:
    """The entries of registries behind it."""
    if support.row is not None and support.row.kind == "credit":
        return (support.row,)
    return world.by("credit", "claim", support.name)
