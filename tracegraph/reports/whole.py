"""The whole custody graph of a store as one answer, for exports."""

from __future__ import annotations

from tracegraph.messages import Language
from tracegraph.stores.port import HoldingQuery
from tracegraph.trace.answer import listed
from tracegraph.trace.answering import answering
from tracegraph.trace.envelope import frame
from tracegraph.trace.question import Question
from tracegraph.trace.reach import append_legs, fetch_nodes, select_legs
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.tracing import Answered
from tracegraph.trace.trail import Trail


def whole_graph(snapshot: Snapshot, language: Language = "en") -> Answered:
    """All holdings, transformations and legs; every one at distance 0, confirmed where nothing or something confirmed
    leads to it. The question's kind is `gaps` without a start: everything."""
    with answering(snapshot.store):
        return _whole_graph(snapshot, language)


def _whole_graph(snapshot: Snapshot, language: Language) -> Answered:
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
    everything = {**nodes, **joints}
    confirmed_nodes = {number for number in everything if entered.get(number, True)}
    trail = Trail(everything, dict.fromkeys(everything, 0), confirmed_nodes, {}, frozenset(), legs)
    found = listed(snapshot, trail)
    return Answered(frame(snapshot, Question("gaps", ()), found.gaps, (), language), trail, found)
