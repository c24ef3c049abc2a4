"""Records entered one at a time: by hand, by a program, over HTTP. What a row of text states becomes a ledger entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracegraph.errors import UsageError
from tracegraph.model.record import Record
from tracegraph.model.record_kinds import record_kind, record_of
from tracegraph.recompile.batch import store_batch
from tracegraph.stores.port import NewEntry, Reading, Store
from tracegraph.stores.stored_facts import ALIAS_RECORD
from tracegraph.trace.register import Register
from tracegraph.trace.resolve import known_unit
from tracegraph.trace.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Entered:
    """A record, and whether it says something new."""

    record: Record
    new: bool


def enter(
    store: Store,
    kind: str,
    row: Mapping[str, str],
    reason: str,
    recorded_at: int,
    actor: str = "",
    source: str = "",
    withdraw: bool = False,
) -> Entered:
    """Store the record of a kind (tracegraph.model.record_kinds) that a row of text states; with `withdraw`, end it.

    Raises UsageError (InvalidField where one field is to blame) for what is no such record, UnknownIdentifier for a
    unit that must be known and is not.
    """
    if not reason.strip():
        raise UsageError("a reason is missing; say why this is recorded, and from what it is known")
    record = record_of(kind, _with_known_units(store, kind, row), reason, source, withdraw)
    if record.kind == ALIAS_RECORD and record.data["unit"] == record.data["alias"]:
        raise UsageError(f"{row['alias']} is already the number of {record.data['unit']}; name a different one")
    return Entered(record, store_batch(store, [record_entry(record)], recorded_at, actor).records > 0)


def record_entry(record: Record) -> NewEntry:
    """A record of such a kind as it is appended to the ledger. Its data hold no numbers, only text.
    Raises UsageError where a text has no UTF-8 form."""
    import rfc8785

    stated: dict[str, Any] = {"kind": record.kind, "id": record.id, "data": dict(record.data), "reason": record.reason}
    if record.withdrawn:
        stated["withdrawn"] = True
    try:
        return NewEntry(rfc8785.dumps(stated), record=record)
    except rfc8785.CanonicalizationError as error:
        raise UsageError(f"{record.kind} {record.id!r} cannot be written as JSON ({error}); use plain text") from None


def _with_known_units(store: Reading, kind: str, row: Mapping[str, str]) -> dict[str, str]:
    """The row with the keys of units that must be known, by whatever number they are named."""
    named = [one.name for one in record_kind(kind).fields if one.known and row.get(one.name, "").strip()]
    register = Register(Snapshot.of(store)) if named else None
    keys = {name: known_unit(row[name], register).id for name in named if register}
    return {**row, **keys}
