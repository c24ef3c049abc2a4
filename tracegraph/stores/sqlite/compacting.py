"""Giving back to the system what a file holds and no longer needs."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from tracegraph.errors import StoreFull
from tracegraph.stores.sqlite.boundary import map_system_errors
from tracegraph.stores.sqlite.connections import Connections

#: Milliseconds to wait for readers before the log is left as it is.
PATIENCE = 200


@dataclass(frozen=True, slots=True)
class Compacted:
    """Bytes of the file and of the log beside it, before and after; `unused` are those of pages without content."""

    file_before: int
    log_before: int
    unused: int
    file_after: int
    log_after: int

    @property
    def saved(self) -> int:
        """How many bytes less there are."""
        return self.file_before + self.log_before - self.file_after - self.log_after


def compact_file(connections: Connections) -> Compacted:
    """Write the file anew without unused pages, each table and index in one piece, and empty the log.

    It is one change of SQLite's own: whoever is killed leaves the store as it was. Others may go on reading; writers
    wait. Raises StoreLocked, and StoreFull where there is not twice the space of the file.
    """
    path = connections.path
    _check_space(path)
    with connections.maintaining() as connection:
        file_before, log_before = _sizes(path)
        unused = _number(connection, "freelist_count") * _number(connection, "page_size")
        connection.execute("VACUUM")
        # readers of the old state may keep a part of the log until they end, which is not waited for
        connection.execute(f"PRAGMA busy_timeout = {PATIENCE}")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return Compacted(file_before, log_before, unused, *_sizes(path))


def _check_space(path: Path) -> None:
    with map_system_errors(str(path)):
        free, needed = shutil.disk_usage(path.parent).free, 2 * path.stat().st_size
    if free < needed:
        raise StoreFull(
            f"the store {path} cannot be made compact: that takes {needed // 2**20 + 1} MiB for a while, "
            f"{free // 2**20} MiB are free; free some space, or compact a backup on another disk"
        )


def _sizes(path: Path) -> tuple[int, int]:
    log = Path(f"{path}-wal")
    return path.stat().st_size, log.stat().st_size if log.exists() else 0


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])
