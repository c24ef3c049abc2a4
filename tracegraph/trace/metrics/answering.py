"""Metrics as an answer: what is asked, on which part of the graph, and the rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from tracegraph.messages import Language
from tracegraph.model.custody import Gap
from tracegraph.model.metrics import Metric
from tracegraph.stores.port import Direction, Reading
from tracegraph.trace.answering import answering
from tracegraph.trace.envelope import Json, envelope, no_lists
from tracegraph.trace.everything import everything
from tracegraph.trace.metrics.chain import Chain
from tracegraph.trace.metrics.choice import Choice
from tracegraph.trace.metrics.completeness import completeness
from tracegraph.trace.metrics.critical import critical_points
from tracegraph.trace.metrics.deliveries import concentration
from tracegraph.trace.metrics.figures import Table
from tracegraph.trace.metrics.lots import dispersion_of_lots
from tracegraph.trace.metrics.moves import degrees, smallest_cuts, weak_places
from tracegraph.trace.metrics.origins import concentration_of_origins, depth
from tracegraph.trace.metrics.quality import quality
from tracegraph.trace.metrics.single_points import single_points
from tracegraph.trace.metrics.spread import reach_of_each
from tracegraph.trace.metrics.stays import dwell
from tracegraph.trace.metrics.yielding import yields
from tracegraph.trace.question import Question
from tracegraph.trace.reach import Starts, reach, select_legs
from tracegraph.trace.register import Register
from tracegraph.trace.resolve import resolve
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.starts import begin
from tracegraph.trace.tracing import Answered, directions
from tracegraph.trace.trail import Trail, trail_of


def metrics(
    store: Reading, question: Question, choice: Choice, language: Language = "en", register: Register | None = None
) -> Answered:
    """Answer a question of kind `metrics`: `result["metrics"]` has the rows and figures of one metric, about all that
    the starts reach in the question's direction, or, without starts, about everything."""
    with answering(store):
        return _metrics(question, choice, language, register or Register(Snapshot.of(store, question.as_of)))


def _metrics(question: Question, choice: Choice, language: Language, register: Register) -> Answered:
    asked = resolve(question, register)
    starts = begin(asked, register) if asked.starts else None
    found = _Asked(asked, choice, starts, register.snapshot)
    table = found.table()
    told = envelope(register.snapshot, asked, _result(choice, found, table), found.gaps, (), language)
    told["question"] |= choice.to_dict()
    return Answered(told, Trail.empty())


#: Metrics that ask for nothing but the chain and how to cut it.
_OF_CHAINS: Mapping[Metric, Callable[[Chain, Choice], Table]] = {
    Metric.DOMINATORS: single_points,
    Metric.DEPTH: depth,
    Metric.DISPERSION: dispersion_of_lots,
    Metric.WEAK_POINTS: weak_places,
    Metric.SMALLEST_CUT: smallest_cuts,
    Metric.FAN: degrees,
    Metric.DWELL: dwell,
    Metric.CRITICAL_POINTS: critical_points,
    Metric.YIELDS: yields,
}


class _Asked:
    """One question about one part of the graph."""

    def __init__(self, question: Question, choice: Choice, starts: Starts | None, snapshot: Snapshot) -> None:
        self.question = question
        self.choice = choice
        self.starts = starts
        self.snapshot = snapshot
        self.gaps: Sequence[Gap] = ()
        self.code = choice.measure

    def table(self) -> Table:
        """The rows and figures."""
        match self.choice.metric:
            case Metric.QUALITY:
                return self._quality()
            case Metric.COMPLETENESS:
                return self._completeness()
        chain = self._noted(self._chain(*directions(self.question)))
        match self.choice.metric:
            case Metric.CONCENTRATION if self.choice.rows_by == "origin":
                return concentration_of_origins(chain, self.choice)
            case Metric.CONCENTRATION:
                return concentration(chain, self.choice)
            case Metric.REACH:
                return reach_of_each(chain, self.choice, () if self.starts is None else self.starts.units)
        return _OF_CHAINS[self.choice.metric](chain, self.choice)

    def _completeness(self) -> Table:
        """Of starts both what they came from and what they went into, whatever the direction."""
        backward = self._noted(self._chain("backward"))
        forward = backward if self.starts is None else self._chain("forward")
        self.gaps = [*backward.gaps, *forward.gaps]
        return completeness(backward, replace(forward, code=backward.measure), self.choice)

    def _quality(self) -> Table:
        """Of starts the events that opened the stays that they reach, and their gaps."""
        if self.starts is None:
            self.gaps = self.snapshot.gaps()
            return quality(self.snapshot, self.gaps)
        chain = self._noted(self._chain(*directions(self.question)))
        events = {event for node in chain.nodes.values() for event in getattr(node, "events", ())}
        events |= {event for node in chain.nodes.values() if (event := getattr(node, "event", ""))}
        return quality(self.snapshot, chain.gaps, events | set(chain.trail.legs.event))

    def _noted(self, chain: Chain) -> Chain:
        """The chain, whose gaps and measure are the answer's."""
        self.gaps, self.code = chain.gaps, chain.measure
        return chain

    def _chain(self, *sides: Direction) -> Chain:
        if self.starts is None:
            trail = self._certain(everything(self.snapshot))
            return Chain(self.snapshot, trail, self.snapshot.gaps(), self.choice.measure)
        parts = [reach(self.snapshot, self.starts, side, self.question.confirmed_only) for side in sides]
        trail = trail_of(parts, [frozenset(part.distance) for part in parts])
        gaps = self.snapshot.gaps_at(sorted(trail.nodes), self.starts.units)
        return Chain(self.snapshot, trail, gaps, self.choice.measure)

    def _certain(self, trail: Trail) -> Trail:
        """All of it, or what is left without what only may be."""
        if not self.question.confirmed_only:
            return trail
        kept = select_legs(trail.legs, trail.legs.confirmed.__getitem__)
        return replace(trail, legs=kept)


def _result(choice: Choice, asked: _Asked, table: Table) -> Json:
    rows = table.rows[: choice.limit]
    told: Json = {"metric": choice.metric.value, "by": choice.rows_by, "unit": asked.code, **table.about}
    told |= {"row_count": len(table.rows), "rows": rows}
    return no_lists() | {"metrics": told}
