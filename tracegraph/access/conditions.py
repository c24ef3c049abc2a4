"""Conditions of the port's questions, held against what shows: a store held them against everything."""

from __future__ import annotations

from collections.abc import Collection

from tracegraph.model.custody import Holding
from tracegraph.stores.port import HoldingQuery, StoredEvent


def meets(
    stored: StoredEvent,
    units: Collection[str] | None,
    hashes: Collection[str] | None,
    event_ids: Collection[str] | None,
    transformations: Collection[str] | None,
) -> bool:
    """Whether what shows of an event meets one of the conditions."""
    facts = stored.facts
    return (
        (hashes is not None and facts.content_hash in hashes)
        or (event_ids is not None and bool(facts.event_id) and facts.event_id in event_ids)
        or (transformations is not None and facts.transformation in transformations)
        or (units is not None and not facts.numbers().isdisjoint(units))
    )


def places_in(stored: StoredEvent) -> set[str | None]:
    """The location and party keys that show in an event."""
    facts = stored.facts
    return {
        facts.read_point,
        facts.biz_location,
        facts.source_place,
        facts.source_party,
        facts.source_owner,
        facts.destination_place,
        facts.destination_party,
        facts.destination_owner,
    }


def fits(holding: Holding, query: HoldingQuery) -> bool:
    """Whether what shows of a holding meets those conditions that speak of what may not show."""
    place, since, until = holding.place, query.since, holding.until
    if query.sites is not None and not (place.kind == "site" and place.id in query.sites):
        return False
    if query.containers is not None and not (place.kind == "container" and place.id in query.containers):
        return False
    if query.parties is not None and holding.party not in query.parties:
        return False
    return since is None or until is None or until > since or holding.since >= since
