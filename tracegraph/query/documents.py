"""Found events as they are told: one by one, and as an EPCISQueryDocument. Source: GS1 EPCIS 2.0, JSON binding."""

from __future__ import annotations

from collections.abc import Sequence

from tracegraph.formats.epcis.context import EPCIS_CONTEXT, TRACEGRAPH_URI
from tracegraph.model.event import Json
from tracegraph.model.instants import instant_text
from tracegraph.query.finding import FoundEvent

CONFLICTING = "tracegraph:conflicting"


def event_json(found: FoundEvent) -> dict[str, Json]:
    """One event: with the hash of its content as eventID where it has none, marked where others share its eventID."""
    told = found.as_json()
    if not told.get("eventID"):
        told["eventID"] = found.content_hash
    if found.conflicting:
        told[CONFLICTING] = True
    return told


def query_document(
    events: Sequence[dict[str, Json]], created: int, name: str, subscription: str | None = None
) -> dict[str, Json]:
    """An EPCISQueryDocument of events (see `event_json`), made at the instant `created`, for a query of a name, and for
    a subscription to it."""
    marked = any(CONFLICTING in event for event in events)
    results: dict[str, Json] = {} if subscription is None else {"subscriptionID": subscription}
    return {
        "@context": [EPCIS_CONTEXT, {"tracegraph": TRACEGRAPH_URI}] if marked else [EPCIS_CONTEXT],
        "type": "EPCISQueryDocument",
        "schemaVersion": "2.0",
        "creationDate": instant_text(created),
        "epcisBody": {"queryResults": {**results, "queryName": name, "resultsBody": {"eventList": list(events)}}},
    }
