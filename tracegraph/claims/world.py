"""What is on record at one (valid, known) time: the rows of each kind, and the custody graph below them.

Rules read nothing else, so the same records give the same findings whatever the store and the order of arrival.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, Protocol, TypeVar

from tracegraph.claims.custody import Custody, Upstream
from tracegraph.claims.row import Row, row_of
from tracegraph.claims.told_by_events import EventRecords
from tracegraph.trace.snapshot import Snapshot

T = TypeVar("T")


class Records(Protocol):
    """Where the rows of a kind come from."""

    def rows(self, kind: str) -> Iterable[Row]:
        """All rows of a kind that are known, in any order."""


class World:
    """The rows by kind, sorted by id, without those that become true after `valid` (an instant; None: all).

    `custody`: the graph below them; None where there is none, so that what needs it is not evaluable. `partial`:
    whether there may be records that the caller may not know.
    """

    def __init__(
        self, records: Records, valid: int | None = None, custody: Custody | None = None, partial: bool = False
    ) -> None:
        self.records = records
        self.valid = valid
        self.custody = custody
        self.partial = partial
        self._rows: dict[str, tuple[Row, ...]] = {}
        self._by: dict[tuple[str, str], Mapping[str, tuple[Row, ...]]] = {}
        self._worked_out: dict[Any, Any] = {}

    def rows(self, kind: str) -> tuple[Row, ...]:
        """The rows of a kind, sorted by id."""
        if kind not in self._rows:
            known = (row for row in self.records.rows(kind) if self._begun(row))
            self._rows[kind] = tuple(sorted(known, key=lambda row: row.id))
        return self._rows[kind]

    def row(self, kind: str, id: str) -> Row | None:
        """One row by its id (the only key field, or all of them joined)."""
        found = self._indexed(kind, "").get(id, ())
        return found[0] if found else None

    def by(self, kind: str, name: str, value: str) -> tuple[Row, ...]:
        """The rows of a kind whose field `name` has that text."""
        return self._indexed(kind, name).get(value, ())

    def _indexed(self, kind: str, name: str) -> Mapping[str, tuple[Row, ...]]:
        if (kind, name) not in self._by:
            found: dict[str, list[Row]] = defaultdict(list)
            for row in self.rows(kind):
                found[row.text(name) if name else row.id].append(row)
            self._by[kind, name] = {value: tuple(rows) for value, rows in found.items()}
        return self._by[kind, name]

    def _begun(self, row: Row) -> bool:
        return self.valid is None or row.valid_from is None or row.valid_from <= self.valid

    def once(self, what: Any, work_out: Callable[[], T]) -> T:
        """What is worked out of this world, the first time that anybody asks: rules share replays of accounts."""
        if what not in self._worked_out:
            self._worked_out[what] = work_out()
        found: T = self._worked_out[what]
        return found

    # what claims rely on

    def upstream(self, claim: Row) -> Upstream | None:
        """What the custody graph shows behind the goods of a claim; None where there is no graph, the claim names no
        goods or the graph does not know them."""
        return self.custody.upstream(claim.text("goods")) if self.custody and claim.given("goods") else None

    def claims_behind(self, claim: Row) -> tuple[Row, ...]:
        """The input claims that a claim names as its support, sorted by id."""
        names = {row.text("reference") for row in self.by("support", "claim", claim.id) if row.text("by") == "claim"}
        return tuple(row for name in sorted(names) if (row := self.row("claim", name)))


def world_at(snapshot: Snapshot, valid: int | None = None, records: Records | None = None) -> World:
    """What a store says at a snapshot: its records (or `records` instead of them), what its events state, and its
    custody graph."""
    told = Together(records or StoredRecords(snapshot), EventRecords(snapshot))
    return World(told, valid, Custody(snapshot, valid), partial=not snapshot.counted)


class Together:
    """Records of two sources; of the same record the first source counts, so that what was entered corrects what an
    event states."""

    def __init__(self, first: Records, second: Records) -> None:
        self.first = first
        self.second = second

    def rows(self, kind: str) -> Iterable[Row]:
        """All rows of a kind."""
        rows = list(self.first.rows(kind))
        known = {row.id for row in rows}
        return [*rows, *(row for row in self.second.rows(kind) if row.id not in known)]


class StoredRecords:
    """The records of a store as known at one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def rows(self, kind: str) -> Iterable[Row]:
        """All rows of a kind."""
        return map(row_of, self.snapshot.records(kind))


class WrittenRecords:
    """Rows that somebody wrote down: vectors and tests."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._all = tuple(rows)

    @cached_property
    def _by_kind(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self._all:
            found[row.kind].append(row)
        return found

    def rows(self, kind: str) -> Iterable[Row]:
        """All rows of a kind."""
        return self._by_kind.get(kind, ())
