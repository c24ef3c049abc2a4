"""Care of the store from Python: whether it is whole, copies of it, its index, and what proves it to others.

A part of `Tracegraph`, which says how to open a store and what times and errors are.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracegraph.opened import Opened
from tracegraph.stores.care import keepable, migrate, restore
from tracegraph.stores.faults import Watch, unwatched
from tracegraph.stores.indexing import indexable
from tracegraph.stores.port import LedgerHead

if TYPE_CHECKING:
    from tracegraph.care.rebuilding import Rebuilt
    from tracegraph.stores.checkpoint import Checkpoint, SigningKey
    from tracegraph.stores.sqlite.compacting import Compacted
    from tracegraph.stores.sqlite.migrating import Migrated
    from tracegraph.stores.sqlite.restoring import Restored


class Keeping(Opened):
    """Care of the store; see Tracegraph."""

    def verify(self, deep: bool = False, watch: Watch = unwatched, processes: int = 1) -> Iterator[str]:
        """One sentence for each fault in ledger, graph or attached files, first bad row first; nothing when all is
        well.

        `deep` also makes everything again from the ledger and compares. `watch` is told stage, done and total now and
        then. More `processes` are begun anew, so a program that wants them needs `if __name__ == "__main__":`.
        """
        self._allow("ledger")
        from tracegraph.care.verifying import find_faults

        return self._with_files(find_faults(self.store, deep, watch, processes))

    def _with_files(self, faults: Iterator[str]) -> Iterator[str]:
        """The faults, and where there are none, so that what cases say can be trusted, those of attached files."""
        from tracegraph.service.attachments import attachment_faults, files_beside

        is_whole = True
        for fault in faults:
            is_whole = False
            yield fault
        if is_whole:
            yield from attachment_faults(self.store, files_beside(self.store.url))

    def backup(self, path: str | Path, overwrite: bool = False, watch: Watch = unwatched) -> LedgerHead:
        """Copy the store to a new file, which is checked, while others may write, and the attached files to a folder
        beside it; returns how the ledger in it ends."""
        self._allow("administer")
        from tracegraph.service.attachments import carry

        head = keepable(self.store).back_up(Path(path), overwrite, watch)
        carry(self.store.url, f"sqlite:///{path}")
        return head

    def index(self) -> bool:
        """Make the trace index, with which long traces are faster; False where another process is doing so. No answer
        needs it, and `tracegraph capture` makes it in the background; a program makes it when it likes."""
        self._allow("administer")
        return indexable(self.store).build_index()

    def compact(self) -> Compacted:
        """Give unused space in the file back to the system; returns the sizes before and after."""
        self._allow("administer")
        return keepable(self.store).compact()

    @staticmethod
    def restore(
        url: str,
        backup: str | Path,
        overwrite: bool = False,
        checkpoint: Checkpoint | None = None,
        trusted: str | None = None,
    ) -> Restored:
        """Make the store at `url`, which nobody may have open, from a backup, its attached files too; see
        tracegraph.stores.care.restore."""
        from tracegraph.service.attachments import carry

        restored = restore(url, Path(backup), overwrite, checkpoint, trusted)
        carry(f"sqlite:///{backup}", url)
        return restored

    @staticmethod
    def migrate(url: str) -> Migrated:
        """Bring the store at `url`, which nobody may have open, up to the version that this program writes."""
        return migrate(url)

    @staticmethod
    def rebuild(url: str, output: str | Path | None = None) -> Rebuilt:
        """Make everything but the ledger again from the ledger, in place or into a new file; see
        tracegraph.care.rebuilding."""
        from tracegraph.care.rebuilding import rebuild

        return rebuild(url, None if output is None else Path(output))

    @staticmethod
    def copy(origin: str, target: str) -> LedgerHead:
        """Make the store at the URL `target` hold all that the one at `origin` does, its identity included; see
        tracegraph.care.copying."""
        from tracegraph.care.copying import copy

        return copy(origin, target)

    def prove(self, event: str, upto: int | None = None, most: int | None = None) -> dict[str, Any]:
        """Proof that an event was recorded, for whoever has a checkpoint but not the store; see
        tracegraph.care.proving, which checks it too."""
        self._allow("ledger")
        from tracegraph.care.proving import prove

        return prove(self.store, event, upto, most)

    def checkpoint(self, key: SigningKey, made_at: int) -> Checkpoint:
        """A signed statement of how long the ledger is and how it ends, to be kept elsewhere. `made_at`: an instant."""
        self._allow("ledger")
        from tracegraph.stores.checkpoint import make_checkpoint

        return make_checkpoint(self.store, key, made_at)
