"""Units that a person cleared: who, why, and whether that still holds.

An override is a record, so it is signed by the ledger and can be withdrawn. It lapses as soon as something newer is
known of the unit: an event that names it, a record that does, or a change of its timeline by what was learnt of others.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tracegraph.model.instants import instant_text
from tracegraph.model.record import StoredRecord
from tracegraph.trace.envelope import Json
from tracegraph.trace.lines.recorded import Recorded

#: The kinds of records that say something new of a unit, and the fields that name it.
TELLING = {"evidence": "unit", "run": "units"}


@dataclass(frozen=True, slots=True)
class Override:
    """One unit's clearing. `onward`: with what was made of it. `lapsed`: what ended it (None: it holds)."""

    unit: str
    stored: StoredRecord
    onward: bool
    lapsed: str | None

    def to_dict(self) -> Json:
        """As it stands in the answer."""
        return {
            "class": "cleared",
            "onward": self.onward,
            "reason": self.stored.record.reason,
            "actor": self.stored.actor,
            "recorded_at": instant_text(self.stored.recorded_at),
            "lapsed_by": self.lapsed,
        }


def overrides(recorded: Recorded) -> dict[str, Override]:
    """All overrides that were not withdrawn, by unit."""
    found: dict[str, Override] = {}
    for stored in recorded.snapshot.records("override"):
        unit = recorded.unit(str(stored.record.data["unit"]))
        known = found.get(unit)
        if known is None or known.stored.position < stored.position:
            lapsed = _newer(recorded, unit, stored.position)
            found[unit] = Override(unit, stored, bool(stored.record.data["onward"]), lapsed)
    return found


def _newer(recorded: Recorded, unit: str, position: int) -> str | None:
    """What was learnt of a unit after a ledger position: the event, the record, or `timeline`."""
    numbers = {unit, *recorded.register.aliases(unit)}
    for event in recorded.snapshot.events(units=sorted(numbers)):
        if event.position > position:
            return f"event {event.facts.content_hash}"
    for kind, field in TELLING.items():
        for stored in recorded.snapshot.records(kind):
            if stored.position > position and _names(stored.record.data.get(field), numbers):
                return f"{kind} {stored.record.id}"
    store, now = recorded.snapshot.store, recorded.snapshot.position
    same = store.timelines([unit], at=position) == store.timelines([unit], at=now)
    return None if same else "timeline"


def _names(said: object, numbers: Collection[str]) -> bool:
    named = said if isinstance(said, list) else [said]
    return any(one in numbers for one in named)
