"""Stories with quantities, as events, and the shares of an answer by what they are shares of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.end_to_end.building import Event, born, document, event, happening, lot, received, shipped, site
from tracegraph.graph import Answer

L, R, M = lot("L"), lot("R"), lot("M")


def amount(unit: str, value: float | None, measure: str = "KGM") -> Event:
    return {"epcClass": unit} | ({} if value is None else {"quantity": value, "uom": measure})


def mixed(
    minute: int, inputs: Mapping[str, float | None], outputs: Mapping[str, float | None], at: str = "plant"
) -> Event:
    """A transformation, in kilograms."""
    return event(
        "TransformationEvent",
        minute,
        bizStep="commissioning",
        inputQuantityList=[amount(unit, kilos) for unit, kilos in inputs.items()] or None,
        outputQuantityList=[amount(unit, kilos) for unit, kilos in outputs.items()] or None,
        readPoint={"id": site(at)},
    )


def delivered(
    minute: int, unit: str, origin: str, to: str, kilos: int | None, arrived: int | None = None
) -> list[Event]:
    """A shipment and its receipt, with one despatch advice."""
    papers = document(f"{unit} {minute}")
    return [
        shipped(minute, unit, origin, to, kilos, bizTransactionList=papers),
        received(minute + 1, unit, to, origin, kilos if arrived is None else arrived, bizTransactionList=papers),
    ]


def thousand_kilograms() -> list[Event]:
    """The oracle of the quantity account: lot L, of which 240 kg go with 360 kg of R into 580 kg of M."""
    return [
        born(0, L, "plant", 1000),
        born(0, R, "plant", 360),
        *delivered(10, L, "plant", "C1", 300, arrived=295),
        happening(20, "OBSERVE", "retail_selling", L, "C1", 195),
        shipped(30, L, "plant", "C2", 250, bizTransactionList=document("to C2")),
        happening(40, "OBSERVE", "sampling", L, "plant", 5),
        mixed(50, {L: 240, R: 360}, {M: 580}),
        *delivered(60, M, "plant", "C3", 400),
    ]


def of_units(answer: Answer) -> dict[str, dict[str, Any]]:
    """The share of each unit."""
    return {unit["id"]: unit["share"] for unit in answer.units}


def of_stays(answer: Answer, unit: str) -> dict[str, dict[str, Any]]:
    """The share of each holding of a unit by the place where it is; of several at one place the last."""
    found = sorted(
        (holding["since"], holding["place"]["id"].removeprefix("urn:x-site:"), holding["share"])
        for holding in answer.holdings
        if holding["unit"] == unit and holding["place"]["kind"] == "site"
    )
    return {place: share for _, place, share in found}
