"""What the partners recorded of the goods: EPCIS events of every month, one document a partner."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tracegraph.examples.aluminium.year import (
    ALUMINA,
    EXTRUDER,
    INGOT,
    MAKER,
    OTHER_REFINERY,
    PROFILE,
    REFINERY,
    SMELTER,
    Month,
)

Event = dict[str, Any]
NAMES = {
    REFINERY: "Refinery, certified",
    OTHER_REFINERY: "Another refinery",
    SMELTER: "Smelter and casthouse",
    EXTRUDER: "Extruder",
    MAKER: "Window maker",
}


def site(party: str) -> str:
    """The only site of a partner."""
    return f"{party}/site"


def lot(product: str, number: str) -> str:
    """The key of a lot."""
    return f"{product}/lot/{number}"


def events(month: Month) -> Iterator[tuple[str, Event]]:
    """The events of a month with who recorded them, in order of time."""
    certified, other = lot(ALUMINA, month.lot("AC")), lot(ALUMINA, month.lot("AO"))
    ingots, profiles = lot(INGOT, month.lot("IN")), lot(PROFILE, month.lot("PR"))
    yield REFINERY, _made(month.day(1), REFINERY, certified, month.certified)
    yield OTHER_REFINERY, _made(month.day(1), OTHER_REFINERY, other, month.other)
    yield from _moved(month, 2, REFINERY, SMELTER, certified, month.certified)
    yield from _moved(month, 3, OTHER_REFINERY, SMELTER, other, month.other)
    yield (
        SMELTER,
        _turned(month.day(10), SMELTER, {certified: month.certified, other: month.other}, ingots, month.metal),
    )
    yield from _moved(month, 12, SMELTER, EXTRUDER, ingots, month.delivered)
    yield EXTRUDER, _turned(month.day(20), EXTRUDER, {ingots: month.delivered}, profiles, month.profiles)
    yield from _moved(month, 24, EXTRUDER, MAKER, profiles, month.profiles)


def _amounts(amounts: dict[str, Decimal]) -> list[Event]:
    return [{"epcClass": unit, "quantity": float(amount), "uom": "TNE"} for unit, amount in amounts.items()]


def _event(kind: str, day: str, hour: int, place: str, **more: Any) -> Event:
    when = {"eventTime": f"{day}T{hour:02}:00:00Z", "eventTimeZoneOffset": "+00:00"}
    where = {"readPoint": {"id": site(place)}, "bizLocation": {"id": site(place)}}
    return {"type": kind, **when, **where, **more}


def _made(day: str, place: str, unit: str, amount: Decimal) -> Event:
    return _event(
        "ObjectEvent", day, 8, place, action="ADD", bizStep="commissioning", quantityList=_amounts({unit: amount})
    )


def _turned(day: str, place: str, inputs: dict[str, Decimal], output: str, amount: Decimal) -> Event:
    amounts = {"inputQuantityList": _amounts(inputs), "outputQuantityList": _amounts({output: amount})}
    return _event("TransformationEvent", day, 8, place, bizStep="creating_class_instance", **amounts)


def _moved(month: Month, day: int, source: str, target: str, unit: str, amount: Decimal) -> Iterator[tuple[str, Event]]:
    number = unit.rpartition("/")[2]
    parties = {
        "bizTransactionList": [{"type": "desadv", "bizTransaction": f"{source}/delivery/{number}"}],
        "sourceList": [{"type": "owning_party", "source": source}, {"type": "location", "source": site(source)}],
        "destinationList": [
            {"type": "owning_party", "destination": target},
            {"type": "location", "destination": site(target)},
        ],
        "quantityList": _amounts({unit: amount}),
        "action": "OBSERVE",
    }
    yield source, _event("ObjectEvent", month.day(day), 9, source, bizStep="shipping", **parties)
    yield target, _event("ObjectEvent", month.day(day + 1), 9, target, bizStep="receiving", **parties)
