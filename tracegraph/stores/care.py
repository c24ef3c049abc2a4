"""Looking after a store: which store can be backed up, restored, migrated and made compact by this program.

A server has tools of its own for that, so none of it is part of the port; what a store cannot do is said as UsageError.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from tracegraph.model.record import StoredRecord
from tracegraph.stores import file_of_url, of_a_server
from tracegraph.stores.faults import Fault, Watch, unwatched
from tracegraph.stores.port import LedgerHead, Store, StoredEvent

if TYPE_CHECKING:
    from tracegraph.stores.checkpoint import Checkpoint
    from tracegraph.stores.sqlite.compacting import Compacted
    from tracegraph.stores.sqlite.index.condition import Condition
    from tracegraph.stores.sqlite.migrating import Migrated
    from tracegraph.stores.sqlite.restoring import Restored


@runtime_checkable
class Keepable(Store, Protocol):
    """What a store offers that is looked after by this program."""

    def check(self, watch: Watch = unwatched, processes: int = 1) -> Iterator[Fault]:
        """What `verify` finds, each with its kind; the work is spread over so many processes."""

    def facts_between(self, after: int, upto: int) -> list[StoredEvent]:
        """The stored events with `after` < position <= `upto`, in ledger order."""

    def records_between(self, after: int, upto: int) -> list[StoredRecord]:
        """The record versions with `after` < position <= `upto`, in ledger order."""

    def owners(self) -> list[str]:
        """Everything that owns, or owned, a part of the graph; sorted."""

    def changed_at(self, owners: Collection[str]) -> dict[str, list[int]]:
        """The positions at which each owner began to contribute something else, or to be another kind of unit (closed
        contributions included); ascending. Owners that are not known are left out."""

    def sizes(self) -> dict[str, int]:
        """How many units, holdings, legs and gaps are known now."""

    def index_condition(self) -> Condition:
        """How the trace index is; every block of it is checked."""

    def back_up(self, place: Path, overwrite: bool = False, watch: Watch = unwatched) -> LedgerHead:
        """Copy the store as it is now to a new file, checked, while others may write."""

    def compact(self) -> Compacted:
        """Give unused space back to the system."""


def keepable(store: Store) -> Keepable:
    """The store as one that this program looks after. Raises UsageError where it is none."""
    if not isinstance(store, Keepable):
        raise of_a_server(store.url)
    return store


def migrate(url: str, watch: Watch = unwatched) -> Migrated:
    """Bring the store at `url` up to the version that this program writes; the old file is kept beside it."""
    from tracegraph.stores.sqlite.migrating import migrate_file

    return migrate_file(file_of_url(url).absolute(), watch)


def restore(
    url: str,
    backup: Path,
    overwrite: bool = False,
    checkpoint: Checkpoint | None = None,
    trusted: str | None = None,
    watch: Watch = unwatched,
) -> Restored:
    """Make the store at `url` from a backup without fault that holds all that the checkpoint states.

    `trusted`: the key that must have signed the checkpoint, or introduced the one that did (None: the one that it
    names). A store that is there is put aside if `overwrite`, else Refused. Raises NegativeAnswer where entries are
    missing since the checkpoint, StoreDamaged where the backup has faults, StoreLocked where the store is in use.
    """
    from tracegraph.stores.checkpoint import verify_checkpoint
    from tracegraph.stores.sqlite.restoring import restore_file

    def lacking(store: Store) -> Iterator[str]:
        if checkpoint is not None:
            yield from verify_checkpoint(store, checkpoint, trusted or checkpoint.key)

    return restore_file(file_of_url(url).absolute(), backup.absolute(), overwrite, lacking, watch)
