"""ISO22095-5.5-CANCEL: what is redeemed is cancelled at once.

Source: ISO 22095:2020, 5.5.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from tracegraph.claims.credits.blocks import Block
from tracegraph.claims.credits.registry import Registry, registries
from tracegraph.claims.finding import Found, failed, missing, passed
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World
from tracegraph.model.instants import MINUTE
from tracegraph.model.measures import EXACT


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each redemption with the cancellations of its serials."""
    for registry in registries(world):
        for entry, blocks in _redeemed(registry).values():
            yield _said(entry, blocks, parameters.number("cancel_hours"))


def _redeemed(registry: Registry) -> dict[str, tuple[Row, list[Block]]]:
    found: dict[str, tuple[Row, list[Block]]] = {}
    blocks: dict[str, list[Block]] = defaultdict(list)
    for block in registry.blocks:
        if block.redemption is not None:
            blocks[block.redemption.id].append(block)
            found[block.redemption.id] = block.redemption, blocks[block.redemption.id]
    return found


def _said(entry: Row, blocks: list[Block], limit: Decimal) -> Found:
    cancelled = [block for block in blocks if block.cancellation is not None]
    slowest = max(cancelled, key=lambda block: (_hours(block), block.first), default=None)
    if slowest is not None and _hours(slowest) > limit:
        return _late(entry, slowest, limit)
    kept = [block for block in blocks if block.cancellation is None]
    if kept:
        serials = ", ".join(f"{block.first}-{block.last}" for block in kept)
        return missing(entry, words={"entry": entry.id, "serials": serials}, evidence=(entry,))
    evidence = (entry, *(block.cancellation for block in cancelled if block.cancellation is not None))
    observed = Decimal(0) if slowest is None else _hours(slowest)
    return passed(entry, words={"entry": entry.id}, observed=observed, limit=limit, evidence=evidence)


def _late(entry: Row, block: Block, limit: Decimal) -> Found:
    assert block.cancellation is not None
    words = {"entry": entry.id, "cancellation": block.cancellation.id, "hours": _hours(block)}
    words |= {"first": str(block.first), "last": str(block.last)}
    evidence = (entry, block.cancellation)
    return failed(entry, words=words, observed=_hours(block), limit=limit, due=entry.last("time"), evidence=evidence)


def _hours(block: Block) -> Decimal:
    """From the end of the redemption's time to the cancellation: within one day that is only a date, none."""
    assert block.cancellation is not None
    assert block.redemption is not None
    between = (block.cancellation.first("time") or 0) - (block.redemption.last("time") or 0)
    return EXACT.divide(Decimal(max(0, between)), Decimal(60 * MINUTE))
