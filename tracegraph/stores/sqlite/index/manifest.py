"""What an index says of itself, and the folder that it is in. Reading it needs no numpy, so that every process can tell
in microseconds whether there is an index that fits.

The folder `<store file>.index` holds `manifest.json`, which is replaced in one step when a new generation is whole, and
one file of arrays per generation. All of it can be deleted at any time.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

#: Raised when the arrays mean something else; an index of another format is ignored.
FORMAT = 3

MANIFEST = "manifest.json"
ARRAYS = ".arrays"

#: A manifest is small; whatever is larger is none.
_LONGEST = 100_000


@dataclass(frozen=True, slots=True)
class Section:
    """One array in the file: `kind` of its items as numpy names it, `count` items that are filled, `capacity` items in
    all (the rest is room for what comes later), `offset` in bytes."""

    name: str
    kind: str
    count: int
    capacity: int
    offset: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """One generation.

    `identity`, `lineage`, `position` and `head`: of which store, and up to which ledger entry, it tells. `last_leg` and
    `last_node`: the highest numbers of legs and nodes that are in it. `shift`: how many bits of an entry stand below
    the node number; `repeats`: some legs are there twice. `file`, `size` and `sections`: the arrays; `seal`: the sha256
    of the checksums of their blocks.
    """

    identity: str
    lineage: str
    position: int
    head: str
    last_leg: int
    last_node: int
    legs: int
    shift: int
    repeats: bool
    file: str
    size: int
    seal: str
    sections: tuple[Section, ...]
    format: int = FORMAT


def index_folder(store: Path) -> Path:
    """Where the index of the store in this file is."""
    return Path(f"{store}.index")


def encode_manifest(manifest: Manifest) -> bytes:
    """The manifest with a digest of itself."""
    told = asdict(manifest)
    return json.dumps({"manifest": told, "digest": _digest(told)}, indent=1).encode() + b"\n"


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest in the folder; None where there is none, or it is damaged, or of another format."""
    try:
        with (folder / MANIFEST).open("rb") as file:
            told = json.loads(file.read(_LONGEST))
        content = told["manifest"]
        if told["digest"] != _digest(content) or content["format"] != FORMAT:
            return None
        return Manifest(**{**content, "sections": tuple(Section(**section) for section in content["sections"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def manifest_mark(folder: Path) -> tuple[int, int, int] | None:
    """What changes when another manifest is published; None where there is none."""
    try:
        status = os.stat(folder / MANIFEST)  # noqa: PTH116 (asked before every question)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino, status.st_size


def _digest(content: dict[str, Any]) -> str:
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
