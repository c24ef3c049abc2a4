"""A recall from beginning to end, on a server and in a file: everything that follows from the case is the same."""

from __future__ import annotations

from pathlib import Path

from tests.recall.loop.playing import Play, told_by
from tests.stores.neo4j.both import Both


def test_a_whole_recall_is_the_same_on_both_stores(both: Both, tmp_path: Path) -> None:
    told = []
    for number, graph in enumerate((both.served, both.embedded)):
        folder = tmp_path / str(number)
        folder.mkdir()
        play = Play(graph, folder)
        play.whole()
        told.append(told_by(play))
        assert list(graph.verify()) == []
    assert told[0] == told[1]
    assert '"terminated"' in told[0]
