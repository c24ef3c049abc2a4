"""How the index of a store is: for people who look after it, and to tell when a new one is due."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tracegraph.stores.sqlite.index.manifest import MANIFEST, Manifest, index_folder, read_manifest
from tracegraph.stores.sqlite.index.rows import last_rows, read_standing

#: Legs up to which a store needs no index: SQL answers most questions in milliseconds.
FEWEST_LEGS = 50_000

#: Legs added since the last build, at least, before another is due; in a large store it is a hundredth of its legs,
#: because a build takes as long as the store is large. Every process reads the added legs once (docs/adr/004).
MOST_ADDED = 20_000


class State(StrEnum):
    """`behind`: in use, and brought forward by each process; `foreign`: of another store, or of another course of this
    one (a backup was restored); `stale`: rows were changed otherwise than by appending."""

    NONE = "none"
    CURRENT = "current"
    BEHIND = "behind"
    STALE = "stale"
    FOREIGN = "foreign"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Condition:
    """`added`: leg rows since it was made; `size`: bytes that it takes on the disk."""

    state: State
    legs: int = 0
    added: int = 0
    size: int = 0


def index_condition(connection: sqlite3.Connection, store: Path, thorough: bool = True) -> Condition:
    """How the index of the store in this file is; `thorough`: every block of it is read and checked."""
    folder = index_folder(store)
    manifest = read_manifest(folder)
    if manifest is None:
        return Condition(State.DAMAGED if (folder / MANIFEST).exists() else State.NONE, size=_size(folder))
    added = last_rows(connection)[0] - manifest.last_leg
    state = _standing(connection, manifest)
    if thorough and not _is_whole(folder, manifest):
        state = State.DAMAGED
    elif state is State.CURRENT and added:
        state = State.BEHIND
    return Condition(state, manifest.legs, max(added, 0), _size(folder))


def index_is_due(connection: sqlite3.Connection, store: Path) -> bool:
    """Whether making the index, or making it anew, is worth the while."""
    condition = index_condition(connection, store, thorough=False)
    if condition.state in (State.CURRENT, State.BEHIND):
        return condition.added > max(MOST_ADDED, condition.legs // 100)
    return last_rows(connection)[0] >= FEWEST_LEGS


def _standing(connection: sqlite3.Connection, manifest: Manifest) -> State:
    standing = read_standing(connection, manifest.position)
    if (standing.identity, standing.hash) != (manifest.identity, manifest.head):
        return State.FOREIGN
    return State.CURRENT if standing.lineage == manifest.lineage else State.STALE


def _is_whole(folder: Path, manifest: Manifest) -> bool:
    from tracegraph.stores.sqlite.index.arrays import Arrays, DamagedIndex

    try:
        return Arrays(folder, manifest).hold_all()
    except (DamagedIndex, ValueError):
        return False


def _size(folder: Path) -> int:
    """Room that was left for later and is still empty takes none, where the system can tell."""
    statuses = [path.stat() for path in folder.glob("*") if path.is_file()]
    return sum(getattr(status, "st_blocks", -(-status.st_size // 512)) * 512 for status in statuses)
