"""A second process gives the same portions in the same order, and leaves nothing behind however it ends."""

from __future__ import annotations

import gzip
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.formats.epcis.building import document, encoded, event
from tracegraph.capture import Capture
from tracegraph.errors import InputError, RejectedInput
from tracegraph.formats.epcis import limits
from tracegraph.intake import elsewhere as module
from tracegraph.intake.child import Request
from tracegraph.intake.elsewhere import WORTHWHILE_BYTES, Elsewhere, is_worthwhile
from tracegraph.intake.portions import Portion, portions
from tracegraph.stores import open_store


def some(numbers: Iterator[int] | range, **members: Any) -> list[Any]:
    return [event(epcList=[f"urn:x:{number}"], **members) for number in numbers]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files of every kind: usual, doubtful, with master data, damaged, packed, too large, none of ours."""
    files = tmp_path / "files"
    (files / "inner").mkdir(parents=True)
    master = {"type": "urn:epcglobal:epcis:vtype:Party", "vocabularyElementList": [{"id": "urn:x:1", "attributes": []}]}
    header = {"epcisMasterData": {"vocabularyList": [master]}}
    (files / "a.json").write_bytes(
        encoded(document([*some(range(20)), {"type": "ObjectEvent"}, 5], epcisHeader=header))
    )
    (files / "b.json").write_bytes(encoded(document(some(range(20, 30), bizStep="unheard")))[:-200])
    (files / "c.json").write_bytes(encoded(document([event(**{"ex:a": "x" * limits.MAX_STRING}), *some(range(3))])))
    (files / "d.txt").write_bytes(b"notes \xff\n" * 300_000)
    (files / "inner" / "e.ndjson.gz").write_bytes(gzip.compress(b"\n".join(map(encoded, some(range(30, 50))))))
    return files


def told(found: list[Portion]) -> list[Any]:
    """Portions in a form that can be compared, kept bytes included."""
    return [
        (
            [(entry.payload, entry.facts, entry.encoded_facts) for entry in portion.events],
            portion.records,
            [(piece.position, piece.reason, piece.findings, piece.data.read()) for piece in portion.rejected],
            portion.findings,
            portion.consumed,
        )
        for portion in found
    ]


@pytest.mark.parametrize("strict", [False, True])
def test_the_portions_are_the_same(folder: Path, strict: bool) -> None:
    sources = [folder, folder / "a.json"]
    here = told(list(portions(sources, 7, strict)))
    reader = Elsewhere(sources, 7, strict)
    there: list[Any] = []
    for portion in reader.portions():
        there += told([portion])
    assert there == here
    assert len(here) > (1 if strict else 8)
    assert reader.seconds > 0


@pytest.mark.parametrize("strict", [False, True])
def test_what_is_stored_is_the_same(folder: Path, tmp_path: Path, strict: bool) -> None:
    stored = []
    for second_process in (False, True):
        store = open_store(f"sqlite:///{tmp_path}/{second_process}.db")
        rejects = tmp_path / f"{second_process}.ndjson"
        ticks = count(1)
        work = Capture(store, lambda: next(ticks), rejects=rejects, second_process=second_process)  # noqa: B023
        if strict:
            with pytest.raises(RejectedInput):
                work.run([folder / "a.json", folder / "inner"], strict)
        else:
            work.run([folder, folder / "a.json"])
        report = work.report
        counted = (
            report.accepted,
            report.duplicates,
            report.rejected,
            report.master_data,
            report.findings,
            report.reasons,
        )
        stored.append((list(store.entries()), counted, rejects.read_bytes()))
        store.close()
    assert stored[0] == stored[1]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The second processes; none of them may be left at the end."""
    processes: list[subprocess.Popen[bytes]] = []
    start = module._started

    def noted(request: Request) -> subprocess.Popen[bytes] | None:
        process = start(request)
        if process is not None:
            processes.append(process)
        return process

    monkeypatch.setattr(module, "_started", noted)
    yield processes
    for process in processes:
        assert process.returncode is not None
        with pytest.raises(ProcessLookupError):
            os.kill(process.pid, 0)


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "large.json"
    path.write_bytes(encoded(document(some(range(4000)))))
    return path


def test_closing_the_iterator_ends_the_process(large: Path, started: list[Any]) -> None:
    with closing(Elsewhere([large], 10).portions()) as found:
        assert len(next(found).events) == 10
        assert started[0].poll() is None


def test_a_store_that_fails_ends_the_process(large: Path, started: list[Any], tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/store.db")

    def failing_clock() -> int:
        raise OSError("no clock")

    with pytest.raises(OSError, match="no clock"):
        Capture(store, failing_clock, second_process=True).run([large])
    store.close()
    assert len(started) == 1


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_process_that_is_killed_is_an_error(large: Path, how: signal.Signals, started: list[Any]) -> None:
    found = Elsewhere([large], 10).portions()
    got = len(next(found).events)
    started[0].send_signal(how)
    with pytest.raises(InputError, match=rf"large\.json was ended by signal {int(how)} before all was read") as caught:
        got += sum(len(portion.events) for portion in found)
    assert got < 4000
    assert str(caught.value).endswith("capture again for the rest.")


def test_an_interrupt_from_the_keyboard_is_for_the_first_process(large: Path, started: list[Any]) -> None:
    found = Elsewhere([large], 10).portions()
    next(found)
    assert os.getpgid(started[0].pid) != os.getpgid(0)
    started[0].send_signal(signal.SIGINT)
    assert sum(len(portion.events) for portion in found) == 3990


def test_what_stops_the_reading_is_raised_here(folder: Path) -> None:
    found = Elsewhere([folder / "c.json", folder / "missing.json"], 100).portions()
    assert len(next(found).events) == 3
    with pytest.raises(
        InputError, match=r"missing\.json cannot be opened: No such file or directory; check the path\."
    ):
        next(found)


def test_where_no_process_starts_this_one_reads(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for program in ("/nowhere/python", "/bin/false", "/bin/cat"):
        monkeypatch.setattr("sys.executable", program)
        assert sum(len(portion.events) for portion in Elsewhere([large], 500).portions()) == 4000


def test_when_a_second_process_is_worthwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_processors", lambda: 2)
    small, big, packed, pipe = (tmp_path / name for name in ("small.json", "big.json", "packed.json.gz", "pipe"))
    small.write_bytes(b"x" * 1000)
    big.write_bytes(b"x" * WORTHWHILE_BYTES)
    packed.write_bytes(b"x" * (WORTHWHILE_BYTES // 4))
    os.mkfifo(pipe)
    assert is_worthwhile([big])
    assert is_worthwhile([str(packed)])
    assert is_worthwhile([small, tmp_path])
    assert not is_worthwhile([small])
    assert not is_worthwhile([pipe, big])
    assert not is_worthwhile([io.BytesIO(b""), big])
    assert not is_worthwhile([tmp_path / "missing", big])
    monkeypatch.setattr(module, "_processors", lambda: 1)
    assert not is_worthwhile([big])


FIRST = """
import sys
from tracegraph.intake import elsewhere
start = elsewhere._started
def started(request):
    child = start(request)
    print(child.pid, flush=True)
    return child
elsewhere._started = started
found = elsewhere.Elsewhere([sys.argv[1]], 10).portions()
next(found)
sys.stdin.read()
"""


def test_the_process_ends_when_the_first_one_is_killed(large: Path, tmp_path: Path) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    first = subprocess.Popen(
        [sys.executable, "-c", FIRST, str(large)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(folder)},
    )
    with first:
        assert first.stdout is not None
        child = int(first.stdout.readline())
        assert len(list(folder.iterdir())) == 1
        first.kill()
    while is_running(child):
        time.sleep(0.01)
    assert not list(folder.iterdir())


def is_running(process: int) -> bool:
    """Whether a process that is nobody's child here is still at work; one that has ended may not be collected yet."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return False
