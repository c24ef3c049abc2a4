"""Incident cases traced back: a leg for each case, what is open on it, and what the legs have in common."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from tracegraph.messages import Language
from tracegraph.model.custody import INCOMPLETE_GAPS, Gap, Holding
from tracegraph.reports.documents.recall.shipments import Shipment, shipments
from tracegraph.trace.envelope import Json, gap_order
from tracegraph.trace.register import Register
from tracegraph.trace.sources.answering import Wanted, asked_of_cases, sources
from tracegraph.trace.sources.cases import Begun, Case, begun
from tracegraph.trace.sources.measures import members
from tracegraph.trace.sources.upstream import Upstream, upstream
from tracegraph.trace.tracing import Answered
from tracegraph.trace.trail import Trail, source_nodes, trail_of

#: Candidates of each kind that are asked for.
LISTED = 5
#: What candidates may be.
KINDS = ("unit", "site", "party")


@dataclass(slots=True)
class Leg:
    """What the trace of one case shows: its links, the distance of the furthest node in events, at how many nodes it
    ends, and what is open."""

    begun: Begun
    links: list[Shipment] = field(default_factory=list)
    furthest: int = 0
    ends: int = 0
    gaps: list[Gap] = field(default_factory=list)


class Legs:
    """The cases over one snapshot."""

    def __init__(self, register: Register, cases: Sequence[Case], language: Language) -> None:
        question = asked_of_cases(as_of=None)
        self.snapshot = register.snapshot
        self.begun = begun(cases, question, register)
        self.above: Upstream = upstream(self.snapshot, self.begun, question.confirmed_only)
        self.answered: Answered = sources(
            self.snapshot.store, question, cases, None, Wanted.of(KINDS, LISTED, 1), language, register
        )

    @property
    def told(self) -> Json:
        """What the cases have in common, as the answer says it."""
        found: Json = self.answered.envelope["result"]["sources"]
        return found

    @cached_property
    def trail(self) -> Trail:
        """Everything upstream of the cases."""
        return trail_of([self.above.part], [frozenset(self.above.part.nodes)])

    @cached_property
    def links(self) -> list[Shipment]:
        """All shipments on the way to a case."""
        return shipments(self.snapshot, self.trail)

    @cached_property
    def legs(self) -> list[Leg]:
        """A leg for each case, in their order."""
        found = [Leg(one) for one in self.begun]
        for link in self.links:
            for case in self.cases_of(link.node):
                found[case].links.append(link)
        for node in self.trail.nodes:
            for case in self.cases_of(node):
                found[case].furthest = max(found[case].furthest, self.trail.distance[node])
        for node in source_nodes(self.trail):
            for case in self.cases_of(node):
                found[case].ends += 1
        for gap, cases in self.open:
            for case in cases:
                found[case].gaps.append(gap)
        return found

    def cases_of(self, node: int) -> list[int]:
        """The cases to which a node leads, by their place in the order."""
        return members(self.above.explained[self.above.place[node]])

    @cached_property
    def open(self) -> list[tuple[Gap, list[int]]]:
        """Gaps that may hide goods, each with the cases upstream of which it lies."""
        nodes: dict[str, int] = defaultdict(int)
        for number, node in self.trail.nodes.items():
            if isinstance(node, Holding):
                reached = self.above.explained[self.above.place[number]]
                nodes[node.id] |= reached
                nodes[f"unit {node.unit}"] |= reached
        wanted = sorted({gap for gap in self.above.gaps if gap.kind in INCOMPLETE_GAPS}, key=gap_order)
        return [(gap, members(nodes[gap.holding or f"unit {gap.unit}"])) for gap in wanted]
