"""The sites of an answer with what master data say of them, for maps and tables."""

from __future__ import annotations

import re

from tracegraph.model.custody import PlaceKind
from tracegraph.stores.stored_facts import master_data
from tracegraph.trace.envelope import Json
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.tracing import Answered

_POINT = re.compile(r"geo:(-?[0-9.]+),(-?[0-9.]+)")


def site_rows(answered: Answered, snapshot: Snapshot) -> list[Json]:
    """Each site with name, country, party, certainty, latitude and longitude in degrees (WGS 84; None: nobody said
    where it is), and how many listed holdings are there."""
    known = {data.id: data for data in master_data(snapshot.store, snapshot.position) if data.kind == "site"}
    held: dict[str, int] = {}
    for _, holding in answered.trail.holdings:
        if holding.place.kind is PlaceKind.SITE:
            held[holding.place.id] = held.get(holding.place.id, 0) + 1
    rows = []
    for site in answered.envelope["result"]["sites"]:
        data = known.get(site["id"])
        point = _point(site["id"], data.latitude if data else None, data.longitude if data else None)
        rows.append(
            {
                "id": site["id"],
                "name": data.name if data else None,
                "country": data.country if data else None,
                "party": data.party if data else None,
                "certainty": site["certainty"],
                "holdings": held.get(site["id"], 0),
                "latitude": None if point is None else point[0],
                "longitude": None if point is None else point[1],
            }
        )
    return rows


def _point(site: str, latitude: str | None, longitude: str | None) -> tuple[float, float] | None:
    """As master data say, else as the identifier does; None where that is no place on Earth."""
    match = _POINT.match(site)
    said = (latitude, longitude) if latitude and longitude else match.groups() if match else None
    if said is None:
        return None
    try:
        north, east = (float(part) for part in said)
    except ValueError:
        return None
    return (north, east) if abs(north) <= 90 and abs(east) <= 180 else None
