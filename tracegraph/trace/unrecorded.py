"""What may have come out of a container while it stood somewhere, though no record shows when.

The custody graph has such an unpacking at the first instant at which it could have happened, the container's arrival at
a stop (custody-graph sections 1 and 7): it leaves the piece of the content's stay that ended then. Of goods that were
asked for from that instant on, or a later one, the piece is none; but they may have come out at that stop as well.
"""

from __future__ import annotations

from collections.abc import Mapping

from tracegraph.model.custody import CARRIED
from tracegraph.stores.port import HoldingRow, Legs
from tracegraph.trace.containers import Content, Stay, spots
from tracegraph.trace.snapshot import Snapshot

UNPACKED = "never_unpacked"


def unrecorded(snapshot: Snapshot, found: Mapping[int, Content], into: Legs) -> list[tuple[HoldingRow, int]]:
    """The stays to which contents may have come since they count, and since when that is. `into`: the legs that enter
    the contents."""
    pieces = _earlier_pieces(snapshot, found, into)
    legs = snapshot.legs(sorted(pieces), "forward")
    out = {
        target: pieces[source]
        for source, target, rule in zip(legs.source, legs.target, legs.rule, strict=True)
        if rule == UNPACKED and target not in found
    }
    stops = _stops(snapshot, found, sorted(set(out.values())))
    held = snapshot.describe(out.keys()).holdings
    there = {node: _since(found[out[node]]) for node, holding in held.items() if holding.place.id in stops[out[node]]}
    return _still_there(snapshot, there)


def _earlier_pieces(snapshot: Snapshot, found: Mapping[int, Content], into: Legs) -> dict[int, int]:
    """The pieces of the contents' stays before the ones that count, by node, with the content's own."""
    pieces: dict[int, int] = {}
    while True:
        more = {
            source: pieces.get(target, target)
            for source, target, rule in zip(into.source, into.target, into.rule, strict=True)
            if rule == CARRIED and source not in found and source not in pieces
        }
        if not more:
            return pieces
        pieces |= more
        into = snapshot.legs(sorted(more), "backward")


def _stops(snapshot: Snapshot, found: Mapping[int, Content], nodes: list[int]) -> dict[int, set[str]]:
    """Where the container of each content was while that counts."""
    stays = [Stay(found[node].row.holding.place.id, found[node].stay.since, found[node].stay.until) for node in nodes]
    places = spots(snapshot, stays)
    return {node: {spot.holding.place.id for spot in at} for node, at in zip(nodes, places, strict=True)}


def _since(content: Content) -> int:
    since = content.stay.since
    return content.row.holding.since if since is None else since


def _still_there(snapshot: Snapshot, nodes: Mapping[int, int]) -> list[tuple[HoldingRow, int]]:
    """Of stays that had ended by their time what stayed on after them."""
    found: list[tuple[HoldingRow, int]] = []
    pending, seen = dict(nodes), set[int]()
    while pending:
        seen |= pending.keys()
        held = snapshot.describe(pending.keys()).holdings
        over = {node for node, one in held.items() if one.until is not None and one.until <= pending[node]}
        found += [(HoldingRow(node, one), pending[node]) for node, one in sorted(held.items()) if node not in over]
        legs = snapshot.legs(sorted(over), "forward")
        pending = {
            target: pending[source]
            for source, target, rule in zip(legs.source, legs.target, legs.rule, strict=True)
            if rule == CARRIED and target not in seen
        }
    return found
