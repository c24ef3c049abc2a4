"""Every event of the reference documents in JSON, written as XML of both versions: the same facts and the same hash."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.formats.epcis.building import pieces
from tests.formats.epcis_xml.writing import Unwritable, document, written
from tracegraph.formats.epcis import AcceptedEvent, read
from tracegraph.formats.epcis.context import Context
from tracegraph.model.facts import EventFacts

FOLDERS = ("openepcis/JSON/Capture/*/*.json", "openepcis/JSON/Query/*.json", "gdst/*.jsonld", "hash-vectors/*.jsonld")
#: It has a member `baseExtension` in JSON, which is a wrapper in XML.
WRAPPED = "EPCISQUERYDOCUMENT_with_errorDeclarations.jsonld"


def events(reference: Path) -> Iterator[tuple[str, dict[str, Any], Context, EventFacts]]:
    """Name of the file, event, context and facts."""
    for folder in FOLDERS:
        for path in sorted((reference / "epcis").glob(folder)):
            for piece in read(path):
                if isinstance(piece, AcceptedEvent):
                    entry = json.loads(piece.entry_payload, parse_float=Decimal, parse_int=Decimal)
                    context = Context([*entry["context"], entry["event"].get("@context")])
                    yield path.name, entry["event"], context, piece.facts


@pytest.mark.parametrize("version", [1, 2])
def test_an_event_written_as_xml_has_the_facts_of_its_json(reference: Path, version: int) -> None:
    different, unwritable, count = set(), set(), 0
    for name, event, context, facts in events(reference):
        try:
            data = document([written(event, context, version)], version)
        except Unwritable:
            unwritable.add(name)
            continue
        (piece,) = pieces(data)
        assert isinstance(piece, AcceptedEvent), piece
        count += 1
        if piece.facts != facts:
            different.add(name)
    assert different == {WRAPPED}
    assert unwritable == {"ObjectEvent_with_invalid_certificationInfo.json"}
    assert count > 250
