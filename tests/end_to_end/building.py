"""Events in a few words each, a store to capture them into, and answers as the bytes that must not differ."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tracegraph import Tracegraph
from tracegraph.capture import CaptureReport
from tracegraph.errors import UnknownIdentifier
from tracegraph.graph import Answer

Event = dict[str, Any]

DIRECTIONS = ("forward", "backward")
CERTAINTIES = ("confirmed", "possible")
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)


def site(name: str) -> str:
    return f"urn:x-site:{name}"


def lot(name: object) -> str:
    return f"urn:x-lot:{name}"


def item(name: object) -> str:
    return f"urn:x-item:{name}"


def event(kind: str, minute: int, **members: Any) -> Event:
    """An event `minute` minutes after the beginning; members that are None are left out."""
    time = (BEGIN + timedelta(minutes=minute)).isoformat().replace("+00:00", "Z")
    base: Event = {"type": kind, "eventTime": time, "eventTimeZoneOffset": "+00:00"}
    return base | {name: value for name, value in members.items() if value is not None}


def amount(unit: str, kilos: int | None) -> Event:
    """One element of a quantity list."""
    return {"epcClass": unit} | ({} if kilos is None else {"quantity": kilos, "uom": "KGM"})


def named(unit: str, kilos: int | None = None, prefix: str = "") -> Event:
    """The member that names one unit: lots as classes, everything else as items."""
    if unit.startswith("urn:x-lot:"):
        return {f"{prefix}QuantityList" if prefix else "quantityList": [amount(unit, kilos)]}
    return {{"": "epcList", "child": "childEPCs"}.get(prefix, f"{prefix}EPCList"): [unit]}


def happening(
    minute: int, action: str, step: str, unit: str, at: str | None, kilos: int | None = None, **more: Any
) -> Event:
    """An ObjectEvent about one unit at one site."""
    place = None if at is None else {"id": site(at)}
    return event("ObjectEvent", minute, action=action, bizStep=step, readPoint=place, **named(unit, kilos), **more)


def born(minute: int, unit: str, at: str | None, kilos: int | None = None, **more: Any) -> Event:
    return happening(minute, "ADD", "commissioning", unit, at, kilos, **more)


def shipped(minute: int, unit: str, at: str, to: str | None = None, kilos: int | None = None, **more: Any) -> Event:
    way = None if to is None else [{"type": "location", "destination": site(to)}]
    return happening(minute, "OBSERVE", "shipping", unit, at, kilos, destinationList=way, **more)


def received(
    minute: int, unit: str, at: str, origin: str | None = None, kilos: int | None = None, **more: Any
) -> Event:
    way = None if origin is None else [{"type": "location", "source": site(origin)}]
    return happening(minute, "OBSERVE", "receiving", unit, at, kilos, sourceList=way, **more)


def document(name: object) -> list[Event]:
    """A bizTransactionList of one despatch advice."""
    return [{"type": "desadv", "bizTransaction": f"urn:x-despatch:{name}"}]


def packed(
    minute: int, parent: str, children: Sequence[str], at: str, kilos: int | None = None, action: str = "ADD"
) -> Event:
    """Children packed into a parent (DELETE: unpacked from it)."""
    lots = [amount(child, kilos) for child in children if child.startswith("urn:x-lot:")]
    return event(
        "AggregationEvent",
        minute,
        action=action,
        bizStep="packing" if action == "ADD" else "unpacking",
        parentID=parent,
        childEPCs=[child for child in children if not child.startswith("urn:x-lot:")],
        childQuantityList=lots or None,
        readPoint={"id": site(at)},
    )


def made(
    minute: int,
    inputs: Iterable[str],
    outputs: Iterable[str],
    at: str,
    kilos: int | None = None,
    out_kilos: int | None = None,
    batch: str | None = None,
) -> Event:
    """A TransformationEvent; every input gives `kilos`, every output gets `out_kilos`."""
    return event(
        "TransformationEvent",
        minute,
        transformationID=batch,
        bizStep="commissioning",
        inputQuantityList=[amount(unit, kilos) for unit in inputs] or None,
        outputQuantityList=[amount(unit, out_kilos) for unit in outputs] or None,
        readPoint={"id": site(at)},
    )


def retraction(original: Event) -> Event:
    """The same event with an error declaration, as EPCIS retracts."""
    return original | {
        "errorDeclaration": {"declarationTime": (BEGIN + timedelta(days=30)).isoformat(), "reason": "did_not_occur"}
    }


def epcis(events: Sequence[Event], **members: Any) -> Event:
    """An EPCISDocument of these events."""
    return {
        "@context": [
            "https://ref.gs1.org/standards/epcis/epcis-context.jsonld",
            {"tracegraph": "https://tracegraph.dev/ns#"},
        ],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-03-01T00:00:00Z",
        **members,
        "epcisBody": {"eventList": list(events)},
    }


@contextmanager
def opened(folder: Path | None = None) -> Iterator[Tracegraph]:
    """A new store, in a folder of its own unless one is given."""
    with TemporaryDirectory() as own, Tracegraph.open(f"sqlite:///{folder or own}/store.db") as graph:
        yield graph


def put(graph: Tracegraph, *batches: Sequence[Event]) -> CaptureReport:
    """Capture each batch as a file of its own; returns the report on the last."""
    report = CaptureReport()
    with TemporaryDirectory() as folder:
        for number, batch in enumerate(batches):
            path = Path(folder, f"{number}.json")
            path.write_text(json.dumps(epcis(batch)), encoding="utf-8")
            report = graph.capture(path, rejects=None)
            assert (report.rejected, report.reasons) == (0, [])
    return report


def encoded(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def compared(answer: Answer) -> dict[str, bytes]:
    """What must not differ, to the byte, key order included."""
    told = answer.to_dict()
    return {name: encoded(told[name]) for name in ("question", "complete", "frontier", "gaps", "result")}


def every_answer(
    graph: Tracegraph, units: Iterable[str], **options: Any
) -> dict[tuple[str, str, str], dict[str, bytes]]:
    """Every unit traced in both directions and both certainties; a unit that is not known is left out."""
    found = {}
    for unit in units:
        for direction in DIRECTIONS:
            for certainty in CERTAINTIES:
                try:
                    answer = graph.trace(unit, direction=direction, certainty=certainty, **options)
                except UnknownIdentifier:
                    continue
                found[unit, direction, certainty] = compared(answer)
    return found


def traced(
    graph: Tracegraph, start: str, direction: str = "forward", certainty: str = "possible", **options: Any
) -> set[str]:
    """The units that a trace reaches, the start included."""
    answer = graph.trace(start, direction=direction, certainty=certainty, **options)
    return {unit["id"] for unit in answer.units}
