"""ISO22095-5.4.1-KNOWN-BEFORE: the composition of a blend is known before it is delivered.

Source: ISO 22095:2020, 5.4.1.1 and 5.4.1.4. It is known where it was measured or computed after the last filling and
before the departure.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.finding import Found, failed, missing, passed
from tracegraph.claims.models import Model
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.vessel import FILLING, departures, entries
from tracegraph.claims.world import World


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each claim of controlled blending, at each departure of what it is about."""
    for claim in world.by("claim", "model", Model.CONTROLLED_BLENDING.value):
        left = departures(world, claim)
        if not left:
            yield missing(claim, case="no_departure", words={"claim": claim.id}, evidence=(claim,))
        yield from (_known(world, claim, departure) for departure in left)


def _known(world: World, claim: Row, departure: Row) -> Found:
    register = entries(world, departure.text("vessel"))
    measured = [row for row in register if row.text("action") == "measure" and not row.given("container")]
    filled = [row for row in register if row.text("action") in FILLING and _may_precede(row, departure)]
    words = {"claim": claim.id, "vessel": departure.text("vessel"), "departure": departure.text("time")}
    window = (departure.first("time"), departure.last("time"))
    if not measured:
        return missing(claim, words=words, window=window, evidence=(claim, departure))
    between = [row for row in measured if _precedes(row, departure) and all(_follows(row, one) for one in filled)]
    if between:
        newest = between[-1]
        told = words | {"measured": newest.text("time")}
        shown = (claim, departure, newest)
        return passed(claim, words=told, observed=newest.text("time"), window=window, evidence=shown)
    maybe = [row for row in measured if _may_precede(row, departure) and all(_may_follow(row, one) for one in filled)]
    told = words | {"measured": measured[-1].text("time")}
    evidence = (claim, departure, *filled, *measured)
    if maybe:
        return missing(claim, case="coarse", words=told, window=window, evidence=evidence)
    limit = departure.text("time")
    return failed(claim, words=told, observed=told["measured"], limit=limit, window=window, evidence=evidence)


def _precedes(row: Row, departure: Row) -> bool:
    """Certainly before it."""
    return (row.last("time") or 0) < (departure.first("time") or 0)


def _may_precede(row: Row, departure: Row) -> bool:
    return (row.first("time") or 0) < (departure.last("time") or 0)


def _follows(row: Row, filling: Row) -> bool:
    """Certainly not before it."""
    return (row.first("time") or 0) >= (filling.last("time") or 0)


def _may_follow(row: Row, filling: Row) -> bool:
    return (row.last("time") or 0) >= (filling.first("time") or 0)
