"""An assumption about goods without a lot number says nothing of lots that the caller may not know."""

from __future__ import annotations

from pathlib import Path

from tests.access.answers import seen_by
from tests.access.chain import caller, capture
from tests.end_to_end.building import opened
from tests.trace.infer.test_infer import PRODUCT, A, B, born, moved
from tracegraph.access.caller import Role


def test_lots_of_others_are_not_inferred(tmp_path: Path) -> None:
    """Two makers deliver lots to a smelter, which sends goods without a number to a shop. Who sees everything is told
    both lots; the shop, to which no record leads from them, neither."""
    events = [
        born(0, A, "maker-a", 100),
        born(0, B, "maker-b", 100),
        *moved(10, A, "maker-a", "smelter", 100),
        *moved(20, B, "maker-b", "smelter", 100),
        *moved(30, PRODUCT, "smelter", "shop", 80),
    ]
    with opened() as graph:
        capture(graph, tmp_path, events)
        for mode in ("window", "fifo", "weighted"):
            for role, units in (
                (Role.ADMIN, {PRODUCT, A} | ({B} if mode != "fifo" else set())),
                (Role.OPERATOR, {PRODUCT}),
            ):
                theirs = seen_by(graph, caller("shop", role=role))
                answer = theirs.origin(PRODUCT, infer=mode)
                assert {unit["id"] for unit in answer.units} == units
                assert {link["unit"] for link in answer.result["inference"]["links"]} == units - {PRODUCT}
        ahead = seen_by(graph, caller("maker-a")).trace(A, infer="fifo")
        assert {one["id"] for one in ahead.units} == {A}
        smelter = seen_by(graph, caller("smelter")).trace(A, infer="fifo")
        assert {one["id"] for one in smelter.units} == {A, PRODUCT}
