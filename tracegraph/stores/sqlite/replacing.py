"""Whole files in the place of others: written beside it under a name that no store has, made durable, then renamed.

Whoever is killed on the way leaves the old file as it was and, at most, an `.unfinished` one. A store is only replaced
while nobody else has it open, so that no process goes on with a file that is no longer the store.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from tracegraph.errors import Refused, StoreDamaged, StoreForeign, StoreLocked
from tracegraph.stores.port import LedgerHead
from tracegraph.stores.sqlite.about import facts_of_file
from tracegraph.stores.sqlite.boundary import map_exceptions, map_system_errors
from tracegraph.stores.sqlite.connections import connect
from tracegraph.stores.sqlite.ledger_rows import read_head
from tracegraph.stores.sqlite.schema import holds_something

UNFINISHED = ".unfinished"
_MAKER = re.compile(rf"\.(\d+)-[0-9a-f]+{re.escape(UNFINISHED)}$")
#: What SQLite keeps beside a database while it is used.
SIDE_FILES = ("-wal", "-shm", "-journal")
#: File systems without second names for a file say one of these.
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})
_MOST_KEPT = 1_000


@contextmanager
def unfinished(place: Path) -> Iterator[Path]:
    """The path of a new file beside `place`, which is gone at the end unless it was put there. What killed processes
    left behind for the same place is removed first."""
    for left in abandoned(place):
        remove(left)
    path = place.with_name(f"{place.name}.{os.getpid()}-{token_hex(4)}{UNFINISHED}")
    try:
        yield path
    finally:
        remove(path)


def abandoned(place: Path) -> list[Path]:
    """Unfinished files for this place whose process is no longer there."""
    return [path for path in left_behind(place.parent) if _MAKER.sub("", path.name) == place.name]


def left_behind(folder: Path) -> list[Path]:
    """Every unfinished file in a folder whose process is no longer there; sorted."""
    return sorted(path for path in folder.iterdir() if (made := _MAKER.search(path.name)) and not _lives(int(made[1])))


def _lives(process: int) -> bool:
    """Whether a process runs; where the system cannot be asked, it is taken to."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def remove(path: Path) -> None:
    """Remove a database that is not in use, with its side files."""
    for name in (path, *(Path(f"{path}{side}") for side in SIDE_FILES)):
        name.unlink(missing_ok=True)


def put_in_place(new: Path, place: Path) -> None:
    """Make the new file durable and give it its place in one step, replacing what is there."""
    with map_system_errors(str(place)):
        flush(new)
        new.replace(place)
        if os.name == "posix":
            flush(place.parent)


def flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put_store(
    new: Path, place: Path, overwrite: bool, ending: str, patience: float, made_of: LedgerHead | None = None
) -> Path | None:
    """Make the file `new` the store at `place`. A file that is there is kept under a name with this ending, which is
    returned.

    Raises Refused where one is there and `overwrite` is False, StoreLocked where somebody has it open, StoreChanged
    where its ledger does not end as in `made_of` (None: whatever is there is to be replaced).
    """
    there = holds_something(place)
    if there and not overwrite:
        raise Refused(f"there is a file at {place} already; name another store, or --force to put it aside")
    with map_exceptions(str(new)), closing(connect(new, "rw", patience)) as connection:
        # readers of a store in this mode show that they are there, so that it is never replaced under them
        connection.execute("PRAGMA journal_mode = WAL")
    with ExitStack() as locks:
        locked = _lock(locks, place, patience) if there else None
        if there and made_of is not None and (locked is None or read_head(locked) != made_of):
            raise StoreChanged(f"the store {place} was written meanwhile; try again when nobody writes")
        kept = _kept_name(place, ending)
        if there:
            _link(place, kept)
        _clear_side_files(place, None if locked else kept)
        _remove_index(place)
        put_in_place(new, place)
    return kept if there else None


class StoreChanged(StoreLocked):
    """The store went on while a new file was made of what it held."""


def _lock(locks: ExitStack, place: Path, patience: float) -> sqlite3.Connection | None:
    """Keep others out, unless the file is one that nobody can use; returns the connection that does."""
    with suppress(StoreDamaged, StoreForeign):
        facts_of_file(place)  # SQLite would remove the log of a file that is none of its own
        return locks.enter_context(alone(place, patience))
    return None


def _clear_side_files(place: Path, kept: Path | None) -> None:
    """Nothing may lie beside a new store that was written for an old one: SQLite would apply it. Where the old one was
    locked, all that it needed is in it, and leftovers go; else they go with it, under the name `kept`."""
    for side in SIDE_FILES:
        left = Path(f"{place}{side}")
        if kept is None:
            left.unlink(missing_ok=True)
        elif left.exists():
            left.rename(f"{kept}{side}")


def _remove_index(place: Path) -> None:
    """The trace index of the file that goes; it can always be made again."""
    with map_system_errors(f"{place}.index"), suppress(FileNotFoundError):
        shutil.rmtree(f"{place}.index")


def _kept_name(path: Path, ending: str) -> Path:
    """A name for the file at `path` that no other file has, nor a log beside it."""
    for number in range(1, _MOST_KEPT):
        kept = path.with_name(f"{path.name}.{ending}{'' if number == 1 else f'-{number}'}")
        free = not any(Path(f"{kept}{side}").exists() for side in ("", *SIDE_FILES))
        if free or (kept.exists() and path.exists() and kept.samefile(path)):  # whoever linked it was killed
            return kept
    raise Refused(f"{path.parent} holds {_MOST_KEPT} files named {path.name}.{ending} already; remove some")


def _link(path: Path, kept: Path) -> None:
    """Give a file a second name; where the file system has no such thing, rename it."""
    with map_system_errors(str(kept)):
        try:
            kept.hardlink_to(path)
        except FileExistsError:
            pass
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            path.rename(kept)


@contextmanager
def alone(path: Path, patience: float) -> Iterator[sqlite3.Connection]:
    """A connection to a store that nobody else has open, nor can read or write until the end. Raises StoreLocked."""
    with map_exceptions(str(path)), closing(connect(path, "rw", patience)) as connection:
        try:
            # leaving WAL mode merges the log, removes the side files, and is refused while others are there
            connection.execute("PRAGMA journal_mode = DELETE")
            # nothing is written under this lock, so that no journal comes to lie beside the file
            connection.execute("BEGIN EXCLUSIVE")
            mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            mode = "busy"
        if mode != "delete":
            raise StoreLocked(f"the store {path} is open elsewhere; end what uses it, then try again")
        yield connection
