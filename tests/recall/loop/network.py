"""A supply chain of four tiers, as its partners recorded it: what a recall of it is played through on.

A mill makes lots 1 and 2 from one lot of grain. Two distributors, a packer who mixes lot 1 into a blend, wholesalers
and shops follow. Amounts are in kilograms. What the wholesaler West received is recorded late (`late`).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Event = dict[str, Any]

MILL, EAST, WEST, PACKER, NORTH, SOUTH = (
    f"https://{name}.example" for name in ("mill", "east", "west", "packer", "north", "south")
)
SHOPS = [f"https://shop-{number}.example" for number in range(1, 5)]
GRAIN, ONE, TWO, BLEND, SALT = (f"urn:example:lot:{name}" for name in ("grain", "one", "two", "blend", "salt"))


def early() -> list[Event]:
    """What is known when the case is opened."""
    return [
        made(1, MILL, GRAIN, 2000),
        used(2, MILL, {GRAIN: 2000}, {ONE: 1000, TWO: 900}),
        *moved(3, MILL, EAST, ONE, 400, "D-1"),
        *moved(3, MILL, PACKER, ONE, 300, "D-2", received=295),
        *moved(5, EAST, NORTH, ONE, 250, "E-1"),
        *moved(5, EAST, SOUTH, ONE, 100, "E-2"),
        made(4, PACKER, SALT, 200),
        used(6, PACKER, {ONE: 240, SALT: 160}, {BLEND: 380}),
        *moved(7, PACKER, NORTH, BLEND, 200, "P-1"),
        *moved(8, NORTH, SHOPS[0], ONE, 120, "N-1"),
        *moved(8, NORTH, SHOPS[1], BLEND, 80, "N-2"),
        *moved(9, SOUTH, SHOPS[2], ONE, 100, "S-1"),
    ]


def late() -> list[Event]:
    """What two partners report after the first notices went out."""
    return [*moved(4, MILL, WEST, ONE, 200, "D-3"), *moved(9, WEST, SHOPS[3], ONE, 150, "W-1")]


def write(events: list[Event], file: Path) -> Path:
    """The events as a document to capture."""
    file.write_text(json.dumps(events), encoding="utf-8")
    return file


def made(day: int, site: str, lot: str, amount: int) -> Event:
    """A lot that comes into being."""
    return {**_event("ObjectEvent", day, 6, "commissioning", site), "action": "ADD", "quantityList": [_of(lot, amount)]}


def used(day: int, site: str, inputs: dict[str, int], outputs: dict[str, int]) -> Event:
    """Lots that become others."""
    return {
        **_event("TransformationEvent", day, 8, "commissioning", site),
        "inputQuantityList": [_of(lot, amount) for lot, amount in inputs.items()],
        "outputQuantityList": [_of(lot, amount) for lot, amount in outputs.items()],
    }


def moved(
    day: int, origin: str, target: str, lot: str, amount: int, note: str, received: int | None = None
) -> list[Event]:
    """A delivery as both ends recorded it, with the number of the delivery note."""
    way = {
        "sourceList": [{"type": "possessing_party", "source": origin}],
        "destinationList": [
            {"type": "possessing_party", "destination": target},
            {"type": "location", "destination": f"{target}/dock"},
        ],
        "bizTransactionList": [{"type": "desadv", "bizTransaction": f"urn:example:note:{note}"}],
        "action": "OBSERVE",
    }
    arrived = amount if received is None else received
    return [
        {**_event("ObjectEvent", day, 10, "shipping", origin), **way, "quantityList": [_of(lot, amount)]},
        {**_event("ObjectEvent", day, 18, "receiving", target), **way, "quantityList": [_of(lot, arrived)]},
    ]


def _event(kind: str, day: int, hour: int, step: str, party: str) -> Event:
    return {
        "type": kind,
        "eventTime": f"2026-02-{day:02}T{hour:02}:00:00Z",
        "eventTimeZoneOffset": "+00:00",
        "bizStep": step,
        "readPoint": {"id": f"{party}/dock"},
        "bizLocation": {"id": f"{party}/dock"},
    }


def _of(lot: str, amount: int) -> Event:
    return {"epcClass": lot, "quantity": amount, "uom": "KGM"}
