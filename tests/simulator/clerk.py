"""Writes EPCIS 2.0 events, in the many spellings that the standard allows.

An event is a plain dict that a chapter may still change (leave out a document, stamp another time) until the world is
closed. Times are kept beside the dict and written at the end.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from tests.simulator.identifiers import Unit
from tests.simulator.rows import Coverage

Event = dict[str, Any]
Line = tuple[Unit, Decimal]

EXTENSION = {"tracegraph": "https://tracegraph.example/epcis/"}
CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", EXTENSION]


@dataclass(slots=True)
class Written:
    """One event as written: its content, its time, and whether it is dated by the day only."""

    event: Event
    when: datetime
    day: bool = False
    declares: Written | None = None  # the event that this one retracts
    dropped: frozenset[str] = frozenset()  # fields of the retracted event that the declaration leaves out
    copies: int = 0
    sent: bool = True
    first: bool = False  # must arrive before all others


@dataclass(slots=True)
class Clerk:
    """Everything written in one world."""

    chance: random.Random
    rows: Coverage
    book: list[Written] = field(default_factory=list)
    vocabulary: list[Event] = field(default_factory=list)

    def write(self, when: datetime, kind: str, **fields: Any) -> Event:
        """Write an event; empty fields are left out. Most events get an eventID."""
        event: Event = {"type": kind, **{name: value for name, value in fields.items() if value not in (None, [])}}
        if "bizStep" in event:
            event["bizStep"] = self._step(event["bizStep"])
        self.book.append(Written(event, when))
        event["eventID"] = f"urn:uuid:00000000-0000-4000-8000-{len(self.book):012d}"
        return event

    def entry(self, event: Event) -> Written:
        """The page of the book on which an event stands."""
        return next(page for page in self.book if page.event is event)

    def forget(self, event: Event) -> None:
        """Never written."""
        self.book.remove(self.entry(event))

    def restamp(self, event: Event, when: datetime) -> None:
        """Stamped with another time than the true one."""
        self.entry(event).when = when

    def repeat(self, event: Event, *, with_id: str | None) -> Event:
        """The same content once more, under another eventID, or without one."""
        page = self.entry(event)
        again = copy.deepcopy(event)
        again.pop("eventID", None)
        if with_id:
            again["eventID"] = with_id
        self.book.append(Written(again, page.when, page.day))
        return again

    def retract(self, event: Event, *, dropped: Iterable[str] = (), first: bool = False) -> None:
        """An error declaration of an event: equal to it but for the fields dropped."""
        page = self.entry(event)
        declaration = {"declarationTime": _instant(page.when + timedelta(hours=5)), "reason": "did_not_occur"}
        self.book.append(
            Written({"errorDeclaration": declaration}, page.when, page.day, page, frozenset(dropped), first=first)
        )

    def items(self, lines: Iterable[Line]) -> list[str]:
        """An epcList of the items among the lines."""
        return [unit.say(self.chance) for unit, _ in lines if not unit.is_lot]

    def quantities(self, lines: Iterable[Line], uom: str = "KGM") -> list[Event]:
        """A quantityList of the lots among the lines."""
        return [
            {"epcClass": unit.say(self.chance), "quantity": amount, "uom": uom} for unit, amount in lines if unit.is_lot
        ]

    def describe(self, kind: str, name: str, attributes: dict[str, str], children: Iterable[str] = ()) -> None:
        """One vocabulary element of the header."""
        element: Event = {
            "id": name,
            "attributes": [{"id": key, "attribute": value} for key, value in attributes.items()],
        }
        if list(children):
            element["children"] = list(children)
        self.vocabulary.append({"type": f"urn:epcglobal:epcis:vtype:{kind}", "vocabularyElementList": [element]})

    def document(self) -> Event:
        """The whole book as an EPCISDocument, in the order of time (quantities still Decimal)."""
        pages = sorted(self.book, key=lambda page: (not page.first, page.when))
        events = [event for page in pages if page.sent for event in self._finished(page)]
        header = {"epcisHeader": {"epcisMasterData": {"vocabularyList": self.vocabulary}}} if self.vocabulary else {}
        return {
            "@context": CONTEXT,
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-01-01T00:00:00Z",
            **header,
            "epcisBody": {"eventList": events},
        }

    def _finished(self, page: Written) -> list[Event]:
        if page.declares:
            original = self._finished(page.declares)[0]
            kept = {name: value for name, value in original.items() if name not in page.dropped}
            return [kept | page.event]
        event = dict(page.event)
        if page.day:
            event |= {
                "eventTime": f"{page.when:%Y-%m-%d}T00:00:00Z",
                "eventTimeZoneOffset": "+00:00",
                "tracegraph:timePrecision": "day",
            }
        else:
            event |= self._stamp(page)
        return [event, *(copy.deepcopy(event) for _ in range(page.copies))]

    def _stamp(self, page: Written) -> Event:
        style = int(page.when.timestamp()) // 60 % 5  # a function of the time: copies of an event are stamped alike
        if style < 3:
            return {"eventTime": _instant(page.when), "eventTimeZoneOffset": ("+00:00", "+02:00", "+00:00")[style]}
        local = page.when.astimezone(timezone(timedelta(hours=2 if style == 3 else -5)))
        offset = "+02:00" if style == 3 else "-05:00"
        if style == 4:
            self.rows.met("2 no_zone")
            return {"eventTime": f"{local:%Y-%m-%dT%H:%M:%S}", "eventTimeZoneOffset": offset}
        return {"eventTime": f"{local:%Y-%m-%dT%H:%M:%S}{offset}", "eventTimeZoneOffset": offset}

    def _step(self, step: str) -> str:
        forms = (step, step, f"urn:epcglobal:cbv:bizstep:{step}", f"https://ref.gs1.org/cbv/BizStep-{step}")
        return self.chance.choice(forms)


def _instant(when: datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%M:%SZ}"


def without(event: Event, *names: str) -> Event:
    """The clerk leaves these fields out."""
    for name in names:
        event.pop(name, None)
    return event


def without_quantities(event: Event) -> Event:
    """The clerk names the lots but not how much."""
    for name, value in event.items():
        if name.endswith("uantityList"):
            for element in value:
                element.pop("quantity", None)
                element.pop("uom", None)
    return event


def miscounted(event: Event, quantity: Decimal) -> Event:
    """The clerk writes another quantity than the true one."""
    for name, value in event.items():
        if name.endswith("uantityList"):
            for element in value:
                element["quantity"] = quantity
    return event
