"""The storyteller: each act of business is written into its partners' books as EPCIS events, and into the truth.

What is told to have happened goes into the truth; what is told to be written goes into the books; the two differ where
a partner forgot, mistyped or dated only. Source: EPCIS 2.0 and CBV 2.0 JSON; extensions of the `tracegraph` namespace.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, TypeVar

from tracegraph.examples.food_outbreak.names import Name, Partner, Site, Unit
from tracegraph.examples.food_outbreak.truth import Truth

SEED = 20110521
_EVENT_NUMBERS = uuid.UUID("3f0d3c52-9a40-5d4e-8f3c-201105210001")

Event = dict[str, Any]
#: A unit and how much of it (None: nobody wrote that down).
Load = tuple[Unit, Decimal | None]
Choice = TypeVar("Choice")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a statement comes from: a citation with what it covers (empty: nothing published) and whether anything in
    the statement is invented."""

    source: str = ""
    synthetic: bool = True


INVENTED = Evidence()


@dataclass(frozen=True, slots=True)
class Paper:
    """A business document: CBV type (empty: its type is not written) and the URI of its number."""

    type: str
    id: str


@dataclass(frozen=True, slots=True)
class Omission:
    """Something that the books do not say although it happened; `kind` says what is missing."""

    kind: str
    unit: str
    site: str


class Dice:
    """Choices that are the same on every machine and Python version (only `Random.random` is promised to be)."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def below(self, count: int) -> int:
        """A whole number from 0 to `count` - 1."""
        return int(self._random.random() * count)

    def chance(self, percent: int) -> bool:
        """True in about `percent` of 100 cases."""
        return self.below(100) < percent

    def several(self, choices: Sequence[Choice], count: int) -> list[Choice]:
        """`count` different ones, in the order in which they were drawn."""
        rest = list(choices)
        return [rest.pop(self.below(len(rest))) for _ in range(min(count, len(rest)))]


@dataclass(slots=True)
class Story:
    """The books of all partners (file name to events), the truth, and what was left out on purpose."""

    dice: Dice = field(default_factory=lambda: Dice(SEED))
    truth: Truth = field(default_factory=Truth)
    books: dict[str, list[Event]] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)
    omissions: list[Omission] = field(default_factory=list)
    copies: int = 0
    _papers: int = 0

    def meet(self, *sites: Site) -> None:
        """Make sure that the sites' master data are sent."""
        for site in sites:
            self.sites.setdefault(site.key, site)

    def paper(self, kind: str, site: Site) -> Paper:
        """A new document of this site."""
        self._papers += 1
        return Paper(
            kind, f"{site.party.name.urn.replace('urn:epc:id:pgln:', 'urn:epcglobal:cbv:bt:')}:{self._papers:05}"
        )

    def forgot(self, kind: str, loads: Sequence[Load], site: Site) -> None:
        """Note an omission for every unit of a load."""
        self.omissions.extend(Omission(kind, unit.goods, site.key) for unit, _ in loads)

    def write(self, partner: Partner, event: Event) -> Event:
        """Put an event into a partner's book, numbered where the partner numbers its events."""
        book = self.books.setdefault(partner.file, [])
        if partner.event_ids:
            event["eventID"] = f"urn:uuid:{uuid.uuid5(_EVENT_NUMBERS, f'{partner.file}/{len(book)}')}"
        book.append(event)
        return event

    def born(
        self, site: Site, when: datetime, loads: Sequence[Load], evidence: Evidence = INVENTED, **more: Any
    ) -> Event:
        """Goods come into being at a site (harvest, own packing); `more` are further event fields such as ilmd."""
        self.meet(site)
        self.truth.made(instant(site, when), site.key, (), [unit.goods for unit, _ in loads])
        event = objects(site.partner, loads, "ADD", "commissioning") | standing_at(site) | more
        return self.write(site.partner, dated(event, site, when, evidence))

    def made(
        self,
        site: Site,
        when: datetime,
        inputs: Sequence[Load],
        outputs: Sequence[Load],
        evidence: Evidence = INVENTED,
        **more: Any,
    ) -> Event:
        """Goods are made of goods."""
        self.meet(site)
        self.truth.made(
            instant(site, when), site.key, [unit.goods for unit, _ in inputs], [unit.goods for unit, _ in outputs]
        )
        event: Event = {
            "type": "TransformationEvent",
            "inputQuantityList": quantities(site.partner, inputs),
            "outputQuantityList": quantities(site.partner, outputs),
            "bizStep": "creating_class_instance",
        }
        return self.write(site.partner, dated(event | standing_at(site) | more, site, when, evidence))

    def sent(
        self,
        origin: Site,
        destination: Site | None,
        when: datetime,
        loads: Sequence[Load],
        paper: Paper | None,
        evidence: Evidence = INVENTED,
        step: str = "shipping",
        by_day: bool = False,
    ) -> Event:
        """The sender's book: the goods left. Nothing is added to the truth."""
        self.meet(origin)
        event = objects(origin.partner, loads, "OBSERVE", step)
        event |= {} if step == "void_shipping" else {"disposition": "in_transit"}
        event |= {"readPoint": {"id": origin.partner.spell(origin.name)}}
        event |= papers(paper) | ends(origin.partner, origin, destination)
        return self.write(origin.partner, dated(event, origin, when, evidence, by_day))

    def got(
        self,
        origin: Site | None,
        destination: Site,
        when: datetime,
        loads: Sequence[Load],
        paper: Paper | None,
        evidence: Evidence = INVENTED,
        step: str = "receiving",
        by_day: bool = False,
    ) -> Event:
        """The recipient's book: the goods came. Nothing is added to the truth."""
        self.meet(destination)
        event = objects(destination.partner, loads, "OBSERVE", step) | standing_at(destination)
        event |= papers(paper) | ends(destination.partner, origin, destination)
        return self.write(destination.partner, dated(event, destination, when, evidence, by_day))

    def passed(self, origin: Site, destination: Site, when: datetime, loads: Sequence[Load]) -> None:
        """The truth only: the goods moved from origin to destination."""
        self.meet(origin, destination)
        for unit, _ in loads:
            self.truth.moved(instant(destination, when), unit.goods, origin.key, destination.key)

    def noted(
        self, site: Site, when: datetime, loads: Sequence[Load], step: str, evidence: Evidence = INVENTED, **more: Any
    ) -> Event:
        """Goods were seen, held, sold or destroyed at a site: the book only."""
        self.meet(site)
        event = objects(site.partner, loads, "OBSERVE", step) | standing_at(site) | more
        return self.write(site.partner, dated(event, site, when, evidence))

    def packed(
        self,
        site: Site,
        when: datetime,
        parent: Unit,
        loads: Sequence[Load],
        action: str = "ADD",
        evidence: Evidence = INVENTED,
    ) -> Event:
        """Goods go into a container (ADD) or come out of it (DELETE; no loads: all that is in it)."""
        self.meet(site)
        event: Event = {"type": "AggregationEvent", "parentID": site.partner.spell(parent.name)}
        event |= {"childQuantityList": quantities(site.partner, loads)} if loads else {}
        event |= {"action": action, "bizStep": "packing" if action == "ADD" else "unpacking"} | standing_at(site)
        return self.write(site.partner, dated(event, site, when, evidence))

    def copied(self, event: Event, partner: Partner) -> None:
        """A partner sends another partner's event along, unchanged."""
        self.books.setdefault(partner.file, []).append(dict(event))
        self.copies += 1

    def retracted(self, event: Event, partner: Partner, when: str) -> None:
        """An error declaration: the event of this partner's book did not happen."""
        declaration = {"declarationTime": when, "reason": "did_not_occur"}
        self.books[partner.file].append(event | {"errorDeclaration": declaration})


def winter_or_summer(site: Site, when: datetime) -> int:
    """Hours ahead of UTC: summer time from April to October in Europe (close enough for a story), never in Egypt."""
    summer = 4 <= when.month <= 10 and site.town.country != "EG"
    return site.town.winter + (1 if summer else 0)


def instant(site: Site, when: datetime) -> datetime:
    """A local time as UTC."""
    return when - timedelta(hours=winter_or_summer(site, when))


def dated(event: Event, site: Site, when: datetime, evidence: Evidence, by_day: bool = False) -> Event:
    """The event with its time as the site's clock says it (a date only where its books are so), and its evidence."""
    only_date = by_day or site.by_day
    offset = f"+{winter_or_summer(site, when):02}:00"
    shown = when.replace(hour=0, minute=0) if only_date else when
    stamped: Event = {"type": event["type"], "eventTime": f"{shown.isoformat()}{offset}", "eventTimeZoneOffset": offset}
    stamped |= event
    stamped |= {"tracegraph:timePrecision": "day"} if only_date else {}
    return stamped | marks(evidence)


def marks(evidence: Evidence) -> Event:
    """The two extensions that say what is published and what is invented."""
    cited: Event = {"tracegraph:source": evidence.source} if evidence.source else {}
    return cited | ({"tracegraph:synthetic": True} if evidence.synthetic else {})


def objects(partner: Partner, loads: Sequence[Load], action: str, step: str) -> Event:
    """An ObjectEvent about these loads; a unit without measure and amount is a container, named singly."""
    event: Event = {"type": "ObjectEvent"}
    lots = [(unit, amount) for unit, amount in loads if unit.measure != "container"]
    items = [partner.spell(unit.name) for unit, _ in loads if unit.measure == "container"]
    event |= {"epcList": items} if items or not lots else {}
    event |= {"quantityList": quantities(partner, lots)} if lots else {}
    return event | {"action": action, "bizStep": step}


def quantities(partner: Partner, loads: Sequence[Load]) -> list[Event]:
    """Quantity elements; amounts have at most one decimal place, of which the shortest text is exact."""
    return [
        {"epcClass": partner.spell(unit.name)}
        | ({} if amount is None else {"quantity": int(amount) if amount == int(amount) else float(amount)})
        | ({"uom": unit.measure} if unit.measure and amount is not None else {})
        for unit, amount in loads
    ]


def standing_at(site: Site) -> Event:
    """Where it was seen, and where it is afterwards."""
    name = site.partner.spell(site.name)
    return {"readPoint": {"id": name}, "bizLocation": {"id": name}}


def papers(paper: Paper | None) -> Event:
    """The document list (none: no list)."""
    if paper is None:
        return {}
    entry = {"type": paper.type} if paper.type else {}
    return {"bizTransactionList": [entry | {"bizTransaction": paper.id}]}


def ends(partner: Partner, origin: Site | None, destination: Site | None) -> Event:
    """Source and destination lists: who had or gets the goods, and where."""
    lists: Event = {}
    for field_name, key, site in (("sourceList", "source", origin), ("destinationList", "destination", destination)):
        if site is not None:
            lists[field_name] = [
                {"type": "possessing_party", key: partner.spell(site.party.name)},
                {"type": "location", key: partner.spell(site.name)},
            ]
    return lists


def lot(name: Name, measure: str = "KGM", same_as: str = "") -> Unit:
    """A lot."""
    return Unit(name, measure, same_as)


def container(name: Name) -> Unit:
    """A container."""
    return Unit(name, "container")


def kilos(text: str) -> Decimal:
    """An exact amount, written as text."""
    return Decimal(text)


def local(text: str) -> datetime:
    """A time by the clock on the wall, `YYYY-MM-DD HH:MM`; the site where it is said adds the zone."""
    return datetime.fromisoformat(text)
