"""Stores of older versions, brought up to this one.

The steps run on a copy, which is checked and then takes the place of the store; the old file stays beside it. So
whoever is killed on the way has the old store or the new one, and the steps need no safety of their own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tracegraph.errors import StoreDamaged, StoreNewer
from tracegraph.stores.faults import Watch
from tracegraph.stores.sqlite.about import facts_of_file
from tracegraph.stores.sqlite.backup import copy_content
from tracegraph.stores.sqlite.boundary import map_exceptions, map_system_errors
from tracegraph.stores.sqlite.connections import connect
from tracegraph.stores.sqlite.ledger_rows import read_head
from tracegraph.stores.sqlite.migrations import STEPS
from tracegraph.stores.sqlite.replacing import put_store, unfinished
from tracegraph.stores.sqlite.schema import SCHEMA_VERSION, check_ours
from tracegraph.stores.sqlite.store import BUSY_TIMEOUT, SqliteStore, refuse_damaged

Steps = Mapping[int, Callable[[sqlite3.Connection], None]]


@dataclass(frozen=True, slots=True)
class Migrated:
    """From which version to which, and where the old file is kept (None: there was nothing to do)."""

    before: int
    after: int
    kept: Path | None


def steps_to_run(version: int, steps: Steps = STEPS, newest: int = SCHEMA_VERSION) -> list[int]:
    """The versions that a file of this version goes through, its own first. Raises StoreDamaged where one of them never
    existed."""
    wanted = list(range(version, newest))
    unknown = [one for one in wanted if one not in steps]
    if unknown:
        raise StoreDamaged(f"the store has schema version {unknown[0]}, which never existed; restore a backup")
    return wanted


def migrate_file(place: Path, watch: Watch, steps: Steps = STEPS, newest: int = SCHEMA_VERSION) -> Migrated:
    """Bring the store at `place` up to the newest version; the old file is kept beside it.

    Raises StoreNewer, StoreForeign, StoreLocked where somebody has it open or wrote meanwhile, StoreDamaged where the
    new store has faults, StoreFull; the store is as it was then.
    """
    version = facts_of_file(place).schema_version
    if version > newest:
        raise StoreNewer(f"the store {place} has schema version {version}, this program knows {newest}; update it")
    wanted = steps_to_run(version, steps, newest)
    with map_system_errors(str(place)), unfinished(place) as path:
        with map_exceptions(str(place)), closing(connect(place, "rw", BUSY_TIMEOUT)) as source:
            check_ours(source, place, oldest=1)
            if not wanted:
                return Migrated(version, version, None)
            source.execute("BEGIN")
            head = read_head(source)
            copy_content(source, path, watch)
        _run(path, [(one, steps[one]) for one in wanted], watch)
        with closing(SqliteStore(path, create=False)) as store:
            refuse_damaged(store, f"the migrated copy of {place}", watch)
        return Migrated(version, newest, put_store(path, place, True, f"version-{version}", BUSY_TIMEOUT, head))


def _run(path: Path, steps: list[tuple[int, Callable[[sqlite3.Connection], None]]], watch: Watch) -> None:
    """Run the steps on the copy, one after the other."""
    with map_exceptions(str(path)), closing(connect(path, "rw", BUSY_TIMEOUT)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        for number, (version, step) in enumerate(steps):
            watch("migrate", number, len(steps))
            step(connection)
            connection.execute(f"PRAGMA user_version = {version + 1}")
        watch("migrate", len(steps), len(steps))
