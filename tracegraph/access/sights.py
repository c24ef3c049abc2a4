"""What was found knowable is kept: for a few sets of organisations and ledger positions, and from position to position
where nothing was recorded that concerns it."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from threading import Lock

from tracegraph.access.sight import Sight, look, still_holds
from tracegraph.stores.port import Reading

#: So many different sights of a store are kept.
MOST_SIGHTS = 8

_Key = tuple[frozenset[str], bool, int]


class Sights:
    """What organisations may know of one store, each found once; the least used goes when there are too many."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_Key, Sight] = OrderedDict()
        self._lock = Lock()

    def of(self, store: Reading, organisations: frozenset[str], confirmed_only: bool, position: int) -> Sight:
        """The sight at a ledger position."""
        key = (organisations, confirmed_only, position)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = self._carried(store, key) or look(store, organisations, confirmed_only, position)
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > MOST_SIGHTS:
                self._kept.popitem(last=False)
        return found

    def _carried(self, store: Reading, key: _Key) -> Sight | None:
        """The latest earlier sight, where nothing has happened since that concerns it."""
        organisations, confirmed_only, position = key
        with self._lock:
            earlier = [at for *who, at in self._kept if who == [organisations, confirmed_only] and at < position]
            latest = self._kept[organisations, confirmed_only, max(earlier)] if earlier else None
        if latest is None or not still_holds(store, latest, position):
            return None
        return replace(latest, position=position)
