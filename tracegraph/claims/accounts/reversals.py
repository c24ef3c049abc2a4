"""Which postings stand: a reversed posting and its reversal are as if they had never been made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from tracegraph.claims.row import Row


def standing(postings: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    """The postings that count, and the reversals of something that is not among them (or of each other in a circle).

    A reversal that is itself reversed does nothing. The order of the postings is kept.
    """
    every = list(postings)
    reversing = {row.id: row.text("reverses") for row in every if row.given("reverses")}
    if not reversing:
        return every, []
    ids = {row.id for row in every}
    struck, settled = _struck(reversing)
    lost = [row for row in every if row.id in reversing and (reversing[row.id] not in ids or row.id not in settled)]
    return [row for row in every if row.id not in reversing and row.id not in struck], lost


def _struck(reversing: dict[str, str]) -> tuple[set[str], set[str]]:
    """The ids that a standing reversal strikes, and the reversals of which is known whether they stand."""
    waiting: dict[str, int] = defaultdict(int)
    for target in reversing.values():
        waiting[target] += 1
    ready = [id for id in reversing if not waiting[id]]
    struck: set[str] = set()
    settled: set[str] = set()
    while ready:
        id = ready.pop()
        settled.add(id)
        target = reversing[id]
        if id not in struck:
            struck.add(target)
        waiting[target] -= 1
        if target in reversing and not waiting[target]:
            ready.append(target)
    return struck, settled
