"""What the timeline needs to know of an event: a small, storable extract, the same from every input format.

An `EventFacts` is made once at capture (formats -> facts) and stored beside the ledger entry; compiling a unit's
timeline reads facts only. Identifiers are canonical keys, terms are bare CBV words or URIs, times are instants
(microseconds since 1970-01-01T00:00Z).
"""

from __future__ import annotations

from enum import StrEnum

from tracegraph.model.quantity import Quantity
from tracegraph.model.values import value


class Role(StrEnum):
    """How an event names a unit."""

    __hash__ = str.__hash__  # every named unit has one
    OBJECT = "object"
    PARENT = "parent"
    CHILD = "child"
    INPUT = "input"
    OUTPUT = "output"


@value
class NamedUnit:
    """One unit as one event names it. `as_class`: in a quantity list (so it is a lot)."""

    unit: str
    role: Role
    as_class: bool = False
    quantity: Quantity | None = None


@value
class Document:
    """A business document: type (bare CBV word or URI, empty where missing) and id."""

    type: str
    id: str


@value
class Membership:
    """`item` belongs to `lot` (ilmd lotNumber, AI 10 beside 21, or master data)."""

    item: str
    lot: str


@value
class Alias:
    """`alias` is another number of the whole of `unit` (a relabelled lot, a supplier's own lot number)."""

    unit: str
    alias: str
    document: str = ""
    date: str = ""


@value
class EventFacts:
    """One event, reduced to what moves goods. `day`: the time is a date (tracegraph:timePrecision `day`). `assumed`:
    that day is not stated, but only its `month` or `year`, or nothing (`unknown`).

    `type` is the EPCIS event type; `action` ADD, OBSERVE, DELETE or empty; `step` the bizStep as a bare word or URI.
    The places and parties are canonical keys: `source_place` and `destination_place` of type `location`, parties by
    possessing_party and owning_party.
    """

    content_hash: str
    event_id: str
    retracts: bool
    type: str
    instant: int
    offset: str = ""
    day: bool = False
    action: str = ""
    step: str = ""
    disposition: str = ""
    read_point: str | None = None
    biz_location: str | None = None
    source_place: str | None = None
    destination_place: str | None = None
    source_party: str | None = None
    destination_party: str | None = None
    source_owner: str | None = None
    destination_owner: str | None = None
    transformation: str | None = None
    documents: tuple[Document, ...] = ()
    named: tuple[NamedUnit, ...] = ()
    memberships: tuple[Membership, ...] = ()
    aliases: tuple[Alias, ...] = ()
    assumed: str = ""

    def numbers(self) -> set[str]:
        """Every number (unit key) that the event says something about: units it names, aliases, members."""
        named = {one.unit for one in self.named}
        if not self.aliases and not self.memberships:
            return named
        named |= {number for alias in self.aliases for number in (alias.unit, alias.alias)}
        return named | {member.item for member in self.memberships}
