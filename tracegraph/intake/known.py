"""Records of a portion that name units which must be known: an override or another number of a lot that nobody knows
would be kept and never mean anything."""

from __future__ import annotations

from tracegraph.errors import UnknownIdentifier, UsageError
from tracegraph.formats.epcis import AcceptedMasterData, AcceptedRecord, Rejected
from tracegraph.formats.source import Kept
from tracegraph.intake.portions import Portion
from tracegraph.model.record_kinds import record_kind
from tracegraph.recompile.entering import with_known_units
from tracegraph.stores.port import Reading


def known_units(store: Reading, portion: Portion, strict: bool) -> Portion:
    """The portion with records that name units as the store knows them. Units that its own events name are known too; a
    record of any other is a rejected piece, and under `strict` nothing else is left of the portion then."""
    if not any(isinstance(piece, AcceptedRecord) and _wanted(piece) for piece in portion.records):
        return portion
    new = {named.unit for entry in portion.events if entry.facts for named in entry.facts.named}
    pieces = [_known(store, piece, new) for piece in portion.records]
    rejected = [piece for piece in pieces if isinstance(piece, Rejected)]
    if strict and rejected:
        return Portion(rejected=[*portion.rejected, *rejected], consumed=portion.consumed)
    portion.records = [piece for piece in pieces if not isinstance(piece, Rejected)]
    portion.rejected += rejected
    return portion


def _wanted(piece: AcceptedRecord) -> list[str]:
    """The fields of a record whose units must be known."""
    return [one.name for one in record_kind(piece.record.kind).fields if one.known and one.name in piece.record.data]


def _known(
    store: Reading, piece: AcceptedMasterData | AcceptedRecord, new: set[str]
) -> AcceptedMasterData | AcceptedRecord | Rejected:
    if not isinstance(piece, AcceptedRecord) or not (wanted := _wanted(piece)):
        return piece
    try:
        record = with_known_units(store, piece.record, new)
    except (UnknownIdentifier, UsageError) as problem:
        cell = piece.cells.get(wanted[0], "")
        reason = f"{piece.position.source}: cell {cell}: {problem}".rstrip(".") + "."
        return Rejected(piece.position, reason, Kept(piece.original))
    return AcceptedRecord(record, piece.position, piece.cells, piece.original)
