"""EPCIS from files, folders and streams, as a stream of pieces: events, master data, and what was rejected.

What begins with `<` is XML and goes to tracegraph.formats.epcis_xml; all else is JSON and is read here. Reads
EPCISDocument, EPCISQueryDocument, single events, arrays of these, and several after each other (NDJSON), in UTF-8
with or without BOM, plain or gzip. The unit is the event: what stands before damage is delivered, the rest is one
rejected piece; where each line is a value of its own, only the damaged line is. Memory does not grow with the file.

Contexts: those that stand before the events are known when the events come. Where the first event is met without any,
the rest of the document is put aside in a temporary file and searched for contexts first.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from tracegraph.formats.epcis.acceptance import NOT_UTF8, event_piece, master_data_piece, packed_rest, rejected
from tracegraph.formats.epcis.limits import MAX_EVENT_BYTES
from tracegraph.formats.epcis.payload import surroundings
from tracegraph.formats.epcis.pieces import Piece, Rejected, SourcePosition
from tracegraph.formats.epcis.stream import Damaged, TooLarge, Window
from tracegraph.formats.source import ByteStream, Kept, Meter, SourceFile, Unpacked, source_files
from tracegraph.model.event import Json

_BLANKS = b" \t\r\n"
_DOCUMENTS = ("EPCISDocument", "EPCISQueryDocument")
_LINES = (".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz")
_NO_CONTEXT = surroundings(())
#: Characters of elements that wait for the type of their vocabulary.
MOST_WAITING = MAX_EVENT_BYTES
_TOO_LONG_BEFORE_TYPE = (
    "this element of master data stands before the type of its vocabulary, after more than may wait for it; "
    "put the type first"
)

Handler = Callable[[str], Iterator[Piece]]


class FileReader(Protocol):
    """Reads one open file of some format, whole or piece by piece."""

    def __call__(self, file: SourceFile, stream: Unpacked, *, strict: bool) -> Iterator[Piece]:
        """The pieces of the file."""


def read(
    source: str | Path | ByteStream | SourceFile,
    *,
    strict: bool = False,
    name: str = "standard input",
    meter: Meter | None = None,
    read_file: FileReader | None = None,
) -> Iterator[Piece]:
    """The pieces of a file, of all files of a folder (recursive, sorted, hidden ones left out), or of an open binary
    stream, which messages call `name`. A SourceFile is a file that messages call as it says.

    `meter` counts the bytes that are read. `strict`: an event with findings is a rejected piece too (to store nothing
    of its file is the caller's part). `read_file`: reads each file, where it is something else than EPCIS.
    Errors: InputError where nothing is there to be read.
    """
    for file in source_files(source, name):
        if file.unreadable:
            position = SourcePosition(file.name)
            yield Rejected(position, f"{file.name} {file.unreadable}; nothing of it was read.", Kept())
        else:
            with file.opened() as stream:
                unpacked = Unpacked(meter.on(stream) if meter else stream)
                yield from (read_file or read_epcis)(file, unpacked, strict=strict)


def read_epcis(file: SourceFile, stream: Unpacked, *, strict: bool) -> Iterator[Piece]:
    """The pieces of an open file of EPCIS, by what it begins with and not by its name."""
    if not is_xml(stream.peek()):
        yield from _FileReader(file, stream, strict).pieces()
        return
    from tracegraph.formats.epcis_xml import read_xml

    yield from read_xml(file.name, stream, strict=strict)


def is_xml(beginning: bytes) -> bool:
    """Whether a text that begins so is meant as XML."""
    return beginning.removeprefix(codecs.BOM_UTF8).lstrip(_BLANKS).startswith(b"<")


class _Finished(Exception):
    """Everything up to the end of the file has been handed over."""


class _FileReader:
    """One file being read."""

    def __init__(self, file: SourceFile, stream: Unpacked, strict: bool) -> None:
        self._file = file
        self._stream = stream
        self._strict = strict
        self._window = Window(stream)
        self._around = _NO_CONTEXT
        self._line_by_line = file.name.endswith(_LINES)
        self._told = False

    def pieces(self) -> Iterator[Piece]:
        """Everything in the file."""
        first = self._window.peek()
        if first not in "{[" or not first:
            yield self._no_json(first)
            return
        one_per_line = True
        while self._window.peek():
            line = self._window.line
            try:
                yield from self._top("")
            except _Finished:
                break
            except Damaged as damage:
                yield self._damaged(damage)
            one_per_line = one_per_line and self._window.line == line
            if self._window.peek() and one_per_line and self._window.line > line:
                self._line_by_line = True
        if self._stream.damage and (missing := packed_rest(self._stream, self._position(""), self._told)):
            yield missing

    def _no_json(self, first: str) -> Rejected:
        """The whole file, which does not begin as JSON."""
        if self._stream.damage:
            reason = f"{self._stream.damage}; capture an undamaged copy"
        elif not first:
            reason = "it is empty; give EPCIS JSON or XML"
        elif "\udc80" <= first <= "\udcff":
            reason = f"it {NOT_UTF8}"
        else:
            reason = "it is of no kind that is read here; give EPCIS JSON, NDJSON or XML, plain or gzip"
        if self._file.path is not None:
            return rejected(SourcePosition(self._file.name), reason, Kept(path=self._file.path))
        position = self._position("")
        kept = Kept()
        self._window.rest(kept)
        if self._stream.damage and not kept.size:
            kept = self._stream.packed_rest()
        return rejected(position, reason, kept)

    def _damaged(self, damage: Damaged) -> Rejected:
        """What is damaged: the line where each line is a value, else all the rest."""
        self._window.back_to_mark()
        position = self._position("")
        kept = Kept()
        self._told = bool(self._stream.damage)
        if self._line_by_line:
            self._window.skip_line(kept)
        else:
            self._window.rest(kept)
        reason = self._stream.damage or f"it is no valid JSON at byte {damage.offset}: {damage.reason}"
        what = "this line" if self._line_by_line else "all from here on"
        return rejected(position, f"{reason}; {what} is rejected, repair it and capture again", kept)

    def _position(self, pointer: str) -> SourcePosition:
        """Where the next value stands."""
        self._window.peek()
        return SourcePosition(self._file.name, pointer, self._window.offset, self._window.line)

    def _top(self, pointer: str) -> Iterator[Piece]:
        """A value at top level, or within an array there."""
        first = self._window.peek()
        if first == "{":
            yield from self._document_or_event(pointer)
        elif first == "[":
            yield from self._list(pointer, self._top if pointer == "" else self._event)
        else:
            yield from self._event(pointer)

    def _document_or_event(self, pointer: str) -> Iterator[Piece]:
        """An object of which only its members tell whether it is a document."""
        self._around = _NO_CONTEXT
        self._window.set_mark()
        try:
            found = self._document_members()
        except TooLarge:
            found = None
        if found is None:
            self._window.back_to_mark()
            yield from self._event(pointer)
        else:
            self._window.drop_mark()
            yield from self._document(pointer, *found)

    def _document_members(self) -> tuple[str | None, list[Json]] | None:
        """The first member that only documents have (None: it was the type) and the contexts before it, the window
        standing before its value (or after the type's); None where the object is no document."""
        contexts: list[Json] = []
        for name in self._names():
            if name in ("epcisBody", "epcisHeader"):
                return name, contexts
            value = self._window.value()[0]
            if name == "@context":
                contexts = [value]
            elif name == "type" and isinstance(value, str):
                return (None, contexts) if value.endswith(_DOCUMENTS) else None
            if self._window.marked_size() > MAX_EVENT_BYTES:
                return None
        return None

    def _names(self, started: bool = False) -> Iterator[str]:
        """The names of an object's members, each before its value is taken. `started`: the first member is done."""
        if not started:
            self._window.expect("{")
            if self._window.take("}"):
                return
        elif not self._window.take(","):
            self._window.expect("}", ",")
            return
        while True:
            yield self._window.key()
            if not self._window.take(","):
                self._window.expect("}", ",")
                return

    def _document(self, pointer: str, name: str | None, contexts: list[Json]) -> Iterator[Piece]:
        """The members of a document from `name` on."""
        self._around = surroundings(tuple(contexts))
        known = bool(contexts)
        if name is not None:
            known = self._find_context(name, known)
            yield from self._document_member(f"{pointer}/{name}", name)
        for name in self._names(started=True):
            if name == "@context":
                self._around = surroundings((self._window.value()[0],))
                known = True
            else:
                known = self._find_context(name, known)
                yield from self._document_member(f"{pointer}/{name}", name)

    def _document_member(self, pointer: str, name: str) -> Iterator[Piece]:
        """One member of a document."""
        if name == "epcisBody":
            yield from self._object(pointer, self._body_member)
        elif name == "epcisHeader":
            yield from self._object(pointer, self._header_member)
        else:
            self._pass_over()

    def _find_context(self, name: str, known: bool) -> bool:
        """Look ahead for contexts that stand after what needs them."""
        if known or name not in ("epcisBody", "epcisHeader"):
            return known
        ahead = self._window.ahead()
        try:
            ahead.skip()
            while ahead.take(","):
                if ahead.key() == "@context":
                    self._around = surroundings((ahead.value()[0],))
                    break
                ahead.skip()
        except (Damaged, TooLarge):
            pass
        return True

    def _pass_over(self) -> None:
        """A member without meaning here, however large."""
        try:
            self._window.value()
        except TooLarge:
            self._window.skip()

    def _object(self, pointer: str, handle: Callable[[str, str], Iterator[Piece]]) -> Iterator[Piece]:
        """An object: each member to `handle`, by pointer and name."""
        if self._window.peek() != "{":
            yield self._misplaced(pointer, "an object")
            return
        for name in self._names():
            yield from handle(f"{pointer}/{name}", name)

    def _list(self, pointer: str, handle: Handler) -> Iterator[Piece]:
        """An array: each item to `handle`, by pointer."""
        if self._window.peek() != "[":
            yield self._misplaced(pointer, "a list")
            return
        self._window.expect("[")
        if self._window.take("]"):
            return
        index = 0
        while True:
            yield from handle(f"{pointer}/{index}")
            index += 1
            if not self._window.take(","):
                self._window.expect("]", ",")
                return

    def _misplaced(self, pointer: str, expected: str) -> Rejected:
        """A value of the wrong type in the frame of a document."""
        position = self._position(pointer)
        kept = Kept()
        self._window.skip(kept)
        return rejected(position, f"{expected} was expected here; repair it and capture again", kept)

    def _body_member(self, pointer: str, name: str) -> Iterator[Piece]:
        """A member of the body: events, or the frame of a query's results around them."""
        if name == "eventList":
            yield from self._list(pointer, self._event)
        elif name == "event":
            yield from self._event(pointer)
        elif name in ("queryResults", "resultsBody"):
            yield from self._object(pointer, self._body_member)
        else:
            self._pass_over()

    def _event(self, pointer: str) -> Iterator[Piece]:
        """One event."""
        position = self._position(pointer)
        try:
            value, text = self._window.value()
        except TooLarge as large:
            yield from self._too_large(position, large)
            return
        odd = self._window.odd_numbers
        around, strict = self._around, self._strict
        yield event_piece(value, text, around, position, lambda: _kept(text), strict=strict, odd_numbers=odd)

    def _too_large(self, position: SourcePosition, large: TooLarge) -> Iterator[Piece]:
        """A value beyond the limits, passed over and kept."""
        kept = Kept()
        reason = f"it {large.reason}, which is the limit for one event; split it"
        try:
            self._window.skip(kept)
        except Damaged:
            self._told = True
            yield rejected(position, f"{reason} (and the file ends within it)", kept)
            raise _Finished from None
        yield rejected(position, reason, kept)

    def _header_member(self, pointer: str, name: str) -> Iterator[Piece]:
        """A member of the header: only master data matter."""
        if name == "epcisMasterData":
            yield from self._object(pointer, self._header_member)
        elif name == "vocabularyList":
            yield from self._list(pointer, self._vocabulary)
        else:
            self._pass_over()

    def _vocabulary(self, pointer: str) -> Iterator[Piece]:
        """One vocabulary; elements that stand before its type wait for it in memory, within the limit of one event."""
        if self._window.peek() != "{":
            yield self._misplaced(pointer, "an object")
            return
        vocabulary_type = ""
        waiting: list[tuple[Json, str, SourcePosition]] = []
        for name in self._names():
            inside = f"{pointer}/{name}"
            if name == "type":
                value = self._window.value()[0]
                vocabulary_type = value if isinstance(value, str) else ""
            elif name != "vocabularyElementList":
                self._pass_over()
            elif vocabulary_type:
                yield from self._elements(inside, vocabulary_type)
            else:
                yield from self._wait(inside, waiting)
        for element, text, position in waiting:
            yield self._element(vocabulary_type, element, text, position)

    def _wait(self, pointer: str, waiting: list[tuple[Json, str, SourcePosition]]) -> Iterator[Piece]:
        """Take the elements of a list that stands before the type of its vocabulary."""
        held = 0

        def one(inside: str) -> Iterator[Piece]:
            nonlocal held
            position = self._position(inside)
            try:
                value, text = self._window.value()
            except TooLarge as large:
                yield from self._too_large(position, large)
                return
            held += len(text)
            if held > MOST_WAITING:
                yield rejected(position, _TOO_LONG_BEFORE_TYPE, _kept(text))
            else:
                waiting.append((value, text, position))

        yield from self._list(pointer, one)

    def _elements(self, pointer: str, vocabulary_type: str) -> Iterator[Piece]:
        """The elements of a vocabulary."""

        def one(inside: str) -> Iterator[Piece]:
            position = self._position(inside)
            try:
                value, text = self._window.value()
            except TooLarge as large:
                yield from self._too_large(position, large)
                return
            yield self._element(vocabulary_type, value, text, position)

        yield from self._list(pointer, one)

    def _element(self, vocabulary_type: str, value: Json, text: str, position: SourcePosition) -> Piece:
        """One element of master data."""
        return master_data_piece(vocabulary_type, value, self._around, position, lambda: _kept(text))


def _kept(text: str) -> Kept:
    """The bytes that a text was decoded from."""
    return Kept(text.encode("utf-8", "surrogateescape"))
