"""Dwell: how long goods stayed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction

from tracegraph.model.custody import Holding, PlaceKind, is_supposed
from tracegraph.timeline.steps import HOUR
from tracegraph.trace.envelope import Json
from tracegraph.trace.metrics.chain import Chain, holder
from tracegraph.trace.metrics.choice import Choice
from tracegraph.trace.metrics.figures import Table, hours_of, ratio

_AT = (PlaceKind.SITE, PlaceKind.PARTY)


def dwell(chain: Chain, choice: Choice) -> Table:
    """A row for each site, organisation or product, the longest median first: hours from arrival, birth or making to
    departure, use or packing, of stays that ended; `open`: stays that did not. Stays in transit and in containers are
    none, nor are those that no record shows."""
    stays: dict[str, list[Holding]] = defaultdict(list)
    for number in chain.units:
        node = chain.nodes[number]
        if isinstance(node, Holding) and node.place.kind in _AT and not is_supposed(node):
            stays[_key(chain, choice, node)].append(node)
    rows = [_row(key, stays[key]) for key in sorted(stays)]
    rows.sort(key=lambda row: (-Fraction(row["median_hours"] or -1), row["id"]))
    return Table(rows)


def _key(chain: Chain, choice: Choice, node: Holding) -> str:
    match choice.rows_by:
        case "site":
            return node.place.id
        case "party":
            return holder(node)
    return chain.product(node.unit)


def _row(key: str, stays: Sequence[Holding]) -> Json:
    ended = sorted(stay.until - stay.since for stay in stays if stay.until is not None)
    mean = Fraction(sum(ended), len(ended) * HOUR) if ended else None
    return {
        "id": key,
        "stays": len(stays),
        "open": len(stays) - len(ended),
        "median_hours": hours_of(ended, 50),
        "hours_95": hours_of(ended, 95),
        "longest_hours": hours_of(ended, 100),
        "mean_hours": ratio(mean),
    }
