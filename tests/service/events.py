"""Events to be told of: documents of numbered observations, whose eventIDs say which number they have."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from tracegraph import Tracegraph

ID = "urn:uuid:00000000-0000-4000-8000-"
PLACE = "https://id.gs1.org/414/9521234000006"
UNIT = "https://id.gs1.org/01/09521234000013/10/L"


def event_id(number: int) -> str:
    return f"{ID}{number:012}"


def number_of(event: dict) -> int:
    return int(event["eventID"].removeprefix(ID))


def event(number: int, step: str = "inspecting", place: str = PLACE) -> dict:
    return {
        "type": "ObjectEvent",
        "eventID": event_id(number),
        "eventTime": "2026-01-31T09:00:00Z",
        "eventTimeZoneOffset": "+00:00",
        "action": "OBSERVE",
        "bizStep": step,
        "readPoint": {"id": place},
        "quantityList": [{"epcClass": f"{UNIT}{number % 7}", "quantity": number, "uom": "KGM"}],
    }


def capture(
    graph: Tracegraph, folder: Path, numbers: Iterable[int], step: str = "inspecting", place: str = PLACE
) -> None:
    listed = [event(number, step, place) for number in numbers]
    document = {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-01-31T09:00:00Z",
        "epcisBody": {"eventList": listed},
    }
    path = folder / f"{listed[0]['eventID'][-12:]}-{len(listed)}.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    report = graph.capture(path, rejects=None)
    assert report.accepted == len(listed), report.reasons
