"""Reading in a second process, so that reading and storing use a processor each.

The portions are the same, in the same order, as if they were read here. The second process ends with this one, is
stopped when nobody wants its portions any more, and where it ends before all is read, that is an error.
"""

from __future__ import annotations

import os
import pickle
import selectors
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from tracegraph.errors import InputError
from tracegraph.formats.recognise import EPCIS, Reading
from tracegraph.formats.source import read_fully
from tracegraph.intake.child import LENGTH, End, Failure, Greeting, Request, Sent
from tracegraph.intake.portions import Portion, Source, portions
from tracegraph.stores.facts_codec import decode_facts
from tracegraph.stores.port import NewEntry

#: Below so many bytes a second process is not worth its start: 0.08 s, in which a process reads about 1 MB.
WORTHWHILE_BYTES = 4 * 2**20
#: Packed EPCIS grows about so many times.
_PACKED = 8
#: A process that has not said a word after so many seconds will not.
_PATIENCE = 30.0
#: The paths to modules are those of this process: the second one must run the same program.
_PROGRAM = "import sys; sys.path[:] = sys.argv[1:]; from tracegraph.intake.child import main; main()"


def is_worthwhile(sources: Sequence[Source]) -> bool:
    """Whether a second process can read these sources, and is likely to save time by it."""
    if os.name != "posix" or not sys.executable or _processors() < 2:
        return False
    size = 0
    for file in _files(sources):
        if file is None:
            return False
        size += file
        if size >= WORTHWHILE_BYTES:
            return True
    return False


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _files(sources: Iterable[Source]) -> Iterator[int | None]:
    """The size of each file, packed ones as they are likely to unpack; None for what only this process can read."""
    for source in sources:
        path = Path(source) if isinstance(source, (str, Path)) else None
        if path is not None and path.is_dir():
            yield from _files(inner for inner in path.rglob("*") if inner.is_file())
        elif path is not None and path.is_file():
            yield path.stat().st_size * (_PACKED if path.suffix == ".gz" else 1)
        else:
            yield None


class Elsewhere:
    """Portions of sources (paths only), read by a second process. `seconds`: of the processor that it took, once all is
    read."""

    def __init__(
        self, sources: Iterable[str | Path], size: int, strict: bool = False, form: str | Reading = EPCIS
    ) -> None:
        self._sources = tuple(map(str, sources))
        self._size = size
        self._strict = strict
        self._form = form
        self.seconds = 0.0

    def portions(self) -> Generator[Portion]:
        """All portions. InputError where the second process ends before all is read; whatever stops its reading is
        raised here. Close the iterator to stop it before."""
        with tempfile.TemporaryDirectory(prefix="tracegraph-") as folder:
            child = _started(Request(self._sources, self._size, self._strict, folder, self._form))
            if child is None:
                yield from portions(map(Path, self._sources), self._size, self._strict, form=self._form)
                return
            try:
                for portion in self._received(child):
                    yield portion
                    for file in Path(folder).iterdir():
                        file.unlink()
            finally:
                _stop(child)

    def _received(self, child: subprocess.Popen[bytes]) -> Iterator[Portion]:
        assert child.stdout is not None
        while True:
            frame = _frame(child.stdout)
            if isinstance(frame, Sent):
                yield _unpacked(frame)
            elif isinstance(frame, Failure):
                raise frame.error
            elif isinstance(frame, End):
                self.seconds = frame.seconds
                return
            else:
                raise InputError(self._lost(child))

    def _lost(self, child: subprocess.Popen[bytes]) -> str:
        """The sentence that says that not all was read."""
        status = child.wait()
        how = f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"
        named = self._sources[0] if len(self._sources) == 1 else f"{self._sources[0]} and the other sources"
        return (
            f"The process that reads {named} {how} before all was read; what it had read is stored, capture again for "
            "the rest."
        )


def _started(request: Request) -> subprocess.Popen[bytes] | None:
    """The second process, once it has understood the request; None where there can be none."""
    try:
        child = subprocess.Popen(
            [sys.executable, "-P", "-c", _PROGRAM, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            process_group=0,  # an interrupt from the keyboard is for this process alone, which then stops the other
        )
    except OSError:
        return None
    if _asked(child, request):
        return child
    _stop(child)
    return None


def _asked(child: subprocess.Popen[bytes], request: Request) -> bool:
    """Whether the process took the request."""
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        child.stdin.write(pickle.dumps(request))
        child.stdin.close()
    except BrokenPipeError:
        return False
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        return bool(selector.select(_PATIENCE)) and isinstance(_frame(child.stdout), Greeting)


def _stop(child: subprocess.Popen[bytes]) -> None:
    """End the process, whatever it is doing."""
    for stream in (child.stdin, child.stdout):
        if stream is not None:
            with suppress(BrokenPipeError):
                stream.close()
    child.kill()
    child.wait()


def _frame(stream: IO[bytes]) -> Any:
    """The next frame; None where the stream ends before it is whole."""
    head = read_fully(stream, LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    size = LENGTH.unpack(head)[0]
    data = read_fully(stream, size)
    return pickle.loads(data) if len(data) == size else None


def _unpacked(sent: Sent) -> Portion:
    events = [NewEntry(payload, decode_facts(text), None, text) for payload, text in sent.events]
    return Portion(events, sent.records, sent.rejected, sent.findings, sent.consumed)
