"""What rules ask of the custody graph they ask of what the caller may know: a hidden hop is a missing one, no pass."""

from __future__ import annotations

from pathlib import Path

from tests.access.chain import FRAME, caller, capture, chain, party
from tests.end_to_end.building import site
from tracegraph import Tracegraph
from tracegraph.access.view import view_of
from tracegraph.claims.pack import pack_of
from tracegraph.claims.running import run
from tracegraph.claims.world import world_at
from tracegraph.trace.snapshot import Snapshot

ISO = pack_of("tracegraph.schemes.iso22095")
RULE = frozenset({"ISO22095-5.3.1-SINGLE-SOURCE"})


def test_what_a_caller_may_not_know_leaves_the_source_open(tmp_path: Path) -> None:
    claim = {"claim": "C", "goods": FRAME, "model": "ip", "party": party("maker-a"), "made": "2026-02-01"}
    with Tracegraph.open(f"sqlite:///{tmp_path / 'chain.db'}") as graph:
        capture(graph, tmp_path, chain())
        graph.record("claim", {**claim, "site": site("maker-a")}, reason="stated")
        (whole,) = run(world_at(Snapshot.of(graph.store)), [ISO], RULE)
        view = view_of(graph.store, caller("maker-a"))
        (seen,) = run(world_at(Snapshot.of(view)), [ISO], RULE)
    assert whole.outcome.value == "PASS"
    assert site("mine") in whole.text["en"]
    assert seen.outcome.value == "NE"
    assert "mine" not in str(seen.to_dict())
