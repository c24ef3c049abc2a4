"""An answer as GeoJSON: sites as points, flows between them as lines.

Source: RFC 7946. Positions are (longitude, latitude), WGS 84; what has no known position has the geometry null, so that
a map can list it beside. The envelope of the answer stands in foreign members of the collection.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO

from tracegraph.model.custody import Certainty
from tracegraph.model.instants import instant_text
from tracegraph.reports.sites import site_rows
from tracegraph.trace.envelope import ENCODER, Json, decimal_text
from tracegraph.trace.flows import Flow, flows
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.tracing import Answered

Position = tuple[float, float]
ABOUT = ("tracegraph", "question", "as_of", "complete", "frontier", "gaps")


def write_geojson(answered: Answered, snapshot: Snapshot, file: IO[bytes], more: Mapping[str, str]) -> None:
    """Write a FeatureCollection: a feature for each site of the answer, then one for each flow."""
    told = answered.envelope
    about = {"type": "FeatureCollection", **{name: told[name] for name in ABOUT}, **more}
    file.write(_text(f'{ENCODER.encode(about)[:-1]},"features":['))
    comma = ""
    for feature in features(answered, snapshot):
        file.write(_text(comma + ENCODER.encode(feature)))
        comma = ",\n"
    file.write(b"]}\n")


def features(answered: Answered, snapshot: Snapshot) -> Iterator[Json]:
    """The sites by id, then the flows by source and target."""
    positions: dict[str, Position | None] = {}
    for row in site_rows(answered, snapshot):
        latitude, longitude = row.pop("latitude"), row.pop("longitude")
        position = None if latitude is None else (longitude, latitude)
        positions[row["id"]] = position
        point = None if position is None else {"type": "Point", "coordinates": position}
        yield {"type": "Feature", "id": row["id"], "geometry": point, "properties": {"kind": "site", **row}}
    for flow in flows(snapshot, answered.trail):
        yield _flow(flow, positions.get(flow.source), positions.get(flow.target))


def _flow(flow: Flow, source: Position | None, target: Position | None) -> Json:
    known = source is not None and target is not None
    return {
        "type": "Feature",
        "id": f"{flow.source} > {flow.target}",
        "geometry": {"type": "LineString", "coordinates": [source, target]} if known else None,
        "properties": {
            "kind": "flow",
            "from": flow.source,
            "to": flow.target,
            "movements": flow.movements,
            "units": len(flow.units),
            "first": instant_text(flow.first),
            "last": instant_text(flow.last),
            "certainty": (Certainty.CONFIRMED if flow.confirmed else Certainty.POSSIBLE).value,
            "quantities": [
                {"value": decimal_text(flow.quantities[unit]), "unit": unit} for unit in sorted(flow.quantities)
            ],
        },
    }


def _text(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")
