"""What was found knowable is kept: for a few sets of organisations and ledger positions, and from position to position
where nothing was recorded that concerns it."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from dataclasses import replace
from threading import Lock

from tracegraph.access.sight import Sight, look, still_holds
from tracegraph.stores.port import Reading

#: So many different sights of a store are kept, as long as they have no more nodes than that together.
MOST_SIGHTS = 64
MOST_NODES = 1_000_000

_Key = tuple[frozenset[str], bool, int]


class Sights:
    """What organisations may know of one store, each found once, by one thread while others that need it wait; the
    least used goes when there are too many."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_Key, Sight] = OrderedDict()
        self._lock = Lock()
        self._turns: defaultdict[tuple[frozenset[str], bool], Lock] = defaultdict(Lock)

    def of(self, store: Reading, organisations: frozenset[str], confirmed_only: bool, position: int) -> Sight:
        """The sight at a ledger position."""
        key = (organisations, confirmed_only, position)
        found = self._known(key)
        if found is not None:
            return found
        with self._lock:
            turn = self._turns[organisations, confirmed_only]
        with turn:
            found = self._known(key) or self._carried(store, key)
            found = found or look(store, organisations, confirmed_only, position)
            self._keep(key, found)
        return found

    def _known(self, key: _Key) -> Sight | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _keep(self, key: _Key, found: Sight) -> None:
        with self._lock:
            self._kept[key] = found
            nodes = sum(len(sight.levels) for sight in self._kept.values())
            while len(self._kept) > MOST_SIGHTS or (nodes > MOST_NODES and len(self._kept) > 1):
                _, gone = self._kept.popitem(last=False)
                nodes -= len(gone.levels)

    def _carried(self, store: Reading, key: _Key) -> Sight | None:
        """The latest earlier sight, where nothing has happened since that concerns it: it takes that one's place."""
        organisations, confirmed_only, position = key
        with self._lock:
            earlier = [at for *who, at in self._kept if who == [organisations, confirmed_only] and at < position]
            latest = self._kept[organisations, confirmed_only, max(earlier)] if earlier else None
        if latest is None or not still_holds(store, latest, position):
            return None
        with self._lock:
            self._kept.pop((organisations, confirmed_only, latest.position), None)
        return replace(latest, position=position)
