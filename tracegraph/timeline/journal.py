"""Books that can go back: every change notes what was before it, so that it can be undone, newest first.

For units with long histories: a late event undoes the books to its instant instead of compiling from the beginning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, SupportsIndex, TypeVar

from tracegraph.model.custody import Place
from tracegraph.timeline.account import Account
from tracegraph.timeline.materials import Materials

T = TypeVar("T")
Entry = tuple[Callable[[Any, Any, Any], None], Any, Any, Any]
_MISSING = object()


class Journal:
    """How to undo each change, in order. `places` are the pools that changed, or changed back, since last asked."""

    __slots__ = ("dropped", "entries", "places")

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.dropped = 0
        self.places: set[Place] = set()

    @property
    def position(self) -> int:
        """How many changes there were."""
        return self.dropped + len(self.entries)

    def undo(self, position: int) -> None:
        """Back to when there were so many changes."""
        entries = self.entries
        for _ in range(self.position - position):
            undo, what, where, before = entries.pop()
            undo(what, where, before)

    def forget(self, position: int) -> None:
        """Changes before that are there to stay."""
        del self.entries[: position - self.dropped]
        self.dropped = position

    def take_places(self) -> set[Place]:
        """The pools that changed since last asked."""
        taken, self.places = self.places, set()
        return taken


class Table(dict[Any, Any]):
    """A mapping that can go back; `touched` are, once it is watched, the keys that changed, or changed back, since last
    asked."""

    __slots__ = ("journal", "touched")

    def __init__(self, journal: Journal) -> None:
        super().__init__()
        self.journal = journal
        self.touched: set[Any] | None = None

    def __setitem__(self, key: Any, value: Any) -> None:
        self.journal.entries.append((_put_back, self, key, self.get(key, _MISSING)))
        if self.touched is not None:
            self.touched.add(key)
        super().__setitem__(key, value)

    def __delitem__(self, key: Any) -> None:
        self.journal.entries.append((_put_back, self, key, self[key]))
        if self.touched is not None:
            self.touched.add(key)
        super().__delitem__(key)

    def setdefault(self, key: Any, default: Any = None) -> Any:
        """As of a dict."""
        if key not in self:
            self[key] = default
        return self[key]

    def take_touched(self) -> set[Any]:
        """The keys that changed since last asked; from now on the table is watched."""
        taken, self.touched = self.touched, set()
        return taken or set()


def take_touched(table: Mapping[Any, Any]) -> set[Any]:
    """The keys of a table that changed since last asked."""
    assert isinstance(table, Table), "plain mappings do not know what changed"
    return table.take_touched()


def _put_back(table: Table, key: Any, before: Any) -> None:
    if table.touched is not None:
        table.touched.add(key)
    if before is _MISSING:
        dict.__delitem__(table, key)
    else:
        dict.__setitem__(table, key, before)


class Row(list[Any]):
    """A list that can go back; it grows and shrinks by single elements only."""

    __slots__ = ("journal",)

    def __init__(self, journal: Journal) -> None:
        super().__init__()
        self.journal = journal

    def append(self, value: Any) -> None:
        """As of a list."""
        self.journal.entries.append((_shorten, self, None, None))
        super().append(value)

    def insert(self, index: SupportsIndex, value: Any) -> None:
        """As of a list; never counted from the end."""
        self.journal.entries.append((_take_out, self, index, None))
        super().insert(index, value)

    def pop(self, index: SupportsIndex = -1) -> Any:
        """As of a list; never counted from the end."""
        value = super().pop(index)
        self.journal.entries.append((list.insert, self, index, value))
        return value

    def clear(self) -> None:
        """As of a list."""
        self.journal.entries.append((_fill, self, None, list(self)))
        super().clear()


def _shorten(row: Row, _: None, __: None) -> None:
    list.pop(row)


def _take_out(row: Row, index: int, _: None) -> None:
    list.pop(row, index)


def _fill(row: Row, _: None, values: Iterable[Any]) -> None:
    list.extend(row, values)


class Recorded:
    """Mixed into a record whose attributes can go back. `pool_place`: the pool that it belongs to, None for none."""

    __slots__ = ()
    journal: Journal | None
    pool_place: Place | None

    def __setattr__(self, name: str, value: Any) -> None:
        if self.journal is not None:
            self.journal.entries.append((_set_back, self, name, getattr(self, name)))
            if self.pool_place is not None:
                self.journal.places.add(self.pool_place)
        object.__setattr__(self, name, value)


def _set_back(record: Recorded, name: str, before: Any) -> None:
    object.__setattr__(record, name, before)
    if record.journal is not None and record.pool_place is not None:
        record.journal.places.add(record.pool_place)


@cache
def _recorded(kind: type) -> type:
    return type(f"Recorded{kind.__name__}", (Recorded, kind), {"__slots__": ("journal", "pool_place")})


class Reversible(Materials):
    """What books are made of that can go back."""

    __slots__ = ("journal",)

    def __init__(self) -> None:
        self.journal = Journal()

    def table(self) -> dict[Any, Any]:
        """An empty mapping."""
        return Table(self.journal)

    def row(self) -> list[Any]:
        """An empty list."""
        return Row(self.journal)

    def record(self, kind: Callable[..., T], place: Place | None, *values: Any) -> T:
        """A record of that kind; `place`: the pool that it belongs to, None for none."""
        assert isinstance(kind, type), "records are made by their class"
        made: Any = object.__new__(_recorded(kind))
        object.__setattr__(made, "journal", None)
        made.__init__(*values)
        object.__setattr__(made, "pool_place", place)
        object.__setattr__(made, "journal", self.journal)
        record: T = made
        return record


class ReversibleAccount(Account):
    """Books whose own attributes can go back too."""

    def __setattr__(self, name: str, value: Any) -> None:
        known = self.__dict__
        if name in known:
            known["materials"].journal.entries.append((_set_attribute_back, self, name, known[name]))
        known[name] = value


def _set_attribute_back(account: ReversibleAccount, name: str, before: Any) -> None:
    account.__dict__[name] = before
