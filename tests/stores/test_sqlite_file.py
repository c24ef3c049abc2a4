"""What the embedded store says to files that are foreign, newer, unreadable, read-only, full or damaged."""

from __future__ import annotations

import gc
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random
from textwrap import dedent
from threading import Barrier

import pytest

from tests.stores.children import WITHOUT_RIGHTS, WITHOUT_SPACE, environment, output_of
from tracegraph.contract.samples import ACTOR, event, graph_timeline, put, record, rich_timeline
from tracegraph.errors import (
    StoreDamaged,
    StoreError,
    StoreForeign,
    StoreFull,
    StoreLocked,
    StoreNewer,
    StoreReadOnly,
    StoreUnreachable,
    TracegraphError,
    UsageError,
)
from tracegraph.stores.port import HoldingQuery
from tracegraph.stores.sqlite import ledger_rows, open_sqlite
from tracegraph.stores.sqlite.graph_rows import TIMELINE_TABLES, UNIT


def filled(path: Path, count: int = 5) -> Path:
    """A closed store with a few events and a timeline."""
    store = open_sqlite(path)
    with store.write() as writing:
        writing.append([event(f"h{number}", "u") for number in range(count)], 1, ACTOR)
        writing.append([record("site", "s", data={"name": "S"})], 1, ACTOR)
        writing.replace(count, {"u": rich_timeline("u")})
    store.close()
    return path


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can enter, unlike tmp_path."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_text_file_is_foreign(tmp_path: Path) -> None:
    path = tmp_path / "events.json"
    path.write_text('{"type": "EPCISDocument"}' * 100)
    for create in (False, True):
        with pytest.raises(StoreForeign, match=r"events\.json is not a tracegraph store"):
            open_sqlite(path, create)
    assert names_in(tmp_path) == ["events.json"]
    assert path.read_text() == '{"type": "EPCISDocument"}' * 100


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_database_of_another_program_is_foreign(tmp_path: Path, journal: str) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"PRAGMA journal_mode = {journal}")
        connection.execute("CREATE TABLE ledger (position INTEGER)")
    before = path.read_bytes()
    for create in (False, True):
        with pytest.raises(StoreForeign, match=r"other\.db is a database of another program"):
            open_sqlite(path, create)
    assert names_in(tmp_path) == ["other.db"]
    assert path.read_bytes() == before


def test_newer_store(tmp_path: Path) -> None:
    path = filled(tmp_path / "store.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 3")
    with pytest.raises(StoreNewer, match=r"schema version 3, this program knows 2; update tracegraph"):
        open_sqlite(path)


def test_reading_creates_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachable, match="there is no store at"):
        open_sqlite(tmp_path / "store.db", create=False)
    assert names_in(tmp_path) == []


def test_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.touch()
    with pytest.raises(StoreUnreachable, match="there is no store at"):
        open_sqlite(path, create=False)
    assert path.stat().st_size == 0
    with closing(open_sqlite(path)) as store:
        assert store.head().count == 0


def test_missing_folder_and_folder_instead_of_file(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachable, match="its folder does not exist"):
        open_sqlite(tmp_path / "nowhere" / "store.db")
    with pytest.raises(StoreUnreachable, match="is a folder or a device"):
        open_sqlite(tmp_path)


def test_all_of_them_end_with_exit_status_4() -> None:
    for kind in (StoreForeign, StoreNewer, StoreLocked, StoreReadOnly, StoreFull, StoreDamaged, StoreUnreachable):
        assert issubclass(kind, StoreError)
        assert kind.exit_status == 4


def test_reading_changes_nothing(tmp_path: Path) -> None:
    path = filled(tmp_path / "store.db")
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    with closing(open_sqlite(path, create=False)) as store:
        assert store.head().count == 6
        assert list(store.verify()) == []
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert names_in(tmp_path) == ["store.db"]


def test_names_with_special_characters(tmp_path: Path) -> None:
    path = tmp_path / "50% off? #1 批次.db"
    filled(path)
    assert names_in(tmp_path) == [path.name]
    with closing(open_sqlite(path, create=False)) as store:
        assert store.head().count == 6


def test_relative_path_stays_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    with closing(open_sqlite("store.db")) as store:
        monkeypatch.chdir(tmp_path / "elsewhere")
        put(store)
        assert store.url == "sqlite:///store.db"
    assert names_in(tmp_path / "elsewhere") == []


def test_writers_sync_and_use_a_log(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with (
        closing(open_sqlite(path)) as store,
        store.write() as writing,
        writing._current_state() as connection,  # type: ignore[attr-defined]
    ):
        settings = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2}


def test_locked_by_another_program(tmp_path: Path) -> None:
    path = filled(tmp_path / "store.db")
    with closing(sqlite3.connect(path)) as other, closing(open_sqlite(path, busy_timeout=0.05)) as store:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreLocked, match=r"store\.db is being written by another process"), store.write():
            pass
        assert store.head().count == 6


WRITE = """
store = open_sqlite(argv[0], create=argv[1] == "create")
print(store.head().count, len(store.holdings(HoldingQuery())), list(store.verify()))
try:
    with store.write() as writing:
        writing.append([event("h")], 1, ACTOR)
    print("written")
except StoreError as error:
    print(type(error).__name__, error)
store.close()
"""


@pytest.mark.parametrize("create", ["create", "read"])
@pytest.mark.parametrize("closed", ["file", "folder", "both"])
def test_read_only_store_can_be_read(open_folder: Path, closed: str, create: str) -> None:
    path = filled(open_folder / "store.db")
    path.chmod(0o444 if closed != "folder" else 0o666)
    open_folder.chmod(0o777 if closed == "file" else 0o555)
    before = path.read_bytes()
    lines = output_of(WITHOUT_RIGHTS, WRITE, path, create)
    assert lines[0] == "6 3 []"
    assert lines[1].startswith("StoreReadOnly the store ")
    assert path.read_bytes() == before
    assert names_in(open_folder) == ["store.db"]


def test_read_only_store_beside_a_living_writer(open_folder: Path) -> None:
    path = filled(open_folder / "store.db")
    with closing(open_sqlite(path)) as store:
        put(store, graph_timeline("a", [], ["n"]))
        path.chmod(0o444)
        open_folder.chmod(0o555)
        assert output_of(WITHOUT_RIGHTS, WRITE, path, "read")[0] == "7 4 []"


def test_read_only_store_that_was_not_closed(open_folder: Path) -> None:
    """Its newest changes stand in a log that cannot be read without writing: that is said, not left out."""
    path = filled(open_folder / "store.db")
    with closing(open_sqlite(path)) as store:
        put(store)
        copy = open_folder / "copy.db"
        shutil.copy(path, copy)
        shutil.copy(f"{path}-wal", f"{copy}-wal")
    open_folder.chmod(0o555)
    code = """
    try:
        open_sqlite(argv[0], create=False)
    except StoreError as error:
        print(type(error).__name__, error)
    """
    (line,) = output_of(WITHOUT_RIGHTS, code, copy)
    assert line.startswith("StoreReadOnly ")
    assert "copy.db-wal" in line


def test_frozen_reader_notices_a_writer(open_folder: Path) -> None:
    """A reader in a folder that it may not write goes on with what another process writes meanwhile."""
    path = filled(open_folder / "store.db")
    open_folder.chmod(0o555)
    code = """
    import sys
    store = open_sqlite(argv[0], create=False)
    print(store.head().count, flush=True)
    sys.stdin.readline()
    print(store.head().count, flush=True)
    """
    program = f"import sys\nargv = sys.argv[1:]\n{WITHOUT_RIGHTS}\n{dedent(code)}"
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout
        assert child.stdin
        assert child.stdout.readline() == "6\n"
        open_folder.chmod(0o755)
        with closing(open_sqlite(path)) as store:
            put(store)
            child.stdin.write("\n")
            child.stdin.flush()
            assert child.stdout.readline() == "7\n"


def test_unreadable_store(open_folder: Path) -> None:
    path = filled(open_folder / "store.db")
    path.chmod(0o000)
    code = """
    try:
        open_sqlite(argv[0], create=False)
    except StoreError as error:
        print(type(error).__name__, error)
    """
    (line,) = output_of(WITHOUT_RIGHTS, code, path)
    assert line.startswith("StoreUnreachable ")


def test_full_disk(tmp_path: Path) -> None:
    """Nothing of the change that did not fit is stored; what was there is still readable and right."""
    path = filled(tmp_path / "store.db")
    code = """
    store = open_sqlite(argv[0])
    count = store.head().count
    try:
        for number in range(100):
            with store.write() as writing:
                writing.append([event(f"full {number} {part}", "u" * 1000) for part in range(20)], 1, ACTOR)
            count = store.head().count
    except StoreError as error:
        print(type(error).__name__, error)
    print(count == store.head().count, list(store.verify()))
    store.close()
    """
    lines = output_of(WITHOUT_SPACE, code, path)
    assert lines[0].startswith("StoreFull the store ")
    assert lines[1] == "True []"
    with closing(open_sqlite(path)) as store:
        assert (store.head().count - 6) % 20 == 0
        assert list(store.verify()) == []
        put(store)


def test_full_disk_from_the_start(tmp_path: Path) -> None:
    code = """
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
    try:
        open_sqlite(argv[0])
    except StoreError as error:
        print(type(error).__name__, error)
    """
    path = tmp_path / "store.db"
    (line,) = output_of(WITHOUT_SPACE, code, path)
    assert line.startswith("StoreFull ")
    with closing(open_sqlite(path)) as store:
        put(store)


def test_damaged_pages_are_faults(tmp_path: Path) -> None:
    path = filled(tmp_path / "store.db", 500)
    content = bytearray(path.read_bytes())
    middle = len(content) // 8192 * 4096
    content[middle : middle + 8192] = b"\xa5" * 8192
    path.write_bytes(content)
    with closing(open_sqlite(path, create=False)) as store:
        assert list(store.verify())


def test_truncated_file_is_damaged(tmp_path: Path) -> None:
    path = filled(tmp_path / "store.db", 500)
    os.truncate(path, 4096)
    with pytest.raises(StoreError) as raised, closing(open_sqlite(path, create=False)) as store:
        store.events()
    assert isinstance(raised.value, StoreDamaged | StoreForeign)


def test_missing_table_is_damage(tmp_path: Path) -> None:
    path = filled(tmp_path / "store.db")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TABLE leg")
    with closing(open_sqlite(path, create=False)) as store:
        with pytest.raises(StoreDamaged, match="no such table"):
            store.legs([1], "forward")
        assert any("no such table" in fault for fault in store.verify())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET facts = '[]'",
        "UPDATE event SET facts = 'no JSON'",
        "UPDATE record SET data = '{'",
        "UPDATE holding SET place_kind = 'sIte'",
        "DELETE FROM name WHERE number > 1",
    ],
)
def test_unreadable_rows_are_damage(tmp_path: Path, statement: str) -> None:
    """Whatever a row that is not ours does to a decoder, the error is one of ours."""
    path = filled(tmp_path / "store.db")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)
    with closing(open_sqlite(path, create=False)) as store:
        found = 0
        for question in (store.events, store.records, lambda: store.holdings(HoldingQuery()), store.gaps):
            try:
                question()
            except StoreDamaged:
                found += 1
        assert found
        assert list(store.verify())


def test_entries_out_of_order_end_the_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a torn page gives them: whoever reads on from the last one would read the same ones for ever."""
    path = filled(tmp_path / "store.db", 3)
    with closing(open_sqlite(path, create=False)) as store:
        first = next(store.entries())
        monkeypatch.setattr(ledger_rows, "LedgerEntry", lambda position, *rest: replace(first, position=5 - position))
        with pytest.raises(StoreDamaged, match="not in order"):
            list(store.entries(after=1))


def test_flipped_bits_are_found_or_without_effect(tmp_path: Path) -> None:
    """Whatever bit flips, no answer differs silently, and no error is one of the driver."""
    path = filled(tmp_path / "store.db")
    original = path.read_bytes()

    def answers() -> str:
        with closing(open_sqlite(path, create=False)) as store:
            everything = (list(store.entries()), store.events(), store.records(), store.timelines(["u"]))
            return repr(everything)

    expected = answers()
    random = Random(7)
    silent, found = 0, 0
    for _ in range(120):
        content = bytearray(original)
        content[random.randrange(len(content))] ^= 1 << random.randrange(8)
        path.write_bytes(content)
        try:
            changed = answers() != expected
            with closing(open_sqlite(path, create=False)) as store:
                faults = list(store.verify())
        except TracegraphError:
            faults, changed = ["error"], True
        found += bool(faults)
        silent += changed and not faults
    assert found > 0
    assert silent == 0


def test_half_a_surrogate_pair_is_refused(tmp_path: Path) -> None:
    with closing(open_sqlite(tmp_path / "store.db")) as store:
        with pytest.raises(TracegraphError, match="surrogate"), store.write() as writing:
            writing.append([event("h1"), event("h2", "unit \ud800")], 1, ACTOR)
        assert store.head().count == 0


def test_times_beyond_64_bits_are_refused(tmp_path: Path) -> None:
    with closing(open_sqlite(tmp_path / "store.db")) as store:
        with pytest.raises(TracegraphError, match="64 bits"), store.write() as writing:
            writing.append([record("site", "s", valid_from=2**63)], 1, ACTOR)
        with pytest.raises(UsageError, match=r"2\*\*53"), store.write() as writing:
            writing.append([event("h")], 2**53, ACTOR)
        assert store.head().count == 0


def test_every_question_has_an_index(tmp_path: Path) -> None:
    """What is asked of a large store reads no table from end to end."""
    path = filled(tmp_path / "store.db")
    statements = [
        "SELECT * FROM leg WHERE source IN (1, 2) AND known_to = 5",
        "SELECT * FROM leg WHERE target = 1 AND known_to > 5 AND known_from <= 5",
        "SELECT * FROM leg WHERE known_to < 9223372036854775807",
        "SELECT * FROM holding WHERE node IN (SELECT number FROM node WHERE unit IN (1, 2)) AND known_to = 5",
        "SELECT * FROM holding WHERE node IN (SELECT number FROM node WHERE event IN (1, 2)) AND known_to = 5",
        "SELECT * FROM holding WHERE place_kind = 'site' AND place IN (1, 2) AND known_to = 5",
        "SELECT * FROM holding WHERE place_kind = 'container' AND place IN (1, 2) AND known_to > 5 AND known_from <= 5",
        "SELECT * FROM holding WHERE party IN (1, 2) AND known_to = 5",
        "SELECT * FROM gap WHERE node IN (1, 2) AND known_to = 5",
        "SELECT * FROM gap WHERE node IS NULL AND unit IN (1, 2) AND known_to = 5",
        "SELECT * FROM event WHERE content_key IN (1, 2)",
        *(
            f"SELECT * FROM {table.name} WHERE {table.owned.replace(':owners', '?1')} AND known_to = 5"
            for table in (UNIT, *TIMELINE_TABLES)
        ),
    ]
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            plan = [
                row[3]
                for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", ["[]"] if "?1" in statement else [])
            ]
            assert not [step for step in plan if step.startswith("SCAN") and "json_each" not in step], (statement, plan)


def test_made_by_several_at_once(tmp_path: Path) -> None:
    """Whoever comes second finds the store that the first one made."""
    for turn in range(10):
        path = tmp_path / f"{turn}.db"
        start = Barrier(4)

        def make(path: Path = path, start: Barrier = start) -> str:
            start.wait()
            with closing(open_sqlite(path)) as store:
                put(store)
                return store.identity

        with ThreadPoolExecutor(4) as pool:
            identities = {future.result() for future in [pool.submit(make) for _ in range(4)]}
        assert len(identities) == 1
        with closing(open_sqlite(path, create=False)) as store:
            assert store.head().count == 4
            assert list(store.verify()) == []


def test_killed_while_making_the_store(tmp_path: Path) -> None:
    """What a killed process left is nothing yet, or a whole store; never something in between."""
    random = Random(3)
    code = "from tracegraph.stores.sqlite import open_sqlite; import sys; print(flush=True); open_sqlite(sys.argv[1])"
    for turn in range(10):
        path = tmp_path / f"{turn}.db"
        with subprocess.Popen(
            [sys.executable, "-c", code, str(path)], env=environment(), stdout=subprocess.PIPE
        ) as child:
            assert child.stdout
            child.stdout.readline()
            time.sleep(random.uniform(0, 0.02))
            child.kill()
        with closing(open_sqlite(path)) as store:
            put(store)
            assert list(store.verify()) == []


def test_forgotten_stores_let_go(tmp_path: Path) -> None:
    """Without close(), the file is still released and nothing is complained about."""
    path = filled(tmp_path / "store.db")
    store = open_sqlite(path)
    put(store)
    del store
    gc.collect()
    assert names_in(tmp_path) == ["store.db"]


def test_a_writer_lets_go_of_its_pages_now_and_then(tmp_path: Path) -> None:
    with closing(open_sqlite(tmp_path / "store.db")) as store:
        said: list[str] = []
        with store._connections.writing() as writer:  # type: ignore[attr-defined]
            writer.set_trace_callback(said.append)
        for _ in range(130):
            with store.write():
                pass
        assert said.count("PRAGMA shrink_memory") == 2
