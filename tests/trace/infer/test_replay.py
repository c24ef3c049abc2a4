"""The replay of a stock against somebody who moves one kilogram after the other."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracegraph.errors import UsageError
from tracegraph.trace.infer.modes import DAY, Mode, parse_mode
from tracegraph.trace.infer.replay import Arrival, Departure, Link, replay

LOTS = ("A", "B", "C")
NONE = "without"

arrivals = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from([*LOTS, NONE]), st.integers(1, 6)), min_size=1, max_size=6
)
departures = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from([*LOTS, NONE, NONE, NONE]), st.integers(1, 9)), min_size=1, max_size=6
)


def came(rows: list[tuple[int, str, int]]) -> list[Arrival]:
    return [Arrival(at, f"{number:02}", unit, Fraction(kilos)) for number, (at, unit, kilos) in enumerate(rows)]


def left(rows: list[tuple[int, str, int]]) -> list[Departure]:
    return [Departure(at, f"{number:02}", unit, Fraction(kilos)) for number, (at, unit, kilos) in enumerate(rows)]


def kilo_by_kilo(arrived: list[Arrival], gone: list[Departure], mode: str) -> Counter[tuple[int, int]]:
    """A shelf of single kilograms, each with the number of its arrival."""
    happenings = sorted(
        [(one.instant, 0, one.name, number) for number, one in enumerate(arrived)]
        + [(one.instant, 1, one.name, number) for number, one in enumerate(gone)]
    )
    shelf: list[int] = []
    found: Counter[tuple[int, int]] = Counter()
    for _, kind, _, number in happenings:
        if kind == 0:
            shelf += [number] * int(arrived[number].amount or 0)
            continue
        leaving = gone[number]
        for _ in range(int(leaving.amount or 0)):
            own = [kilo for kilo in shelf if arrived[kilo].unit == leaving.unit]
            numberless = [kilo for kilo in shelf if arrived[kilo].unit == NONE]
            choice = shelf if leaving.unit == NONE else own or numberless
            if not choice:
                break
            kilo = choice[0] if mode == "fifo" else choice[-1]
            shelf.remove(kilo) if mode == "fifo" else shelf.pop(len(shelf) - 1 - shelf[::-1].index(kilo))
            if arrived[kilo].unit != leaving.unit:
                found[kilo, number] += 1
    return found


@given(arrivals, departures, st.sampled_from(["fifo", "lifo"]))
def test_first_and_last_in_are_what_a_person_would_take_from_the_shelf(
    arriving: list[tuple[int, str, int]], leaving: list[tuple[int, str, int]], mode: str
) -> None:
    arrived, gone = came(arriving), left(leaving)
    found = replay(arrived, gone, Mode(mode), NONE)
    assert {(link.arrival, link.departure): link.amount for link in found} == dict(kilo_by_kilo(arrived, gone, mode))


@given(arrivals, departures)
def test_in_proportion_every_kilogram_there_gives_the_same_part(
    arriving: list[tuple[int, str, int]], leaving: list[tuple[int, str, int]]
) -> None:
    """The same with a shelf of shares; only departures without a number, so that nothing is first of its own lot."""
    arrived, gone = came(arriving), left([(at, NONE, kilos) for at, _, kilos in leaving])
    shelf = [Fraction(0)] * len(arrived)
    expected: dict[tuple[int, int], Fraction] = {}
    waiting = list(range(len(arrived)))
    for number in sorted(range(len(gone)), key=lambda number: (gone[number].instant, number)):
        for place in [place for place in waiting if arrived[place].instant <= gone[number].instant]:
            shelf[place] = arrived[place].amount or Fraction(0)
            waiting.remove(place)
        there = sum(shelf)
        for place, kilos in enumerate(shelf):
            taken = kilos if there <= (gone[number].amount or 0) else kilos * (gone[number].amount or 0) / there
            if taken and arrived[place].unit != NONE:
                expected[place, number] = taken
            shelf[place] -= taken
    found = replay(arrived, gone, Mode("weighted"), NONE)
    assert {(link.arrival, link.departure): link.amount for link in found} == expected


@given(arrivals, departures, st.sampled_from(["fifo", "lifo", "weighted"]))
def test_no_more_leaves_than_came(
    arriving: list[tuple[int, str, int]], leaving: list[tuple[int, str, int]], mode: str
) -> None:
    arrived, gone = came(arriving), left(leaving)
    found = replay(arrived, gone, Mode(mode), NONE)
    of_arrivals = [Fraction(0)] * len(arrived)
    of_departures = [Fraction(0)] * len(gone)
    for link in found:
        assert link.amount is not None
        assert arrived[link.arrival].instant <= gone[link.departure].instant
        assert NONE in (arrived[link.arrival].unit, gone[link.departure].unit)
        of_arrivals[link.arrival] += link.amount
        of_departures[link.departure] += link.amount
    assert all(total <= (arrived[number].amount or 0) for number, total in enumerate(of_arrivals))
    assert all(total <= (gone[number].amount or 0) for number, total in enumerate(of_departures))


@given(arrivals, departures)
def test_a_window_without_end_has_every_link_of_the_others(
    arriving: list[tuple[int, str, int]], leaving: list[tuple[int, str, int]]
) -> None:
    arrived, gone = came(arriving), left([(at, NONE, kilos) for at, _, kilos in leaving])
    whole = {link[:2] for link in replay(arrived, gone, Mode("window"), NONE)}
    for mode in ("fifo", "lifo", "weighted"):
        assert {link[:2] for link in replay(arrived, gone, Mode(mode), NONE)} <= whole


def test_a_window_ends() -> None:
    arrived = [Arrival(0, "a", "A", Fraction(1)), Arrival(2 * DAY, "b", "B", Fraction(1))]
    gone = [Departure(3 * DAY, "d", NONE, Fraction(1))]
    assert replay(arrived, gone, Mode("window", 1), NONE) == [Link(1, 0, None)]
    assert replay(arrived, gone, Mode("window", 3), NONE) == [Link(0, 0, None), Link(1, 0, None)]


@pytest.mark.parametrize("mode", ["fifo", "lifo", "weighted"])
def test_what_is_not_known_is_linked(mode: str) -> None:
    """An arrival of unknown amount may be in every later departure; what an unknown departure left nobody knows."""
    unknown = [Arrival(0, "a", "A", None), Arrival(1, "b", "B", Fraction(5))]
    found = replay(
        unknown, [Departure(2, "c", NONE, Fraction(5)), Departure(3, "d", NONE, Fraction(5))], Mode(mode), NONE
    )
    assert {link[:2] for link in found} == {(0, 0), (1, 0), (0, 1)}
    known = [Arrival(0, "a", "A", Fraction(5)), Arrival(1, "b", "B", Fraction(5))]
    found = replay(known, [Departure(2, "c", NONE, None), Departure(3, "d", NONE, Fraction(1))], Mode(mode), NONE)
    assert [link.amount for link in found] == [None] * 4


@pytest.mark.parametrize("mode", ["fifo", "lifo", "weighted"])
def test_nothing_at_all_is_not_linked(mode: str) -> None:
    arrived = [Arrival(0, "a", "A", Fraction(0)), Arrival(1, "b", "B", Fraction(5))]
    gone = [Departure(2, "c", NONE, Fraction(0)), Departure(3, "d", NONE, Fraction(5))]
    assert replay(arrived, gone, Mode(mode), NONE) == [Link(1, 1, Fraction(5))]


def test_a_lot_that_nobody_received_was_received_without_a_number() -> None:
    arrived = [
        Arrival(0, "a", NONE, Fraction(10)),
        Arrival(1, "b", "A", Fraction(2)),
        Arrival(1, "n", "B", None, False),
    ]
    gone = [Departure(2, "c", "A", Fraction(5)), Departure(3, "d", "B", Fraction(4))]
    assert replay(arrived, gone, Mode("fifo"), NONE) == [Link(0, 0, Fraction(3)), Link(0, 1, Fraction(4))]


@pytest.mark.parametrize("mode", ["weighted", "window"])
def test_too_many_links_are_refused(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracegraph.trace.infer.replay.MOST_LINKS", 8)
    arrived = [Arrival(number, f"{number}", f"{number}", Fraction(9)) for number in range(3)]
    gone = [Departure(9, f"{number}", NONE, Fraction(1)) for number in range(3)]
    with pytest.raises(UsageError, match="may be of too many lots"):
        replay(arrived, gone, Mode(mode), NONE)
    assert len(replay(arrived, gone, Mode("fifo"), NONE)) == 3


@pytest.mark.parametrize("text", ["fifo", "lifo", "weighted", "window", "window:14"])
def test_modes(text: str) -> None:
    assert parse_mode(f" {text.upper()} ").text == text


@pytest.mark.parametrize("text", ["", "first", "fifo:3", "window:", "window:-1", "window:1000000"])
def test_wrong_modes(text: str) -> None:
    with pytest.raises(UsageError, match="choose fifo, lifo, weighted, window or window:DAYS"):
        parse_mode(text)
