"""A small chain: mine > smelter > maker A and maker B > shop, and callers of each."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.end_to_end.building import Event, born, document, event, received, shipped, site
from tracegraph import Tracegraph
from tracegraph.access.caller import Caller, Role

FIRMS = ("mine", "smelter", "maker-a", "maker-b", "shop", "stranger")
ORE, INGOT, FRAME, WHEEL = (f"urn:x-lot:{name}" for name in ("ore", "ingot", "frame", "wheel"))


def party(name: str) -> str:
    return f"urn:x-party:{name}"


def caller(*firms: str, role: Role = Role.OPERATOR) -> Caller:
    return Caller("+".join(firms), role, frozenset(map(party, firms)))


def made(minute: int, at: str, source: str, used: int, result: str, gained: int, **more: Any) -> Event:
    return event(
        "TransformationEvent",
        minute,
        bizStep="commissioning",
        readPoint={"id": site(at)},
        inputQuantityList=[{"epcClass": source, "quantity": used, "uom": "KGM"}],
        outputQuantityList=[{"epcClass": result, "quantity": gained, "uom": "KGM"}],
        **more,
    )


def delivery(minute: int, lot: str, sender: str, taker: str, kilos: int, number: str) -> list[Event]:
    """Shipped and received under one delivery note; the note's number and a price stand in the shipment."""
    papers = {"bizTransactionList": document(number)}
    return [
        shipped(minute, lot, sender, taker, kilos, **papers, **{"example:price": f"price-{number}"}),
        received(minute + 30, lot, taker, sender, kilos, **papers),
    ]


def chain() -> list[Event]:
    return [
        born(0, ORE, "mine", 100, ilmd={"example:grade": "grade-of-ore"}),
        *delivery(10, ORE, "mine", "smelter", 100, "N1"),
        made(60, "smelter", ORE, 100, INGOT, 90, ilmd={"example:alloy": "alloy-of-ingot"}),
        *delivery(70, INGOT, "smelter", "maker-a", 50, "N2"),
        *delivery(75, INGOT, "smelter", "maker-b", 30, "N3"),
        made(200, "maker-a", INGOT, 50, FRAME, 45),
        made(210, "maker-b", INGOT, 30, WHEEL, 25),
        *delivery(300, FRAME, "maker-a", "shop", 40, "N4"),
        *delivery(310, WHEEL, "maker-b", "shop", 20, "N5"),
    ]


def header() -> Event:
    elements = [
        {
            "id": site(firm),
            "attributes": [
                {"id": "urn:epcglobal:cbv:mda#name", "attribute": f"name of {firm}"},
                {"id": "urn:epcglobal:cbv:mda#possessing_party", "attribute": party(firm)},
                {"id": "urn:epcglobal:cbv:mda#streetAddressOne", "attribute": f"street of {firm}"},
            ],
        }
        for firm in FIRMS
    ]
    vocabulary = {"type": "urn:epcglobal:epcis:vtype:BusinessLocation", "vocabularyElementList": elements}
    return {"epcisMasterData": {"vocabularyList": [vocabulary]}}


def capture(graph: Tracegraph, folder: Path, events: Iterable[Event], with_header: bool = True) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = {
        "@context": [
            "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
            {"example": "https://example.com/terms/"},
        ],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-01-01T00:00:00Z",
        "epcisBody": {"eventList": list(events)},
    }
    if with_header:
        text["epcisHeader"] = header()
    file = folder / "chain.json"
    file.write_text(json.dumps(text), encoding="utf-8")
    report = graph.capture(file, rejects=None)
    assert not report.rejected, report.reasons
