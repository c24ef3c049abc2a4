"""Prove a rule pack by its vectors: what a vector tells of events is captured into a store of its own first.

Besides its records (tracegraph.claims.vectors) a vector may have `events`: EPCIS events in JSON, without the document
around them, whose `eventTimeZoneOffset` may be left out. They are captured like any others, so that a vector shows what
the rules make of the custody graph.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tracegraph.capture import Capture
from tracegraph.claims import vectors
from tracegraph.claims.pack import Pack
from tracegraph.claims.vectors import Vector
from tracegraph.claims.world import World
from tracegraph.formats.epcis.context import TRACEGRAPH_URI
from tracegraph.stores import open_store
from tracegraph.trace.snapshot import Snapshot


def failures(pack: Pack, vector: Vector) -> list[str]:
    """What a vector expects and the pack does not find, one sentence each; empty where it holds."""
    with world_for(vector) as world:
        return vectors.failures(pack, vector, world)


@contextmanager
def world_for(vector: Vector) -> Iterator[World]:
    """The world that a vector writes down. Raises InputError where one of its events cannot be captured."""
    if not vector.get("events"):
        yield vectors.world_of(vector)
        return
    with TemporaryDirectory() as folder, closing(open_store(f"sqlite:///{Path(folder) / 'vector.db'}")) as store:
        Capture(store, clock=lambda: 0, second_process=False).run([BytesIO(document(vector["events"]))], strict=True)
        yield vectors.world_of(vector, Snapshot.of(store))


def document(events: list[dict[str, Any]]) -> bytes:
    """An EPCIS document of these events."""
    context = ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld", {"tracegraph": TRACEGRAPH_URI}]
    told = {
        "@context": context,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-01-01T00:00:00Z",
        "epcisBody": {"eventList": [{"eventTimeZoneOffset": "+00:00", **event} for event in events]},
    }
    return json.dumps(told).encode()
