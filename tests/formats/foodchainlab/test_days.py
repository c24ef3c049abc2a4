"""Days that stand for what is not stated agree with what is; what is stated is never moved."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tracegraph.formats.foodchainlab.dates import Days
from tracegraph.formats.foodchainlab.days import NO_DAY, Dated, Stated, assumed_days


def on(day: int) -> Days:
    return Days(day, day, "day")


UNKNOWN = Stated(None, None)
CHAIN = [("a", "b"), ("b", "c"), ("c", "d")]


def test_one_date_stands_for_the_other() -> None:
    stated = {"a": Stated(on(5), None), "b": Stated(None, on(9))}
    assert assumed_days(stated, []) == {"a": Dated(5, 5), "b": Dated(9, 9)}


def test_what_nothing_dates_lies_between_its_neighbours() -> None:
    stated = {"a": UNKNOWN, "b": Stated(on(10), on(12)), "c": UNKNOWN, "d": Stated(on(15), on(15))}
    assert assumed_days(stated, CHAIN) == {
        "a": Dated(10, 10),
        "b": Dated(10, 12),
        "c": Dated(12, 12),
        "d": Dated(15, 15),
    }


def test_a_month_gives_way_within_itself() -> None:
    stated = {"a": Stated(on(10), on(12)), "b": Stated(Days(1, 31, "month"), Days(1, 31, "month")), "c": UNKNOWN}
    assert assumed_days(stated, CHAIN[:2]) == {"a": Dated(10, 12), "b": Dated(12, 12), "c": Dated(12, 12)}


def test_nothing_at_all_and_a_circle() -> None:
    assert assumed_days({"a": UNKNOWN, "b": UNKNOWN}, [("a", "b"), ("b", "a")]) == {
        "a": Dated(NO_DAY, NO_DAY),
        "b": Dated(NO_DAY, NO_DAY),
    }


DAYS = st.none() | st.builds(
    lambda first, more: Days(first, first + more, "x"), st.integers(1, 40), st.sampled_from([0, 9])
)
NAMES = "abcdef"


@given(
    st.fixed_dictionaries({name: st.builds(Stated, DAYS, DAYS) for name in NAMES}),
    st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda pair: pair[0] < pair[1])),
)
def test_stated_days_stay_and_order_does_not_matter(
    stated: dict[str, Stated], relations: list[tuple[str, str]]
) -> None:
    found = assumed_days(stated, relations)
    assert found == assumed_days(dict(reversed(stated.items())), relations[::-1])
    for name, dated in found.items():
        for days, day in ((stated[name].departure, dated.departure), (stated[name].arrival, dated.arrival)):
            assert days is None or days.first <= day <= days.last


@given(
    st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda pair: pair[0] < pair[1])),
    st.sampled_from(NAMES),
)
def test_one_date_is_enough_for_all_that_is_connected(relations: list[tuple[str, str]], name: str) -> None:
    found = assumed_days({one: Stated(on(9), on(12)) if one == name else UNKNOWN for one in NAMES}, relations)
    assert all(found[one].arrival <= found[other].departure for one, other in relations)
