"""Records of a portion that cannot be stored as they are: an override or another number of a lot that nobody knows
would be kept and never mean anything, and some contradict what is on record (tracegraph.claims.admission)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tracegraph.errors import InvalidField, UnknownIdentifier, UsageError
from tracegraph.formats.epcis import AcceptedMasterData, AcceptedRecord, Rejected
from tracegraph.formats.source import Kept
from tracegraph.intake.portions import Portion
from tracegraph.model.record import Record
from tracegraph.model.record_kinds import record_kind
from tracegraph.recompile.entering import Admitting, with_known_units
from tracegraph.stores.port import Reading

Piece = AcceptedMasterData | AcceptedRecord


def admitted(store: Reading, portion: Portion, strict: bool) -> Portion:
    """The portion with records that name units as the store knows them, and without those that are refused. Units that
    its own events name are known too; a record that is refused is a rejected piece, and under `strict` nothing else is
    left of the portion then."""
    records = [piece.record for piece in portion.records if isinstance(piece, AcceptedRecord)]
    if not any(_is_looked_at(record) for record in records):
        return portion
    pieces = list(_admitted(store, portion, records))
    rejected = [piece for piece in pieces if isinstance(piece, Rejected)]
    if strict and rejected:
        return Portion(rejected=[*portion.rejected, *rejected], consumed=portion.consumed)
    portion.records = [piece for piece in pieces if not isinstance(piece, Rejected)]
    portion.rejected += rejected
    return portion


def _is_looked_at(record: Record) -> bool:
    return bool(_wanted(record)) or Admitting.is_looked_at(record.kind)


def _wanted(record: Record) -> list[str]:
    """The fields of a record whose units must be known."""
    return [one.name for one in record_kind(record.kind).fields if one.known and one.name in record.data]


def _admitted(store: Reading, portion: Portion, records: Sequence[Record]) -> Iterator[Piece | Rejected]:
    new = {named.unit for entry in portion.events if entry.facts for named in entry.facts.named}
    admitting = Admitting(store, records)
    for piece in portion.records:
        yield _looked_at(store, piece, new, admitting) if isinstance(piece, AcceptedRecord) else piece


def _looked_at(store: Reading, piece: AcceptedRecord, new: set[str], admitting: Admitting) -> AcceptedRecord | Rejected:
    try:
        admitting.check(piece.record)
        record = with_known_units(store, piece.record, new)
    except (UnknownIdentifier, UsageError) as problem:
        name = problem.field if isinstance(problem, InvalidField) else next(iter(_wanted(piece.record)), "")
        cell = piece.cells.get(name, "")
        reason = f"{piece.position.source}: cell {cell}: {problem}".rstrip(".") + "."
        return Rejected(piece.position, reason, Kept(piece.original))
    return AcceptedRecord(record, piece.position, piece.cells, piece.original)
