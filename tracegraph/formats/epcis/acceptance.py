"""From one value of a source to the piece that is handed over: the same for every way of writing EPCIS down.

A reader finds the value, its place and its bytes; what of it is accepted, rejected or doubted is decided here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tracegraph.formats.epcis.fast import read_fast
from tracegraph.formats.epcis.json_text import json_text
from tracegraph.formats.epcis.master_data import UnusableElement, master_data_of
from tracegraph.formats.epcis.parse import Unusable, first_sentence
from tracegraph.formats.epcis.payload import Surroundings, payload_around, understand
from tracegraph.formats.epcis.pieces import AcceptedEvent, AcceptedMasterData, Piece, Rejected, SourcePosition
from tracegraph.formats.source import Kept, Unpacked
from tracegraph.model.event import Finding, Json

NOT_UTF8 = "holds bytes that are no UTF-8; save it as UTF-8"
#: How the escape of half a surrogate pair begins, in lower case.
_SURROGATE = "\\ud"
_ODD_NUMBER = Finding("number_not_json", "", "NaN or Infinity is no JSON number; kept as a text, without effect.")

#: The bytes of a piece as they stood in the source; called only where the piece is rejected.
Original = Callable[[], Kept]


def rejected(position: SourcePosition, reason: str, kept: Kept, findings: tuple[Finding, ...] = ()) -> Rejected:
    """A rejected piece and its sentence."""
    return Rejected(position, f"{position}: {reason}.", kept, findings)


def event_piece(
    value: Json,
    text: str,
    around: Surroundings,
    position: SourcePosition,
    original: Original,
    *,
    strict: bool,
    odd_numbers: bool = False,
) -> Piece:
    """An accepted event; rejected where it is none, and under `strict` where something was found.

    `text` is the value as JSON text. `odd_numbers`: the value has numbers that JSON has not, which became texts.
    """
    try:
        return _understood(value, text, around, position, original, strict, odd_numbers)
    except Unusable as unusable:
        at = replace(position, pointer=position.pointer + unusable.pointer)
        return rejected(at, unusable.reason, original())
    except UnicodeEncodeError:
        return rejected(position, f"it {NOT_UTF8}", original())


def _understood(
    value: Json,
    text: str,
    around: Surroundings,
    position: SourcePosition,
    original: Original,
    strict: bool,
    odd_numbers: bool,
) -> Piece:
    if "\\u" in text and (_SURROGATE in text.lower() or not text.isascii()):
        json_text(value).encode()
    facts = None if odd_numbers else read_fast(value, around.words)
    if facts is not None:
        return AcceptedEvent(payload_around(text, around), facts, position)
    understood = understand(value, json_text(value) if odd_numbers else text, around)
    event = understood.event
    if odd_numbers:
        event = replace(event, findings=(_ODD_NUMBER, *event.findings))
    if strict and event.findings:
        reason = f"rejected as strict: {first_sentence(event.findings)}"
        return rejected(position, reason, original(), event.findings)
    return AcceptedEvent(understood.payload, understood.facts, position, event.findings, event)


def master_data_piece(
    vocabulary_type: str, value: Json, around: Surroundings, position: SourcePosition, original: Original
) -> Piece:
    """One element of master data; rejected where it cannot be kept as a record."""
    try:
        data = master_data_of(vocabulary_type, value)
        head = {"vocabulary": vocabulary_type, "context": around.declared, "element": value}
        return AcceptedMasterData(json_text(head).encode(), data, position)
    except UnusableElement as unusable:
        return rejected(position, f"this element of master data {unusable}", original())
    except UnicodeEncodeError:
        return rejected(position, f"this element of master data {NOT_UTF8}", original())


def packed_rest(stream: Unpacked, position: SourcePosition, told: bool) -> Rejected | None:
    """What of a compressed source could not be unpacked, and that something is missing; None where that is nothing, or
    was `told` already and no bytes are left."""
    if not stream.damage:
        return None
    kept = stream.packed_rest()
    if told and not kept.size:
        return None
    what = "; the packed bytes from there on are kept as they are" if kept.size else ""
    return rejected(position, f"{stream.damage}{what}; capture an undamaged copy", kept)
