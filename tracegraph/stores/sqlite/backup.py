"""Backups of a store that goes on being written.

A backup is one consistent state, copied by SQLite's online backup through a snapshot that writers do not wait for.
It is a store itself, in one file, and is checked before it gets its name.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tracegraph.errors import Refused, StoreUnreachable, UsageError
from tracegraph.stores.faults import Watch
from tracegraph.stores.sqlite.boundary import map_exceptions, map_system_errors
from tracegraph.stores.sqlite.connections import Connections, connect
from tracegraph.stores.sqlite.replacing import SIDE_FILES, put_in_place, unfinished

#: Pages copied between two looks at the watch.
PAGES_AT_ONCE = 2_048


@contextmanager
def new_copy(connections: Connections, place: Path, overwrite: bool, watch: Watch) -> Iterator[Path]:
    """An unfinished file beside `place` with all that the store holds now. The caller checks it in the context, at
    whose end it gets its place. Raises Refused where a file is there already and `overwrite` is False."""
    _check_place(place, connections.path, overwrite)
    with map_system_errors(str(place)), unfinished(place) as path:
        with connections.reading() as source:
            copy_content(source, path, watch)
        yield path
        put_in_place(path, place)


def _check_place(place: Path, store: Path, overwrite: bool) -> None:
    if not place.parent.is_dir():
        raise StoreUnreachable(f"the folder of {place} does not exist; make it, or name another file")
    if place.exists() and store.exists() and place.samefile(store):
        raise UsageError(f"{place} is the store itself; name another file")
    if place.is_dir():
        raise UsageError(f"{place} is a folder; name a file in it")
    if place.exists() and not overwrite:
        raise Refused(f"the file {place} exists already; choose another name, or --force to replace it")
    if any(Path(f"{place}{side}").exists() for side in SIDE_FILES):
        raise Refused(f"the file {place} is a store in use: there are changes beside it; choose another name")


def copy_content(source: sqlite3.Connection, path: Path, watch: Watch) -> None:
    """Copy the state that the source reads into a new file, which needs no other file beside it. It is not durable
    yet: whoever puts it in its place sees to that."""
    with map_exceptions(str(path)), closing(connect(path, "rwc", 0)) as target:
        target.execute("PRAGMA synchronous = OFF")
        # fixes the snapshot: without it each step would see the newest state and begin again
        source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        source.backup(
            target, pages=PAGES_AT_ONCE, progress=lambda _, remaining, total: watch("copy", total - remaining, total)
        )
        target.execute("PRAGMA journal_mode = DELETE")
