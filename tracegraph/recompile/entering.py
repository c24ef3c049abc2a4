"""Records entered one at a time: by hand, by a program, over HTTP. What a row of text states becomes a ledger entry."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tracegraph.errors import UsageError
from tracegraph.model.record import Record
from tracegraph.model.record_kinds import record_id, record_kind, record_of
from tracegraph.recompile.batch import store_batch
from tracegraph.stores.port import NewEntry, Reading, Store
from tracegraph.stores.stored_facts import ALIAS_RECORD
from tracegraph.trace.register import Register
from tracegraph.trace.resolve import known_unit
from tracegraph.trace.snapshot import Snapshot

if TYPE_CHECKING:
    from tracegraph.claims.admission import Admission

#: Kinds of records that may be refused beside what is on record.
LOOKED_AT = frozenset({"posting", "claim", "support", "factor"})


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
    record = with_known_units(store, record_of(kind, row, reason, source, withdraw))
    Admitting(store, [record]).check(record)
    return Entered(record, store_batch(store, [record_entry(record)], recorded_at, actor).records > 0)


class Admitting:
    """Looks at records that are about to be stored together; what is only needed for some kinds is loaded for them."""

    def __init__(self, store: Reading, entering: Sequence[Record]) -> None:
        self._store = store
        self._entering = entering
        self._admission: Admission | None = None

    @staticmethod
    def is_looked_at(kind: str) -> bool:
        """Whether records of a kind may be refused beside what is on record."""
        return kind in LOOKED_AT

    def check(self, record: Record) -> None:
        """Raise InvalidField where a record is refused (tracegraph.claims.admission)."""
        if record.kind not in LOOKED_AT:
            return
        if self._admission is None:
            from tracegraph.claims.admission import Admission

            self._admission = Admission(Snapshot.of(self._store), self._entering)
        self._admission.check(record)


def record_entry(record: Record) -> NewEntry:
    """A record of such a kind as it is appended to the ledger. Its data hold no numbers, only text.
    Raises UsageError where a text has no UTF-8 form."""
    import rfc8785

    stated: dict[str, Any] = {"kind": record.kind, "id": record.id, "data": dict(record.data), "reason": record.reason}
    if record.withdrawn:
        stated["withdrawn"] = True
    try:
        return NewEntry(_written_quickly(stated) or rfc8785.dumps(stated), record=record)
    except rfc8785.CanonicalizationError as error:
        raise UsageError(f"{record.kind} {record.id!r} cannot be written as JSON ({error}); use plain text") from None


def _written_quickly(stated: Mapping[str, Any]) -> bytes | None:
    """The canonical JSON (RFC 8785) by the encoder of the standard library, a dozen times as fast. It writes the same
    unless there are numbers but small whole ones, or letters whose order in UTF-16 is another one: then None."""
    try:
        text = json.dumps(stated, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
        return None if _UNUSUAL.search(text) else text.encode()
    except (TypeError, ValueError):
        return None


#: Fractions, exponents, whole numbers of more than 15 digits (or what looks like them inside a text), and letters
#: beyond the first plane.
_UNUSUAL = re.compile(r'(?:":|[\[,])-?(?:[0-9]+[.eE]|[0-9]{16})|[\U00010000-\U0010ffff]')


def with_known_units(store: Reading, record: Record, new: Container[str] = ()) -> Record:
    """The record with the keys of the units that its kind wants known, by whatever number it names them; `new` units
    are about to be stored with it.

    Raises InvalidField for a unit that is not known, UsageError for another number that is the unit's own.
    """
    kind = record_kind(record.kind)
    named = [one.name for one in kind.fields if one.known and one.name in record.data]
    register = Register(Snapshot.of(store)) if named else None
    data = dict(record.data)
    for name in named:
        if register and data[name] not in new:
            data[name] = known_unit(data[name], register).id
    if record.kind == ALIAS_RECORD and data["unit"] == data["alias"]:
        raise UsageError(f"{data['alias']} is already the number of {data['unit']}; name a different one")
    return replace(record, id=record_id(kind, data), data=data)
