"""The folder that a benchmark works in: sizes, what is kept there, and what is made once and used by every section."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks.custody_data import Data, make
from benchmarks.measuring import told
from tracegraph.stores import open_store

#: Seconds after which an index that is being made is not waited for any longer.
LONGEST_BUILD = 900.0


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured. `events`: in the store that is traced (dense, withheld ones included); `sustained`: usual
    events that are captured by themselves for the rate; `late`: events withheld and captured when the index is there;
    `candidates`: units among which starts are drawn, so many per class of answers; `named`: events of one lot;
    `loads`: of one tote; `window`: of these, how many at the beginning and at the end are compared; `served`: events of
    each mix that are captured into Neo4j; `postings`: to accounts that are checked;
    `batch`: dense events per change (None: as many as the product stores at once by itself)."""

    title: str
    events: int
    sustained: int
    late: int
    candidates: int
    per_class: int
    commits: int
    cold: int
    named: int
    loads: int
    window: int
    served: int
    postings: int
    batch: int | None = None


SIZES = {
    "tiny": Size("a few hundred legs", 400, 300, 20, 150, 4, 20, 1, 60, 10, 5, 200, 400),
    "usual": Size("1 M legs", 236_000, 100_000, 1_000, 4_000, 67, 2_000, 7, 5_000, 500, 1_000, 20_000, 100_000),
    "large": Size(
        "10 M legs", 2_250_000, 1_000_000, 1_000, 4_000, 67, 2_000, 7, 100_000, 10_000, 1_000, 20_000, 100_000, 60_000
    ),
}


@dataclass(frozen=True)
class Workspace:
    """Paths and what lies there. Everything can be deleted; it is made again."""

    folder: Path
    name: str

    @property
    def size(self) -> Size:
        """How much is measured."""
        return SIZES[self.name]

    @property
    def home(self) -> Path:
        """What belongs to this size."""
        return self.folder / self.name

    @property
    def store(self) -> Path:
        """The store that is traced: dense events, the withheld ones not among them."""
        return self.home / "store.db"

    @property
    def dense(self) -> Path:
        """The events of that store."""
        return self.home / "dense"

    @property
    def usual(self) -> Path:
        """Events for the rate of capture."""
        return self.home / "usual"

    @property
    def temporary(self) -> Path:
        """What sections need for themselves."""
        return self.home / "temporary"

    def results(self, section: str) -> Path:
        """Where the outcome of a section is kept."""
        return self.home / "results" / f"{section}.json"

    @cached_property
    def made(self) -> dict[str, Any]:
        """What the generator said of the dense events."""
        described: dict[str, Any] = json.loads((self.dense / "data.json").read_text(encoding="utf-8"))
        return described["made"]  # type: ignore[no-any-return]

    def scratch(self, name: str) -> Path:
        """An empty folder for one section, removed when it ends."""
        folder = self.temporary / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def make_data(self) -> None:
        """The events, where they are not there yet."""
        dense = Data(self.size.events, density="dense", withhold=self.size.late)
        for folder, data in ((self.dense, dense), (self.usual, Data(self.size.sustained))):
            if not (folder / "data.json").exists():
                shutil.rmtree(folder, ignore_errors=True)
                with told(f"making {data.events:,} events"):
                    make(folder, data)


def count_entries(store: Path) -> int:
    """How many entries the ledger has now; 0 where there is no store yet. Looks only, and waits for nobody."""
    try:
        connection = sqlite3.connect(f"{store.absolute().as_uri()}?mode=ro", uri=True, timeout=0)
        try:
            return int(connection.execute("SELECT ifnull(max(position), 0) FROM ledger").fetchone()[0])
        finally:
            connection.close()
    except sqlite3.Error:
        return 0


def disk(path: Path) -> int:
    """Bytes that a file and what SQLite keeps beside it take, or all files below a folder."""
    files = path.rglob("*") if path.is_dir() else path.parent.glob(f"{path.name}*")
    statuses = [file.stat() for file in files if file.is_file()]
    return sum(getattr(status, "st_blocks", -(-status.st_size // 512)) * 512 for status in statuses)


def index_of(store: Path) -> Path:
    """The folder of its trace index."""
    return store.with_name(f"{store.name}.index")


def wait_for_index(store: Path) -> None:
    """Wait until nobody makes an index in the background any more: a large capture ends with starting that."""
    opened: Any = open_store(f"sqlite:///{store}", create=False)
    deadline = time.monotonic() + LONGEST_BUILD
    while opened.index_is_due() and time.monotonic() < deadline:
        time.sleep(0.25)
    opened.close()


def copy_store(store: Path, target: Path) -> Path:
    """A copy of a store that nobody uses, with its index."""
    for beside in store.parent.glob(f"{store.name}*"):
        copy = target / beside.name
        if beside.is_dir():
            shutil.copytree(beside, copy)
        else:
            shutil.copy2(beside, copy)
    return target / store.name


def sample(items: list[Any], count: int, seed: int = 5) -> list[Any]:
    """Some of them at random, the same every time."""
    return random.Random(seed).sample(items, min(count, len(items)))
