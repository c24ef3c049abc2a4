"""Portions: what was read of the sources, made ready for the ledger, so many pieces at a time."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from tracegraph.formats.epcis import Accepted, AcceptedEvent, AcceptedMasterData, AcceptedRecord, Piece, Rejected, read
from tracegraph.formats.recognise import EPCIS, Reading, reader_of
from tracegraph.formats.source import ByteStream, Kept, Meter, SourceFile
from tracegraph.stores.facts_codec import encode_facts
from tracegraph.stores.port import NewEntry

Source = str | Path | ByteStream | SourceFile

#: Why a piece must not be stored, as the end of a sentence; None: it may.
Permit = Callable[[Accepted], str | None]

#: A portion of events ends after as many bytes as so many of this size have, so that memory stays bounded whatever
#: their size.
_BYTES_OF_AN_EVENT = 4 * 2**10
#: Objects by which memory grows between two searches for garbage: more than storing a portion makes, so that its
#: objects, nearly all without cycles, are not searched again and again.
_OBJECTS_BETWEEN_COLLECTIONS = 1_000_000


@dataclass(slots=True)
class Portion:
    """What one change is to store. `records`: what is stored besides events. `findings`: how many by code; `consumed`:
    bytes of the sources read so far."""

    events: list[NewEntry] = field(default_factory=list)
    records: list[AcceptedMasterData | AcceptedRecord] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    findings: dict[str, int] = field(default_factory=dict)
    consumed: int = 0


def portions(
    sources: Iterable[Source],
    size: int,
    strict: bool = False,
    permit: Permit | None = None,
    form: str | Reading = EPCIS,
) -> Iterator[Portion]:
    """All sources in portions of at most `size` pieces; under `strict` each source is one portion, of which nothing but
    the rejected pieces is left where there are any. `permit`: what it gives a reason for is a rejected piece. `form`:
    which format the sources have (tracegraph.formats.recognise)."""
    read_file = reader_of(form)
    meter = Meter()
    for source in sources:
        pieces = read(source, strict=strict, meter=meter, read_file=read_file)
        pieces = pieces if permit is None else _permitted(pieces, permit)
        if strict:
            yield _portion(_whole_or_nothing(list(pieces)), meter)
        else:
            while batch := list(_some(pieces, size)):
                yield _portion(batch, meter)


def _permitted(pieces: Iterator[Piece], permit: Permit) -> Iterator[Piece]:
    for piece in pieces:
        reason = None if isinstance(piece, Rejected) else permit(piece)
        if isinstance(piece, Rejected) or reason is None:
            yield piece
        else:
            yield Rejected(piece.position, f"{piece.position}: {reason}.", Kept(_bytes(piece)))


def _bytes(piece: Accepted) -> bytes:
    """What the rejects file keeps of a piece that was accepted at first."""
    match piece:
        case AcceptedEvent():
            return piece.entry_payload
        case AcceptedMasterData():
            return piece.payload
        case AcceptedRecord():
            return piece.original


def _some(pieces: Iterator[Piece], size: int) -> Iterator[Piece]:
    """The next pieces, fewer where they are large."""
    left = size * _BYTES_OF_AN_EVENT
    for piece in islice(pieces, size):
        yield piece
        left -= len(piece.entry_payload) if isinstance(piece, AcceptedEvent) else 0
        if left < 0:
            return


def _whole_or_nothing(pieces: Sequence[Piece]) -> Sequence[Piece]:
    return [piece for piece in pieces if isinstance(piece, Rejected)] or pieces


def _portion(pieces: Iterable[Piece], meter: Meter) -> Portion:
    """Pieces sorted by what becomes of them."""
    portion = Portion(consumed=meter.bytes)
    for piece in pieces:
        if isinstance(piece, AcceptedEvent):
            portion.events.append(NewEntry(piece.entry_payload, piece.facts, None, encode_facts(piece.facts)))
            for finding in piece.findings:
                portion.findings[finding.code] = portion.findings.get(finding.code, 0) + 1
        elif isinstance(piece, Rejected):
            portion.rejected.append(piece)
        else:
            portion.records.append(piece)
    return portion


@contextmanager
def fewer_collections() -> Iterator[None]:
    """Search less often for garbage while portions come and go: a third of the time of reading went into it."""
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], _OBJECTS_BETWEEN_COLLECTIONS) if before[0] else 0, *before[1:])
    try:
        yield
    finally:
        _count_as_old()
        gc.set_threshold(*before)


def _count_as_old() -> None:
    """Where very many objects wait for the next search, they are taken for old ones: searching them once all is stored
    took half a second and found nothing. Few are left to be searched, else a service would never find its garbage."""
    if gc.get_count()[0] > _OBJECTS_BETWEEN_COLLECTIONS // 10 and not gc.get_freeze_count():
        gc.freeze()
        gc.unfreeze()
