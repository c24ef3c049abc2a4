"""Records whose every free text is something that a program might run: formulas, scripts, lines of a log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.api.two_chains import ALPHA, checked
from tracegraph import Tracegraph
from tracegraph.formats.epcis.context import EPCIS_CONTEXT

#: What a spreadsheet takes for a formula, a browser for a page, a log for a line.
TEXTS = [
    "=cmd()",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    '=HYPERLINK("https://x.example")',
    "<script>alert(1)</script>",
]
GTIN = checked(f"0{ALPHA.prefix}01234")


def lots() -> list[str]:
    """A lot for each of the texts that can be a lot number (GS1 General Specifications, figure 7.11-1: no blanks)."""
    return [f"(01){GTIN}(10){text}" for text in TEXTS if text.isprintable() and len(text) <= 20]


def fill(store: str, folder: Path) -> None:
    """Capture events about the lots, with the texts as names, documents, places and whatever else is free."""
    path = folder / "hostile.json"
    path.write_text(json.dumps(_document()), encoding="utf-8")
    with Tracegraph.open(store) as graph:
        assert graph.capture(path, rejects=None).accepted


def _document() -> dict[str, Any]:
    return {
        "@context": [EPCIS_CONTEXT, {"ex": "https://ns.example/"}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-01-05T00:00:00Z",
        "epcisHeader": {"epcisMasterData": {"vocabularyList": [_named_places()]}},
        "epcisBody": {"eventList": [event for number, text in enumerate(TEXTS) for event in _events(number, text)]},
    }


def _named_places() -> dict[str, Any]:
    def element(number: int, text: str) -> dict[str, Any]:
        return {
            "id": f"https://place.example/{number}",
            "attributes": [{"id": "urn:epcglobal:cbv:mda#name", "attribute": text}],
        }

    places = [element(number, text) for number, text in enumerate(TEXTS)]
    return {"type": "urn:epcglobal:epcis:vtype:BusinessLocation", "vocabularyElementList": places}


def _events(number: int, text: str) -> list[dict[str, Any]]:
    known = [{"epcClass": lot, "quantity": 1, "uom": "KGM"} for lot in lots()]
    common = {
        "type": "ObjectEvent",
        "eventTimeZoneOffset": "+00:00",
        "quantityList": [*known, {"epcClass": text, "quantity": 2, "uom": text}],
        "readPoint": {"id": f"https://place.example/{number}"},
        "bizTransactionList": [{"type": "desadv", "bizTransaction": text}],
        "ex:note": text,
    }
    made = {**common, "eventTime": f"2026-01-01T08:0{number}:00Z", "bizStep": "commissioning", "action": "ADD"}
    where = {
        "sourceList": [{"type": "location", "source": text}],
        "destinationList": [{"type": "owning_party", "destination": text}],
    }
    sent = {**common, **where, "eventTime": f"2026-01-02T08:0{number}:00Z", "bizStep": "shipping", "action": "OBSERVE"}
    return [made, sent]
