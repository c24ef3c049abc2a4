"""Custody events as EPCIS 2.0 JSON: what a site's systems would send, about 1.5 kB each.

Source: EPCIS 2.0 JSON binding, CBV 2.0. All companies are in the demonstration range 952 of GS1 company prefixes.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

#: What the events of all documents are written under.
CONTEXT = ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld", {"example": "https://ns.example.com/custody/"}]

EventJson = dict[str, Any]
#: Goods: EPC class or instance, and how much of it in grams (None: an item).
Goods = Mapping[str, int | None]

HOUR = 3_600_000
DAY = 24 * HOUR
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OFFSETS = (0, 60, 60, 120, 330, 480, -300)
_LINES = ("receiving-cold", "blending", "filling", "packing-west", "packing-east", "dispatch-cold")
_REASONS = ("scheduled", "scheduled", "scheduled", "priority-order", "rework-plan", "stock-rotation")


@dataclass(eq=False)
class Facility:
    """A site in one layer of the chain, its identifiers, and what it counts up."""

    number: int
    layer: int
    lane: int
    chance: random.Random
    lots: int = 0
    shipments: int = 0
    stock: dict[str, int | None] = field(default_factory=dict)
    recipe: int = 1
    busy: bool = False
    loads: dict[int, list[Goods]] = field(default_factory=dict)
    totes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.company = f"952{self.number % 10_000:04d}"
        self.location = f"{1 + self.number // 10_000:05d}"
        self.site = f"urn:epc:id:sgln:{self.company}.{self.location}.0"
        self.docks = [f"urn:epc:id:sgln:{self.company}.{self.location}.D{dock:02d}" for dock in range(1, 5)]
        self.party = f"urn:epc:id:pgln:{self.company}.{self.location}"
        self.offset = self.chance.choice(_OFFSETS)
        self.products = [f"0{self.layer:02d}{product:03d}" for product in range(1, 4)]
        self.links = self.chance.random() < 0.2

    def lot_number(self, instant: int) -> str:
        """The next lot number: day and a running number."""
        self.lots += 1
        return f"L{moment(instant):%y%j}-{self.location[-2:]}{self.lots:05d}"

    def lot(self, number: str) -> str:
        """A class with lot number, as EPC URN or as Digital Link, whatever this site's labels use."""
        product = self.chance.choice(self.products)
        if self.links:
            return f"https://id.gs1.org/01/{gtin(self.company, product)}/10/{number}"
        return f"urn:epc:class:lgtin:{self.company}.{product}.{number}"

    def items(self, count: int) -> list[str]:
        """New serialised cases of one product."""
        product = self.chance.choice(self.products)
        first, self.lots = self.lots + 1, self.lots + count
        return [
            f"urn:epc:id:sgtin:{self.company}.{product}.{100_000 + serial}" for serial in range(first, first + count)
        ]

    def pallet(self) -> str:
        """A new logistic unit (SSCC)."""
        self.shipments += 1
        return f"urn:epc:id:sscc:{self.company}.{int(self.location[-1])}{self.shipments:09d}"

    def tote(self) -> str:
        """A returnable container that is free here, or a new one (GRAI)."""
        if self.totes:
            return self.totes.pop()
        self.shipments += 1
        return f"urn:epc:id:grai:{self.company}.{self.location}.{self.shipments}"


@dataclass(frozen=True, slots=True)
class Trip:
    """A shipment: from where, to where, and the documents that both ends name."""

    origin: Facility
    destination: Facility
    number: str

    def documents(self) -> list[dict[str, str]]:
        """Despatch advice of the sender, order of the receiver."""
        return [
            {"type": "desadv", "bizTransaction": f"urn:epcglobal:cbv:bt:{self._gln(self.origin)}:{self.number}"},
            {"type": "po", "bizTransaction": f"urn:epcglobal:cbv:bt:{self._gln(self.destination)}:PO-{self.number}"},
        ]

    def ends(self) -> EventJson:
        """Source and destination lists."""
        return {
            "sourceList": [
                {"type": "owning_party", "source": self.origin.party},
                {"type": "location", "source": self.origin.site},
            ],
            "destinationList": [
                {"type": "owning_party", "destination": self.destination.party},
                {"type": "location", "destination": self.destination.site},
            ],
        }

    @staticmethod
    def _gln(facility: Facility) -> str:
        digits = facility.company + facility.location
        return digits + check_digit(digits)


def check_digit(digits: str) -> str:
    """The GS1 modulo 10 check digit."""
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-weighted % 10)


def gtin(company: str, product: str) -> str:
    """GTIN-14 of a company prefix and indicator with item reference."""
    digits = product[0] + company + product[1:]
    return digits + check_digit(digits)


def moment(instant: int) -> datetime:
    """Milliseconds since 1970 as UTC."""
    return _EPOCH + timedelta(milliseconds=instant)


class Clerk:
    """Writes events. All chance comes from one seeded source."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def birth(self, instant: int, at: Facility, lot: str, number: str, grams: int) -> EventJson:
        """A lot of raw material comes into being."""
        event = self._event("ObjectEvent", instant, at, "commissioning", "active")
        event |= {"action": "ADD", "epcList": [], **_listed("epcList", "quantityList", {lot: grams})}
        event["ilmd"] = self._master_data(instant, number)
        return event | self._surroundings(instant, at, 2)

    def inspection(self, instant: int, at: Facility, lot: str, grams: int) -> EventJson:
        """A lot is looked at: it moves nothing."""
        event = self._event("ObjectEvent", instant, at, "inspecting", "conformant")
        event |= {"action": "OBSERVE", **_listed("epcList", "quantityList", {lot: grams})}
        event["bizTransactionList"] = [
            {"type": "testres", "bizTransaction": f"https://example.com/laboratory/{self._chance.getrandbits(40):010x}"}
        ]
        return event | self._surroundings(instant, at, 3)

    def packing(self, instant: int, at: Facility, parent: str, goods: Goods) -> EventJson:
        """Goods onto a pallet or into a tote."""
        return self._aggregation(instant, at, "ADD", "packing", "in_progress", parent, goods)

    def unpacking(self, instant: int, at: Facility, parent: str, goods: Goods) -> EventJson:
        """The same goods out of it again, somewhere else."""
        return self._aggregation(instant, at, "DELETE", "unpacking", "sellable_not_accessible", parent, goods)

    def shipping(self, instant: int, trip: Trip, goods: Goods) -> EventJson:
        """What leaves the sender's dock: loose goods, or the container that they are in."""
        event = self._event("ObjectEvent", instant, trip.origin, "shipping", "in_transit")
        del event["bizLocation"]
        event |= {"action": "OBSERVE", **_listed("epcList", "quantityList", goods)}
        event |= {"bizTransactionList": trip.documents(), **trip.ends()}
        return event | self._surroundings(instant, trip.origin, 1)

    def receiving(self, instant: int, trip: Trip, goods: Goods) -> EventJson:
        """The same at the receiver's dock."""
        event = self._event("ObjectEvent", instant, trip.destination, "receiving", "in_progress")
        event |= {"action": "OBSERVE", **_listed("epcList", "quantityList", goods)}
        event |= {"bizTransactionList": trip.documents(), **trip.ends()}
        return event | self._surroundings(instant, trip.destination, 1)

    def production(self, instant: int, at: Facility, used: Goods, made: Goods, number: str) -> EventJson:
        """Inputs become outputs in one run."""
        event = self._event("TransformationEvent", instant, at, "commissioning", "active")
        event |= _listed("inputEPCList", "inputQuantityList", used)
        event |= _listed("outputEPCList", "outputQuantityList", made)
        event["bizTransactionList"] = [
            {"type": "prodorder", "bizTransaction": f"https://example.com/orders/{at.company}/{number}"}
        ]
        event["ilmd"] = self._master_data(instant, number)
        return event | self._surroundings(instant, at, max(1, 2 - (len(used) + len(made)) // 6))

    def sale(self, instant: int, at: Facility, goods: Goods) -> EventJson:
        """Goods leave the chain over the counter."""
        event = self._event("ObjectEvent", instant, at, "retail_selling", "retail_sold")
        del event["bizLocation"]
        event |= {"action": "DELETE", **_listed("epcList", "quantityList", goods)}
        event["bizTransactionList"] = [
            {
                "type": "inv",
                "bizTransaction": f"https://example.com/tills/{at.company}/{self._chance.getrandbits(48):x}",
            }
        ]
        return event | self._surroundings(instant, at, 2)

    def _aggregation(
        self, instant: int, at: Facility, action: str, step: str, disposition: str, parent: str, goods: Goods
    ) -> EventJson:
        event = self._event("AggregationEvent", instant, at, step, disposition)
        event |= {"action": action, "parentID": parent, **_listed("childEPCs", "childQuantityList", goods)}
        return event | self._surroundings(instant, at, max(1, 3 - len(goods) // 3))

    def _event(self, kind: str, instant: int, at: Facility, step: str, disposition: str) -> EventJson:
        bits = f"{self._chance.getrandbits(128):032x}"
        sign, minutes = ("-" if at.offset < 0 else "+"), abs(at.offset)
        offset = f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"
        local = moment(instant + at.offset * 60_000)
        return {
            "type": kind,
            "eventID": f"urn:uuid:{bits[:8]}-{bits[8:12]}-4{bits[13:16]}-a{bits[17:20]}-{bits[20:]}",
            "eventTime": f"{local.isoformat(timespec='milliseconds')[:23]}{offset}",
            "eventTimeZoneOffset": offset,
            "bizStep": step,
            "disposition": disposition,
            "readPoint": {"id": self._chance.choice(at.docks)},
            "bizLocation": {"id": at.site},
        }

    def _master_data(self, instant: int, number: str) -> EventJson:
        expiry = moment(instant + self._chance.randint(20, 400) * DAY)
        return {
            "cbvmda:lotNumber": number,
            "cbvmda:itemExpirationDate": f"{expiry:%Y-%m-%d}",
            "cbvmda:countryOfOrigin": self._chance.choice(("AT", "BR", "DE", "ES", "IN", "NL", "VN")),
            "example:storageClass": self._chance.choice(("ambient", "chilled", "frozen")),
        }

    def _surroundings(self, instant: int, at: Facility, reports: int) -> EventJson:
        """Sensor elements and the extensions with which the events come to their usual length."""
        chance = self._chance
        return {
            "sensorElementList": [self._sensor(instant, at, which) for which in range(reports)],
            "example:workOrder": {
                "example:line": chance.choice(_LINES),
                "example:shift": f"{moment(instant):%G-W%V}-{chance.randint(1, 3)}",
                "example:reason": chance.choice(_REASONS),
                "example:scanner": f"urn:epc:id:giai:{at.company}.scanner-{chance.randint(1, 40):03d}",
                "example:source": f"https://example.com/systems/{at.company}/journal/{chance.getrandbits(64):016x}",
            },
            "example:quality": {
                "example:plan": f"QP-{at.layer:02d}-{chance.randint(100, 999)}",
                "example:released": True,
            },
        }

    def _sensor(self, instant: int, at: Facility, which: int) -> EventJson:
        chance = self._chance
        return {
            "sensorMetadata": {
                "time": f"{moment(instant - 60_000 * (which + 1)).isoformat(timespec='milliseconds')[:23]}Z",
                "deviceID": f"urn:epc:id:giai:{at.company}.logger-{chance.randint(1, 60):03d}",
            },
            "sensorReport": [
                {"type": "Temperature", "value": round(chance.uniform(-22, 24), 1), "uom": "CEL"},
                {"type": "RelativeHumidity", "value": round(chance.uniform(20, 95), 1), "uom": "P1"},
            ],
        }


def _listed(instances: str, classes: str, goods: Goods) -> EventJson:
    """Goods as EPCIS lists them: items in one list, quantities of lots in another."""
    items = [unit for unit, grams in goods.items() if grams is None]
    lots = [
        {"epcClass": unit, "quantity": grams / 1000, "uom": "KGM"} for unit, grams in goods.items() if grams is not None
    ]
    return ({instances: items} if items else {}) | ({classes: lots} if lots else {})
