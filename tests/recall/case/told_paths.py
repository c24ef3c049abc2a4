"""What a scope move keeps of an answer whose paths are all told, in the way that people would read it off them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tracegraph.recall.case.evidence import Attached
from tracegraph.recall.case.version import ScopeVersion, scope_payload

Json = dict[str, Any]


def payload_of(
    answer: Json, number: int, author: str, earlier: ScopeVersion | None = None, attached: Iterable[Attached] = ()
) -> Json:
    """As version `number` of a case."""
    return scope_payload(answer, ways_on_paths(answer["result"]), number, author, earlier, attached)


def ways_on_paths(result: Json) -> dict[str, tuple[str, str]]:
    """By unit, the other unit and the event from which its first path reaches it: the last hop from another unit."""
    unit_of = {one["id"]: one["unit"] for one in result["holdings"]}
    found: dict[str, tuple[str, str]] = {}
    for path in result["paths"]:
        unit = path["unit"]
        hops = [(unit_of[hop["from"]], hop["event"]) for hop in path["hops"] if unit_of.get(hop["from"], unit) != unit]
        if hops:
            found.setdefault(unit, hops[-1])
    return found
