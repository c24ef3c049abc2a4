"""Amounts as whole numbers are those of the model; legs into nodes come each once and in order; damage is noticed; and
compiled loops give what interpreted ones do."""

from __future__ import annotations

import random
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import numba  # noqa: F401 (flows are told where it is loaded)
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.end_to_end.building import put
from tests.simulator.world import make_world
from tests.stores.index.stores import IndexedStore
from tracegraph import Tracegraph
from tracegraph.model.measures import measured
from tracegraph.model.quantity import Quantity
from tracegraph.stores.flow import INEXACT, LARGEST, NOT_KNOWN, SCALE
from tracegraph.stores.port import HoldingQuery
from tracegraph.stores.sqlite import open_sqlite
from tracegraph.stores.sqlite.index import asking, flowing
from tracegraph.stores.sqlite.index.choice import Kernel
from tracegraph.stores.sqlite.index.exact import Dimensions
from tracegraph.stores.sqlite.index.manifest import index_folder, read_manifest
from tracegraph.trace.infer.following import Inferring
from tracegraph.trace.infer.modes import Mode
from tracegraph.trace.reach import Starts
from tracegraph.trace.shares import arrays
from tracegraph.trace.shares.arrays import share_arrays
from tracegraph.trace.shares.flowing import INTERPRETED
from tracegraph.trace.snapshot import Snapshot

VALUES = some.one_of(
    some.none(),
    some.decimals(allow_infinity=True, allow_nan=True).map(str),
    some.decimals(min_value=0, max_value=10**9, places=4).map(str),
    some.sampled_from(["007", "1.50", ".5", "5.", "0", "90071992.54740992", "90071992.54740993"]),
)


@given(VALUES, some.sampled_from(["KGM", "LBR", "GRM", "CEL", "FAH", "LTR", "", "no such unit"]))
def test_whole_numbers_are_the_amounts_of_the_model(value: str | None, unit: str) -> None:
    exact, dimension = measured(Quantity(None if value is None else Decimal(value), unit))
    dimensions = Dimensions()
    found, number = dimensions.told(value, unit)
    if exact is None:
        assert (found, number) == (NOT_KNOWN, 0)
    else:
        assert found == (exact * SCALE if (exact * SCALE).denominator == 1 and exact * SCALE <= LARGEST else INEXACT)
        assert found == INEXACT or found / SCALE == float(exact)
        assert (number == dimensions.told("1", "KGM")[1]) == (dimension == "mass")


@given(some.integers(0, 10**6))
def test_legs_come_each_once_and_in_order(seed: int) -> None:
    """Into two nodes, by few legs or by many, some of which stand there twice, some closed, some from elsewhere."""
    draw = random.Random(seed)
    count, most = draw.choice((3, 40)), draw.choice((4, 60))
    told = [np.array([draw.randint(1, 2) for _ in range(most)]) for _ in range(3)]
    entries = np.array([draw.randint(0, count - 1) << 2 | draw.randint(0, 3) for _ in range(most)])
    middle = draw.randint(0, most)
    spans = np.zeros((count, 2), dtype=np.int64)
    nodes = np.array(draw.sample(range(1, count), 2))
    spans[nodes] = [(middle, middle), (most, most - middle)]
    ranks, first = np.zeros(count, dtype=np.int64), np.zeros(3, dtype=np.int64)
    keys, source, leg, low, others = (np.zeros(most, dtype=np.int64) for _ in range(5))
    met = flowing.INTERPRETED.enter(
        nodes, spans, entries, np.arange(most), 2, *told, ranks, keys, first, source, leg, low, others
    )
    numbers = [*nodes.tolist(), *others[:met].tolist()]
    assert len(set(numbers)) == len(numbers) == np.count_nonzero(ranks)
    for rank, (begin, end) in enumerate(((0, middle), (middle, most))):
        rows = {(entries[one], *(column[one] for column in told)) for one in range(begin, end) if entries[one] >> 2}
        here = slice(first[rank], first[rank + 1])
        assert source[here].tolist() == sorted(source[here])
        found = [
            (numbers[tail] << 2 | bits, *(column[one] for column in told))
            for tail, bits, one in zip(source[here], low[here], leg[here], strict=True)
        ]
        assert sorted(found) == sorted(rows)


def test_what_makes_no_sense_is_said() -> None:
    room = [np.zeros(4, dtype=np.int64) for _ in range(7)]
    legs = np.arange(1)
    for spans, entry in (([(0, 0), (1, 1)], 9 << 2), ([(0, 0), (5, 1)], 1 << 2), ([(0, 0), (1, 3)], 1 << 2)):
        columns = (np.array([1]), np.array(spans), np.array([entry]), legs, 2, legs, legs, legs)
        assert flowing.INTERPRETED.enter(*columns, *room) == -1


@pytest.fixture
def store(tmp_path: Path) -> Any:
    """A store of a small world, with its index."""
    with closing(IndexedStore(tmp_path / "store.db", Kernel.AUTO, every=10**6)) as store:
        put(Tracegraph(store), list(make_world(17, 1, "recorded").document["epcisBody"]["eventList"]))
        store.build_index()
        yield store


def asked(store: Any) -> list[str]:
    """The shares from some holdings, to the bit."""
    snapshot = Snapshot.of(store)
    found = [share_arrays(snapshot, Starts({row.node: True})) for row in snapshot.holdings(HoldingQuery())[::9]]
    return [repr(one and [column.tolist() for part in one[2:] for column in part]) for one in found]


def test_compiled_loops_give_the_same(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = asked(store)
    monkeypatch.setattr(asking, "compiled_loops", lambda: flowing.INTERPRETED)
    monkeypatch.setattr(arrays, "compiled_loops", lambda: INTERPRETED)
    assert asked(store) == compiled
    assert any(one != "None" for one in compiled)


def test_what_is_inferred_is_in_no_flow(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "compiled_loops", lambda: flowing.INTERPRETED)
    plain = Snapshot.of(store)
    nodes = [row.node for row in plain.holdings(HoldingQuery())]
    assert plain.flow(nodes) is not None
    assert Inferring.over(plain, Mode("fifo")).flow(nodes) is None


@pytest.mark.parametrize("section", ["held", "amount_values", "input", "input_amount", "pieces", "units"])
def test_damage_costs_the_flow_and_nothing_else(
    store: Any, tmp_path: Path, section: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "compiled_loops", lambda: flowing.INTERPRETED)
    nodes = [row.node for row in store.holdings(HoldingQuery())][::5]
    whole = [repr(store.flow([node])) for node in nodes]
    folder = index_folder(tmp_path / "store.db")
    manifest = read_manifest(folder)
    assert manifest is not None
    (place,) = (one.offset for one in manifest.sections if one.name == section)
    with (folder / manifest.file).open("r+b") as file:
        file.seek(place + 6)
        file.write(b"\xff")
    with closing(open_sqlite(tmp_path / "store.db")) as damaged:
        told = [repr(damaged.flow([node])) for node in nodes]
    assert all(one in ("None", other) for one, other in zip(told, whole, strict=True))
    assert told.count("None") > whole.count("None")
