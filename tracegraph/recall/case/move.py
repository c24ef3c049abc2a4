"""One thing done in a case, and the records by which the ledger keeps it.

A move is a record of its own (`recall_move`, id `CASE/0001`) and never changes. With each, the case's own record
(`recall`) says anew how many there are: so the moves of one case are found without looking through others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracegraph.model.record import Record, StoredRecord
from tracegraph.model.values import value

CASE_KIND = "recall"
MOVE_KIND = "recall_move"


@value
class Move:
    """The `number`th thing done in a case (from 1): `action`, and the `state` of the case after it.

    `at`: the instant at which it was recorded; `position`: of its ledger entry; `actor`, `role`: who did it, and as
    what; `key`: by which a repeated request is known (empty: none); `parts`: what the action says (actions/*.json),
    and what the program added, as JSON values."""

    case: str
    number: int
    action: str
    state: str
    at: int
    position: int
    actor: str
    role: str
    reason: str
    key: str
    parts: Mapping[str, Any]

    def text(self, name: str) -> str:
        """A field as text; empty where it was not given."""
        told = self.parts.get(name)
        return "" if told is None else str(told)


def move_id(case: str, number: int) -> str:
    """What names the record of a move."""
    return f"{case}/{number:04d}"


def records_of(move: Move) -> tuple[Record, Record]:
    """The records that keep a move: its own, and that of its case. The ledger adds who and when."""
    said = {
        "case": move.case,
        "number": move.number,
        "action": move.action,
        "state": move.state,
        "role": move.role,
        "key": move.key,
        "parts": dict(move.parts),
    }
    own = Record(MOVE_KIND, move_id(move.case, move.number), said, reason=move.reason)
    return own, Record(CASE_KIND, move.case, {"case": move.case, "moves": move.number}, reason=move.action)


def move_of(stored: StoredRecord) -> Move:
    """The move that a record keeps."""
    said = stored.record.data
    return Move(
        said["case"],
        int(said["number"]),
        said["action"],
        said["state"],
        stored.recorded_at,
        stored.position,
        stored.actor,
        said["role"],
        stored.record.reason,
        said["key"],
        said["parts"],
    )
