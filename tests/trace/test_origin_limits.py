"""A limit that cuts is no source: fails today, see the report."""

from __future__ import annotations

from tests.trace.test_origin import asked, sources
from tracegraph.contract.scenes import Scene
from tracegraph.trace.question import Limits


def test_where_a_limit_cuts_a_chain_is_no_source() -> None:
    scene = (
        Scene().hold("a@1", since=0).hold("b@1", since=1).hold("c@1", since=2).leg("a@1", "b@1", 1).leg("b@1", "c@1", 2)
    )
    answer = asked(scene, start="c", limits=Limits(max_hops=1))
    assert [entry["holding"] for entry in answer["frontier"]] == ["b@1"]
    assert sources(answer) == []


def test_where_a_limit_cuts_a_circle_is_no_source() -> None:
    scene = Scene().leg("a@1", "b@1").leg("b@1", "c@1").leg("c@1", "a@1").leg("a@1", "end@1")
    answer = asked(scene, start="end", limits=Limits(max_hops=2))
    assert [entry["holding"] for entry in answer["frontier"]] == ["c@1"]
    assert sources(answer) == []
