"""Kill the care of a store: index build, backup, migration and the like. The store stays whole, what is half done
passes for nothing, and the same command, given again, ends well."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.stores.released.answers import answers_of as released_answers
from tests.torture.damage import searched
from tests.torture.killing import Doom, End, drawn, work_until
from tests.torture.stories import Story, answers_of, opened_at, steady_clock, story_of, story_of_name, url_of
from tracegraph import cli
from tracegraph.errors import StoreOlder
from tracegraph.stores.sqlite.index.choice import Kernel
from tracegraph.stores.sqlite.index.condition import State
from tracegraph.stores.sqlite.store import SqliteStore

BACKUP = "backup.db"

#: Stores of earlier versions, and what they answer.
RELEASED = Path(__file__).parents[1] / "stores" / "released"


@dataclass(frozen=True, slots=True)
class Care:
    """A command on the store of a folder: its arguments, what must be there before, what must hold after a kill
    at any moment, and what once it has ended well."""

    arguments: tuple[str, ...]
    prepare: Callable[[Story, Path], None]
    whenever: Callable[[Story, Path], None]
    finished: Callable[[Story, Path], None]


def killed_in(care: Care, chance: Random, folder: Path) -> str:
    """One command, killed, then given again and let through."""
    story = story_of(chance)
    care.prepare(story, folder)
    end = work_until(commanded(care, folder), folder, drawn(chance, untroubled(care, story.name)))
    care.whenever(story, folder)
    again = work_until(commanded(care, folder), folder, Doom())
    assert not again.killed
    care.finished(story, folder)
    left = [path.name for path in folder.iterdir() if path.name not in EXPECTED and not path.name.startswith(KEPT)]
    assert not left, f"left behind: {left}"
    return "killed" if end.killed else "ended before the kill"


def commanded(care: Care, folder: Path) -> Callable[[Callable[[int], None]], None]:
    """Work that gives the command."""

    def work(acknowledge: Callable[[int], None]) -> None:
        os.chdir(folder)
        arguments = [one.format(folder=folder) for one in care.arguments]
        assert cli.main(["--store", url_of(folder), *arguments]) == 0

    return work


@lru_cache
def untroubled(care: Care, name: str) -> End:
    """How many steps and seconds the command takes."""
    with TemporaryDirectory() as folder:
        care.prepare(story_of_name(name), Path(folder))
        return work_until(commanded(care, Path(folder)), Path(folder), Doom())


def capture_all(story: Story, folder: Path) -> None:
    """The store of the folder holds the whole story."""
    with steady_clock(), opened_at(folder) as graph:
        graph.capture(*story.write(folder / "files"), rejects=None)


def store_is_whole(story: Story, folder: Path) -> None:
    """Nothing of the store has changed."""
    with opened_at(folder, create=False) as graph:
        assert story.captured(graph.store) == len(story.files)
        assert answers_of(graph) == story.answers


def backup_is_whole_or_none(story: Story, folder: Path) -> None:
    """The store has not changed, and what bears the name of the backup is one."""
    store_is_whole(story, folder)
    if (folder / BACKUP).exists():
        copy = folder / "copy"
        copy.mkdir(exist_ok=True)
        shutil.copy(folder / BACKUP, copy / "store.db")
        store_is_whole(story, copy)
        shutil.rmtree(copy)


def capture_half(story: Story, folder: Path) -> None:
    """The store of the folder holds half of the story, its backup all of it."""
    whole = folder / "whole"
    whole.mkdir()
    capture_all(story, whole)
    (whole / "store.db").rename(folder / BACKUP)
    shutil.rmtree(whole)
    with steady_clock(), opened_at(folder) as graph:
        graph.capture(*story.write(folder / "files")[: len(story.files) // 2], rejects=None)


def store_is_half_or_whole(story: Story, folder: Path) -> None:
    """The store is as before, or as restored."""
    with opened_at(folder, create=False) as graph:
        assert story.captured(graph.store) in (len(story.files) // 2, len(story.files))


def backup_is_whole(story: Story, folder: Path) -> None:
    """There is a backup, and it is one."""
    assert (folder / BACKUP).exists()
    backup_is_whole_or_none(story, folder)


def index_costs_no_answer(story: Story, folder: Path) -> None:
    """Whatever there is of an index, the answers found with it are the same."""
    store_is_whole(story, folder)
    with searched(folder, Kernel.NUMPY) as graph:
        assert answers_of(graph) == story.answers


def index_is_current(story: Story, folder: Path) -> None:
    """There is an index of now, and the answers found with it are the same."""
    index_costs_no_answer(story, folder)
    with closing(SqliteStore(folder / "store.db", create=False)) as store:
        assert store.index_condition().state is State.CURRENT


def put_released(story: Story, folder: Path) -> None:
    """A store as the first version made it."""
    shutil.copy(RELEASED / "version_1.sqlite", folder / "store.db")


def migrated_or_not(story: Story, folder: Path) -> None:
    """The store is as it was, to the byte, or migrated."""
    try:
        migrated(story, folder)
    except StoreOlder:
        assert (folder / "store.db").read_bytes() == (RELEASED / "version_1.sqlite").read_bytes()


def migrated(story: Story, folder: Path) -> None:
    """The store answers as it did when it was released."""
    with opened_at(folder, create=False) as graph:
        assert list(graph.verify()) == []
        assert released_answers(graph) == json.loads((RELEASED / "version_1.json").read_text(encoding="utf-8"))


#: What may lie in the folder when all is done.
EXPECTED = {"store.db", "store.db.index", BACKUP, "files", "killed.log"}
#: How the names of stores begin that a command replaced and keeps.
KEPT = ("store.db.before-", "store.db.version-")

BACKING_UP = Care(("backup", f"{{folder}}/{BACKUP}", "--force"), capture_all, backup_is_whole_or_none, backup_is_whole)
RESTORING = Care(("restore", f"{{folder}}/{BACKUP}", "--force"), capture_half, store_is_half_or_whole, store_is_whole)
COMPACTING = Care(("compact",), capture_all, store_is_whole, store_is_whole)
REBUILDING = Care(("rebuild",), capture_all, store_is_whole, store_is_whole)

INDEXING = Care(("index",), capture_all, index_costs_no_answer, index_is_current)
MIGRATING = Care(("migrate",), put_released, migrated_or_not, migrated)

killed_in_index = partial(killed_in, INDEXING)
killed_in_migration = partial(killed_in, MIGRATING)
killed_in_backup = partial(killed_in, BACKING_UP)
killed_in_restore = partial(killed_in, RESTORING)
killed_in_compact = partial(killed_in, COMPACTING)
killed_in_rebuild = partial(killed_in, REBUILDING)
