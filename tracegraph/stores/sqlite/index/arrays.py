"""The file of arrays of one generation: written once, mapped by every reader.

Readers map it copy-on-write: what they add for newer knowledge is in memory of their own, and the file never changes.
"""

from __future__ import annotations

import mmap
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracegraph.stores.sqlite.index.blocks import BLOCK, Blocks, Words, checksums
from tracegraph.stores.sqlite.index.manifest import Manifest, Section

Array = NDArray[Any]

SUMS = "sums"

#: How many items stand in a row, where not a single one: of spans where the entries of a node end, and how many there
#: are; of what is held, see `held`; of inputs, see `consumed`.
WIDTHS = {"forward_spans": 2, "backward_spans": 2, "held": 16, "amount_values": 4, "input": 2, "input_amount": 2}


class DamagedIndex(Exception):
    """The arrays are not what was written. Never leaves the store: the question is answered without the index."""


def plan_sections(wanted: Sequence[tuple[str, str, int, int]]) -> tuple[Section, ...]:
    """Sections one after the other, each at the begin of a block, from (name, kind, count, capacity); then the sums."""
    sections: list[Section] = []
    offset = blocks = 0
    for name, kind, count, capacity in wanted:
        sections.append(Section(name, kind, count, capacity, offset))
        offset += _rounded(capacity * np.dtype(kind).itemsize)
        blocks += data_blocks(sections[-1])
    sections.append(Section(SUMS, "u8", blocks, blocks, offset))
    return tuple(sections)


def data_blocks(section: Section) -> int:
    """How many blocks of a section hold items."""
    return _rounded(section.count * np.dtype(section.kind).itemsize) // BLOCK


def file_size(sections: Sequence[Section]) -> int:
    """The size of the file."""
    last = sections[-1]
    return last.offset + _rounded(last.capacity * np.dtype(last.kind).itemsize)


def _rounded(size: int) -> int:
    return -(-size // BLOCK) * BLOCK


def map_new(path: Path, sections: Sequence[Section]) -> tuple[mmap.mmap, dict[str, Array]]:
    """A file of zeros, and its sections as arrays to be filled; where the file is there, it is made longer. Room that
    stays zero takes no space on most disks."""
    size = max(file_size(sections), BLOCK)
    with path.open("r+b" if path.exists() else "w+b") as file:
        file.truncate(size)
        memory = mmap.mmap(file.fileno(), size)
    return memory, {section.name: _view(memory, section) for section in sections}


def seal(memory: mmap.mmap, arrays: dict[str, Array], sections: Sequence[Section]) -> str:
    """Write the checksums of all blocks; returns their sha256, which seals the whole file."""
    sums = arrays[SUMS]
    done = 0
    for section in sections[:-1]:
        words = _words(memory, section)
        sums[done : done + len(words)] = checksums(words)
        done += len(words)
    return sha256(sums.tobytes()).hexdigest()


class Arrays:
    """The arrays of a generation, mapped. Raises DamagedIndex where the file is not the one that the manifest means;
    what the blocks hold is checked when they are first needed."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        try:
            with (folder / manifest.file).open("rb") as file:
                self._memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        except (OSError, ValueError) as error:
            raise DamagedIndex(str(error)) from None
        if len(self._memory) != manifest.size or file_size(manifest.sections) > manifest.size:
            raise DamagedIndex(f"{manifest.file} has {len(self._memory)} bytes, not {manifest.size}")
        self._named = {section.name: _view(self._memory, section) for section in manifest.sections}
        sums = self._named[SUMS]
        if sha256(sums.tobytes()).hexdigest() != manifest.seal:
            raise DamagedIndex(f"the checksums in {manifest.file} are not those of its manifest")
        self._blocks = self._guarded(manifest.sections, sums)

    def __getitem__(self, name: str) -> Array:
        return self._named[name]

    def blocks(self, name: str) -> Blocks:
        """The checks of one array."""
        return self._blocks[name]

    def hold_all(self) -> bool:
        """Whether every block of the file is whole."""
        return all(blocks.hold_all() for blocks in self._blocks.values())

    def _guarded(self, sections: Sequence[Section], sums: Words) -> dict[str, Blocks]:
        found: dict[str, Blocks] = {}
        done = 0
        for section in sections[:-1]:
            words = _words(self._memory, section)
            width = np.dtype(section.kind).itemsize * WIDTHS.get(section.name, 1)
            found[section.name] = Blocks(words, sums[done : done + len(words)], BLOCK // width)
            done += len(words)
        return found


def _view(memory: mmap.mmap, section: Section) -> Array:
    items: Array = np.frombuffer(memory, dtype=section.kind, count=section.capacity, offset=section.offset)
    return items.reshape(-1, WIDTHS[section.name]) if section.name in WIDTHS else items


def _words(memory: mmap.mmap, section: Section) -> Words:
    blocks = data_blocks(section)
    words = np.frombuffer(memory, dtype=np.uint64, count=blocks * BLOCK // 8, offset=section.offset)
    return words.reshape(blocks, BLOCK // 8)
