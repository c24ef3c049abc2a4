"""What is said where the custody graph does not lead all the way back: which record is absent."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tracegraph.claims.custody import Custody, Upstream
from tracegraph.claims.finding import Found, missing
from tracegraph.claims.models import Model
from tracegraph.claims.row import Row
from tracegraph.claims.world import World


def each_traced(
    world: World, models: tuple[Model, ...], judge: Callable[[World, Custody, Row, Upstream], Found]
) -> Iterator[Found]:
    """What is said of each claim of these models by what the custody graph shows behind its goods; where it shows
    nothing, which record is absent."""
    for model in models:
        for claim in world.by("claim", "model", model.value):
            custody, upstream = world.custody, world.upstream(claim)
            if custody is None or upstream is None:
                yield untraced(claim, None)
            else:
                yield judge(world, custody, claim, upstream)


def untraced(claim: Row, upstream: Upstream | None) -> Found:
    """Not evaluable: the claim names no goods, the graph knows nothing of them, or a hop is missing (the nearest is
    named). The texts of a rule that says so are `no_goods`, `no_graph` and `no_hop`."""
    words = {"claim": claim.id, "goods": claim.text("goods")}
    if not claim.given("goods"):
        return missing(claim, case="no_goods", words=words, evidence=(claim,))
    gap = None if upstream is None else upstream.gap
    if gap is None:
        return missing(claim, case="no_graph", words=words, evidence=(claim,))
    told = {"gap": gap.kind, "unit": gap.unit, "place": gap.place or "-", "ask": ", ".join(gap.ask) or "-"}
    hop = {"kind": "gap", "id": gap.kind, "unit": gap.unit, "place": gap.place, "event": gap.event}
    return missing(claim, case="no_hop", words={**words, **told}, evidence=(claim, hop))
