"""The whole custody graph as one trail, for what is said of all of it."""

from __future__ import annotations

from tracegraph.stores.port import HoldingQuery
from tracegraph.trace.reach import append_legs, fetch_nodes, select_legs
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.trail import Trail


def everything(snapshot: Snapshot) -> Trail:
    """All holdings, transformations and legs; every one at distance 0, confirmed where nothing or something confirmed
    leads to it."""
    nodes = {row.node: row.holding for row in snapshot.holdings(HoldingQuery())}
    legs = snapshot.legs(sorted(nodes), "forward")
    joints = fetch_nodes(snapshot, set(legs.target) - nodes.keys())
    outputs = snapshot.legs(sorted(nodes), "backward")
    joints |= fetch_nodes(snapshot, set(outputs.source) - nodes.keys() - joints.keys())
    append_legs(legs, select_legs(outputs, lambda number: outputs.source[number] in joints))
    between = snapshot.legs(sorted(joints), "forward")
    append_legs(legs, select_legs(between, lambda number: between.target[number] in joints))
    entered: dict[int, bool] = {}
    for target, confirmed in zip(legs.target, legs.confirmed, strict=True):
        entered[target] = entered.get(target, False) or confirmed
    found = {**nodes, **joints}
    confirmed_nodes = {number for number in found if entered.get(number, True)}
    return Trail(found, dict.fromkeys(found, 0), confirmed_nodes, {}, frozenset(), legs)
