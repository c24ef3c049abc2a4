"""Runs the command line in this process, in an empty folder, and small EPCIS documents to feed it."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tracegraph.cli import main

LOT = "urn:epc:class:lgtin:9521000.012345.L1"
LOT_KEY = "https://id.gs1.org/01/09521000123458/10/L1"
PRODUCT_LOT = "urn:epc:class:lgtin:9521000.054321.P7"
FARM = "https://farm.example/field"
PLANT = "https://plant.example/hall"
SHOP = "https://shop.example/counter"

Event = dict[str, Any]


@dataclass(frozen=True)
class Result:
    """What one run printed and how it ended."""

    status: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def sentence(self) -> str:
        """The only line on stderr."""
        lines = self.err.splitlines()
        assert len(lines) == 1, lines
        return lines[0]


Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("TRACEGRAPH_STORE", "TRACEGRAPH_LANG", "TRACEGRAPH_KEY", "TRACEGRAPH_DEBUG", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("trace", "forward", "L1", stdin=b"...")`."""

    def running(*arguments: str, stdin: bytes = b"") -> Result:
        out, err = io.BytesIO(), io.BytesIO()
        with monkeypatch.context() as patched:
            patched.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
            patched.setattr(sys, "stdout", io.TextIOWrapper(out, encoding="utf-8"))
            patched.setattr(sys, "stderr", io.TextIOWrapper(err, encoding="utf-8"))
            status = main(arguments)
            sys.stdout.flush()
            sys.stderr.flush()
            printed = out.getvalue(), err.getvalue().decode()
        assert "Traceback" not in printed[1]
        return Result(status, *printed)

    return running


def event(step: str, when: str, place: str, *lots: tuple[str, str], **others: Any) -> Event:
    """An object event about kilograms of lots."""
    quantities = [{"epcClass": lot, "quantity": float(amount), "uom": "KGM"} for lot, amount in lots]
    return {
        "type": "ObjectEvent",
        "eventTime": when,
        "eventTimeZoneOffset": "+00:00",
        "action": "OBSERVE",
        "bizStep": step,
        "readPoint": {"id": place},
        "bizLocation": {"id": place},
        "quantityList": quantities,
        **others,
    }


def document(*events: Event) -> bytes:
    """An EPCIS document."""
    return json.dumps(
        {
            "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-01-01T00:00:00Z",
            "epcisBody": {"eventList": list(events)},
        }
    ).encode()


def harvest() -> Event:
    return event("commissioning", "2026-01-01T08:00:00Z", FARM, (LOT, "100"), action="ADD")


def story() -> list[Event]:
    """A lot is harvested, shipped to a plant, received, baked, and the product shipped but not received."""
    papers = {"bizTransactionList": [{"type": "desadv", "bizTransaction": "urn:example:advice:1"}]}
    way = {
        "sourceList": [{"type": "location", "source": FARM}],
        "destinationList": [{"type": "location", "destination": PLANT}],
    }
    further = {
        "sourceList": [{"type": "location", "source": PLANT}],
        "destinationList": [{"type": "location", "destination": SHOP}],
    }
    baking = {
        "type": "TransformationEvent",
        "eventTime": "2026-01-04T08:00:00Z",
        "eventTimeZoneOffset": "+00:00",
        "bizStep": "commissioning",
        "bizLocation": {"id": PLANT},
        "inputQuantityList": [{"epcClass": LOT, "quantity": 100, "uom": "KGM"}],
        "outputQuantityList": [{"epcClass": PRODUCT_LOT, "quantity": 90, "uom": "KGM"}],
    }
    return [
        harvest(),
        event("shipping", "2026-01-02T08:00:00Z", FARM, (LOT, "100"), **papers, **way),
        event("receiving", "2026-01-03T08:00:00Z", PLANT, (LOT, "100"), **papers, **way),
        baking,
        event("shipping", "2026-01-05T08:00:00Z", PLANT, (PRODUCT_LOT, "90"), **further),
    ]


@pytest.fixture
def captured(run: Run, tmp_path: Path) -> Run:
    """The command line with the story in its store."""
    path = tmp_path / "story.json"
    path.write_bytes(document(*story()))
    assert run("capture", str(path)).status == 0
    return run
