"""The second process: reads the sources that it is told, and sends portions to the first one until all are read.

It is started by `tracegraph.intake.elsewhere` and speaks over its standard input (one request) and output (frames): a
greeting, portions, an error if there is one, and an end; each a pickle with its length before it.
"""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from tracegraph.formats.epcis import AcceptedMasterData, AcceptedRecord, Rejected
from tracegraph.formats.recognise import Reading
from tracegraph.intake.portions import Portion, fewer_collections, portions

#: The length of a frame, before it.
LENGTH = struct.Struct(">Q")


@dataclass(frozen=True, slots=True)
class Request:
    """What to read. `folder`: where rejected pieces too large for a frame are put, for the first process to take;
    `form`: which format the sources have."""

    sources: tuple[str, ...]
    size: int
    strict: bool
    folder: str
    form: str | Reading


@dataclass(frozen=True, slots=True)
class Greeting:
    """The process runs and has understood its request."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A portion on its way: of an event its payload and its facts as text."""

    events: list[tuple[bytes, str]]
    records: list[AcceptedMasterData | AcceptedRecord]
    rejected: list[Rejected]
    findings: dict[str, int]
    consumed: int


@dataclass(frozen=True, slots=True)
class Failure:
    """What stopped the reading: an error to be raised again."""

    error: BaseException


@dataclass(frozen=True, slots=True)
class End:
    """All was read; `seconds`: of the processor that it took."""

    seconds: float


def main() -> None:
    """Read what standard input asks for. Where the first process is gone, this one tidies up after it, and ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    out = sys.stdout.buffer
    request: Request = pickle.load(sys.stdin.buffer)
    try:
        _send(out, Greeting())
        _serve(request, lambda frame: _send(out, frame))
    except BrokenPipeError:
        shutil.rmtree(request.folder, ignore_errors=True)
        os._exit(0)  # without an attempt to write what is left


def _serve(request: Request, send: Callable[[Any], None]) -> None:
    try:
        with fewer_collections():
            for portion in portions(map(Path, request.sources), request.size, request.strict, form=request.form):
                send(_packed(portion, Path(request.folder)))
    except BrokenPipeError:
        raise
    except Exception as error:
        send(Failure(_picklable(error)))
    send(End(time.process_time()))


def _packed(portion: Portion, folder: Path) -> Sent:
    events = [(entry.payload, entry.encoded_facts or "") for entry in portion.events]
    rejected = [replace(piece, data=piece.data.shareable(folder)) for piece in portion.rejected]
    return Sent(events, portion.records, rejected, portion.findings, portion.consumed)


def _picklable(error: Exception) -> Exception:
    """The error itself where it can be sent, else one of the same words."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _send(out: BinaryIO, frame: object) -> None:
    data = pickle.dumps(frame, protocol=pickle.HIGHEST_PROTOCOL)
    out.write(LENGTH.pack(len(data)))
    out.write(data)
    out.flush()
