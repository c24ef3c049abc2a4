"""Intervals that touch, against looking at all of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from tracegraph.trace.intervals import Interval, Intervals

moments = some.none() | some.integers(0, 12)
intervals = some.builds(
    lambda one, other: (one, other) if None in (one, other) or one <= other else (other, one), moments, moments
)


def touch(one: Interval, other: Interval) -> bool:
    starts = [begin for begin, _ in (one, other) if begin is not None]
    ends = [end for _, end in (one, other) if end is not None]
    return not starts or not ends or max(starts) <= min(ends)


@given(some.lists(intervals, max_size=20), intervals)
def test_exactly_those_that_touch(many: list[Interval], asked: Interval) -> None:
    assert Intervals(many).touching(asked) == [number for number, one in enumerate(many) if touch(one, asked)]


def test_of_nothing_nothing_touches() -> None:
    assert Intervals([]).touching((None, None)) == []


def test_few_of_many_are_looked_at() -> None:
    """One stay that never ended does not make every question look at all of them."""

    class Counted(list[int]):
        looks = 0

        def __getitem__(self, place):
            Counted.looks += 1
            return super().__getitem__(place)

    many = Intervals([(0, None), *((number, number) for number in range(1, 4_096))])
    many._latest = Counted(many._latest)
    assert many.touching((2_000, 2_001)) == [0, 2_000, 2_001]
    assert Counted.looks < 120
