"""The whole store made again from its ledger: facts and records from the payloads, the graph from those.

Entries that were recorded at the same time are captured again together, with their time and actor. So the new ledger
must end in the same hashes, and the new graph says the same for every known time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tracegraph.care.rereading import reread
from tracegraph.errors import InputError, StoreDamaged, StoreError
from tracegraph.recompile import Workbench, store_batch
from tracegraph.stores import file_of_url, open_store
from tracegraph.stores.care import keepable
from tracegraph.stores.faults import Watch, unwatched
from tracegraph.stores.port import LedgerEntry, LedgerHead, NewEntry, Reading, Store
from tracegraph.timeline.steps import Settings

if TYPE_CHECKING:
    from tracegraph.stores.sqlite.renewing import Renewal

#: Entries captured again in one change, at most: whole batches would be as large as the largest strict file.
BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How the ledger ends, where the new store is, and where the old one is kept (None: it was left alone)."""

    head: LedgerHead
    path: Path
    kept: Path | None


def rebuild(
    url: str, output: Path | None = None, watch: Watch = unwatched, settings: Settings | None = None
) -> Rebuilt:
    """Make the store again from its ledger, in place (the old file is kept beside it) or into the new file `output`.

    Others may write meanwhile, but nobody may have a store open that is replaced: StoreLocked. StoreDamaged where the
    ledger itself is damaged, and nothing is changed. `settings` must be those of capture.
    """
    from tracegraph.stores.sqlite.renewing import renewal

    place = file_of_url(url).absolute() if output is None else output.absolute()
    with closing(open_store(url, create=False)) as store:
        keepable(store)
        identity = store.identity
    with renewal(place, identity, overwrite=output is None) as new:
        while True:
            head = _filled(new, url, watch, settings)
            if output is not None:
                return Rebuilt(head, place, new.put("", None))
            kept = _put(new, head)
            if kept is not None:
                return Rebuilt(head, place, kept)


def _filled(new: Renewal, url: str, watch: Watch, settings: Settings | None) -> LedgerHead:
    """Bring the new store up to what the old one holds."""
    with closing(open_store(url, create=False)) as store, new.opened() as target:
        replay(store, target, watch, settings)
        return target.head()


def _put(new: Renewal, head: LedgerHead) -> Path | None:
    """Put the new store in the place of the old one, unless that went on meanwhile (None)."""
    from tracegraph.stores.sqlite.replacing import StoreChanged

    try:
        return new.put("before-rebuild", head)
    except StoreChanged:
        return None


def replay(store: Reading, target: Store, watch: Watch = unwatched, settings: Settings | None = None) -> None:
    """Capture again what the store holds beyond what the target does. Raises StoreDamaged where an entry cannot be
    read again, or does not give the hash that the ledger states."""
    total = store.head().count
    workbench = Workbench(settings or Settings())
    for batch in _batches(store.entries(after=target.head().count, upto=total)):
        last = batch[-1]
        try:
            captured = [_with_source(store, entry, last.position) for entry in reread(batch)]
        except InputError as error:
            raise StoreDamaged(f"the store cannot be made again: {error}; restore a backup") from None
        store_batch(target, captured, last.recorded_at, last.actor, workbench)
        head = target.head()
        if (head.count, head.hash) != (last.position, last.hash):
            raise StoreDamaged(
                f"the store cannot be made again: the ledger does not give its own hashes between positions "
                f"{batch[0].position} and {last.position}; restore a backup"
            )
        watch("rebuild", last.position, total)


def _batches(entries: Iterator[LedgerEntry]) -> Iterator[Sequence[LedgerEntry]]:
    """Entries in a row with one time and actor, in portions. A portion does not end between records of one payload:
    what they state is captured together."""
    batch: list[LedgerEntry] = []
    for entry in entries:
        if batch and _begins_batch(batch, entry):
            yield batch
            batch = []
        batch.append(entry)
    if batch:
        yield batch


def _begins_batch(batch: Sequence[LedgerEntry], entry: LedgerEntry) -> bool:
    last = batch[-1]
    together = (last.recorded_at, last.actor) == (entry.recorded_at, entry.actor)
    return not together or (len(batch) >= BATCH and last.payload != entry.payload)


def _with_source(store: Reading, entry: NewEntry, position: int) -> NewEntry:
    """With the name of the file that a record came from, which stands in the store only, where it can be read there."""
    record = entry.record
    if record is None:
        return entry
    try:
        known = [one.record for one in store.records(record.kind, [record.id], at=position)]
    except (StoreError, LookupError, ValueError, TypeError):
        known = []
    return NewEntry(entry.payload, record=replace(record, source=known[0].source)) if known else entry
