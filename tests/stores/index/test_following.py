"""When an index is used, brought forward, left alone or ignored; and that nobody notices but by the clock."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from tests.stores.children import environment
from tests.stores.index.stores import COMPILED, IndexedStore, told
from tracegraph.contract.samples import ACTOR, event, graph_timeline, put
from tracegraph.model.custody import Timeline
from tracegraph.stores.port import HoldingQuery, Store
from tracegraph.stores.sqlite import open_sqlite
from tracegraph.stores.sqlite.index import asking, condition
from tracegraph.stores.sqlite.index.choice import Kernel
from tracegraph.stores.sqlite.index.condition import State
from tracegraph.stores.sqlite.index.manifest import MANIFEST, index_folder

NEVER = 10**6


def random_legs(random: Random, nodes: int = 40, legs: int = 80) -> list[tuple[str, str, bool]]:
    names = [f"n{number}" for number in range(nodes)]
    return [(random.choice(names), random.choice(names), random.random() < 0.7) for _ in range(legs)]


def legs_of(owner: str, legs: list[tuple[str, str, bool]]) -> Timeline:
    """Another owner's legs between the same nodes."""
    return replace(graph_timeline(owner, legs), holdings=())


def filled(path: Path, changes: int = 3) -> Store:
    """A store that has changed a few times."""
    store = open_sqlite(path, kernel=Kernel.SQL)
    random = Random(7)
    for _ in range(changes):
        put(store, graph_timeline("owner", random_legs(random)))
    return store


def starts(store: Store) -> list[int]:
    return [row.node for row in store.holdings(HoldingQuery())]


def answers(store: Store, nodes: list[int]) -> list[list[object]]:
    return [told(store, [node]) for node in nodes[::5]] + [told(store, nodes)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with closing(filled(tmp_path / "store.db")):
        return tmp_path / "store.db"


def indexed(path: Path, kernel: Kernel = Kernel.NUMPY) -> IndexedStore:
    store = IndexedStore(path, kernel, NEVER)
    assert store.build_index()
    return store


def same_as_sql(store: Store, path: Path) -> bool:
    with closing(open_sqlite(path, kernel=Kernel.SQL)) as plain:
        nodes = starts(plain)
        return answers(store, nodes) == answers(plain, nodes)


def test_used_after_it_is_made_and_after_more_is_known(path: Path) -> None:
    store = indexed(path)
    assert same_as_sql(store, path)
    before = store.answered
    assert before > 0
    put(store, legs_of("other", [("n1", "n2", True), ("n2", "n3", False)]))
    assert same_as_sql(store, path)
    assert store.answered > before
    assert store.index_condition().state is State.BEHIND


def test_a_new_generation_is_picked_up(path: Path) -> None:
    store = indexed(path)
    with closing(IndexedStore(path, Kernel.NUMPY, 1)) as other:
        put(other, legs_of("other", [("n1", "n2", True)]))
    assert same_as_sql(store, path)
    assert store.index_condition().state is State.CURRENT
    assert len(list(index_folder(path).glob("*.arrays"))) == 2, "the last generation stays until the next build"
    assert store.build_index()
    assert len(list(index_folder(path).glob("*.arrays"))) == 2


def test_positions_before_it_was_made_are_left_to_sql(path: Path) -> None:
    store = indexed(path)
    for at in range(5):
        with closing(open_sqlite(path, kernel=Kernel.SQL)) as plain:
            assert told(store, starts(plain), at) == told(plain, starts(plain), at)
    assert store.answered == 2 * 13, "positions 3 and 4"


def test_an_older_position_after_a_newer_one(path: Path) -> None:
    """Once brought forward it does not go back."""
    store = indexed(path)
    put(store, legs_of("other", [("n1", "n2", True)]))
    put(store, legs_of("other", [("n2", "n3", True)]))
    with closing(open_sqlite(path, kernel=Kernel.SQL)) as plain:
        for at in (4, 5, 4, 3, 5):
            assert told(store, starts(plain), at) == told(plain, starts(plain), at)


def test_a_change_that_is_not_finished_is_not_seen(path: Path) -> None:
    store = indexed(path)
    nodes = starts(store)
    before = answers(store, nodes)

    def undone() -> None:
        with store.write() as writing:
            position = writing.append([event("late")], 1, ACTOR)[0]
            writing.replace(position, {"owner": None})
            assert answers(store, nodes) == before
            assert writing.reach(nodes, "forward").source == []
            raise RuntimeError

    with pytest.raises(RuntimeError):
        undone()
    assert answers(store, nodes) == before


def test_rows_changed_behind_the_ledger_make_it_stale(path: Path) -> None:
    """What was known from position 3 on is said anew, at position 3."""
    store = indexed(path)
    with store.write() as writing:
        writing.replace(3, {"owner": graph_timeline("owner", [("n1", "n2", True)])})
    assert same_as_sql(store, path)
    assert store.answered == 0
    assert store.index_condition().state is State.STALE
    assert store.build_index()
    assert same_as_sql(store, path)
    assert store.answered > 0


def test_a_node_that_was_named_before_it_was_there(path: Path) -> None:
    """A leg leads to it, and later a holding says what it is."""
    store = indexed(path)
    put(store, legs_of("other", [("n1", "new", True), ("new", "n3", True)]))
    assert same_as_sql(store, path)
    before = store.answered
    assert before > 0
    put(store, graph_timeline("new unit", [], ["new"]))
    assert same_as_sql(store, path)
    assert store.index_condition().state is State.STALE
    assert store.build_index()
    assert same_as_sql(store, path)
    assert store.answered > before


def test_of_another_store(path: Path, tmp_path: Path) -> None:
    indexed(path).close()
    other = tmp_path / "other.db"
    filled(other, 4).close()
    shutil.copytree(index_folder(path), index_folder(other))
    with closing(IndexedStore(other, Kernel.NUMPY, NEVER)) as store:
        assert same_as_sql(store, other)
        assert store.answered == 0
        assert store.index_condition().state is State.FOREIGN


def test_of_another_course_of_the_same_store(path: Path, tmp_path: Path) -> None:
    """A copy was kept, both went on, and the copy took the place of the store."""
    copy = tmp_path / "copy.db"
    shutil.copyfile(path, copy)
    with closing(IndexedStore(path, Kernel.NUMPY, 1)) as store:
        put(store, graph_timeline("owner", [("n1", "n2", True)]))
    with closing(open_sqlite(copy)) as other, other.write() as writing:
        position = writing.append([event("another")], 2_000, ACTOR)[0]
        writing.replace(position, {"owner": graph_timeline("owner", [("n2", "n1", True)])})
    copy.replace(path)
    with closing(IndexedStore(path, Kernel.NUMPY, NEVER)) as store:
        assert same_as_sql(store, path)
        assert store.answered == 0
        assert store.index_condition().state is State.FOREIGN


def test_of_a_restored_store_that_is_behind_it(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    shutil.copyfile(path, copy)
    with closing(IndexedStore(path, Kernel.NUMPY, 1)) as store:
        put(store, graph_timeline("owner", [("n1", "n2", True)]))
    copy.replace(path)
    with closing(IndexedStore(path, Kernel.NUMPY, NEVER)) as store:
        assert same_as_sql(store, path)
        assert store.answered == 0


def lose_all(folder: Path) -> None:
    shutil.rmtree(folder)


def lose_the_arrays(folder: Path) -> None:
    for path in folder.glob("*.arrays"):
        path.unlink()


def cut_the_arrays(folder: Path) -> None:
    for path in folder.glob("*.arrays"):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty_the_arrays(folder: Path) -> None:
    for path in folder.glob("*.arrays"):
        path.write_bytes(b"\0" * path.stat().st_size)


def cut_the_manifest(folder: Path) -> None:
    (folder / MANIFEST).write_bytes((folder / MANIFEST).read_bytes()[:-40])


def change_the_manifest(folder: Path) -> None:
    told = json.loads((folder / MANIFEST).read_bytes())
    told["manifest"]["last_leg"] += 1
    (folder / MANIFEST).write_text(json.dumps(told))


def of_a_later_format(folder: Path) -> None:
    told = json.loads((folder / MANIFEST).read_bytes())
    told["manifest"]["format"] = 99
    (folder / MANIFEST).write_text(json.dumps(told))


@pytest.mark.parametrize(
    "damage",
    [
        lose_all,
        lose_the_arrays,
        cut_the_arrays,
        empty_the_arrays,
        cut_the_manifest,
        change_the_manifest,
        of_a_later_format,
    ],
)
def test_damage_costs_no_answer(path: Path, damage: Callable[[Path], None]) -> None:
    indexed(path).close()
    damage(index_folder(path))
    with closing(IndexedStore(path, Kernel.NUMPY, NEVER)) as store:
        assert same_as_sql(store, path)
        assert store.answered == 0
        assert store.index_condition().state is (State.NONE if damage is lose_all else State.DAMAGED)
        assert store.build_index()
        assert same_as_sql(store, path)
        assert store.index_condition().state is State.CURRENT


@pytest.mark.parametrize("kernel", COMPILED)
@pytest.mark.parametrize("late", [False, True])
def test_a_flipped_bit_never_gets_into_an_answer(path: Path, kernel: Kernel, late: bool) -> None:
    """Found, or where nothing is read."""
    indexed(path).close()
    if late:
        with closing(open_sqlite(path)) as store:
            put(store, graph_timeline("owner", random_legs(Random(8))))
    (arrays,) = index_folder(path).glob("*.arrays")
    whole = arrays.read_bytes()
    random = Random(f"{kernel} {late}")
    filled_bits = [8 * number + random.randrange(8) for number, byte in enumerate(whole) if byte]
    with closing(open_sqlite(path, kernel=Kernel.SQL)) as plain:
        nodes = starts(plain)
        expected = answers(plain, nodes)
    found = 0
    for bit in random.sample(filled_bits, 60):
        spoilt = bytearray(whole)
        spoilt[bit // 8] ^= 1 << bit % 8
        arrays.write_bytes(spoilt)
        with closing(IndexedStore(path, kernel, NEVER)) as store:
            assert answers(store, nodes) == expected, bit
            found += store.index_condition().state is State.DAMAGED
    assert found == 60


def test_too_much_was_added(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would have to be read by every process; SQL answers until the next build."""
    monkeypatch.setattr(asking, "MOST_PENDING", 50)
    store = indexed(path)
    put(store, legs_of("other", random_legs(Random(9))))
    assert same_as_sql(store, path)
    assert store.answered == 0
    assert store.build_index()
    assert same_as_sql(store, path)
    assert store.answered > 0


def test_when_it_is_due(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = IndexedStore(path, Kernel.AUTO, NEVER)
    assert not store.index_is_due(), "a small store needs none"
    monkeypatch.setattr(condition, "FEWEST_LEGS", 10)
    assert store.index_is_due()
    assert store.build_index()
    assert not store.index_is_due()
    monkeypatch.setattr(condition, "MOST_ADDED", 0)
    put(store, legs_of("other", random_legs(Random(9))))
    assert store.index_is_due()


def test_a_store_that_holds_no_legs(tmp_path: Path) -> None:
    store = IndexedStore(tmp_path / "store.db", Kernel.NUMPY, NEVER)
    assert store.build_index()
    assert told(store, [1]) == told(open_sqlite(tmp_path / "store.db", kernel=Kernel.SQL), [1])
    put(store, graph_timeline("owner", random_legs(Random(1))))
    assert same_as_sql(store, tmp_path / "store.db")


def test_numbers_that_no_array_can_hold(path: Path) -> None:
    """Nothing is made, and nothing is left behind."""
    from tracegraph.errors import UsageError

    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE leg SET cost = -1 WHERE rowid = (SELECT max(rowid) FROM leg)")
    store = IndexedStore(path, Kernel.NUMPY, NEVER)
    with pytest.raises(UsageError, match="too large"):
        store.build_index()
    assert [file.name for file in index_folder(path).iterdir()] == ["lock"]


def test_two_builds_at_once(path: Path) -> None:
    """The second one has nothing to do."""
    outer = IndexedStore(path, Kernel.NUMPY, NEVER)
    inner: list[bool] = []
    with closing(open_sqlite(path)) as other:
        assert outer.build_index(lambda done, total: inner.append(IndexedStore.build_index(other)))  # type: ignore[arg-type]
    assert set(inner) == {False}


BUILD = """
import os, signal, sys
from tracegraph.stores.sqlite import open_sqlite
from tracegraph.stores.sqlite.index import building

def killed(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)

setattr(building, sys.argv[2], killed)
open_sqlite(sys.argv[1]).build_index()
"""


@pytest.mark.parametrize("step", ["seal", "_publish", "_sync_folder"])
def test_a_build_that_is_killed(path: Path, step: str) -> None:
    """The old index stays, or the new one is there; what was half made goes away at the next build."""
    store = indexed(path)
    put(store, graph_timeline("owner", random_legs(Random(3))))
    ended = subprocess.run([sys.executable, "-c", BUILD, path, step], env=environment(), check=False)
    assert ended.returncode == -9
    assert same_as_sql(store, path)
    assert store.index_condition().state is (State.CURRENT if step == "_sync_folder" else State.BEHIND)
    assert store.build_index()
    assert store.build_index()
    assert len(list(index_folder(path).glob("*.arrays"))) == 2
    assert store.index_condition().state is State.CURRENT


def test_the_compiled_search_is_loaded_when_it_pays(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tracegraph.stores.sqlite.index import choice

    loaded: list[float] = []
    original = choice.choose_search

    def noting(kernel: Kernel, shift: int, spent: float):
        search, final = original(kernel, shift, spent)
        loaded.append(search.__module__.endswith("numba"))
        return search, final

    monkeypatch.setattr(asking, "choose_search", noting)
    monkeypatch.setattr("tracegraph.stores.sqlite.reaching.LOADED_BUDGET", 1)
    store = indexed(path, Kernel.AUTO)
    assert same_as_sql(store, path)
    assert not any(loaded)
    monkeypatch.setattr(choice, "PATIENCE", 0.0)
    assert same_as_sql(store, path)
    assert loaded[-1]
    assert loaded.count(True) == 1


def test_small_answers_stay_with_sql_in_a_process_that_has_not_used_it(path: Path) -> None:
    store = indexed(path, Kernel.AUTO)
    assert same_as_sql(store, path)
    assert store.answered == 0
