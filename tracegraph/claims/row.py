"""One record as rules read it: its fields as Decimals, spans of time, lists and text."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tracegraph.model.instants import instant_text
from tracegraph.model.record import StoredRecord
from tracegraph.model.record_kinds import time_span
from tracegraph.model.values import value


@value
class Row:
    """A record. `known`: the instant at which it was entered; `position`: its place in the ledger; `valid_from`,
    `valid_to`: when it is true (None: unbounded)."""

    kind: str
    id: str
    data: Mapping[str, Any]
    position: int = 0
    known: int = 0
    valid_from: int | None = None
    valid_to: int | None = None

    def text(self, name: str) -> str:
        """The text of a field; empty where it is not given."""
        return str(self.data.get(name, ""))

    def given(self, name: str) -> bool:
        """Whether a field is given."""
        return name in self.data

    def number(self, name: str) -> Decimal | None:
        """The number of a field; None where it is not given."""
        value = self.data.get(name)
        return None if value is None else Decimal(value)

    def flag(self, name: str) -> bool | None:
        """Yes or no; None where nobody said it."""
        value = self.data.get(name)
        return None if value is None else bool(value)

    def several(self, name: str) -> tuple[str, ...]:
        """The members of a list field, or the parts of a text between semicolons."""
        value = self.data.get(name, ())
        parts = value.split(";") if isinstance(value, str) else value
        return tuple(part.strip() for part in parts if part.strip())

    def first(self, name: str) -> int | None:
        """The first instant that the time of a field may mean."""
        return time_span(self.data[name])[0] if name in self.data else None

    def last(self, name: str) -> int | None:
        """The last instant that the time of a field may mean: of a date the end of the day."""
        return time_span(self.data[name])[1] if name in self.data else None

    def holds_at(self, instant: int) -> bool:
        """Whether the record is true at an instant."""
        return (self.valid_from is None or self.valid_from <= instant) and (
            self.valid_to is None or instant <= self.valid_to
        )

    def touches(self, first: int | None, last: int | None) -> bool:
        """Whether the record may be true at some instant of a span (None: unbounded)."""
        begun = self.valid_from is None or last is None or self.valid_from <= last
        return begun and (self.valid_to is None or first is None or first <= self.valid_to)

    def shown(self) -> dict[str, str]:
        """The record as evidence names it."""
        return {"kind": self.kind, "id": self.id}


def row_of(stored: StoredRecord) -> Row:
    """A stored record as a row."""
    record = stored.record
    return Row(
        record.kind,
        record.id,
        record.data,
        stored.position,
        stored.recorded_at,
        record.valid_from,
        record.valid_to,
    )


def day(instant: int) -> str:
    """The UTC date of an instant."""
    return instant_text(instant)[:10]
