"""Whether a store is what was recorded: what it can say itself and, where that is nothing, what the ledger says."""

from __future__ import annotations

import os
from collections.abc import Iterator

from tracegraph.errors import StoreDamaged
from tracegraph.stores.care import Keepable
from tracegraph.stores.faults import Fault, Watch, unwatched
from tracegraph.stores.port import Store

#: From so many ledger entries on, several processes check faster than one; to begin one takes some tenths of a second.
WORTH_SPREADING = 50_000


def find_faults(
    store: Store, deep: bool = False, watch: Watch = unwatched, processes: int | None = None
) -> Iterator[Fault]:
    """A sentence for each fault, first bad row first.

    `deep`: where the store itself finds none, also compare all that is stored with what the ledger says (see
    tracegraph.care.deep). `processes` None: one for each core where that pays.
    """
    if not isinstance(store, Keepable):
        yield from (Fault(sentence, "graph") for sentence in store.verify())
        return
    spread = processes or _spread(store)
    sound = True
    for fault in store.check(watch, spread):
        sound = False
        yield fault
    if deep and sound:
        from tracegraph.care.deep import deep_faults

        yield from deep_faults(store, watch, spread)


def _spread(store: Store) -> int:
    try:
        return (os.cpu_count() or 1) if store.head().count >= WORTH_SPREADING else 1
    except StoreDamaged:
        return 1
