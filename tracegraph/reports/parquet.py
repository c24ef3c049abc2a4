"""An answer as Parquet tables, in one zip archive: units, holdings, legs, events, sites, gaps.

Amounts are decimal text, exactly as recorded, and beside it the nearest binary number for computing; times are UTC
timestamps of microseconds. Each file says question, `complete` and the rest of the envelope in its metadata.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import IO, TYPE_CHECKING, Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from tracegraph.errors import UsageError
from tracegraph.model.custody import Certainty, Holding
from tracegraph.model.facts import EventFacts
from tracegraph.reports.sites import site_rows
from tracegraph.timeline.live_events import live_events
from tracegraph.trace.envelope import Json, quantity_json
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.tracing import Answered
from tracegraph.trace.trail import Trail

if TYPE_CHECKING:
    import pyarrow as pa

TEXT, NUMBER, COUNT, TIME, TRUTH = "string", "double", "int64", "time", "bool"

#: The columns of each table.
COLUMNS: dict[str, dict[str, str]] = {
    "units": {"id": TEXT, "kind": TEXT, "product": TEXT, "distance": COUNT, "certainty": TEXT},
    "holdings": {
        "id": TEXT, "unit": TEXT, "place_kind": TEXT, "place": TEXT, "party": TEXT, "owner": TEXT, "since": TIME,
        "until": TIME, "quantity": TEXT, "quantity_number": NUMBER, "quantity_unit": TEXT, "remaining": TEXT,
        "remaining_number": NUMBER, "remaining_unit": TEXT, "state": TEXT, "certainty": TEXT, "distance": COUNT,
        "event": TEXT, "sublocation": TEXT, "destination": TEXT,
    },
    "legs": {
        "source": TEXT, "target": TEXT, "source_kind": TEXT, "target_kind": TEXT, "event": TEXT, "rule": TEXT,
        "certainty": TEXT, "cost": COUNT, "instant": TIME,
    },
    "events": {
        "id": TEXT, "event_id": TEXT, "type": TEXT, "time": TIME, "offset": TEXT, "date_only": TRUTH, "action": TEXT,
        "step": TEXT, "disposition": TEXT, "read_point": TEXT, "biz_location": TEXT, "source_place": TEXT,
        "source_party": TEXT, "destination_place": TEXT, "destination_party": TEXT, "transformation": TEXT,
        "documents": TEXT, "units": TEXT,
    },
    "sites": {
        "id": TEXT, "name": TEXT, "country": TEXT, "party": TEXT, "certainty": TEXT, "holdings": COUNT,
        "latitude": NUMBER, "longitude": NUMBER,
    },
    "gaps": {
        "kind": TEXT, "unit": TEXT, "place": TEXT, "event": TEXT, "holding": TEXT, "ask": TEXT, "message": TEXT,
        "detail": TEXT,
    },
}  # fmt: skip
ABOUT = ("tracegraph", "question", "as_of", "complete", "frontier")


def write_parquet(answered: Answered, snapshot: Snapshot, file: IO[bytes], more: Mapping[str, str]) -> None:
    """Write the archive. Raises UsageError where pyarrow is not installed."""
    try:
        import pyarrow.parquet as parquet
    except ImportError:
        raise UsageError(
            "Parquet needs pyarrow, which is not installed; run pip install 'tracegraph[parquet]'"
        ) from None
    told = answered.envelope
    about = {f"tracegraph.{name}": json.dumps(told[name], ensure_ascii=False) for name in ABOUT}
    about |= {f"tracegraph.{name}": value for name, value in more.items()}
    with ZipFile(file, "w", ZIP_STORED) as archive:
        for name, rows in tables(answered, snapshot).items():
            with archive.open(ZipInfo(f"{name}.parquet"), "w", force_zip64=True) as part:
                parquet.write_table(_table(COLUMNS[name], rows, about), part)


def tables(answered: Answered, snapshot: Snapshot) -> dict[str, Iterator[Json]]:
    """The rows of each table, with at least the columns that it has."""
    told = answered.envelope
    result = told["result"]
    return {
        "units": iter(result["units"]),
        "holdings": map(_holding, result["holdings"]),
        "legs": _legs(answered.trail),
        "events": _events(snapshot, None if told["question"]["kind"] == "gaps" else set(result["events"])),
        "sites": iter(site_rows(answered, snapshot)),
        "gaps": (gap | {"ask": _json(gap["ask"])} for gap in told["gaps"]),
    }


def _table(columns: Mapping[str, str], rows: Iterator[Json], about: Mapping[str, str]) -> pa.Table:
    import pyarrow as pa

    kinds = {
        TEXT: pa.string(), NUMBER: pa.float64(), COUNT: pa.int64(), TRUTH: pa.bool_(),
        TIME: pa.timestamp("us", tz="UTC"),
    }  # fmt: skip
    values: dict[str, list[Any]] = {name: [] for name in columns}
    for row in rows:
        for name, column in values.items():
            column.append(row[name])
    schema = pa.schema([(name, kinds[kind]) for name, kind in columns.items()], metadata=dict(about))
    arrays = [_array(values[name], schema.field(name).type) for name in columns]
    return pa.Table.from_arrays(arrays, schema=schema)


def _array(values: list[Any], kind: Any) -> pa.Array:
    """Times come as text in UTC, or as instants."""
    import pyarrow as pa

    if not pa.types.is_timestamp(kind):
        return pa.array(values, kind)
    return pa.array([instant(value) if isinstance(value, str) else value for value in values], pa.int64()).cast(kind)


def instant(text: str) -> int:
    """The instant of a time as answers write it."""
    from tracegraph.model.instants import parse_instant

    return parse_instant(text, "time")


def _holding(told: Json) -> Json:
    """Flat, with amounts as text and as numbers."""
    row = {**told, "place_kind": told["place"]["kind"], "place": told["place"]["id"]}
    for name in ("quantity", "remaining"):
        amount = told[name] or {"value": None, "unit": None}
        value = amount["value"]
        row |= {name: value, f"{name}_number": None if value is None else float(value), f"{name}_unit": amount["unit"]}
    return row


def _legs(trail: Trail) -> Iterator[Json]:
    legs, nodes = trail.legs, trail.nodes
    kinds = {number: "holding" if isinstance(node, Holding) else "transformation" for number, node in nodes.items()}
    for number in trail.leg_order:
        source, target = legs.source[number], legs.target[number]
        yield {
            "source": nodes[source].id,
            "target": nodes[target].id,
            "source_kind": kinds[source],
            "target_kind": kinds[target],
            "event": legs.event[number],
            "rule": legs.rule[number],
            "certainty": (Certainty.CONFIRMED if legs.confirmed[number] else Certainty.POSSIBLE).value,
            "cost": legs.cost[number],
            "instant": legs.instant[number],
        }


def _events(snapshot: Snapshot, wanted: set[str] | None) -> Iterator[Json]:
    """The events that moved something listed (None: all that count), by id."""
    hashes = None if wanted is None else sorted({event.partition("#")[0] for event in wanted})
    stored = snapshot.events(hashes=hashes) if hashes != [] else []
    for live in live_events(one.facts for one in stored).events:
        if wanted is None or live.id in wanted:
            yield {"id": live.id, **_event(live.facts)}


def _event(facts: EventFacts) -> Json:
    told = {name: getattr(facts, name) for name in COLUMNS["events"] if hasattr(facts, name)}
    return told | {
        "time": facts.instant,
        "date_only": facts.day,
        "documents": _json([{"type": one.type, "id": one.id} for one in facts.documents]),
        "units": _json(
            [{"id": one.unit, "role": one.role.value, "quantity": quantity_json(one.quantity)} for one in facts.named]
        ),
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
