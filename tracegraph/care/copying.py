"""A store moved to another one of any kind: its ledger is captured again there, with its times and actors.

The copy has the identity, every entry and every hash of the original, so checkpoints of the one hold for the other, and
it answers alike for every known time. A copy that was interrupted goes on where it stopped.
"""

from __future__ import annotations

from contextlib import closing

from tracegraph.care.rebuilding import replay
from tracegraph.errors import Refused, UsageError
from tracegraph.stores import open_store, shown_url
from tracegraph.stores.faults import Watch, unwatched
from tracegraph.stores.ledger import EMPTY_HEAD
from tracegraph.stores.port import LedgerHead, Reading, Store
from tracegraph.timeline.steps import Settings


def copy(origin: str, target: str, watch: Watch = unwatched, settings: Settings | None = None) -> LedgerHead:
    """Make the store at the URL `target`, which is created where it can be, hold all that the one at `origin` does;
    returns how its ledger ends.

    Others may read and write the original meanwhile; what they add after the beginning is left for the next copy.
    Raises UsageError where both are the same store, Refused where the target holds anything but a beginning of the
    original, StoreDamaged where the original cannot be read again. `settings` must be those of capture.
    """
    with closing(open_store(origin, create=False)) as store, closing(open_store(target)) as copied:
        _begin(store, copied, target)
        replay(store, copied, watch, settings)
        return copied.head()


def _begin(store: Store, copied: Store, target: str) -> None:
    """Make sure that the target is the beginning of a copy."""
    if store.url == copied.url:
        raise UsageError(f"the store {shown_url(target)} cannot be copied to itself; name another one")
    head = copied.head()
    if head == EMPTY_HEAD:
        copied.adopt(store.identity)
    elif copied.identity != store.identity or head != _head_at(store, head.count):
        raise Refused(
            f"the store {shown_url(target)} holds {head.count} ledger entries that are no beginning of the other one; "
            "copy to an empty store"
        )


def _head_at(store: Reading, position: int) -> LedgerHead | None:
    """How the ledger ended when it had so many entries; None where it has fewer."""
    entry = next(store.entries(after=position - 1, upto=position), None)
    return None if entry is None else LedgerHead(entry.position, entry.hash, entry.recorded_at)
