"""Everything that a store says: traces as printed, and what stands behind them at every position, as hashes."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from tracegraph import Tracegraph
from tracegraph.stores.port import HoldingQuery, Store

#: The instant at which the traces as of an earlier time are known: after half of the documents.
EARLIER = "2025-06-17T20:00:00Z"


def answers_of(graph: Tracegraph) -> dict[str, str]:
    """A hash for each trace of each unit, and for the rows of each position."""
    store = graph.store
    said = {f"position {at}": _hash(_rows(store, at)) for at in (*range(1, store.head().count + 1, 7), None)}
    for row in store.units():
        for direction in ("forward", "backward"):
            for as_of in (None, EARLIER):
                key = f"{direction} {row.key} {as_of or ''}".strip()
                said[key] = _hash(_traced(graph, row.key, direction, as_of))
    said["head"] = repr(store.head())
    return said


def _traced(graph: Tracegraph, unit: str, direction: str, as_of: str | None) -> Any:
    from tracegraph.errors import UnknownIdentifier

    try:
        told = graph.trace(unit, direction=direction, as_of=as_of).to_dict()
    except UnknownIdentifier as error:
        return str(error)
    return {name: told[name] for name in ("complete", "frontier", "gaps", "result")}


def _rows(store: Store, at: int | None) -> list[str]:
    """All that is known at a position, as text."""
    held = store.holdings(HoldingQuery(), at)
    nodes = [row.node for row in held]
    legs = store.legs(nodes, "forward", at=at)
    columns = (legs.source, legs.target, legs.event, legs.rule, legs.confirmed, legs.cost, legs.instant)
    numbers = sorted({named for stored in store.events() for named in stored.facts.numbers()})
    return [
        repr(held),
        repr(sorted(zip(*columns, strict=True))),
        repr(store.joints(sorted({*legs.source, *legs.target}), at)),
        repr(store.gaps(at=at)),
        repr(store.units(at=at)),
        repr(store.aliases(numbers, at)),
        repr(store.members(numbers, at)),
        repr(list(store.timelines(numbers, at).values())),
    ]


def _hash(value: Any) -> str:
    return sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:20]
