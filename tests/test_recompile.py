"""Recompiling through a store, event by event, gives what compiling all at once gives (custody-graph section 1)."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.timeline.notation import World
from tests.timeline.random_events import Table, random_table, tables
from tests.timeline.test_properties import tidy
from tracegraph.model.custody import Timeline
from tracegraph.recompile import Workbench, record_of, store_batch
from tracegraph.recompile.changes import Changes
from tracegraph.stores.port import NewEntry, Store
from tracegraph.stores.sqlite import open_sqlite
from tracegraph.timeline import compile_world
from tracegraph.timeline.long_history import LONG

stored = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def entries(world: World) -> list[NewEntry]:
    """Events in the order of the table, then master data."""
    events = [NewEntry(f"event {number}".encode(), facts=facts) for number, facts in enumerate(world.events)]
    return [*events, *(NewEntry(f"master {one.id}".encode(), record=record_of(one)) for one in world.master)]


def whole(world: World, arrived: Sequence[NewEntry]) -> dict[str, Timeline]:
    """What compiling everything that arrived at once gives."""
    known = {(entry.record.kind, entry.record.id) for entry in arrived if entry.record}
    master = [one for one in world.master if (one.kind, one.id) in known]
    return told(compile_world([entry.facts for entry in arrived if entry.facts], master))


def told(timelines: Mapping[str, Timeline]) -> dict[str, Timeline]:
    """Timelines in one order; a unit of which only gaps are told has no kind to compare."""
    found = {}
    for owner, one in timelines.items():
        if one.holdings or one.joints or one.gaps or one.aliases or one.lots:
            found[owner] = tidy(one if one.holdings or one.joints else replace(one, kind=""))
    return found


def owners(world: World) -> set[str]:
    """Everything that could own a part of the graph."""
    numbers = {number for facts in world.events for number in facts.numbers()}
    for facts in world.events:
        names = (facts.transformation, facts.content_hash, f"{facts.content_hash}#{facts.event_id}")
        numbers |= {f"transformation:{name}" for name in names if name}
    return numbers


def batches(arrivals: Sequence[NewEntry], cuts: Collection[int]) -> Iterable[Sequence[NewEntry]]:
    """The arrivals in batches that end at the cuts."""
    ends = [*sorted(cut for cut in set(cuts) if 0 < cut < len(arrivals)), len(arrivals)]
    return [arrivals[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def check(
    folder: Path,
    world: World,
    arrivals: Sequence[NewEntry],
    cuts: Collection[int],
    as_of: bool = True,
    remembered: int | None = 20_000,
    long_from: int = LONG,
) -> None:
    """Store the batches one after the other; compare the end, and each end of a batch as it is known later.
    `remembered`: how many owners the workbench keeps from batch to batch (None: nothing is kept); `long_from`: how many
    events make a long history."""
    workbench = None if remembered is None else Workbench(remembered=remembered, long_from=long_from)
    path = folder / "store.db"
    for left in folder.glob("store.db*"):
        left.unlink()
    with closing(open_sqlite(path)) as store:
        arrived: list[NewEntry] = []
        positions: list[tuple[int, dict[str, Timeline]]] = []
        for batch in batches(arrivals, cuts):
            store_batch(store, batch, 1000 + len(arrived), workbench=workbench)
            arrived.extend(batch)
            if as_of or len(arrived) == len(arrivals):
                positions.append((store.head().count, whole(world, arrived)))
        compare(store, world, positions)


def compare(store: Store, world: World, positions: Sequence[tuple[int, dict[str, Timeline]]]) -> None:
    """The current state is what the last position should show, each earlier one is still there as of then."""
    asked = owners(world)
    assert told(store.timelines(asked)) == positions[-1][1]
    for position, expected in positions:
        assert told(store.timelines(asked, at=position)) == expected, f"as of position {position}"


@stored
@given(table=tables(), order=st.randoms(use_true_random=False))
def test_any_order_and_batching_gives_the_whole(tmp_path: Path, table: Table, order: random.Random) -> None:
    world = table.world()
    arrivals = entries(world)
    order.shuffle(arrivals)
    cuts = [order.randint(0, len(arrivals)) for _ in range(order.randint(0, len(arrivals)))]
    check(
        tmp_path,
        world,
        arrivals,
        cuts,
        remembered=order.choice((None, 0, 1, 3, 20_000)),
        long_from=order.choice((1, 2, 3, LONG)),
    )


@pytest.mark.parametrize("seed", range(120))
def test_one_by_one_gives_the_whole(tmp_path: Path, seed: int) -> None:
    table = random_table(seed, largest=8)
    world = table.world()
    arrivals = entries(world)
    random.Random(seed).shuffle(arrivals)
    check(
        tmp_path,
        world,
        arrivals,
        range(len(arrivals)),
        as_of=False,
        remembered=(None, 2, 20_000)[seed % 3],
        long_from=seed % 4 + 1,
    )


CASES = {
    "a transformation is retracted": (
        """
        e1 d1 08:00 use lot A => lot B at P
        r1 retracts e1
        """,
        "e1 r1",
    ),
    "the public id of a transformation changes": (
        """
        e1 d1 08:00 use lot A => lot B at P
        r1 copies e1 id y
        """,
        "e1 r1",
    ),
    "one of several events of a batch is retracted": (
        """
        e1 d1 08:00 use lot A at P batch t
        e2 d1 09:00 use => lot B at P batch t
        e3 d1 07:00 use => lot C at Q batch t
        r1 retracts e3
        """,
        "e1 e2 e3 r1",
    ),
    "another number of a container becomes its first": (
        """
        e1 d1 08:00 make lot A 10 kg at P
        e2 d1 09:00 pack lot A 10 kg into lot T at P
        e3 d1 10:00 make lot Z at P
        e4 d1 11:00 see lot Z alias T at P
        """,
        "e1 e2 e3 e4",
    ),
    "the container's history changes at the instant at which a stay ends": (
        """
        e1 d1 08:00 make item i at P
        e2 d1 09:00 pack item i into tote T at P
        e3 d1 10:00 unpack all from tote T
        e4 d1 10:00 receive tote T at Q
        """,
        "e1 e2 e3 e4",
    ),
    "the outer of two containers moves, and the history of the inner one stays the same": (
        """
        e1 d2 date ship lot A 30 kg, tote U into tote U -> Q doc :1 id none
        e2 d1 08:00 ship tote T P -> Q doc desadv:1 id none
        e3 d1 date see lot A alias A seen at D at P id x
        e4 d1 08:00 unpack tote T from tote T at R
        e5 d1 08:00 pack tote U into tote T  id x
        e6 d2 08:00 sample lot A 5 pieces, lot B 30 kg seen at D at Q
        """,
        "e6 e5 e3 e2 e1 e4",
    ),
    "a unit is seen in the inner of two containers, of which the outer one is forgotten": (
        """
        e1 d1 08:00 make lot A 10 kg at P
        e2 d1 09:00 pack lot A 10 kg into tote U at P
        e3 d1 10:00 pack tote U into tote T at P
        e4 d1 11:00 ship tote T P -> Q
        e5 d1 12:00 receive tote T at Q
        e6 d1 13:00 see lot A at Q
        """,
        "e1 e2 e3 e4 e5 e6",
    ),
    "a unit is unpacked that was never packed, where its container is": (
        """
        e2 d1 08:00 make tote U at P
        e3 d1 09:00 unpack lot A from tote U
        """,
        "e3 e2",
    ),
    "a site above the site of a dock door becomes known": (
        """
        e1 d1 08:00 make lot A at D
        site D lies in Q
        site Q lies in R
        site R run by X
        """,
        "e1 D Q R",
    ),
    "who runs the site where the container of a unit stands becomes known": (
        """
        e1 d1 08:00 pack item i into tote T
        e2 d1 07:00 make tote T at P
        e3 d1 09:00 unpack item i from tote T
        site P run by X
        """,
        "e1 e2 e3 P",
    ),
}


@pytest.mark.parametrize("title", CASES)
def test_what_changes_is_recompiled(tmp_path: Path, title: str) -> None:
    text, order = CASES[title]
    lines = [line.strip() for line in text.strip().splitlines()]
    events = tuple(line for line in lines if not line.startswith("site "))
    world = Table(events, tuple(line for line in lines if line.startswith("site "))).world()
    labels = [line.split()[0] for line in events] + [world.names.name(one.id) for one in world.master]
    arrivals = dict(zip(labels, entries(world), strict=True))
    for remembered in (20_000, 1, 0):
        check(tmp_path, world, [arrivals[label] for label in order.split()], range(20), remembered=remembered)


def test_what_is_remembered_counts_only_while_nobody_else_writes(tmp_path: Path) -> None:
    """Two workbenches take turns, as two processes would; each notices that the store has moved on."""
    for seed in range(12):
        world = random_table(seed, largest=10).world()
        arrivals = entries(world)
        path = tmp_path / f"{seed}.db"
        benches = [Workbench(long_from=2), Workbench(long_from=2)]
        with closing(open_sqlite(path)) as store:
            for number, arrival in enumerate(arrivals):
                store_batch(store, [arrival], 1000 + number, workbench=benches[number % 3 % 2])
            compare(store, world, [(store.head().count, whole(world, arrivals))])


def test_a_change_that_fails_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a failed change compiled is not what the store holds; the same entries, given again, are stored whole."""
    for seed in range(12):
        world = random_table(seed, largest=10).world()
        arrivals = entries(world)
        bench = Workbench(long_from=2)
        with closing(open_sqlite(tmp_path / f"{seed}.db")) as store:
            for number, arrival in enumerate(arrivals):
                with monkeypatch.context() as patched:
                    patched.setattr(Changes, "write", lambda *_: 1 / 0)
                    with pytest.raises(ZeroDivisionError):
                        store_batch(store, [arrival], 1000 + number, workbench=bench)
                store_batch(store, [arrival], 1000 + number, workbench=bench)
            compare(store, world, [(store.head().count, whole(world, arrivals))])


@pytest.mark.parametrize("long_from", [1, LONG])
def test_other_digits_are_written(tmp_path: Path, long_from: int) -> None:
    """15 and 15.0 kg are equal, but what a late event makes of them is stored to the letter, as if it came in time."""
    world = Table(
        ("e1 d1 08:00 make lot A 10 kg at P", "e2 d1 10:00 more lot A 5 kg at P", "e3 d1 09:00 more lot A 0.0 kg at P")
    ).world()
    arrivals = entries(world)
    bench = Workbench(long_from=long_from)
    with closing(open_sqlite(tmp_path / "store.db")) as store:
        for number, arrival in enumerate(arrivals):
            store_batch(store, [arrival], 1000 + number, workbench=bench)
        assert repr(told(store.timelines(owners(world)))) == repr(whole(world, arrivals))
