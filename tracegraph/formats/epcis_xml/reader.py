"""EPCIS XML from an open stream, as pieces: events, master data, and what was rejected.

What stands before damage is delivered, the rest is one rejected piece. Memory does not grow with the stream. Entities,
document types, inclusions and the network are off; libxml2's own limits on depth and size hold.
Source: EPCIS 1.2 and 2.0, section 9.5.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lxml import etree

from tracegraph.formats.epcis.acceptance import event_piece, master_data_piece, packed_rest, rejected
from tracegraph.formats.epcis.json_text import json_text
from tracegraph.formats.epcis.payload import surroundings
from tracegraph.formats.epcis.pieces import Piece, Rejected, SourcePosition
from tracegraph.formats.epcis.stream import TooLarge, check_limits
from tracegraph.formats.epcis_xml.binding import event_as_json, vocabulary_element_as_json
from tracegraph.formats.epcis_xml.frame import Found, Refused, Target
from tracegraph.formats.epcis_xml.namespaces import Namespaces
from tracegraph.formats.epcis_xml.segments import segments
from tracegraph.formats.source import Kept, Unpacked

_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([^"']*)["']""")
#: Bytes of a character, at most.
_WIDEST = 4
#: Encodings in which the characters of tags are those of ASCII.
_LIKE_ASCII = re.compile(r"utf-?8|us-ascii|ascii|iso-8859-[0-9]{1,2}|latin-?1|windows-125[0-9]", re.IGNORECASE)
_PLACE = re.compile(r", line [0-9]+, column [0-9]+.*", re.DOTALL)
_REST = "all from here on is rejected, repair it and capture again"


def read_xml(name: str, stream: Unpacked, *, strict: bool = False) -> Iterator[Piece]:
    """The pieces of one stream that holds XML, which messages call `name`. `strict`: an event with findings is a
    rejected piece too."""
    yield from _Reader(name, stream, strict).pieces()


class _Reader:
    """One stream being read."""

    def __init__(self, name: str, stream: Unpacked, strict: bool) -> None:
        self._name = name
        self._stream = stream
        self._strict = strict
        self._offset = 0
        self._line = 1
        self._target = Target()
        target: Any = self._target  # the stubs of lxml know of no target that is told of namespaces
        self._parser = etree.XMLParser(
            target=target, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )

    def pieces(self) -> Iterator[Piece]:
        """Everything in the stream."""
        fault = _encoding_fault(self._stream.peek())
        parts, segment = segments(self._stream, self._open_name), b""
        while not fault and (segment := next(parts, b"")):
            if self._target.open is None:
                self._target.look_at(segment, self._offset, self._line)
            fault = self._fault_of(segment)
            for found in self._target.take(segment):
                yield self._piece(found)
            if not fault:
                self._offset += len(segment)
                self._line += segment.count(b"\n")
        fault = fault or self._fault_of(None)
        told = bool(self._stream.damage)
        if fault:
            yield self._rest(self._stream.damage or fault, segment, parts)
        missing = packed_rest(self._stream, self._position(), told)
        if missing is not None:
            yield missing

    def _open_name(self) -> bytes:
        return b"" if self._target.open is None else self._target.open.name

    def _fault_of(self, segment: bytes | None) -> str:
        """Parse some bytes, or end where there are none; what is wrong, as the end of a sentence."""
        try:
            if segment is None:
                self._parser.close()
            else:
                self._parser.feed(segment)
        except Refused as refused:
            return str(refused)
        except etree.XMLSyntaxError as error:
            return f"{_syntax_fault(error)}; {_REST}"
        return ""

    def _rest(self, fault: str, segment: bytes, parts: Iterator[bytes]) -> Rejected:
        """All from the event on that was not finished."""
        begun = self._target.open
        position = self._position() if begun is None else self._position_of(begun)
        kept = Kept(segment) if begun is None else begun.original()
        for part in parts:
            kept.write(part)
        return rejected(replace(position, pointer=""), fault, kept)

    def _position(self) -> SourcePosition:
        return SourcePosition(self._name, "", self._offset, self._line)

    def _position_of(self, found: Found) -> SourcePosition:
        return SourcePosition(self._name, found.pointer, found.offset, found.line)

    def _piece(self, found: Found) -> Piece:
        """What becomes of an event or element that was read to its end."""
        position, element = self._position_of(found), found.element
        if element is None:
            return rejected(position, found.trouble, found.original())
        namespaces = Namespaces()
        if found.vocabulary is not None:
            value = vocabulary_element_as_json(element, namespaces)
            around = surroundings((namespaces.context(),))
            return master_data_piece(found.vocabulary, value, around, position, found.original)
        value = event_as_json(element, namespaces)
        text = json_text(value)
        try:
            check_limits(text)
        except TooLarge as large:
            return rejected(position, f"as JSON it {large.reason}, which is the limit for one event", found.original())
        around = surroundings((namespaces.context(),))
        return event_piece(value, text, around, position, found.original, strict=self._strict)


def _encoding_fault(beginning: bytes) -> str:
    """Why a document in its encoding, declared or not, is not read; empty where it is.

    Where an event begins and ends is seen by the bytes of its tags, which must be those of ASCII.
    """
    if b"\0" in beginning[:_WIDEST]:
        return "its encoding is UTF-16 or UTF-32, which is not read; save it as UTF-8"
    declared = _ENCODING.match(beginning.removeprefix(codecs.BOM_UTF8).lstrip())
    encoding = declared[1].decode("ascii", "replace") if declared else "utf-8"
    if _LIKE_ASCII.fullmatch(encoding):
        return ""
    return f"its encoding is {encoding[:40]!r}, which is not read; save it as UTF-8"


def _syntax_fault(error: etree.XMLSyntaxError) -> str:
    """What the parser complains about."""
    message = _PLACE.sub("", error.msg or "it is damaged").strip()
    line, column = error.position
    if "limit exceeded" in message:
        return f"it holds a longer text at line {line} than is read"
    said = " ".join(message[:200].split()).rstrip(".")
    return f"it is no valid XML at line {line}, column {column} ({said})"
