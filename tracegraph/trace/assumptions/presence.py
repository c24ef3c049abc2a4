"""What was together: which stays an assumption of contamination is about."""

from __future__ import annotations

from tracegraph.trace.assumptions.asked import Contamination
from tracegraph.trace.containers import Stay, contents
from tracegraph.trace.question import Question, Start, StartKind, Window
from tracegraph.trace.reach import NEVER
from tracegraph.trace.register import Register
from tracegraph.trace.starts import begin


def present(register: Register, one: Contamination, since: int | None) -> dict[int, int]:
    """What was at the place of an assumption from a time on, by node, and since when within the window."""
    least = NEVER if since is None else since
    if one.place == "container":
        inside = contents(register.snapshot, [Stay(one.id, since, one.until)])
        return {node: max(least, content.row.holding.since) for node, content in inside.items()}
    starts = begin(Question("trace", (Start(StartKind.SITE, one.id),), window=Window(None, since, one.until)), register)
    described = register.snapshot.describe(starts.certain)
    return {node: max(least, held.since) for node, held in described.holdings.items()}
