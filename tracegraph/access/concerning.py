"""Which records that people enter concern an organisation: those that name it or a site of its, and what belongs to
such a record (the postings of an account, the support of a claim).

Which fields name an organisation, and which record one belongs to, is said of each kind of records
(tracegraph.model.record_kinds); a kind of which nothing is said shows to nobody who sees a part only.
"""

from __future__ import annotations

from collections.abc import Iterable

from tracegraph.access.sight import Sight
from tracegraph.model.record import Record
from tracegraph.model.record_kinds import RecordKind, record_kinds
from tracegraph.stores.port import Reading


class Concerning:
    """What concerns the organisations of one sight, as known at a ledger position; each kind is looked through once."""

    def __init__(self, store: Reading, sight: Sight, at: int | None) -> None:
        self._store = store
        self._sight = sight
        self._at = at
        self._shown: dict[str, frozenset[str]] = {}

    def shows(self, record: Record) -> bool:
        """Whether a record concerns them."""
        kind = record_kinds().get(record.kind)
        return kind is not None and (self._names(kind, record) or self._belongs(kind, record))

    def _names(self, kind: RecordKind, record: Record) -> bool:
        ground, told = self._sight.ground, record.data
        if any(ground.any_own(_listed(told.get(name))) for name in kind.of):
            return True
        return any(self._sight.names(one) for name in kind.published for one in _listed(told.get(name)))

    def _belongs(self, kind: RecordKind, record: Record) -> bool:
        return any(record.data.get(name) in self._ids(parent) for name, parent in kind.within)

    def _ids(self, kind: str) -> frozenset[str]:
        """The ids of the records of a kind that show."""
        if kind not in self._shown:
            stored = (one.record for one in self._store.records(kind, None, self._at))
            self._shown[kind] = frozenset(record.id for record in stored if self.shows(record))
        return self._shown[kind]


def _listed(value: object) -> Iterable[str]:
    if value is None:
        return ()
    return value if isinstance(value, list | tuple) else (str(value),)
