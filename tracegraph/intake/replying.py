"""Replies of many consignees from one file, each a move of the case; what was imported before is not imported again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tracegraph.errors import RejectedInput
from tracegraph.formats.epcis.pieces import Rejected, SourcePosition
from tracegraph.formats.source import Kept
from tracegraph.formats.tables.cells import unit_of
from tracegraph.formats.tables.rows import BadRow, Ways
from tracegraph.intake.recalling import Actor, Asked, act_all
from tracegraph.recall.accounting.reading import read_replies
from tracegraph.recall.accounting.replies import AMOUNTS, REPLY, Renamed
from tracegraph.recall.case.actions import action_data
from tracegraph.recall.case.casefile import CaseFile, case_file
from tracegraph.recall.case.move import Move
from tracegraph.stores.port import Store
from tracegraph.trace.envelope import ENCODER, decimal_text

#: Why a reply is on record where nobody said it.
IMPORTED = "imported as replied"


@dataclass(frozen=True, slots=True)
class RepliesImported:
    """The case afterwards; the moves that are new, how many replies were known already, and which rows are none."""

    case: CaseFile
    moves: tuple[Move, ...]
    known: int
    rejected: tuple[BadRow, ...]


def import_replies(
    store: Store,
    case: str,
    data: bytes,
    name: str,
    recorded_at: int,
    actor: Actor,
    reason: str = "",
    ways: Ways | None = None,
    strict: bool = False,
    seen: int | None = None,
    persons: Renamed | None = None,
) -> RepliesImported:
    """Record the replies in a file called `name` (CSV, XLSX or JSON), in one change of the store. A reply that says the
    same as one of the case is that one; whoever means it anew gives it a date. `persons`: the
    reference that stands in the ledger for the name of a signer or witness (none: such a row is rejected).

    Raises InputError where the file cannot be read or has no replies, RejectedInput with `strict` where a row is none,
    and what `act` raises.
    """
    table = read_replies(data, name, ways, persons)
    if strict and table.rejected:
        told = f"{table.rejected[0].reason.rstrip('.')} ({len(table.rejected)} rows in all)"
        raise RejectedInput(f"{name}: {told}; nothing was recorded")
    asked = [
        Asked({"source": name, **one.fields}, one.reason or reason or IMPORTED, _key(one.fields))
        for one in table.replies
    ]
    done = act_all(store, case, REPLY, asked, recorded_at, actor, seen)
    new = tuple(one.move for one in done if one.new)
    after = done[-1].case if done else case_file(store, case)
    return RepliesImported(after, new, len(done) - len(new), tuple(table.rejected))


def rejected_pieces(name: str, rows: Iterable[BadRow]) -> list[Rejected]:
    """The rows of a file called `name` that are no replies, as they are kept whole in a file of rejects."""
    found = []
    for one in rows:
        is_json = one.cell.startswith("/")
        position = SourcePosition(name, one.cell) if is_json else SourcePosition(name, line=one.row)
        found.append(Rejected(position, f"{name}: {one.reason}", Kept(json.dumps(dict(one.cells)).encode())))
    return found


def _key(fields: Mapping[str, str]) -> str:
    """The same for the same reply, however its file wrote it down, and from whichever file."""
    said = {name: told for name, told in sorted(action_data(REPLY, fields).items()) if name != "source"}
    said |= {name: decimal_text(Decimal(said[name])) for name in ("quantity", *AMOUNTS) if name in said}
    said |= {"measure": unit_of(said["measure"])} if "measure" in said else {}
    return "reply:" + hashlib.sha256(ENCODER.encode(said).encode()).hexdigest()[:32]
