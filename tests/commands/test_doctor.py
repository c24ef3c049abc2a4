"""The doctor finds every kind of trouble, says what it means, and what to do."""

from __future__ import annotations

import gzip
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.commands.conftest import LOT, Run, document, harvest
from tracegraph.commands import store_checks
from tracegraph.stores.sqlite.surroundings import network_of

STORE = Path("tracegraph.db")


def tamper(*statements: str) -> None:
    with closing(sqlite3.connect(STORE)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def looked(run: Run, *options: str) -> tuple[int, dict[str, dict[str, Any]]]:
    """The exit status, and what was found by name."""
    result = run("doctor", "--format", "json", *options)
    return result.status, {check["name"]: check for check in result.json["checks"]}


def advice(run: Run, name: str, *options: str) -> str:
    status, checks = looked(run, *options)
    assert status == 1
    told = run("doctor", *options)
    assert checks[name]["advice"] in told.err
    assert run("--lang", "zh", "doctor", *options).status == 1
    return str(checks[name]["advice"])


CONTENTS = {
    "chain": (("UPDATE ledger SET actor = 'x' WHERE position = 2",), "position 2 was changed", "restore"),
    "facts": (("UPDATE event SET facts = '[]' WHERE position = 3",), "position 3 cannot be read", "rebuild"),
    "ledger": (("DELETE FROM event WHERE position = 4",), "position 4 is an event without facts", "rebuild"),
    "graph": (("DELETE FROM holding",), "which is no holding", "rebuild"),
    "file": (("DROP TABLE leg",), "no such table", "rebuild"),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_what_is_wrong_inside(captured: Run, name: str) -> None:
    statements, says, way_out = CONTENTS[name]
    tamper(*statements)
    told = advice(captured, f"faults_{name}")
    assert says in told
    assert f"tracegraph {way_out}" in told


def test_an_index_of_the_file_that_is_lost(captured: Run) -> None:
    tamper("PRAGMA writable_schema = ON", "DELETE FROM sqlite_schema WHERE name = 'leg_forward'")
    assert "the file is damaged: " in advice(captured, "faults_file")
    assert captured("rebuild").status == 0
    assert looked(captured)[0] == 0


def test_the_way_out_leads_out(captured: Run) -> None:
    before = captured("trace", "forward", LOT, "--format", "json").json
    tamper("DELETE FROM holding", "DELETE FROM gap")
    assert "run tracegraph rebuild" in advice(captured, "faults_graph")
    assert captured("rebuild").status == 0
    assert captured("doctor").status == 0
    assert captured("trace", "forward", LOT, "--format", "json").json == before


def test_what_only_the_payloads_show(captured: Run) -> None:
    tamper("""UPDATE event SET facts = replace(facts, '"100"', '"99"')""")
    assert looked(captured)[0] == 0
    assert "not what its payload says" in advice(captured, "faults_facts", "--deep")


def test_quick_does_not_look_inside(captured: Run) -> None:
    tamper("UPDATE ledger SET actor = 'x' WHERE position = 2")
    status, checks = looked(captured, "--quick")
    assert (status, checks["faults"]["value"]) == (0, "not looked for (--quick)")


def test_a_file_that_was_cut(captured: Run) -> None:
    os.truncate(STORE, STORE.stat().st_size - 8192)
    status, checks = looked(captured)
    assert status in (1, 4)
    assert "8192 bytes" in checks["truncated"]["advice"]


def test_damaged_pages(captured: Run) -> None:
    content = bytearray(STORE.read_bytes())
    for page in range(5, len(content) // 4096, 3):
        content[page * 4096 : page * 4096 + 512] = bytes(512)
    STORE.write_bytes(content)
    status, checks = looked(captured)
    assert status in (1, 4)
    assert checks.get("faults_file", checks.get("unusable", {})).get("advice")


KINDS: dict[str, tuple[Callable[[], bytes], str]] = {
    "json": (lambda: document(harvest()), "to be captured into a store"),
    "gzip": (lambda: gzip.compress(document(harvest())), "compressed"),
    "zip": (lambda: b"PK\x03\x04" + bytes(100), "archive"),
    "xml": (lambda: b"\xef\xbb\xbf<?xml version='1.0'?>" + b" " * 100, "XML"),
    "text": (lambda: b"once upon a time" * 10, "text"),
    "unknown": (lambda: bytes(4096), "restore a backup"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_files_that_are_no_store(run: Run, kind: str) -> None:
    content, says = KINDS[kind]
    STORE.write_bytes(content())
    status, checks = looked(run)
    assert status == 4
    assert checks["kind"]["value"] == kind
    assert says in checks["kind"]["advice"]
    assert checks["unusable"]["value"] == "StoreForeign"


def test_a_store_of_an_older_version(captured: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracegraph.stores.sqlite.schema.SCHEMA_VERSION", 99)
    status, checks = looked(captured)
    assert status == 4
    assert "run tracegraph migrate" in checks["unusable"]["advice"]


def test_a_clock_behind_the_last_entry(captured: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_checks, "now", lambda: 0)
    told = advice(captured, "clock")
    assert "1970-01-01" in told
    assert "Set the clock" in told


def test_what_killed_processes_left(captured: Run) -> None:
    Path("copy.db.999999999-abcd0123.unfinished").touch()
    Path(f"copy.db.{os.getpid()}-abcd0123.unfinished").touch()
    told = advice(captured, "unfinished")
    assert told.startswith("copy.db.999999999-abcd0123.unfinished is what a killed")
    captured("backup", "copy.db")
    assert looked(captured)[0] == 0


def test_a_second_name_of_the_store(captured: Run) -> None:
    Path("tracegraph.db.before-restore").hardlink_to(STORE)
    assert "never open it" in advice(captured, "second_name")
    Path("tracegraph.db.before-restore").unlink()
    assert looked(captured)[0] == 0


def test_a_log_without_its_store(captured: Run) -> None:
    STORE.write_bytes(b"")
    Path("tracegraph.db-wal").write_bytes(b"changes")
    status, checks = looked(captured)
    assert status == 4
    assert "tracegraph.db-wal; keep that" in checks["log"]["advice"]
    assert Path("tracegraph.db-wal").read_bytes() == b"changes"


def test_a_log_that_is_not_merged(captured: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_checks, "LARGE_LOG", 0)
    with closing(sqlite3.connect(STORE, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM ledger").fetchone()
        for _ in range(3):
            captured("compact")
        assert "end that process" in advice(captured, "log")
    captured("compact")
    assert looked(captured)[0] == 0


def test_a_journal_of_a_store_that_was_never_finished(run: Run) -> None:
    Path("tracegraph.db-journal").write_bytes(b"")
    assert "journal" not in looked(run)[1]
    Path("tracegraph.db-journal").write_bytes(b"something")
    assert "undone" in looked(run)[1]["journal"]["advice"]


def test_a_trace_index_that_is_of_no_use(captured: Run) -> None:
    assert looked(captured)[1]["index"]["value"] == "none"
    captured("index")
    assert looked(captured)[1]["index"]["value"].startswith("current (")
    (array,) = sorted(Path("tracegraph.db.index").glob("*.arrays"))
    whole = array.read_bytes()
    array.write_bytes(bytes(byte ^ 0xFF for byte in whole[:64]) + whole[64:])
    assert "is damaged and is not used" in advice(captured, "index")
    array.write_bytes(whole)
    assert looked(captured)[0] == 0
    captured("rebuild")
    assert looked(captured)[1]["index"]["value"] == "none"


def test_kept_files_are_listed(captured: Run) -> None:
    captured("rebuild")
    status, checks = looked(captured)
    assert (status, checks["put_aside"]["value"]) == (0, "tracegraph.db.before-rebuild")


def test_little_space(captured: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracegraph.commands.store_checks.shutil.disk_usage", lambda folder: SimpleNamespace(free=1))
    assert "free some" in advice(captured, "free")


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/data /data nfs4 rw 0 0
//server/share /mnt/a\\040b cifs rw 0 0
short
"""


def test_a_network_disk(captured: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS)
    found = [network_of(Path(name), mounts) for name in ("/data/x/store.db", "/mnt/a b/store.db", "/home/store.db")]
    assert found == ["nfs4", "cifs", None]
    assert network_of(Path("store.db"), tmp_path / "missing") is None
    monkeypatch.setattr("tracegraph.stores.sqlite.surroundings.network_of", lambda path: "nfs4")
    assert "local disk" in advice(captured, "disk")


def test_progress_is_shown_where_asked(captured: Run) -> None:
    result = captured("doctor", "--progress")
    assert "Checking: 100 %" in result.err
    assert captured("doctor").err == ""
