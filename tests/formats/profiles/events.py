"""Events as JSON under a profile, looked at without a store."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tracegraph.formats.epcis import AcceptedEvent, facts_of_payload, payload_of, read, unread_event
from tracegraph.formats.epcis.json_text import json_text
from tracegraph.formats.profiles import Checked, Profile, check_event

CONTEXT = (
    "https://ref.gs1.org/standards/epcis/epcis-context.jsonld",
    {"gdst": "https://traceability-dialogue.org/epcis"},
)
SITE, OTHER_SITE = "https://farm.example/site", "https://plant.example/site"
LOT = "https://id.gs1.org/01/09521000123458/10/L1"
BARE = "https://id.gs1.org/01/09521000123458"


def checked(profile: Profile, event: Mapping[str, Any], described: Mapping[str, Any] | None = None) -> Checked:
    payload = payload_of(json.loads(json_text(event)), CONTEXT)
    return check_payload(profile, payload, described)


def check_payload(profile: Profile, payload: bytes, described: Mapping[str, Any] | None = None) -> Checked:
    unread = unread_event(payload)
    return check_event(profile, unread.value, unread.context, facts_of_payload(payload), described)


def checked_in(profile: Profile, path: Path) -> list[Checked]:
    """What is found of each event of a file."""
    return [check_payload(profile, piece.entry_payload) for piece in read(path) if isinstance(piece, AcceptedEvent)]


def told(checked: Checked) -> set[tuple[str, str]]:
    return {(finding.element, finding.problem) for finding in checked.findings}


def object_event(step: str, **members: Any) -> dict[str, Any]:
    event = {
        "type": "ObjectEvent",
        "eventTime": "2026-05-01T08:00:00Z",
        "eventTimeZoneOffset": "+00:00",
        "action": "OBSERVE",
        "bizStep": step,
        "quantityList": [{"epcClass": LOT, "quantity": 5, "uom": "KGM"}],
    }
    return {name: value for name, value in (event | members).items() if value is not None}
