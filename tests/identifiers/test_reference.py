"""Identifiers of the reference documents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tracegraph.identifiers import canonical, parse

ALL_KEYS = "epcis/openepcis/JSON/Capture/Documents/epcisDocWithAllGS1Keys.json"
#: Fields whose value is an identifier that the event hash rewrites.
IDENTIFIERS = ("epc", "epcClass", "parentID", "id", "source", "destination", "deviceID", "deviceMetadata", "bizRules")


def texts(value: Any, field: str = "") -> Iterator[tuple[str, str]]:
    """All (field, text) within a JSON value; the members of a list have the field of the list."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from texts(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner, field)
    elif isinstance(value, str):
        yield field, value


def test_the_document_with_all_keys_has_no_problem(reference: Path) -> None:
    document = json.loads((reference / ALL_KEYS).read_text("utf-8"))
    found = [parse(text) for _, text in texts(document) if text.startswith(("urn:epc:", "https://id.gs1.org/"))]
    assert len(found) == 22
    assert [identified for identified in found if identified.problems or identified.scheme == "opaque"] == []
    assert {identified.scheme for identified in found} >= {"upui", "itip", "ginc", "gsin", "sgcn", "cpi", "gsrnp"}


def test_canonical_keys_are_those_of_the_event_hash(reference: Path) -> None:
    folder = reference / "epcis/hash-vectors"
    pre_hashes = "".join(path.read_text("utf-8") for path in sorted(folder.glob("*.prehashes")))
    found = set()
    for path in sorted(folder.glob("*.jsonld")):
        for _, text in texts(json.loads(path.read_text("utf-8"))):
            if parse(text).scheme != "opaque":
                found.add(canonical(text))
    assert len(found) > 50
    missing = [key for key in sorted(found) if not re.search(re.escape(key) + r"(?![/0-9])", pre_hashes)]
    assert missing == []


def test_no_identifier_of_any_document_is_lost(reference: Path) -> None:
    count = 0
    for path in sorted((reference / "epcis").rglob("*.json*")):
        try:
            document = json.loads(path.read_text("utf-8-sig"))
        except ValueError:
            continue
        for _, text in texts(document):
            found = parse(text)
            again = parse(found.key)
            assert (again.key, again.scheme, again.kind) == (found.key, found.scheme, found.kind)
            count += 1
    assert count > 5000
