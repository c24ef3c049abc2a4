"""What holds of any story, from documents to answers: order, batches, copies, retractions, known time, limits."""

from __future__ import annotations

from itertools import pairwise
from typing import Any
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as some

from tests.end_to_end.building import (
    CERTAINTIES,
    DIRECTIONS,
    Event,
    compared,
    every_answer,
    opened,
    put,
    retraction,
    traced,
)
from tests.end_to_end.random_stories import stories
from tracegraph import Tracegraph
from tracegraph.graph import Answer

Answers = dict[tuple[str, str, str], dict[str, bytes]]


def known(graph: Tracegraph) -> list[str]:
    return [unit.key for unit in graph.store.units()]


def answers_to(*batches: list[Event]) -> Answers:
    with opened() as graph:
        put(graph, *batches)
        assert list(graph.verify()) == []
        return every_answer(graph, known(graph))


@some.composite
def retold(draw: some.DrawFn) -> tuple[list[Event], list[list[Event]]]:
    """A story, and the same in another order and in batches."""
    told = draw(stories)
    shuffled = draw(some.permutations(told))
    cuts = sorted(draw(some.sets(some.integers(1, len(told) - 1), max_size=4))) if len(told) > 1 else []
    ends = [0, *cuts, len(told)]
    return told, [list(shuffled[begin:end]) for begin, end in pairwise(ends)]


@given(retold())
@settings(max_examples=150)
def test_any_order_and_batching_gives_the_same_bytes(story: tuple[list[Event], list[list[Event]]]) -> None:
    told, batches = story
    assert answers_to(*batches) == answers_to(told)


@given(stories)
@settings(max_examples=60)
def test_one_event_at_a_time_gives_the_same_bytes(told: list[Event]) -> None:
    assert answers_to(*([one] for one in reversed(told))) == answers_to(told)


@given(stories)
@settings(max_examples=80)
def test_forward_and_backward_are_inverse(told: list[Event]) -> None:
    """Contents aside: a start that is a container includes what it held, but what it held does not lead to it."""
    with opened() as graph:
        put(graph, told)
        units = known(graph)
        for certainty in CERTAINTIES:
            forward = {
                (one, other) for one in units for other in traced(graph, one, "forward", certainty, contents=False)
            }
            backward = {
                (other, one) for one in units for other in traced(graph, one, "backward", certainty, contents=False)
            }
            assert forward == backward


@given(stories)
@settings(max_examples=60)
def test_certainty_marks_what_the_confirmed_question_finds(told: list[Event]) -> None:
    with opened() as graph:
        put(graph, told)
        for unit in known(graph):
            for direction in DIRECTIONS:
                whole = graph.trace(unit, direction=direction)
                marked = {row["id"] for row in whole.units if row["certainty"] == "confirmed"}
                assert marked == traced(graph, unit, direction, "confirmed")


@some.composite
def with_mistakes(draw: some.DrawFn) -> tuple[list[Event], list[Event], list[Event]]:
    """What stays, what is retracted, and both with the retractions in any order."""
    told = draw(stories)
    wrong = draw(some.lists(some.sampled_from(told), min_size=1, max_size=3, unique_by=id))
    stays = [one for one in told if not any(one is other for other in wrong)]
    mixed = draw(some.permutations([*told, *map(retraction, wrong)]))
    return stays, wrong, list(mixed)


@given(with_mistakes(), some.integers(1, 8))
@settings(max_examples=120)
def test_a_retraction_undoes_an_event(story: tuple[list[Event], list[Event], list[Event]], cut: int) -> None:
    stays, _, mixed = story
    never = answers_to(stays) if stays else {}
    undone = answers_to(mixed[:cut], mixed[cut:])
    for asked, answer in undone.items():
        if asked in never:
            assert answer == never[asked]
        else:
            assert b'"holdings": []' in answer["result"]
    assert never.keys() <= undone.keys()


@given(stories, some.data())
@settings(max_examples=60)
def test_a_duplicate_changes_nothing(told: list[Event], data: some.DataObject) -> None:
    again = data.draw(some.lists(some.sampled_from(told), min_size=1, max_size=4))
    with opened() as graph:
        put(graph, told)
        before, head = every_answer(graph, known(graph)), graph.store.head()
        report = put(graph, again)
        assert (report.accepted, report.duplicates) == (0, len(again))
        assert (every_answer(graph, known(graph)), graph.store.head()) == (before, head)


@given(stories, some.lists(stories, min_size=1, max_size=3))
@settings(max_examples=80)
def test_as_of_gives_yesterdays_answer(told: list[Event], later: list[list[Event]]) -> None:
    """After late events, copies and retractions of what was known."""
    with opened() as graph, patch("tracegraph.graph.now") as clock:
        clock.return_value = 1_000_000
        put(graph, told)
        yesterday = every_answer(graph, known(graph))
        for day, further in enumerate([*later, [retraction(told[0])]], start=2):
            clock.return_value = day * 1_000_000
            put(graph, further)
        again = every_answer(graph, known(graph), as_of="1970-01-01T00:00:01Z")
        parts = ("complete", "frontier", "gaps", "result")
        assert {asked: [answer[part] for part in parts] for asked, answer in again.items()} == {
            asked: [answer[part] for part in parts] for asked, answer in yesterday.items()
        }


def resumed_to_the_end(graph: Tracegraph, first: Answer, limits: dict[str, Any]) -> Answer:
    """Go on from each frontier; `max_hops` grows, `max_nodes` counts anew each time."""
    answer, hops = first, limits.get("max_hops")
    for _ in range(200):
        if not answer.frontier:
            return answer
        hops = None if hops is None else hops + 1
        answer = graph.trace(resume=answer, max_nodes=limits.get("max_nodes"), max_hops=hops)
    raise AssertionError("resuming does not come to an end")


limits = some.one_of(
    some.fixed_dictionaries({"max_hops": some.integers(0, 3)}),
    some.fixed_dictionaries({"max_nodes": some.integers(1, 3)}),
    some.fixed_dictionaries({"max_hops": some.integers(0, 3), "max_nodes": some.integers(1, 3)}),
)


@given(stories, limits, some.sampled_from([*DIRECTIONS, "both"]), some.sampled_from(CERTAINTIES))
@settings(max_examples=60)
def test_limits_and_resuming_reach_the_unlimited_answer(
    told: list[Event], limited: dict[str, Any], direction: str, certainty: str
) -> None:
    with opened() as graph:
        put(graph, told)
        for unit in known(graph):
            whole = graph.trace(unit, direction=direction, certainty=certainty)
            part = graph.trace(unit, direction=direction, certainty=certainty, **limited)
            assert part.complete <= (not part.frontier)
            end, expected = compared(resumed_to_the_end(graph, part, limited)), compared(whole)
            assert [end[name] for name in ("complete", "frontier", "gaps", "result")] == [
                expected[name] for name in ("complete", "frontier", "gaps", "result")
            ]
