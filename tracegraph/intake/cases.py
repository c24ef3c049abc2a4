"""Incident cases from files and rows: to be recorded, or to be asked about without recording them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tracegraph.errors import InputError, UsageError
from tracegraph.formats.tables.dates import DateOrder
from tracegraph.formats.tables.records import RecordTable, read_records
from tracegraph.formats.tables.rows import BadRow, Ways
from tracegraph.model.record_kinds import record_of
from tracegraph.recompile.batch import store_batch
from tracegraph.recompile.entering import record_entry
from tracegraph.stores.port import Store
from tracegraph.trace.sources.cases import CASE_RECORD, Case

#: A case as a program gives it: the number of one on record, the fields of one, or one.
AnyCase = str | Mapping[str, str] | Case


@dataclass(frozen=True, slots=True)
class CasesImported:
    """How many cases are new or say something new, how many were known already, and which rows are no cases."""

    recorded: int
    known: int
    rejected: tuple[BadRow, ...]


def import_cases(
    store: Store,
    path: Path,
    recorded_at: int,
    actor: str = "",
    reason: str = "",
    dates: DateOrder = "",
    strict: bool = False,
) -> CasesImported:
    """Record the cases of a CSV or XLSX file (docs/sources.md says which columns), in one change.

    Raises InputError where the file cannot be read or has no such columns, and, with `strict`, where a row is no case.
    """
    table = read_case_table(path, reason, dates)
    if strict and table.rejected:
        raise InputError(f"{path}: {table.rejected[0].reason} ({len(table.rejected)} rows in all); nothing was stored")
    return _stored(store, table, recorded_at, actor)


def record_cases(
    store: Store, rows: Iterable[Mapping[str, str]], recorded_at: int, actor: str, reason: str
) -> CasesImported:
    """Record the cases that rows of text state, in one change. Raises InvalidField where one is no case."""
    if not reason.strip():
        raise UsageError("a reason is missing; say why the cases are recorded, and from where they are known")
    return _stored(store, RecordTable([record_of(CASE_RECORD, row, reason) for row in rows]), recorded_at, actor)


def _stored(store: Store, table: RecordTable, recorded_at: int, actor: str) -> CasesImported:
    stored = store_batch(store, [record_entry(record) for record in table.records], recorded_at, actor)
    return CasesImported(stored.records, len(table.records) - stored.records, tuple(table.rejected))


def read_case_table(path: Path, reason: str = "", dates: DateOrder = "") -> RecordTable:
    """The cases of a file as records. Raises InputError where it cannot be read."""
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise InputError(f"{path} cannot be read ({problem.strerror or problem}); give a CSV or XLSX file") from None
    return read_records(data, path.name, CASE_RECORD, reason, Ways(dates, "point"))


def chosen_cases(given: Iterable[AnyCase]) -> tuple[list[Case], list[str]]:
    """Cases to be asked about, and the numbers of those that are to be on record. Raises InvalidField for fields that
    make no case."""
    cases: list[Case] = []
    numbers: list[str] = []
    for one in given:
        if isinstance(one, Case):
            cases.append(one)
        elif isinstance(one, Mapping):
            cases.append(Case.of(record_of(CASE_RECORD, one)))
        else:
            numbers.append(one)
    return cases, numbers


def cases_of(path: Path) -> list[Case]:
    """The cases of a file, not recorded. Raises InputError where it cannot be read, or a row of it is no case."""
    table = read_case_table(path)
    if table.rejected:
        raise InputError(f"{path}: {table.rejected[0].reason.rstrip('.')}; correct it, or import the other rows")
    return [Case.of(record) for record in table.records]
