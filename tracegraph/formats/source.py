"""Opening what the caller names: files, folders, streams, compressed or not. The only effects of the formats.

What cannot be read at all is an InputError for a path that the caller named, and a sentence for a file within a folder.
"""

from __future__ import annotations

import os
import tempfile
import weakref
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tracegraph.errors import InputError

_GZIP_MAGIC = b"\x1f\x8b"
_GZIP = zlib.MAX_WBITS | 16
_CHUNK = 1024 * 1024
_BEGINNING = 1024


class ByteStream(Protocol):
    """Anything that gives bytes, such as a file opened in binary mode or a request body."""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; empty at the end."""


class Spool:
    """A temporary file that is gone when nobody holds it any more."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by the finalizer)
        weakref.finalize(self, self._file.close)

    def append(self, data: bytes) -> None:
        """Add bytes at the end."""
        self._file.seek(0, os.SEEK_END)
        self._file.write(data)

    def at(self, position: int, size: int) -> bytes:
        """At most `size` bytes from a position on; all the rest where `size` is negative."""
        self._file.seek(position)
        return self._file.read(size)


class Kept:
    """Bytes kept whole for the rejects file: in memory while small, else in a temporary file, or a file that is there.

    `chunks()` may be called again and again; `size` is in bytes.
    """

    def __init__(self, data: bytes = b"", path: Path | None = None) -> None:
        self._path = path
        self._memory = data
        self._spool: Spool | None = None
        self.size = path.stat().st_size if path else len(data)

    def write(self, data: bytes) -> None:
        """Append bytes."""
        self.size += len(data)
        if self._spool is None and self.size <= _CHUNK:
            self._memory += data
            return
        if self._spool is None:
            self._spool = Spool()
            self._spool.append(self._memory)
            self._memory = b""
        self._spool.append(data)

    def chunks(self) -> Iterator[bytes]:
        """The bytes from the beginning, at most a mebibyte at once."""
        if self._path is not None:
            with self._path.open("rb") as stream:
                yield from iter(lambda: stream.read(_CHUNK), b"")
        for start in range(0, len(self._memory), _CHUNK):
            yield self._memory[start : start + _CHUNK]
        position = 0
        while self._spool is not None and (chunk := self._spool.at(position, _CHUNK)):
            position += len(chunk)
            yield chunk

    def read(self) -> bytes:
        """All of it at once: for small pieces and tests."""
        return b"".join(self.chunks())

    def shareable(self, folder: Path) -> Kept:
        """The same so that it can be sent to another process; what is large is put into a file in the folder."""
        if self._spool is None:
            return self
        handle, name = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "wb") as stream:
            for chunk in self.chunks():
                stream.write(chunk)
        return Kept(path=Path(name))


class Meter:
    """Counts the bytes that were read of several streams, as they were stored (packed or not)."""

    def __init__(self) -> None:
        self.bytes = 0

    def on(self, stream: ByteStream) -> ByteStream:
        """The same stream, counted."""
        return _Metered(stream, self)


class _Metered:
    """A stream of which the bytes are counted."""

    def __init__(self, stream: ByteStream, meter: Meter) -> None:
        self._stream = stream
        self._meter = meter

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes."""
        data = self._stream.read(size)
        self._meter.bytes += len(data)
        return data


class Unpacked:
    """A stream of bytes that is unpacked where it is gzip (by its first bytes, whatever its name).

    Damage in the compressed data ends the stream after all that could be unpacked; `damage` then says what is wrong,
    and `packed_rest` gives what could not be unpacked. Source: RFC 1952; several members after each other are one
    stream, zeros after the last are padding.
    """

    def __init__(self, stream: ByteStream) -> None:
        head = read_fully(stream, len(_GZIP_MAGIC))
        self._stream: ByteStream = _Headed(head, stream)
        self.compressed = head == _GZIP_MAGIC
        self._packed = b""
        self._member = zlib.decompressobj(_GZIP)
        self._step = _CHUNK
        self._unpacked = False
        self._opening = b""
        self._peeked = b""
        self.damage = ""

    def peek(self) -> bytes:
        """The beginning without taking it: a kibibyte or all there is, more where that is blank."""
        while len(self._peeked) < _BEGINNING or (not self._peeked.strip() and len(self._peeked) < _CHUNK):
            more = self._next(_BEGINNING)
            if not more:
                break
            self._peeked += more
        return self._peeked

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; empty at the end or where damage begins."""
        if not self._peeked:
            return self._next(size)
        cut = len(self._peeked) if size < 0 else size
        data, self._peeked = self._peeked[:cut], self._peeked[cut:]
        return data

    def _next(self, size: int) -> bytes:
        if not self.compressed:
            return self._stream.read(size)
        while not self.damage:
            self._packed = self._packed or self._more()
            if not self._packed:
                self.damage = "" if self._member.eof else "the gzip data are cut off"
                return b""
            data = self._unpack(size)
            if data:
                self._unpacked, self._opening = True, b""
                return data
        return b""

    def packed_rest(self) -> Kept:
        """The packed bytes from the damage on; all of them where nothing could be unpacked."""
        kept = Kept(self._opening or self._packed)
        while data := self._stream.read(_CHUNK):
            kept.write(data)
        return kept

    def _more(self) -> bytes:
        """More packed bytes; the first ones are remembered until some of them could be unpacked."""
        data = self._stream.read(_CHUNK)
        if len(self._opening) >= _CHUNK:
            self._unpacked, self._opening = True, b""
        if not self._unpacked:
            self._opening += data
        return data

    def _unpack(self, size: int) -> bytes:
        """Unpack some of what was read."""
        if self._member.eof:
            self._packed = self._packed.lstrip(b"\0")
            if not self._packed:
                return b""
            self._member = zlib.decompressobj(_GZIP)
        given, before = self._packed[: self._step], self._member.copy()
        try:
            data = self._member.decompress(given, max(size, 0) or _CHUNK)
        except zlib.error as error:
            self._closer(len(given), before, str(error))
            return b""
        left = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
        self._packed = left + self._packed[self._step :] if len(given) < len(self._packed) else left
        return data

    def _closer(self, given: int, before: zlib._Decompress, error: str) -> None:
        """Unpack in smaller steps up to the very byte that is wrong."""
        if given == 1:
            self.damage = f"the gzip data are damaged ({error})"
        else:
            self._member, self._step = before, max(1, given // 64)


class _Headed:
    """A stream of which the first bytes have been read already."""

    def __init__(self, head: bytes, stream: ByteStream) -> None:
        self._head = head
        self._stream = stream

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes."""
        if not self._head:
            return self._stream.read(size)
        if size < 0:
            head, self._head = self._head, b""
            return head + self._stream.read()
        head, self._head = self._head[:size], self._head[size:]
        return head


def read_fully(stream: ByteStream, size: int) -> bytes:
    """`size` bytes, or fewer at the end only: pipes give less than they are asked for."""
    parts: list[bytes] = []
    while size > 0 and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read. `path` None: a stream that the caller opened. `unreadable`: why it is none to be opened."""

    name: str
    path: Path | None = None
    stream: ByteStream | None = None
    unreadable: str = ""

    @contextmanager
    def opened(self) -> Iterator[ByteStream]:
        """The open file; closed at the end, a stream of the caller's is left open."""
        if self.stream is not None:
            yield self.stream
            return
        assert self.path is not None
        with self.path.open("rb") as stream:
            yield stream


def source_files(source: str | Path | ByteStream | SourceFile, name: str = "standard input") -> Iterator[SourceFile]:
    """The files that a source stands for, sorted by path: itself, or all in the folder and its sub-folders but the
    hidden ones. `name` is what to call a stream. InputError where nothing is there or it cannot be opened."""
    if isinstance(source, SourceFile):
        yield source
        return
    if not isinstance(source, (str, Path)):
        yield SourceFile(name, stream=source)
        return
    path = Path(source)
    if path.is_dir():
        yield from _folder(path)
        return
    try:
        with path.open("rb"):
            pass
    except OSError as error:
        raise InputError(f"{path} cannot be opened: {error.strerror or error}; check the path.") from error
    yield SourceFile(str(path), path)


def _folder(folder: Path) -> Iterator[SourceFile]:
    """The files in a folder and its sub-folders, sorted; links to folders are not followed."""
    for current, folders, files in os.walk(folder, onerror=_unreadable_folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for file in sorted(files):
            if not file.startswith("."):
                yield _file_of_folder(Path(current) / file)


def _unreadable_folder(error: OSError) -> None:
    """A folder that cannot be listed could hide events: say so instead of leaving it out."""
    raise InputError(f"{error.filename} cannot be listed: {error.strerror}; check its permissions.") from error


def _file_of_folder(path: Path) -> SourceFile:
    """A file found in a folder; what cannot be opened keeps its reason."""
    if not path.is_file():
        return SourceFile(str(path), unreadable="is not a regular file")
    try:
        with path.open("rb"):
            return SourceFile(str(path), path)
    except OSError as error:
        return SourceFile(str(path), unreadable=f"cannot be opened ({error.strerror or error})")
