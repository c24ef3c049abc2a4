"""The regulator's question: where does this come from, and is the chain of custody unbroken?

An ultimate source is a node of the backward reach into which no leg leads: a recorded birth or, with a gap, goods that
the records cannot follow further back. Every hop on the way is listed, each once, instead of enumerating paths.
"""

from __future__ import annotations

from collections import defaultdict

from tracegraph.messages import Language
from tracegraph.model.custody import Certainty, Gap, Holding
from tracegraph.model.instants import instant_text
from tracegraph.stores.port import Reading
from tracegraph.trace.answer import listed
from tracegraph.trace.answering import answering
from tracegraph.trace.envelope import Json, frame, place_json
from tracegraph.trace.infer.following import Inferring
from tracegraph.trace.infer.telling import told
from tracegraph.trace.limits import listing
from tracegraph.trace.question import Question
from tracegraph.trace.reach import Reached, Starts, reach
from tracegraph.trace.register import Register
from tracegraph.trace.resolve import resolve
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.starts import begin
from tracegraph.trace.tracing import Answered
from tracegraph.trace.trail import Trail, began, source_nodes, trail_of


def origin(store: Reading, question: Question, language: Language = "en", register: Register | None = None) -> Answered:
    """Answer a question of kind `origin`: `result` is that of a backward trace with `sources` and `hops` added.

    A source gives its unit, holding (None for a transformation without recorded inputs), place, party, time, the event
    that it begins with, distance, certainty, and the kinds of the gaps there.
    """
    with answering(store):
        return _origin(question, language, register or Register(Snapshot.of(store, question.as_of)))


def _origin(question: Question, language: Language, register: Register) -> Answered:
    asked = resolve(question, register)
    starts = begin(asked, register)
    plain = register.snapshot
    snapshot = plain if asked.infer is None else Inferring.over(plain, asked.infer)
    part = _reached(snapshot, starts, asked)
    shown = listing([part], asked.limits)
    trail = trail_of([part], shown.listed, (entry.holding for entry in shown.frontier))
    found = listed(snapshot, trail, starts.units, unsure=starts.unsure)
    found.gaps += starts.gaps
    found.others["sources"] = _sources(trail, found.gaps)
    found.others["hops"] = hops(trail)
    if isinstance(snapshot, Inferring):
        found.others["inference"] = told(snapshot, [part], [_reached(plain, starts, asked)])
    return Answered(frame(snapshot, asked, found.gaps, shown.frontier, language), trail, found)


def _reached(snapshot: Snapshot, starts: Starts, asked: Question) -> Reached:
    return reach(snapshot, starts, "backward", asked.confirmed_only, asked.limits.max_seconds)


def hops(trail: Trail) -> list[Json]:
    """All legs of a trail in time order."""
    legs, nodes = trail.legs, trail.nodes
    return [
        {
            "from": nodes[legs.source[number]].id,
            "to": nodes[legs.target[number]].id,
            "event": legs.event[number],
            "rule": legs.rule[number],
            "certainty": (Certainty.CONFIRMED if legs.confirmed[number] else Certainty.POSSIBLE).value,
            "instant": instant_text(legs.instant[number]),
        }
        for number in trail.leg_order
    ]


def _sources(trail: Trail, gaps: list[Gap]) -> list[Json]:
    by_holding: dict[str, set[str]] = defaultdict(set)
    for gap in gaps:
        by_holding[gap.holding or f"unit {gap.unit}"].add(gap.kind)
    numbers = source_nodes(trail)
    numbers.sort(key=lambda number: (trail.distance[number], trail.nodes[number].id))
    return [_source(trail, number, by_holding) for number in numbers]


def _source(trail: Trail, number: int, gaps: dict[str, set[str]]) -> Json:
    node = trail.nodes[number]
    holding = node if isinstance(node, Holding) else None
    kinds = gaps[holding.id] | gaps[f"unit {holding.unit}"] if holding else set[str]()
    event = node.event if isinstance(node, Holding) else (node.events[0] if node.events else "")
    return {
        "unit": holding.unit if holding else None,
        "holding": holding.id if holding else None,
        "transformation": None if isinstance(node, Holding) else node.transformation,
        "place": place_json(node.place),
        "party": holding.party if holding else None,
        "since": instant_text(began(trail, number)),
        "event": event,
        "distance": trail.distance[number],
        "certainty": trail.certainty(number).value,
        "gaps": sorted(kinds),
    }
