"""Backups taken while others write, what they become when something goes wrong, and stores made from them."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.stores.children import WITHOUT_SPACE, environment, output_of
from tests.stores.test_sqlite_file import filled, names_in
from tracegraph.contract.samples import ACTOR, event
from tracegraph.errors import (
    NegativeAnswer,
    Refused,
    StoreDamaged,
    StoreForeign,
    StoreLocked,
    StoreUnreachable,
    UsageError,
)
from tracegraph.stores.care import keepable, restore
from tracegraph.stores.checkpoint import create_key, make_checkpoint
from tracegraph.stores.port import LedgerHead
from tracegraph.stores.sqlite import open_sqlite
from tracegraph.stores.sqlite.replacing import UNFINISHED, abandoned


def back_up(path: Path, place: Path, overwrite: bool = False) -> LedgerHead:
    with closing(open_sqlite(path, create=False)) as store:
        return keepable(store).back_up(place, overwrite)


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def head_of(path: Path) -> LedgerHead:
    with closing(open_sqlite(path, create=False)) as store:
        assert list(store.verify()) == []
        return store.head()


def append(path: Path, name: str) -> None:
    with closing(open_sqlite(path)) as store, store.write() as writing:
        writing.append([event(name, "u")], 1, ACTOR)


@contextmanager
def held_open(path: Path) -> Iterator[None]:
    """Another process has the store open, idle."""
    code = (
        "import sys; from tracegraph.stores.sqlite import open_sqlite; store = open_sqlite(sys.argv[1]);"
        "print(store.head().count, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout
        child.stdout.readline()
        yield
        child.communicate()


def test_a_backup_is_a_store_in_one_file(tmp_path: Path) -> None:
    path = filled(tmp_path / "store.db")
    head = back_up(path, tmp_path / "backup.db")
    assert names_in(tmp_path) == ["backup.db", "store.db"]
    assert head == head_of(tmp_path / "backup.db") == head_of(path)
    with closing(open_sqlite(path)) as store, closing(open_sqlite(tmp_path / "backup.db")) as copy:
        assert copy.identity == store.identity


def test_writers_go_on_during_a_backup(tmp_path: Path) -> None:
    """While pages are copied, whole changes are committed; the backup has none of them, or what it has is whole."""
    path = filled(tmp_path / "store.db", 3_000)
    stop, written = Event(), [0]

    def write() -> None:
        while not stop.is_set():
            append(path, f"late {written[0]}")
            written[0] += 1

    during: list[int] = []

    def watch(stage: str, done: int, total: int) -> None:
        before = written[0]
        while written[0] == before:
            stop.wait(0.001)
        during.append(written[0])

    thread = Thread(target=write)
    thread.start()
    try:
        with closing(open_sqlite(path)) as store:
            head = keepable(store).back_up(tmp_path / "backup.db", watch=watch)
    finally:
        stop.set()
        thread.join()
    assert during
    assert head == head_of(tmp_path / "backup.db")
    assert 3_001 <= head.count < head_of(path).count


def test_nothing_is_overwritten_unless_wanted(tmp_path: Path) -> None:
    path, place = filled(tmp_path / "store.db"), tmp_path / "backup.db"
    place.write_text("something else")
    with pytest.raises(Refused, match="exists already"):
        back_up(path, place)
    assert place.read_text() == "something else"
    back_up(path, place, overwrite=True)
    assert head_of(place) == head_of(path)
    with pytest.raises(UsageError, match="the store itself"):
        back_up(path, path, overwrite=True)
    with pytest.raises(UsageError, match="is a folder"):
        back_up(path, tmp_path)
    with pytest.raises(StoreUnreachable, match="the folder of"):
        back_up(path, tmp_path / "nowhere" / "backup.db")


def test_a_damaged_store_is_not_backed_up(tmp_path: Path) -> None:
    path = filled(tmp_path / "store.db")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE ledger SET payload = x'00' WHERE position = 2")
    with pytest.raises(StoreDamaged, match="position 2 was changed"):
        back_up(path, tmp_path / "backup.db")
    assert names_in(tmp_path) == ["store.db"]


def test_a_full_disk_leaves_no_backup(tmp_path: Path) -> None:
    path = filled(tmp_path / "store.db", 2_000)
    code = """
    from pathlib import Path
    store = open_sqlite(argv[0])
    try:
        store.back_up(Path(argv[1]))
    except StoreError as error:
        print(type(error).__name__, error)
    store.close()
    """
    (line,) = output_of(WITHOUT_SPACE, code, path, tmp_path / "backup.db")
    assert line.startswith("StoreFull ")
    assert names_in(tmp_path) == ["store.db"]


KILLED = """
import os, sys
from pathlib import Path
from tracegraph.stores.sqlite import open_sqlite, replacing
stage, store, place = sys.argv[1:]
if stage == "rename":
    Path.replace = lambda *arguments: os.kill(os.getpid(), 9)
open_sqlite(store).back_up(Path(place), watch=lambda *told: stage == "copy" and os.kill(os.getpid(), 9))
"""


@pytest.mark.parametrize("stage", ["copy", "rename"])
def test_killed_in_a_backup(tmp_path: Path, stage: str) -> None:
    """Nothing has the name of the backup, and the next backup removes what is left."""
    path, place = filled(tmp_path / "store.db", 3_000), tmp_path / "backup.db"
    done = subprocess.run([sys.executable, "-c", KILLED, stage, str(path), str(place)], env=environment(), check=False)
    assert done.returncode == -9
    assert not place.exists()
    (left,) = abandoned(place)
    assert left.name.endswith(UNFINISHED)
    back_up(path, place)
    assert names_in(tmp_path) == ["backup.db", "store.db"]


KILLED_RESTORING = """
import os, sys
from pathlib import Path
from tracegraph.stores.care import restore
stage, url, backup = sys.argv[1:]
def die(*anything, **more):
    os.kill(os.getpid(), 9)
if stage in ("replace", "hardlink_to", "unlink"):
    setattr(Path, stage, die)
restore(url, Path(backup), overwrite=True, watch=lambda told, done, total: told == stage and die())
"""


@pytest.mark.parametrize("stage", ["copy", "verify", "hardlink_to", "replace", "unlink"])
def test_killed_in_a_restore(tmp_path: Path, stage: str) -> None:
    """The store is the old one, whole, and the next restore goes through."""
    path, place = filled(tmp_path / "store.db"), tmp_path / "backup.db"
    back_up(path, place)
    append(path, "later")
    command = [sys.executable, "-c", KILLED_RESTORING, stage, url(path), str(place)]
    assert subprocess.run(command, env=environment(), check=False).returncode == -9
    assert head_of(path).count == 7
    restored = restore(url(path), place, overwrite=True)
    assert restored.head == head_of(path) == head_of(place)
    assert restored.kept is not None
    assert not restored.kept.samefile(path)
    assert head_of(restored.kept).count == 7
    assert names_in(tmp_path) == ["backup.db", "store.db", "store.db.before-restore"]


def test_what_lies_beside_a_missing_store_is_not_applied_to_the_new_one(tmp_path: Path) -> None:
    """A log that belongs to a file that is gone, and a journal of one that was replaced."""
    path, place = filled(tmp_path / "store.db"), tmp_path / "backup.db"
    back_up(path, place)
    with closing(open_sqlite(path)) as store, closing(open_sqlite(path)) as reader:
        reader.head()
        with store.write() as writing:
            writing.append([event("only in the log", "u")], 1, ACTOR)
        log = (tmp_path / "store.db-wal").read_bytes()
    path.unlink()
    (tmp_path / "store.db-wal").write_bytes(log)
    assert restore(url(path), place).kept is None
    assert head_of(path).count == 6
    assert (tmp_path / "store.db.before-restore-wal").read_bytes() == log
    (tmp_path / "store.db-journal").write_bytes(b"of no use")
    restore(url(path), place, overwrite=True)
    assert names_in(tmp_path) == ["backup.db", "store.db", "store.db.before-restore-2", "store.db.before-restore-wal"]


def test_what_a_living_process_makes_is_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / f"backup.db.{os.getpid()}-00{UNFINISHED}"
    mine.touch()
    assert abandoned(tmp_path / "backup.db") == []


def test_a_restored_store_is_what_it_was(tmp_path: Path) -> None:
    path, place = filled(tmp_path / "store.db"), tmp_path / "backup.db"
    before = back_up(path, place)
    append(path, "later")
    restored = restore(url(tmp_path / "new.db"), place)
    assert (restored.head, restored.kept) == (before, None)
    assert head_of(tmp_path / "new.db") == before
    with pytest.raises(Refused, match="--force"):
        restore(url(path), place)
    kept = restore(url(path), place, overwrite=True).kept
    assert head_of(path) == before
    assert kept is not None
    assert head_of(kept).count == before.count + 1
    append(path, "later still")
    assert restore(url(path), place, overwrite=True).kept == kept.with_name("store.db.before-restore-2")
    assert not [name for name in names_in(tmp_path) if name.endswith(("-wal", "-shm", "-journal", UNFINISHED))]


def test_a_checkpoint_tells_what_a_backup_lacks(tmp_path: Path) -> None:
    path, place = filled(tmp_path / "store.db"), tmp_path / "backup.db"
    key = create_key()
    back_up(path, place)
    append(path, "later")
    with closing(open_sqlite(path)) as store:
        signed = make_checkpoint(store, key, 1)
    with pytest.raises(NegativeAnswer, match="1 ledger entry is missing since the checkpoint"):
        restore(url(tmp_path / "new.db"), place, checkpoint=signed)
    assert names_in(tmp_path) == ["backup.db", "store.db"]
    back_up(path, place, overwrite=True)
    with pytest.raises(NegativeAnswer, match="did not introduce"):
        restore(url(tmp_path / "new.db"), place, checkpoint=signed, trusted=create_key().name)
    assert restore(url(tmp_path / "new.db"), place, checkpoint=signed, trusted=key.name).head.count == 7


def test_a_store_in_use_is_not_replaced(tmp_path: Path) -> None:
    """Another process would go on with the old file, and what it writes there would be lost."""
    path, place = filled(tmp_path / "store.db"), tmp_path / "backup.db"
    back_up(path, place)
    append(path, "later")
    with held_open(path), pytest.raises(StoreLocked, match="open elsewhere"):
        restore_impatiently(path, place)
    assert head_of(path).count == 7
    assert restore_impatiently(path, place) == head_of(path)
    with held_open(path), pytest.raises(StoreLocked, match="open elsewhere"):
        restore_impatiently(path, place)


def restore_impatiently(path: Path, backup: Path) -> LedgerHead:
    from tracegraph.stores.faults import unwatched
    from tracegraph.stores.sqlite.restoring import restore_file

    return restore_file(path, backup, True, lambda store: (), unwatched, patience=0.05).head


def test_a_damaged_store_is_put_aside_with_its_log(tmp_path: Path) -> None:
    """The log of the old file must not be taken for one of the new file."""
    path, place = filled(tmp_path / "store.db"), tmp_path / "backup.db"
    back_up(path, place)
    path.write_bytes(b"no database" * 1_000)
    (tmp_path / "store.db-wal").write_bytes(b"log" * 1_000)
    restored = restore(url(path), place, overwrite=True)
    assert head_of(path) == restored.head
    kept = restored.kept
    assert kept is not None
    assert kept.read_bytes() == b"no database" * 1_000
    assert kept.with_name(f"{kept.name}-wal").read_bytes() == b"log" * 1_000


def test_only_good_backups_are_restored(tmp_path: Path) -> None:
    path, place = filled(tmp_path / "store.db"), tmp_path / "backup.db"
    with pytest.raises(StoreUnreachable, match="no backup at"):
        restore(url(path), place, overwrite=True)
    with pytest.raises(UsageError, match="the store itself"):
        restore(url(path), path, overwrite=True)
    place.write_bytes(b"no backup at all" * 100)
    with pytest.raises(StoreForeign):
        restore(url(path), place, overwrite=True)
    place.unlink()
    back_up(path, place)
    with closing(sqlite3.connect(place)) as connection, connection:
        connection.execute("DELETE FROM leg")
        connection.execute("UPDATE ledger SET actor = 'x' WHERE position = 1")
    with pytest.raises(StoreDamaged, match="position 1 was changed"):
        restore(url(path), place, overwrite=True)
    assert names_in(tmp_path) == ["backup.db", "store.db"]
    with pytest.raises(UsageError, match="neo4j"):
        restore("neo4j://server/db", place)


def test_other_stores_have_their_own_tools() -> None:
    class Server:
        url = "neo4j://server/db"

    with pytest.raises(UsageError, match="tools of its own server"):
        keepable(Server())  # type: ignore[arg-type]
