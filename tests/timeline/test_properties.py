"""Properties that hold for every world of events, however wrong its records are (custody-graph sections 1 to 11)."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.timeline.expectations import Graph
from tests.timeline.notation import World, read_world
from tests.timeline.random_events import Table, random_table, tables, without
from tracegraph.model.custody import Certainty, Timeline
from tracegraph.model.facts import EventFacts
from tracegraph.timeline import compile_world

few = settings(max_examples=60)

#: Of an event that other units never meet: a lot of its own at a site that the tables use too.
UNRELATED = (
    "n1 d1 08:00 make lot N 10 kg at P",
    "n2 d2 08:00 ship lot N 10 kg P -> Q doc desadv:1",
    "n3 d3 08:00 use lot N 5 kg => lot M 5 kg at Q",
)


def compiled(world: World) -> dict[str, Timeline]:
    """Every owner that contributes anything."""
    return told(compile_world(world.events, world.master))


def told(timelines: Mapping[str, Timeline]) -> dict[str, Timeline]:
    """Timelines in one order of their parts, without units of which nothing is told."""
    return {owner: tidy(one) for owner, one in timelines.items() if one.holdings or one.joints or one.gaps}


def tidy(timeline: Timeline) -> Timeline:
    """Parts sorted, so that two timelines are equal where they say the same."""
    return Timeline(
        timeline.owner,
        timeline.kind,
        tuple(sorted(timeline.holdings, key=lambda holding: holding.id)),
        tuple(sorted(timeline.joints, key=lambda joint: joint.id)),
        tuple(sorted(set(timeline.legs), key=lambda leg: (leg.source, leg.target, leg.event, leg.rule))),
        tuple(sorted(set(timeline.gaps), key=repr)),
        timeline.aliases,
        timeline.lots,
    )


@pytest.mark.parametrize("first", range(0, 2000, 500))
def test_every_world_compiles(first: int) -> None:
    for seed in range(first, first + 500):
        table = random_table(seed, largest=12)
        world = table.world()
        try:
            compile_world(world.events, world.master)
        except Exception as error:  # whatever it is, the table must be shown
            pytest.fail(f"seed {seed}: {error!r}\n{table}")


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(
            """
            e1 d1 08:00 pack lot A into tote U at P
            e2 d2 10:00 pack lot A into tote T at P
            e3 d3 08:00 destroy tote T, tote U at P
            e4 d4 08:00 use lot A at P
            e5 d4 09:00 see lot A at Q
            """,
            id="one event ends two containers of one lot",
        ),
        pytest.param(
            """
            e1 d2 08:00 unpack lot A
            e2 d3 date pack lot A
            e3 d2 08:00 receive lot A into tote U
            e4 d3 08:00 use lot A
            e5 d2 10:00 pack lot A into tote T
            e6 d3 08:00 destroy tote T, tote U
            """,
            id="one event ends two containers of one lot, on a date",
        ),
        pytest.param(
            """
            e4 d3 date pack tote T
            e5 d3 08:00 make tote T at Q
            e8 d3 08:00 ship tote T into tote T Q ->
            r1 copies e5 id x
            """,
            id="a shipment on the date of two births",
        ),
    ],
)
def test_this_world_compiles(table: str) -> None:
    world = read_world(table)
    compile_world(world.events, world.master)


@few
@given(tables(), st.randoms(use_true_random=False))
def test_arrival_order_does_not_matter(table: Table, order: random.Random) -> None:
    world = table.world()
    shuffled = list(world.events)
    order.shuffle(shuffled)
    master = list(world.master)
    order.shuffle(master)
    assert told(compile_world(shuffled, master)) == compiled(world)


@few
@given(tables())
def test_duplicates_change_nothing(table: Table) -> None:
    world = table.world()
    assert told(compile_world([*world.events, *world.events[::-1]], world.master)) == compiled(world)


@few
@given(tables(references=False), st.integers(1, 7))
def test_a_retracted_event_never_was(table: Table, number: int) -> None:
    label = f"e{number}"
    if not any(line.split()[0] == label for line in table.events):
        return
    declared = Table((*table.events, f"r retracts {label}"), table.master)
    line = next(line for line in table.events if line.split()[0] == label)
    if " id " in line:
        declared = Table((*table.events, f"r retracts {label} id {line.split()[-1]}"), table.master)
    assert compiled(declared.world()) == compiled(without(table, label).world())


@few
@given(tables())
def test_what_is_unrelated_removes_nothing(table: Table) -> None:
    known = compiled(table.world())
    more = compiled(Table((*table.events, *UNRELATED), table.master).world())
    assert {owner: more.get(owner) for owner in known} == known


@few
@given(tables())
def test_legs_lead_from_node_to_node(table: Table) -> None:
    graph = graph_of(table.world())
    assert [leg for leg in graph.legs if leg.source not in graph.nodes or leg.target not in graph.nodes] == []


@few
@given(tables())
def test_confirmed_legs_never_go_back_in_time(table: Table) -> None:
    graph = graph_of(table.world())
    for leg in graph.legs:
        if leg.certainty is Certainty.CONFIRMED:
            source, target = graph.nodes[leg.source], graph.nodes[leg.target]
            assert began(source) <= leg.instant, f"{graph.label(source)} begins after {leg}"
            assert began(source) <= began(target) <= leg.instant + DAY, f"{leg}"


DAY = 86_400_000_000


def began(node: object) -> int:
    """When a holding begins, when a transformation happens."""
    since = getattr(node, "since", None)
    return int(since if since is not None else getattr(node, "instant", 0))


def graph_of(world: World) -> Graph:
    """The compiled world with readable names."""
    return Graph(world.names.name, compile_world(world.events, world.master))


# growth


def clock(minutes: int) -> str:
    """A day and time so many minutes after the first midnight."""
    return f"d{1 + minutes // 1440} {minutes // 60 % 24:02d}:{minutes % 60:02d}"


def many(early: str, late: str, apart: bool = False) -> Callable[[int], list[str]]:
    """So many times two lines, all of the first kind before the second (`apart`) or taking turns."""

    def made(count: int) -> list[str]:
        second = 2000 if apart else 11
        first = [f"s{i} {clock(10 + 2 * i)} {early.format(i=i)}" for i in range(count)]
        return [*first, *(f"r{i} {clock(second + 2 * i)} {late.format(i=i)}" for i in range(count))]

    return made


def on_one_date(early: str, late: str) -> Callable[[int], list[str]]:
    """The same on one date, of which only the date is known."""

    def made(count: int) -> list[str]:
        first = [f"s{i} d3 date {early.format(i=i)}" for i in range(count)]
        return [*first, *(f"r{i} d3 date {late.format(i=i)}" for i in range(count))]

    return made


SHAPES = {
    "one route": many("ship lot A 1 kg P -> Q", "receive lot A 1 kg P -> Q", apart=True),
    "one route, taking turns": many("ship lot A 1 kg P -> Q", "receive lot A 1 kg P -> Q"),
    "no destination": many("ship lot A 1 kg P ->", "receive lot A 1 kg at Q{i}"),
    "no destination, many origins": many("ship lot A 1 kg P{i} ->", "receive lot A 1 kg at Q{i}"),
    "other destinations": many("ship lot A 1 kg P -> D{i}", "receive lot A 1 kg at R"),
    "other documents": many("ship lot A 1 kg P -> D{i} doc po:{i}", "receive lot A 1 kg at R doc po:x{i}"),
    "many origins": many("ship lot A 1 kg P{i} -> Q", "receive lot A 1 kg -> Q"),
    "seen elsewhere": many("ship lot A 1 kg P -> D{i}", "see lot A at S{i}"),
    "called back": many("ship lot A 1 kg P -> D{i}", "void lot A 1 kg at P", apart=True),
    "born again and again": many("make lot A 1 kg at P{i}", "make lot A 1 kg at Q{i}"),
    "overdrawn": many("make lot A 1 kg at P{i}", "use lot A 5 kg => lot B{i} at P{i}"),
    "receipts out of the blue": many("make lot A 1 kg at P{i}", "receive lot A 1 kg at Q"),
    "used nobody knows where": many("make lot A 1 kg at P{i}", "use lot A => lot B{i}", apart=True),
    "packed and used": many("pack lot A 1 kg into tote T{i} at P", "use lot A 1 kg => lot B{i} at P", apart=True),
    "packed and received": many("pack lot A 1 kg into tote T{i} at P", "receive lot A 1 kg at Q"),
    "one tote, never unpacked": many("pack lot A 1 kg into tote T at P{i}", "see tote T at Q{i}"),
    "one batch": many("use lot A 1 kg at P batch t", "use => lot B 1 kg at P batch t"),
    "one date, shipped and born": on_one_date("ship lot A 1 kg P -> Q", "more lot A 1 kg at P"),
    "one date, shipped and received": on_one_date("ship lot A 1 kg P -> Q", "receive lot A 1 kg P -> Q"),
}
LEGS_PER_EVENT = 12


@pytest.mark.parametrize("shape", SHAPES)
def test_legs_grow_linearly(shape: str) -> None:
    counts = [legs_of(["e0 d1 00:00 make lot A 9999 kg at P", *SHAPES[shape](count)]) for count in (20, 40)]
    assert counts[1] <= 2.4 * counts[0], f"{counts} legs for 20 and 40 of each"
    assert counts[1] <= LEGS_PER_EVENT * 80, f"{counts[1]} legs for 80 events"


def legs_of(lines: Iterable[str]) -> int:
    """How many legs the world of these lines has."""
    events: list[EventFacts] = read_world("\n".join(lines)).events
    return sum(len(timeline.legs) for timeline in compile_world(events).values())


# worlds in which something was once lost, or confirmed that nothing shows


LOST = {
    "a tote is used twice: what was in it may have gone into the second use": (
        """
        e1 d1 08:00 make lot A 10 kg at P
        e2 d1 09:00 pack lot A 10 kg into tote T at P
        e3 d2 09:00 use tote T => lot B 5 kg at P
        e4 d3 09:00 use tote T => lot C 5 kg at P
        """,
        "A@P/e1",
        "C@P/e4",
    ),
    "a lot stands in two totes: either may have been opened": (
        """
        e1 d1 08:00 make lot A 30 kg at P
        e2 d1 09:00 pack lot A 30 kg into tote T at P
        e3 d1 10:00 use lot Z => lot A 30 kg at P
        e4 d1 11:00 pack lot A 30 kg into tote U at P
        e5 d1 18:00 use lot A 20 kg => lot B 20 kg at P
        """,
        "A@P/e3",
        "B@P/e5",
    ),
    "loose goods named beside a tote of the same lot leave with it": (
        """
        e1 d1 08:00 make lot A 60 kg at P
        e2 d1 09:00 pack lot A 60 kg into tote T at P
        e3 d1 10:00 use lot Z => lot A 40 kg at P
        e4 d1 11:00 ship tote T, lot A 40 kg P -> Q
        e5 d1 18:00 receive tote T, lot A 40 kg P -> Q
        e6 d1 19:00 use lot A 40 kg => lot B 40 kg at Q
        """,
        "A@P/e3",
        "B@Q/e6",
    ),
    "a shipment that may have arrived does not hide the tote that did": (
        """
        e1 d1 08:00 use lot Y => lot A 100 kg at R
        e2 d1 08:10 use lot Z => lot A 10 kg at P
        e3 d1 09:00 pack lot A 10 kg into tote T at P
        e4 d1 09:30 ship lot A 30 kg R -> Q
        e5 d1 10:00 ship tote T P -> Q
        e6 d1 18:00 receive tote T P -> Q
        e7 d1 19:00 use lot A 5 kg => lot B at Q
        """,
        "A@P/e2",
        "B@Q/e7",
    ),
    "two sites within the recorded one hold the lot": (
        """
        site P contains L
        site P contains M
        site L run by X
        site M run by X
        e1 d1 08:00 make lot A 50 kg at L
        e2 d1 08:00 use lot Z => lot A 50 kg at M
        e3 d1 09:00 use lot A 20 kg => lot B 20 kg at P
        """,
        "A@M/e2",
        "B@P/e3",
    ),
    "two sites of the shipping party hold the lot": (
        """
        site L run by X
        site M run by X
        e1 d1 08:00 make lot A 50 kg at L
        e2 d1 08:00 use lot Z => lot A 50 kg at M
        e3 d1 09:00 ship lot A 20 kg party X -> Y
        """,
        "A@M/e2",
        "A@transit/e3",
    ),
    "a delivery under a document that was received before, when nothing of it is left": (
        """
        e1 d1 08:00 make lot A 100 kg at P
        e2 d1 09:00 ship lot A 60 kg P -> Q doc po:7
        e3 d1 18:00 receive lot A 60 kg P -> Q doc po:7
        e4 d2 08:00 use lot A 60 kg => lot B 60 kg at Q
        e5 d3 18:00 receive lot A 40 kg P -> Q doc po:7
        """,
        "A@P/e1",
        "A@Q/e5",
    ),
    "sold and brought back to the same shop": (
        """
        e1 d1 08:00 make item i at P
        e2 d1 09:00 ship item i P -> Q doc po:7
        e3 d1 18:00 receive item i P -> Q doc po:7
        e4 d2 08:00 sell item i at Q
        e5 d3 18:00 receive item i at Q
        """,
        "i@Q/e3",
        "i@Q/e5",
    ),
    "inputs of a batch at a place that nobody recorded": (
        """
        e1 d1 08:00 make lot A 10 kg at P
        e2 d1 09:00 use lot A 10 kg batch t
        e3 d1 10:00 use => lot B 5 kg at P batch t
        e4 d1 10:00 use => lot C 5 kg at Q batch t
        """,
        "A@P/e1",
        "B@P/e3",
    ),
    "a batch recorded at a site and at a site within it": (
        """
        site P contains L
        site L run by X
        e1 d1 08:00 make lot A 10 kg at P
        e2 d1 09:00 use lot A 10 kg at P batch t
        e3 d1 10:00 use => lot B 5 kg at L batch t
        """,
        "A@P/e1",
        "B@L/e3",
    ),
    "a tote emptied on the date on which it was packed": (
        """
        e1 d1 08:00 make lot A 10 kg at P
        e2 d1 09:00 pack lot A 10 kg into tote T at P
        e3 d1 date unpack all from tote T at P
        e4 d2 09:00 ship tote T P -> Q doc po:1
        e5 d2 18:00 receive tote T P -> Q doc po:1
        """,
        "A@in T/e2",
        "A@P/e3",
    ),
    "a load for another destination is not the same load again": (
        """
        e1 d1 08:00 make lot A 100 kg at P
        e2 d1 09:00 ship lot A 60 kg P -> Q
        e3 d1 10:00 depart lot A 40 kg P -> R
        """,
        "A@P/e1",
        "A@R/e3",
    ),
    "a second run, stamped at its end after its goods left": (
        """
        e1 d1 09:00 ship lot A 10 kg P -> Q doc po:1
        e2 d1 10:00 ship lot A 10 kg P -> Q doc po:2
        e3 d1 11:00 use lot X => lot A 10 kg at P
        e4 d1 12:00 use lot Z => lot A 10 kg at P
        """,
        "A@P/e4",
        "A@transit/e2",
    ),
    "emptied on the date on which more of the same lot was packed: that part stays": (
        """
        e1 d1 08:00 make lot A 30 kg at P
        e2 d1 09:00 pack lot A 10 kg into tote T at P
        e3 d2 date pack lot A 10 kg into tote T at P
        e4 d2 date unpack all from tote T at P
        e5 d3 10:00 ship tote T P -> Q doc po:1
        e6 d3 18:00 receive tote T P -> Q doc po:1
        e7 d3 19:00 unpack all from tote T at Q
        """,
        "A@P/e1",
        "A@Q/e7",
    ),
    "taken from a tote that only may have been there: the tote is still followed": (
        """
        e1 d1 08:00 make item i at P
        e2 d1 09:00 pack item i into tote T at P
        e3 d1 10:00 ship tote T P -> Q
        e4 d2 08:00 use item i => lot B at Q
        e5 d3 08:00 receive tote T P -> R
        e6 d3 09:00 unpack all from tote T at R
        """,
        "i@in T/e2",
        "i@R/e6",
    ),
    "shown outside after its tote was packed over: it may have been unpacked before": (
        """
        e1 d1 08:00 make item i at P
        e2 d1 09:00 ship item i into tote T P -> Q doc po:1
        e3 d1 12:00 receive tote T P -> Q doc po:1
        e4 d2 09:00 ship item j into tote T Q -> R doc po:2
        e5 d2 12:00 receive tote T Q -> R doc po:2
        e6 d2 13:00 use item i => lot C at R
        """,
        "i@in T/e2",
        "i@Q/e3",
    ),
    "sold with its tote by an aggregation": (
        """
        e1 d1 08:00 make item i at P
        e2 d1 09:00 pack item i into tote T at P
        e3 d1 10:00 sell item i in tote T at P
        """,
        "i@P/e1",
        "i@sink retail_selling/e3",
    ),
}


@pytest.mark.parametrize("title", LOST)
def test_nothing_is_lost(title: str) -> None:
    table, start, end = LOST[title]
    assert end in reached(table, start, "possible")


UNSHOWN = {
    "which of two totes was opened": (
        LOST["a lot stands in two totes: either may have been opened"][0],
        "A@in T/e2",
        "B@P/e5",
    ),
    "which of two sites within it the goods left": (
        LOST["two sites within the recorded one hold the lot"][0],
        "A@L/e1",
        "B@P/e3",
    ),
    "taken from a tote that only may have been there": (
        LOST["taken from a tote that only may have been there: the tote is still followed"][0],
        "i@in T/e2",
        "i@Q/e4",
    ),
    "still in a tote that was packed over": (
        LOST["shown outside after its tote was packed over: it may have been unpacked before"][0],
        "i@in T/e2",
        "i@R/e6",
    ),
    "called back after it may have been received elsewhere": (
        """
        e1 d1 08:00 make lot A 10 kg at P
        e2 d1 09:00 ship lot A 10 kg P -> Q doc po:1
        e3 d1 10:00 receive lot A 10 kg P -> R doc po:1
        e4 d1 11:00 void lot A 10 kg at P doc po:1
        """,
        "A@transit/e2",
        "A@P/e4",
    ),
}


@pytest.mark.parametrize("title", UNSHOWN)
def test_nothing_is_confirmed_that_no_record_shows(title: str) -> None:
    table, start, end = UNSHOWN[title]
    assert end in reached(table, start, "possible")
    assert end not in reached(table, start, "confirmed")


def reached(table: str, start: str, certainty: str) -> set[str]:
    """Labels of what is reached forward from the holding with this label."""
    graph = graph_of(read_world(table))
    starts = [holding.id for holding in graph.holdings if graph.label(holding) == start]
    return {graph.label(holding) for holding in graph.reached(starts, "forward", certainty)}
