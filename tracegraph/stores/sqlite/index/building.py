"""Making a generation of the index: one consistent state of the store is read while writers go on, the arrays are
written beside the store and synced, and then the manifest is replaced in one step."""

from __future__ import annotations

import gc
import os
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from tracegraph.errors import StoreFull, StoreReadOnly, UsageError
from tracegraph.stores.sqlite.index.arrays import Array, file_size, map_new, plan_sections, seal
from tracegraph.stores.sqlite.index.consumed import Consumed
from tracegraph.stores.sqlite.index.exact import Dimensions
from tracegraph.stores.sqlite.index.held import WORDS, Amounts, fill_held
from tracegraph.stores.sqlite.index.locking import only_one
from tracegraph.stores.sqlite.index.manifest import (
    ARRAYS,
    MANIFEST,
    Manifest,
    encode_manifest,
    index_folder,
    read_manifest,
)
from tracegraph.stores.sqlite.index.repeats import may_repeat
from tracegraph.stores.sqlite.index.rows import last_rows, read_all_legs, read_nodes, read_products, read_standing
from tracegraph.stores.sqlite.ledger_rows import read_head

#: Called now and then with how many legs have been read, of about how many.
Progress = Callable[[int, int], None]

_UNFIT = "the store has too many legs, or numbers too large, for a trace index; answers do not need one, go on without"

#: Numbers of nodes, names and legs above this are not indexed.
_LARGEST = 2**31 - 1


@dataclass(slots=True)
class _Legs:
    """The current legs as columns, in order of their rows."""

    row: Array
    source: Array
    target: Array
    event: Array
    rule: Array
    low: Array
    instant: Array


def build_index(connection: sqlite3.Connection, store: Path, progress: Progress | None = None) -> bool:
    """Index the connection's state of the store in this file, and publish it; False where another process is doing so.

    Raises StoreReadOnly, StoreFull, and UsageError where the store cannot be indexed.
    """
    folder = index_folder(store)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise StoreReadOnly(
            f"the index folder {folder} cannot be made: {error.strerror}; allow writing beside the store"
        ) from None
    with only_one(folder) as alone:
        if not alone:
            return False
        _tidy(folder)
        file = f"{uuid.uuid4().hex}{ARRAYS}"
        try:
            with _collector_paused():
                manifest = _write(connection, folder, file, progress or (lambda done, total: None))
            _publish(folder, manifest)
        except BaseException as error:
            _tidy(folder)
            if isinstance(error, OSError):
                raise StoreFull(f"the index folder {folder} cannot be written: {error.strerror}; make space") from None
            raise
        return True


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Rows by the million form no circles, and looking for some takes a sixth of a build."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _tidy(folder: Path) -> None:
    """Remove what no manifest names: generations before the last, and what a killed build left. Readers that still map
    such a file keep it."""
    current = read_manifest(folder)
    for path in [*folder.glob(f"*{ARRAYS}"), *folder.glob("*.new")]:
        if current is None or path.name != current.file:
            with suppress(OSError):
                path.unlink()


def _publish(folder: Path, manifest: Manifest) -> None:
    waiting = folder / f"{manifest.file}.new"
    with waiting.open("wb") as file:
        file.write(encode_manifest(manifest))
        file.flush()
        os.fsync(file.fileno())
    waiting.replace(folder / MANIFEST)
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    """Make the renaming durable, where a folder can be synced."""
    with suppress(OSError), _descriptor(folder) as descriptor:
        os.fsync(descriptor)


@contextmanager
def _descriptor(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _write(connection: sqlite3.Connection, folder: Path, file: str, progress: Progress) -> Manifest:
    head = read_head(connection)
    last_leg, last_node = last_rows(connection)
    legs = _read_legs(connection, last_leg, progress)
    nodes = 1 + max(_largest(legs.source), _largest(legs.target), last_node)
    if nodes > _LARGEST // 4:
        raise UsageError(_UNFIT)
    shift = max(2, _largest(legs.low).bit_length())
    kind = "<i4" if (nodes + _room(nodes)) << shift <= _LARGEST else "<i8"
    wanted = _wanted(len(legs.row), nodes, kind)
    _, arrays = map_new(folder / file, plan_sections(wanted))
    _fill_units(connection, arrays["units"])
    dimensions = Dimensions()
    amounts, consumed = Amounts(dimensions), Consumed(dimensions)
    fill_held(connection, arrays["held"], amounts)
    for name, column in (("event", legs.event), ("rule", legs.rule), ("instant", legs.instant), ("row", legs.row)):
        arrays[name][: len(column)] = column
    for direction, here, there in (("forward", legs.source, legs.target), ("backward", legs.target, legs.source)):
        order = np.argsort(here, kind="stable")
        arrays[f"{direction}_legs"][: len(order)] = order
        _fill_spans(arrays[f"{direction}_spans"], here, nodes)
        _fill_entries(arrays[f"{direction}_entries"], there, legs.low, order, shift)
    consumed.fill(connection, arrays, shift, _fill_pieces(connection, arrays["pieces"], arrays["units"]))
    sections = plan_sections([*wanted, *_wanted_amounts(amounts, consumed)])
    memory, arrays = map_new(folder / file, sections)  # longer: the same arrays, the amounts, and the sums
    arrays["amount_ends"][:] = amounts.ends
    arrays["amount_text"][:] = np.frombuffer(amounts.text, dtype=np.uint8)
    for name, values in (
        ("amount_values", amounts.values),
        ("input", consumed.names),
        ("input_amount", consumed.amounts),
    ):
        arrays[name].reshape(-1)[:] = values
    standing = read_standing(connection, head.count)
    digest = seal(memory, arrays, sections)
    memory.flush()
    with (folder / file).open("rb+") as written:
        os.fsync(written.fileno())
    return Manifest(
        identity=standing.identity,
        lineage=standing.lineage,
        position=head.count,
        head=standing.hash,
        last_leg=last_leg,
        last_node=last_node,
        legs=len(legs.row),
        shift=shift,
        repeats=may_repeat((legs.source, legs.target, legs.event, legs.rule, legs.low, legs.instant)),
        file=file,
        size=file_size(sections),
        seal=digest,
        sections=sections,
    )


def _wanted(legs: int, nodes: int, kind: str) -> list[tuple[str, str, int, int]]:
    """Name, kind, items and capacity of each array; spans have two numbers per node."""
    most, places = legs + _room(legs), nodes + _room(nodes)
    return [
        ("forward_spans", "<i4", 2 * nodes, 2 * places),
        ("forward_entries", kind, legs, most),
        ("forward_legs", "<i4", legs, most),
        ("backward_spans", "<i4", 2 * nodes, 2 * places),
        ("backward_entries", kind, legs, most),
        ("backward_legs", "<i4", legs, most),
        ("event", "<i4", legs, most),
        ("rule", "<i4", legs, most),
        ("instant", "<i8", legs, most),
        ("row", "<i8", legs, most),
        ("units", "<i4", nodes, places),
        ("held", "<i4", WORDS * nodes, WORDS * places),
        ("pieces", "<i4", nodes, places),
    ]


def _wanted_amounts(amounts: Amounts, consumed: Consumed) -> list[tuple[str, str, int, int]]:
    """The same of amounts, of which there are as many as were found."""
    return [
        ("amount_values", "<i8", len(amounts.values), len(amounts.values)),
        ("input", "<i4", len(consumed.names), len(consumed.names)),
        ("input_amount", "<i8", len(consumed.amounts), len(consumed.amounts)),
        ("amount_ends", "<i8", len(amounts.ends), len(amounts.ends)),
        ("amount_text", "u1", len(amounts.text), len(amounts.text)),
    ]


def _room(items: int) -> int:
    """Room for what is added before the next build."""
    return items // 4 + 20_000


def _read_legs(connection: sqlite3.Connection, last: int, progress: Progress) -> _Legs:
    """Arrays as long as there are rows; memory that no current leg needs is never touched."""
    if last > _LARGEST // 2:
        raise UsageError(_UNFIT)
    wide: list[Array] = [np.empty(last, dtype=np.int64) for _ in range(2)]
    narrow: list[Array] = [np.empty(last, dtype=np.int32) for _ in range(5)]
    done = 0
    for page in read_all_legs(connection):
        row, source, target, event, rule, confirmed, cost, instant = _in_columns(page)
        low = cost << 1 | confirmed
        for column in (source, target, event, rule, low):
            if column.min() < 0 or column.max() > _LARGEST:
                raise UsageError(_UNFIT)
        if min(source.min(), target.min()) < 1:
            raise UsageError(_UNFIT)
        here = slice(done, done + len(page))
        for column, values in zip((*wide, *narrow), (row, instant, source, target, event, rule, low), strict=True):
            column[here] = values
        done += len(page)
        progress(done, last)
    progress(last, last)
    (row, instant), (source, target, event, rule, low) = ([part[:done] for part in parts] for parts in (wide, narrow))
    return _Legs(row, source, target, event, rule, low, instant)


def _in_columns(page: list[Any]) -> Array:
    """Rows of whole numbers as an array with a row for each column."""
    width = len(page[0])
    return np.fromiter(chain.from_iterable(page), dtype=np.int64, count=width * len(page)).reshape(-1, width).T


def _largest(column: Array) -> int:
    return int(column.max()) if len(column) else 0


def _fill_units(connection: sqlite3.Connection, units: Array) -> None:
    for page in read_nodes(connection):
        node, unit = _in_columns(page)
        if unit.max() > _LARGEST or node[0] < 1:
            raise UsageError(_UNFIT)
        units[node] = unit


def _fill_pieces(connection: sqlite3.Connection, pieces: Array, units: Array) -> Array:
    """Of what pieces are pieces, by node: a number of the product, else of the unit itself. Returns it by unit."""
    of = np.arange(int(units.max(initial=0)) + 1, dtype=np.int32)
    of[0] = 0
    for page in read_products(connection):
        unit, product = _in_columns(page)
        known = unit < len(of)
        of[unit[known]] = product[known]
    pieces[:] = of[np.maximum(units, 0)]
    return of


def _fill_entries(entries: Array, ends: Array, low: Array, order: Array, shift: int) -> None:
    """Portions keep what is only needed for a moment small."""
    for first in range(0, len(order), 1_000_000):
        portion = order[first : first + 1_000_000]
        entries[first : first + len(portion)] = (ends[portion].astype(np.int64) << shift) | low[portion]


def _fill_spans(spans: Array, ends: Array, nodes: int) -> None:
    counts = np.bincount(ends, minlength=nodes)
    spans[:nodes, 0] = counts.cumsum()
    spans[:nodes, 1] = counts
