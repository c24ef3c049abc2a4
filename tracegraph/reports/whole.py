"""The whole custody graph of a store as one answer, for exports."""

from __future__ import annotations

from tracegraph.messages import Language
from tracegraph.trace.answer import listed
from tracegraph.trace.answering import answering
from tracegraph.trace.envelope import frame
from tracegraph.trace.everything import everything
from tracegraph.trace.question import Question
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.tracing import Answered


def whole_graph(snapshot: Snapshot, language: Language = "en") -> Answered:
    """All holdings, transformations and legs (trace.everything). The question's kind is `gaps` without a start:
    everything."""
    with answering(snapshot.store):
        trail = everything(snapshot)
        found = listed(snapshot, trail)
        return Answered(frame(snapshot, Question("gaps", ()), found.gaps, (), language), trail, found)
