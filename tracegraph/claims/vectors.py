"""The vectors of a pack: records written down, and what its rules must find of them.

A vector is `{"name", "records": [{"kind", field: text ...}], "valid": time, "expect": [{"rule", "outcome", ...}]}`. A
record whose kind has a field `kind` of its own names its kind as `record`. A vector may have `events` as well: see
tracegraph.proving, which proves vectors of both sorts.
An expectation names a rule, an outcome and any of `subject` (an id), `severity`, `observed`, `limit`, `formula`,
`terms` (each as name, value and unit), `window` (from and to), `evidence` (ids), `text` (a part of the English words)
and `unverified` (names of parameters); a finding of that rule must meet it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tracegraph.claims.finding import Finding, unverified, written
from tracegraph.claims.pack import Pack
from tracegraph.claims.row import Row
from tracegraph.claims.running import run
from tracegraph.claims.world import World, WrittenRecords, world_at
from tracegraph.model.instants import parse_instant
from tracegraph.model.record_kinds import record_of
from tracegraph.trace.snapshot import Snapshot

Vector = Mapping[str, Any]


def failures(pack: Pack, vector: Vector, world: World) -> list[str]:
    """What a vector expects and the pack does not find in a world, one sentence each; empty where it holds."""
    expected = vector["expect"]
    found = run(world, [pack], frozenset(one["rule"] for one in expected))
    return [f"{one} is not among {_told(found, one['rule'])}" for one in expected if not _any(found, one)]


def world_of(vector: Vector, snapshot: Snapshot | None = None) -> World:
    """The world that a vector writes down; a later record of the same key replaces an earlier one. `snapshot`: of the
    store that has its events (tracegraph.proving)."""
    rows = {(row.kind, row.id): row for row in _rows(vector["records"])}
    told = vector.get("valid")
    valid = None if told is None else parse_instant(told, "valid", "end")
    written = WrittenRecords(rows.values())
    return World(written, valid) if snapshot is None else world_at(snapshot, valid, written)


def _rows(records: Iterable[Mapping[str, str]]) -> Iterator[Row]:
    for number, told in enumerate(records):
        said = "record" if "record" in told else "kind"
        record = record_of(told[said], {name: text for name, text in told.items() if name != said}, "vector")
        yield Row(record.kind, record.id, record.data, number, 0, record.valid_from, record.valid_to)


def _any(found: Iterable[Finding], wanted: Mapping[str, Any]) -> bool:
    return any(all(_meets(finding, name, value) for name, value in wanted.items()) for finding in found)


def _meets(finding: Finding, name: str, value: Any) -> bool:
    if name == "text":
        return value in finding.text["en"]
    return bool(_shown(finding)[name] == value)


def _shown(finding: Finding) -> Mapping[str, Any]:
    told = finding.to_dict()
    return {
        "rule": finding.rule,
        "outcome": finding.outcome.value,
        "subject": finding.found.subject[1],
        "severity": finding.severity.value,
        "observed": written(finding.found.observed),
        "limit": written(finding.found.limit),
        "unverified": unverified([finding]),
        **{name: told[name] for name in ("formula", "window")},
        "terms": [" ".join((one["name"], one["value"], one["unit"])).strip() for one in told["terms"]],
        "evidence": [one["id"] for one in told["evidence"]],
    }


def _told(found: Iterable[Finding], rule: str) -> list[str]:
    told = (_shown(finding) for finding in found if finding.rule == rule)
    return [", ".join(f"{name} {value}" for name, value in one.items()) for one in told]
