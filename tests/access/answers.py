"""Everything that a caller can be told, as bytes, so that it can be compared and searched."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.end_to_end.building import CERTAINTIES, compared, encoded
from tracegraph import Tracegraph
from tracegraph.access.caller import Caller
from tracegraph.access.view import view_of
from tracegraph.errors import TracegraphError
from tracegraph.trace.metrics import Metric

_AS_OF = re.compile(rb'as.of[^\n]*|"creationDate":"[^"]*"')


_LAG = re.compile(rb'"lag_[^,]*,')


def seen_by(graph: Tracegraph, caller: Caller) -> Any:
    """The caller's graph, with no more than a store's questions."""
    return Tracegraph(view_of(graph.store, caller))  # type: ignore[arg-type]


def everything(graph: Tracegraph, starts: Iterable[str], exports: bool = True) -> dict[str, bytes]:
    """Every kind of answer about the starts (units, or `site:` and the like), and about all there is."""
    found: dict[str, bytes] = {}
    for start in starts:
        for name, ask in _questions(graph, start).items():
            try:
                found[f"{name} {start}"] = b"\n".join(compared(ask()).values())
            except TracegraphError as error:
                found[f"{name} {start}"] = str(error).encode()
    found["query"] = encoded([repr((one.event, one.content_hash, one.conflicting)) for one in graph.events()])
    found["gaps"] = encoded(list(graph.gaps()))
    found["events"] = encoded([repr(stored.facts) for stored in graph.store.events()])
    found["payloads"] = b"\n".join(entry.payload for entry in graph.store.entries())
    found["records"] = encoded([repr(stored.record) for stored in graph.store.records()])
    found["units"] = encoded([repr(row) for row in graph.store.units()])
    if exports:
        found |= {form: exported(graph, form) for form in ("csv", "graphml", "epcis", "geojson")}
        found |= {f"metric {metric}": figures(graph, metric) for metric in Metric}
    return found


def figures(graph: Tracegraph, metric: str) -> bytes:
    """A metric of everything, without how late the records came."""
    return _LAG.sub(b"", b"\n".join(compared(graph.metrics(metric)).values()))


def _questions(graph: Tracegraph, start: str) -> dict[str, Any]:
    asked: dict[str, Any] = {"show": lambda: graph.show(start), "origin": lambda: graph.origin(start)}
    for among in ("units", "parties"):
        asked[f"search {among}"] = lambda among=among: graph.search(start.rpartition(":")[2], among=among)
    if ":" in start and start.split(":")[0] not in ("site", "party", "event"):
        asked["where"] = lambda: graph.where(start)
        asked["balance"] = lambda: graph.balance(start)
        asked["where then"] = lambda: graph.where(start, on="2026-03-01T03:00:00Z")
    for certainty in CERTAINTIES:
        asked[f"both {certainty}"] = lambda certainty=certainty: graph.trace(
            start, direction="both", certainty=certainty, paths=2
        )
    asked["shares"] = lambda: graph.trace(start, shares=True, infer="window")
    asked["steps"] = lambda: graph.trace(start, direction="backward", max_steps=1)
    return asked


def exported(graph: Tracegraph, form: str) -> bytes:
    """An export, without what it says of when it was made."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "export")
        graph.export(form, path)
        return _AS_OF.sub(b"", path.read_bytes())
