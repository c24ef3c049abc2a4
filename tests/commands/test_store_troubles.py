"""Stores that cannot be used: one sentence, exit status 4, nothing stored by halves."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.conftest import LOT, Run, document, event, harvest
from tracegraph.stores import sqlite

STORE = Path("tracegraph.db")


def foreign() -> None:
    STORE.write_bytes(b"this is no database at all, only some text in a file that is long enough")


def database_of_another_program() -> None:
    STORE.unlink()
    with sqlite3.connect(STORE) as connection:
        connection.execute("CREATE TABLE recipe (name TEXT)")
    connection.close()


def newer() -> None:
    with sqlite3.connect(STORE) as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()


def a_folder() -> None:
    for path in STORE.parent.glob("tracegraph.db*"):
        path.unlink()
    STORE.mkdir()


TROUBLES: dict[str, tuple[Callable[[], None], str]] = {
    "foreign": (foreign, "not a tracegraph store"),
    "of another program": (database_of_another_program, "another program"),
    "newer": (newer, "update tracegraph"),
    "a folder": (a_folder, "name a file"),
}

COMMANDS = [
    ("capture", "more.json"),
    ("trace", "forward", LOT),
    ("origin", LOT),
    ("where", LOT),
    ("show", LOT),
    ("gaps",),
    ("verify",),
    ("export", "epcis"),
    ("record", "alias", LOT, "L2", "--reason", "letter"),
    ("demo",),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize("name", TROUBLES)
def test_unusable(captured: Run, name: str, command: tuple[str, ...]) -> None:
    spoil, says = TROUBLES[name]
    spoil()
    Path("more.json").write_bytes(document(harvest()))
    before = STORE.read_bytes() if STORE.is_file() else b""
    result = captured("--store", "sqlite:///tracegraph.db", *command)
    assert result.status == 4
    assert says in result.sentence
    assert (STORE.read_bytes() if STORE.is_file() else b"") == before


@pytest.mark.parametrize("name", TROUBLES)
def test_the_doctor_says_so(captured: Run, name: str) -> None:
    spoil, says = TROUBLES[name]
    spoil()
    result = captured("doctor")
    assert result.status == 4
    assert says in result.err


def test_locked(captured: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    defaults = sqlite.SqliteStore.__init__.__defaults__ or ()
    monkeypatch.setattr(sqlite.SqliteStore.__init__, "__defaults__", (True, 0.05, *defaults[2:]))
    monkeypatch.setattr(
        sqlite, "open_sqlite", lambda path, create=True, busy_timeout=0: sqlite.SqliteStore(path, create)
    )
    other = sqlite3.connect(STORE)
    other.execute("BEGIN IMMEDIATE")
    result = captured(
        "capture", "-", stdin=document(event("inspecting", "2026-02-01T00:00:00Z", "https://x.example/y"))
    )
    assert result.status == 4
    assert "another process" in result.sentence
    assert captured("trace", "forward", LOT).status == 0
    assert captured("doctor").status == 1
    other.close()


LIMITED = """
import resource, signal, sys
from tracegraph.cli import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
size = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
sys.exit(main(["capture", "many.json"]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files; run it on Linux")
def test_full(captured: Run) -> None:
    """No file may grow much beyond what the store has now: as on a full disk."""
    steps = [
        event("inspecting", f"2026-02-01T00:{n // 60:02}:{n % 60:02}Z", f"https://x.example/{n}") for n in range(900)
    ]
    Path("many.json").write_bytes(document(*steps))
    size = STORE.stat().st_size + 200_000
    done = subprocess.run([sys.executable, "-c", LIMITED, str(size)], capture_output=True, text=True, check=False)
    assert done.returncode == 4
    (sentence,) = done.stderr.splitlines()
    assert "cannot grow" in sentence
    assert captured("verify").status == 0
    count = captured("verify", "--format", "json").json["ledger"]["count"]
    assert count in (5, 505)
    assert captured("capture", "many.json").text == f"{905 - count} accepted, {count - 5} duplicate, 0 rejected\n"


def test_read_only(captured: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever may not write the file can still ask."""

    def refuse(self):
        from tracegraph.errors import StoreReadOnly

        raise StoreReadOnly("the store cannot be written; allow writing to the file")

    monkeypatch.setattr(sqlite.SqliteStore, "write", refuse)
    result = captured("capture", "-", stdin=document(harvest()))
    assert result.status == 4
    assert "cannot be written" in result.sentence
    assert captured("trace", "forward", LOT).status == 0
    assert captured("doctor").status == 1


def test_a_store_in_a_missing_folder(run: Run) -> None:
    result = run("--store", "sqlite:///missing/t.db", "capture", "-", stdin=document(harvest()))
    assert result.status == 4
    assert "make the folder" in result.sentence
