"""Who may be drawn for a check: every consignee of the scope, with its tier and how much came to it."""

from __future__ import annotations

from tracegraph.recall.consignees.happenings import total
from tracegraph.recall.consignees.listing import Consignees
from tracegraph.recall.effectiveness.sampling import Candidate


def candidates(found: Consignees) -> list[Candidate]:
    """In the order of the list; one of which nobody knows through how many hands its goods came is at tier 0."""
    return [Candidate(one.id, one.tier or 0, total([each.quantity for each in one.deliveries])) for one in found.rows]
