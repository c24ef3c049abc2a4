"""What contents look up in the finished history of their container: stays, shipments, packings (section 7)."""

from __future__ import annotations

import pytest

from tests.timeline.notation import read_world
from tracegraph.model.custody import Place, PlaceKind
from tracegraph.timeline.acts import Act, Kind
from tracegraph.timeline.history import Histories, History, Stop, Travel, earliest_difference, loads
from tracegraph.timeline.live_events import live_events
from tracegraph.timeline.steps import DAY


def place(text: str) -> Place:
    kind, _, name = text.rpartition(":")
    return Place(PlaceKind(kind or "site"), name)


def stop(where: str, since: int, until: int | None = None, event: str = "e", implied: bool = False) -> Stop:
    return Stop(place(where), since, until, event, implied, not implied)


def travel(event: str, departed: int, arrived: int | None = None) -> Travel:
    return Travel(event, place("P"), place("Q"), frozenset(), departed, arrived)


def emptied(event: str, instant: int, day: bool = False) -> Act:
    return Act(Kind.EMPTY, event, instant, day)


def names(places: list[Place]) -> list[str]:
    return [one.id for one in places]


def histories() -> Histories:
    """A box that is packed into a crate from 5 to 15; the crate moves from P to Q meanwhile."""
    box = History((stop("M", 0, 5), stop("container:crate", 5, 15), stop("N", 15)), (travel("t1", 16, 20),))
    crate = History(
        (stop("P", 2, 8), stop("transit:t2", 8, 12), stop("Q", 12, 18), stop("R", 12, 13, "x", True), stop("S", 18)),
        (travel("t2", 8, 12), travel("t3", 18)),
    )
    return Histories({"box": box, "crate": crate})


@pytest.mark.parametrize(
    ("container", "instant", "expected"),
    [
        ("box", 0, ["M"]),
        ("box", 4, ["M"]),
        ("box", 5, ["M", "P"]),
        ("box", 7, ["P"]),
        ("box", 8, ["P", "t2"]),
        ("box", 12, ["t2", "Q", "R"]),
        ("box", 14, ["Q"]),
        ("box", 15, ["Q", "N"]),
        ("box", 99, ["N"]),
        ("box", -1, []),
        ("crate", 13, ["Q", "R"]),
        ("crate", 18, ["Q", "S"]),
        ("none", 5, []),
    ],
)
def test_where_a_container_is(container: str, instant: int, expected: list[str]) -> None:
    assert names(histories().places(container, instant)) == expected


def test_what_an_event_itself_implied_is_left_out() -> None:
    assert names(histories().places("box", 13, "x")) == ["Q"]
    assert names(histories().places("box", 13, "e")) == ["Q", "R"]
    assert names(histories().shown_at("box", 13)) == ["Q"]
    assert names(histories().shown_at("box", 5)) == ["M", "P"]


def test_containers_in_each_other_end() -> None:
    round_and_round = Histories({"a": History((stop("container:b", 0),)), "b": History((stop("container:a", 0),))})
    assert round_and_round.places("a", 1) == []
    assert round_and_round.shown_at("a", 1) == []
    assert round_and_round.travels("a", 0, 1) == []
    assert round_and_round.site_stops("a", 0, None) == []


def test_what_a_container_is_in() -> None:
    found = histories()
    assert [found.above("box", instant) for instant in (4, 5, 15, 16)] == ["", "crate", "crate", ""]
    assert [one.place.id for one in found.standing("box", 5)] == ["M"]
    assert [one.place.id for one in found.standing("crate", 8)] == ["P"]
    assert found.standing("crate", 10) == []


@pytest.mark.parametrize(
    ("container", "since", "instant", "expected"),
    [
        ("crate", 0, 7, []),
        ("crate", 0, 8, ["t2"]),
        ("crate", 8, 12, ["t2"]),
        ("crate", 9, 12, []),
        ("crate", 0, 13, []),
        ("crate", 0, 18, ["t3"]),
        ("crate", 0, 99, ["t3"]),
        ("box", 0, 10, ["t2"]),
        ("box", 9, 10, []),
        ("box", 0, 18, ["t1"]),
        ("box", 0, 99, []),
    ],
)
def test_open_shipments(container: str, since: int, instant: int, expected: list[str]) -> None:
    assert [one.event for one in histories().travels(container, since, instant)] == expected


def test_a_shipment_before_the_box_was_in_the_crate_is_not_its_own() -> None:
    found = Histories({"box": History((stop("container:crate", 5),)), "crate": History((), (travel("t", 4),))})
    assert found.travels("box", 0, 9) == []
    assert [one.event for one in found.travels("crate", 0, 9)] == ["t"]


@pytest.mark.parametrize(
    ("container", "after", "before", "expected"),
    [
        ("crate", 0, None, ["P", "Q", "R", "S"]),
        ("crate", 2, None, ["Q", "R", "S"]),
        ("crate", 0, 12, ["P", "Q", "R"]),
        ("crate", 0, 11, ["P"]),
        ("box", 0, None, ["Q", "R", "N"]),
        ("box", -1, None, ["M", "Q", "R", "N"]),
        ("box", 0, 14, ["Q", "R"]),
        ("box", 0, 11, []),
        ("box", 12, None, ["N"]),
    ],
)
def test_stops_at_sites(container: str, after: int, before: int | None, expected: list[str]) -> None:
    assert [one.place.id for one in histories().site_stops(container, after, before)] == expected


def test_the_next_emptying_and_all_ends() -> None:
    first, tie, later = emptied("a", 10), emptied("b", 10), emptied("c", 20)
    history = History(empties=(first, tie, later), ends=(first, later))
    assert history.next_empties(10) == [first, tie]
    assert history.next_empties(11) == [later]
    assert history.next_empties(21) == []
    assert (history.ends_after(10), history.ends_after(11), history.ends_after(21)) == ([first, later], [later], [])


def test_an_emptying_of_which_only_the_date_is_known_may_be_later() -> None:
    by_date, exact = emptied("a", 0, True), emptied("b", DAY // 2)
    history = History(empties=(by_date, exact), ends=(by_date, exact))
    assert history.next_empties(DAY // 4) == [by_date, exact]
    assert history.next_empties(DAY - 1) == [by_date]
    assert history.next_empties(DAY) == []
    assert history.ends_after(DAY - 1) == [by_date]
    assert history.ends_after(DAY) == []
    assert set(history.next_empties(0)) == {by_date}


def test_packed_again() -> None:
    history = History((stop("P", 0, 8), stop("Q", 10)), packings=(1, 9, 12))
    assert [history.repacked_after(instant) for instant in (0, 11, 12)] == [12, 12, None]
    assert History().repacked_after(0) is None
    assert [history.packed_over(1, before) for before in (11, 12, 13)] == [False, False, True]
    assert history.packed_over(0, 99)
    assert not history.packed_over(10, 99), "it has not moved since"


def test_the_first_instant_from_which_two_histories_differ() -> None:
    one = History((stop("P", 3),), (travel("t", 4),), (5,), (emptied("a", 6),), (emptied("b", 7),))
    assert earliest_difference(one, one) is None
    assert earliest_difference(one, History()) == 3
    assert earliest_difference(History(), one) == 3
    others = [
        (History((stop("P", 3, 9),), one.travels, one.packings, one.empties, one.ends), 9),
        (History((stop("P", 2),), one.travels, one.packings, one.empties, one.ends), 2),
        (History((stop("P", 3, 9, "f"),), one.travels, one.packings, one.empties, one.ends), 3),
        (History(one.stops, (travel("t", 4, 8),), one.packings, one.empties, one.ends), 8),
        (History(one.stops, one.travels, (), one.empties, one.ends), 5),
        (History(one.stops, one.travels, one.packings, (), one.ends), 6),
        (History(one.stops, one.travels, one.packings, one.empties, ()), 7),
        (History(one.stops, one.travels, (5, 9), (emptied("a", 6), emptied("c", 8)), one.ends), 8),
    ]
    for other, expected in others:
        assert earliest_difference(one, other) == expected
        assert earliest_difference(other, one) == expected
    twice = History((stop("P", 3, 9), stop("P", 3, 8)))
    assert earliest_difference(twice, History((stop("P", 3, 7),))) == 3, "which of the two it was nobody knows"


def test_packings_and_whether_an_emptied_container_held_an_earlier_load() -> None:
    table = """
    e1  d1 08:00  pack    lot A 10 kg  into tote T  at P
    e2  d1 09:00  unpack  lot A 4 kg   from tote T  at P
    e3  d1 10:00  pack    lot B 5 kg   into tote T  at P
    e4  d1 10:00  unpack  all          from tote T  at P
    e5  d1 11:00  unpack  all          from tote T  at P
    e6  d1 12:00  pack    lot C        into tote T  at P
    e7  d1 13:00  unpack  lot C        from tote T  at P
    e8  d1 14:00  unpack  all          from tote T  at P
    e9  d1 15:00  pack    lot D 1 kg   into tote T  at P
    f1  d1 15:00  unpack  all          from tote T  at P
    f2  d1 15:00  see     tote T       at P
    """
    packings, held = loads(live_events(read_world(table).events).events)
    assert held == {"e4": True, "e5": True, "e8": False, "f1": False}
    assert len(packings) == 4
    assert list(packings) == sorted(packings)
