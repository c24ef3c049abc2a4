"""What was together: which stays an assumption of contamination is about."""

from __future__ import annotations

from tracegraph.model.custody import Holding
from tracegraph.trace.assumptions.asked import Contamination
from tracegraph.trace.containers import Stay, contents
from tracegraph.trace.question import Question, Start, StartKind, Window
from tracegraph.trace.register import Register
from tracegraph.trace.starts import begin


def present(register: Register, one: Contamination, since: int | None) -> dict[int, Holding]:
    """The stays at the place of an assumption from a time on, to the end of its window, by node."""
    if one.place == "container":
        inside = contents(register.snapshot, [Stay(one.id, since, one.until)])
        return {node: content.row.holding for node, content in inside.items()}
    starts = begin(Question("trace", (Start(StartKind.SITE, one.id),), window=Window(None, since, one.until)), register)
    return register.snapshot.describe(starts.certain).holdings


def since_within(one: Contamination, holding: Holding) -> int:
    """The instant of the window from which on goods were there."""
    return holding.since if one.since is None else max(one.since, holding.since)


def is_open(one: Contamination, instant: int) -> bool:
    """Whether the window has not ended by an instant."""
    return one.until is None or instant < one.until
