"""Recall cases as plain values: what was done, and when, in few words."""

from __future__ import annotations

from typing import Any

from tracegraph.model.instants import parse_instant
from tracegraph.recall.case import CaseFile, Move

#: The state after each action that changes it.
STATES = {
    "open": "open",
    "assess": "assessing",
    "scope": "scoped",
    "approve": "approved",
    "notices": "notifying",
    "sent": "monitoring",
    "complete": "completed",
    "terminate": "terminated",
    "cancel": "cancelled",
}


def at(text: str) -> int:
    return parse_instant(text, "time")


def case_of(*moves: tuple[str, str] | tuple[str, str, dict[str, Any]], **facts: str) -> CaseFile:
    """A case of moves, each an instant, an action and its parts; the first opens it with `facts`."""
    made: list[Move] = []
    state = ""
    for number, (when, action, *said) in enumerate(moves, 1):
        state = STATES.get(action, state)
        parts = {"type": "recall", **facts} if action == "open" else dict(*said)
        made.append(Move("C1", number, action, state, at(when), number, "first", "investigator", "", "", parts))
    return CaseFile("C1", tuple(made))
