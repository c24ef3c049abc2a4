"""Damage files behind a store's back: each case ends in *found* or *harmless*, never in another answer and silence.

Found: the store cannot be opened or asked (an error of tracegraph's own), or `verify` or the checkpoint says something.
Harmless: every answer is the same to the byte.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import Any

from tests.torture.stories import Story, answers_of, opened_at, steady_clock, story_of_name
from tracegraph import Tracegraph
from tracegraph.errors import TracegraphError
from tracegraph.stores.checkpoint import (
    create_key,
    format_checkpoint,
    make_checkpoint,
    parse_checkpoint,
    verify_checkpoint,
)
from tracegraph.stores.indexing import Indexable
from tracegraph.stores.sqlite import open_sqlite
from tracegraph.stores.sqlite.index.choice import Kernel
from tracegraph.stores.sqlite.index.condition import State
from tracegraph.stores.sqlite.store import SqliteStore

#: Bytes that one write of a disk, or one page of the file, covers.
SECTOR, PAGE = 512, 4096

CHECKPOINT = "checkpoint.json"

#: The folder of the index.
INDEX = "store.db.index"

Damage = Callable[[Random, bytes, bytes], bytes]


def flipped_bit(chance: Random, content: bytes, before: bytes) -> bytes:
    """One bit is the other way round."""
    changed = bytearray(content)
    changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def cut_tail(chance: Random, content: bytes, before: bytes) -> bytes:
    """The end is missing."""
    return content[: chance.randrange(len(content))]


def zeroed_sectors(chance: Random, content: bytes, before: bytes) -> bytes:
    """One to eight sectors were never written."""
    return _over(chance, content, lambda size: bytes(size))


def garbage_sectors(chance: Random, content: bytes, before: bytes) -> bytes:
    """One to eight sectors hold something else."""
    return _over(chance, content, chance.randbytes)


def _over(chance: Random, content: bytes, written: Callable[[int], bytes]) -> bytes:
    begin = chance.randrange(len(content)) // SECTOR * SECTOR
    size = min(len(content) - begin, SECTOR * chance.randint(1, 8))
    return content[:begin] + written(size) + content[begin + size :]


def torn_write(chance: Random, content: bytes, before: bytes) -> bytes:
    """Of what was written last, only some sectors arrived: the others are as they were before."""
    sectors = range(0, len(content), SECTOR)
    changed = [begin for begin in sectors if content[begin : begin + SECTOR] != before[begin : begin + SECTOR]]
    if not changed:
        return zeroed_sectors(chance, content, before)
    result = bytearray(content)
    for begin in chance.sample(changed, chance.randint(1, len(changed))):
        old = before[begin : begin + SECTOR]
        result[begin : begin + SECTOR] = old.ljust(len(content[begin : begin + SECTOR]), b"\0")
    return bytes(result)


def lost_page(chance: Random, content: bytes, before: bytes) -> bytes:
    """One page is as it was before: the write was acknowledged and lost."""
    pages = [
        begin for begin in range(0, len(before), PAGE) if content[begin : begin + PAGE] != before[begin : begin + PAGE]
    ]
    if not pages:
        return zeroed_sectors(chance, content, before)
    begin = chance.choice(pages)
    return content[:begin] + before[begin : begin + PAGE] + content[begin + PAGE :]


def misplaced_page(chance: Random, content: bytes, before: bytes) -> bytes:
    """One page was written over another one."""
    pages = range(len(content) // PAGE)
    if len(pages) < 2:
        return garbage_sectors(chance, content, before)
    here, there = (PAGE * page for page in chance.sample(pages, 2))
    return content[:here] + content[there : there + PAGE] + content[here + PAGE :]


DAMAGES: dict[str, Damage] = {
    "flipped bit": flipped_bit,
    "cut tail": cut_tail,
    "zeroed sectors": zeroed_sectors,
    "garbage sectors": garbage_sectors,
    "torn write": torn_write,
    "lost page": lost_page,
    "misplaced page": misplaced_page,
}


@dataclass(frozen=True)
class Scene:
    """A folder with a store, its checkpoint and its index, as it was a little earlier, and what it answers.

    `living`: copied while a writer had it open, so that its newest changes stand in the log.
    """

    folder: Path
    earlier: Path
    answers: dict[Any, Any]
    trusted: str

    def victim(self, chance: Random) -> str:
        """The file to damage, by its path inside the folder: mostly what holds events, seldom the checkpoint."""
        paths = [path for path in self.folder.rglob("*") if path.is_file() and path.stat().st_size]
        names = sorted(str(path.relative_to(self.folder)) for path in paths if not path.name.endswith("-shm"))
        if chance.random() < 0.05:
            return CHECKPOINT
        index = [name for name in names if INDEX in name]
        if index and chance.random() < 0.3:
            return chance.choice(index)
        return chance.choice([name for name in names if name not in (*index, CHECKPOINT)])


@lru_cache
def scene(name: str, living: bool) -> Scene:
    """The scene of a story; the log of a living one holds what the last half of the files brought."""
    story = story_of_name(name)
    base = Path(mkdtemp(prefix="tracegraph-torture-"))
    work, folder, earlier = base / "work", base / "now", base / "earlier"
    work.mkdir()
    files, half = story.write(base / "files"), len(story.files) // 2
    with steady_clock():
        _capture(work, files[:half])
        build_index(work)
        shutil.copytree(work, earlier)
        if not living:
            _capture(work, files[half:-2])
            build_index(work)
            shutil.rmtree(earlier)
            shutil.copytree(work, earlier)
            _capture(work, files[-2:])
            trusted = _checkpoint(work)
            shutil.copytree(work, folder)
        else:
            trusted = _left_open(work, folder, story, half)
    shutil.rmtree(work)
    return Scene(folder, earlier, story.answers, trusted)


def _capture(folder: Path, files: list[Path]) -> None:
    with opened_at(folder) as graph:
        graph.capture(*files, rejects=None)


def _left_open(work: Path, folder: Path, story: Story, half: int) -> str:
    """Copy the folder while a writer has it open."""
    with opened_at(work) as graph:
        graph.capture(*story.write(work.parent / "files")[half:], rejects=None)
        trusted = _checkpoint(work)
        shutil.copytree(work, folder)
    assert (folder / "store.db-wal").stat().st_size > PAGE
    return trusted


def _checkpoint(folder: Path) -> str:
    """Write a checkpoint of the store; returns the name of the key to trust."""
    key = create_key()
    with opened_at(folder, create=False) as graph:
        (folder / CHECKPOINT).write_text(format_checkpoint(make_checkpoint(graph.store, key, 1)), encoding="utf-8")
    return key.name


def build_index(folder: Path) -> None:
    """The trace index of the folder's store."""
    with closing(open_sqlite(folder / "store.db", create=False)) as store:
        assert isinstance(store, Indexable)
        assert store.build_index()


def damaged_files(chance: Random, folder: Path) -> str:
    """One damage to one file."""
    told = scene(str(chance.randrange(2)), living=chance.random() < 0.5)
    shutil.copytree(told.folder, folder / "store")
    name = told.victim(chance)
    path, old = folder / "store" / name, told.earlier / name
    content, before = path.read_bytes(), old.read_bytes() if old.exists() else b""
    changed = content
    while changed == content:
        kind = chance.choice(list(DAMAGES))
        changed = DAMAGES[kind](chance, content, before)
    path.write_bytes(changed)
    what = f"{kind} of {name}"
    try:
        if INDEX in name:
            return f"index: {outcome_of_index(folder / 'store', told)}"
        kernel = chance.choice([Kernel.AUTO, Kernel.NUMPY])
        return f"{Path(name).name}: {outcome(folder / 'store', told, kernel)}"
    except Exception as error:
        raise AssertionError(what) from error


def outcome(folder: Path, told: Scene, kernel: Kernel) -> str:
    """Found or harmless; AssertionError for another answer and silence, anything but a TracegraphError passes
    through."""
    found = False
    answers: dict[Any, Any] | None = None
    try:
        with searched(folder, kernel) as graph:
            answers = answers_of(graph)
    except TracegraphError:
        found = True
    found = found or bool(findings(folder, told))
    if answers is not None and answers != told.answers:
        found = found or bool(findings(folder, told, deep=True))
        different = [asked for asked in told.answers if answers.get(asked) != told.answers[asked]]
        assert found, f"{len(different)} of {len(told.answers)} answers differ, and nothing says so: {different[:3]}"
    return "found" if found else "harmless"


def outcome_of_index(folder: Path, told: Scene) -> str:
    """An index may cost time, never an answer: whatever became of it, each is the same, and no error is raised."""
    with searched(folder, Kernel.NUMPY) as graph:
        assert answers_of(graph) == told.answers, "other answers with a damaged index"
    with closing(SqliteStore(folder / "store.db", create=False)) as store:
        state = store.index_condition().state
    return "harmless" if state in (State.CURRENT, State.BEHIND) else "found"


@contextmanager
def searched(folder: Path, kernel: Kernel) -> Iterator[Tracegraph]:
    """The store of the folder, its legs followed by this kernel."""
    with Tracegraph(open_sqlite(folder / "store.db", create=False, kernel=kernel)) as graph:
        yield graph


def findings(folder: Path, told: Scene, deep: bool = False) -> list[str]:
    """What verify (`deep`: compared with what the ledger says) and the checkpoint say, the errors that they end with
    included."""
    try:
        checkpoint = parse_checkpoint((folder / CHECKPOINT).read_text("utf-8", "replace"))
        with opened_at(folder, create=False) as graph:
            return [*graph.verify(deep=deep), *verify_checkpoint(graph.store, checkpoint, told.trusted)]
    except TracegraphError as error:
        return [str(error)]


def cut_tails(chance: Random, folder: Path) -> str:
    """The newest changes are gone, by a cut log or an old copy: what is left is valid, and the checkpoint counts what
    is missing."""
    told = scene(str(chance.randrange(2)), living=True)
    shutil.copytree(told.folder, folder / "store")
    store, log = folder / "store" / "store.db", folder / "store" / "store.db-wal"
    if chance.random() < 0.2:
        log.unlink()
    else:
        os.truncate(log, chance.randrange(log.stat().st_size))
    with opened_at(folder / "store", create=False) as graph:
        count = graph.store.head().count
        assert list(graph.verify()) == [], f"what is left of {store.name} is a valid, shorter ledger"
    checkpoint = parse_checkpoint((told.folder / CHECKPOINT).read_text("utf-8"))
    missing = checkpoint.count - count
    if not missing:
        return "nothing missing"
    (fault,) = findings(folder / "store", told)
    assert fault.startswith(f"{missing} ledger entr"), fault
    return "missing entries counted"
