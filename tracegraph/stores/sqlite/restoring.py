"""A store from its backup: checked first, then put in its place in one step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tracegraph.errors import NegativeAnswer, Refused, StoreUnreachable, UsageError
from tracegraph.stores.faults import Watch
from tracegraph.stores.port import LedgerHead, Store
from tracegraph.stores.sqlite.backup import copy_content
from tracegraph.stores.sqlite.boundary import map_system_errors
from tracegraph.stores.sqlite.connections import Connections
from tracegraph.stores.sqlite.replacing import put_store, unfinished
from tracegraph.stores.sqlite.schema import holds_something
from tracegraph.stores.sqlite.store import BUSY_TIMEOUT, SqliteStore, refuse_damaged

#: Sentences about what a backup lacks, none where it is as it should be.
Check = Callable[[Store], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Restored:
    """How the ledger of the restored store ends, and where the file that was there before is kept (None: none was)."""

    head: LedgerHead
    kept: Path | None


def restore_file(
    place: Path, backup: Path, overwrite: bool, check: Check, watch: Watch, patience: float = BUSY_TIMEOUT
) -> Restored:
    """Make the store at `place` from a backup that has no fault and passes the check.

    Raises NegativeAnswer where it does not pass, StoreDamaged where it has faults, Refused where a file is at `place`
    and `overwrite` is False, StoreLocked where somebody uses that one, and what opening the backup raises. Whatever is
    raised, the file at `place` is as it was.
    """
    _check_places(place, backup, overwrite)
    with map_system_errors(str(place)), unfinished(place) as path:
        connections = Connections(backup, patience)
        with closing(connections), connections.reading() as source:
            copy_content(source, path, watch)
        with closing(SqliteStore(path, create=False, busy_timeout=patience)) as copy:
            refuse_damaged(copy, str(backup), watch)
            lacking = next(iter(check(copy)), None)
            if lacking is not None:
                raise NegativeAnswer(f"the backup {backup} is not all that it should be: {lacking}")
            head = copy.head()
        return Restored(head, put_store(path, place, overwrite, "before-restore", patience))


def _check_places(place: Path, backup: Path, overwrite: bool) -> None:
    """What can be refused before anything is copied."""
    if not place.parent.is_dir():
        raise StoreUnreachable(f"the folder of {place} does not exist; make it, or name another store")
    if not holds_something(backup):
        raise StoreUnreachable(f"there is no backup at {backup}; name a file made by tracegraph backup")
    if holds_something(place):
        if place.samefile(backup):
            raise UsageError(f"{backup} is the store itself; name a backup of it")
        if not overwrite:
            raise Refused(f"there is a store at {place} already; name another one, or --force to put it aside")
