"""What `tracegraph capture` is told of tables, and asks of them: which column is which, confirmed before anything is
stored, and remembered for the next table of the same sender."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from tracegraph.clock import now
from tracegraph.commands.output import note
from tracegraph.commands.session import Session
from tracegraph.errors import UsageError

if TYPE_CHECKING:
    from tracegraph.formats.recognise import Reading
    from tracegraph.formats.tables.columns import Layout
    from tracegraph.formats.tables.reader import TableOptions
    from tracegraph.intake.portions import Source
    from tracegraph.stores.port import Store

#: The kind of record that says how a sender's tables are read.
LAYOUT_RECORD = "layout"
_EXAMPLE = '{"Absender": "from", "Charge": "lot"}'


@dataclass(frozen=True, slots=True)
class Told:
    """What the command line says of tables; empty: nothing."""

    table: str = ""
    columns: Path | None = None
    confirmed: bool = False
    sender: str = ""
    dates: str = ""
    decimal: str = ""
    encoding: str = ""
    reason: str = ""

    @property
    def something(self) -> bool:
        """Whether anything was said."""
        return self != Told()


def reading(
    session: Session, store: Store, sources: Sequence[Source], form: str, told: Told
) -> tuple[Reading, Callable[[], None]]:
    """How the sources are read, and what is to be called after that: it remembers for the sender what held.

    Raises UsageError where columns are only guessed and nobody confirms them.
    """
    from tracegraph.formats.recognise import Reading

    paths = [Path(source) for source in sources if isinstance(source, (str, Path))]
    if not told.something and not any(_is_table(path, form) for path in paths):
        return Reading(form), _nothing
    options = _options(store, told)
    layouts = [found for path in paths if _is_table(path, form) for found in _layouts(path, options)]
    options = replace(options, confirmed=options.confirmed or _confirmed(session, layouts))
    if not told.sender:
        return Reading(form, options), _nothing
    said = {f"{found.kind.name}:{header}": ours for found in layouts for header, ours in found.told.items()}
    return Reading(form, options), lambda: _remember(session, store, told.sender, options, said)


def _nothing() -> None:
    """Nothing is to be remembered."""


def _is_table(path: Path, form: str) -> bool:
    """Whether a file is read as a table."""
    from tracegraph.formats.recognise import AUTO, TABLES, may_be_table

    if form not in (AUTO, TABLES) or not path.is_file():
        return False
    beginning = _content(path, 1024)
    if form == TABLES or not may_be_table(beginning):
        return form == TABLES
    from tracegraph.formats.tables.reader import is_table

    return is_table(beginning)


def _content(path: Path, size: int = -1) -> bytes:
    """The beginning of a file, or all of it, unpacked."""
    from tracegraph.formats.source import Unpacked, read_fully
    from tracegraph.formats.tables.reading import MOST_BYTES

    with path.open("rb") as stream:
        unpacked = Unpacked(stream)
        return unpacked.peek() if size > 0 else read_fully(unpacked, MOST_BYTES + 1)


def _options(store: Store, told: Told) -> TableOptions:
    """What was said now, before what was said earlier of this sender."""
    from tracegraph.formats.tables.reader import TableOptions, kind_of, ways_of

    known = _remembered(store, told.sender)
    columns = {**json.loads(known.get("columns", "{}")), **_columns(told.columns)}
    ways = ways_of(told.dates or known.get("dates", ""), told.decimal or known.get("decimal", ""))
    encoding = told.encoding or known.get("encoding", "")
    return TableOptions(kind_of(told.table), columns, told.confirmed, ways, encoding, told.reason)


def _remembered(store: Store, sender: str) -> Mapping[str, str]:
    """What is known of a sender's tables."""
    from tracegraph.trace.snapshot import Snapshot

    found = Snapshot.of(store).records(LAYOUT_RECORD, [sender]) if sender else []
    return found[0].record.data if found else {}


def _columns(path: Path | None) -> dict[str, str]:
    """Their names of columns and ours, from a JSON file."""
    if path is None:
        return {}
    try:
        told = json.loads(path.read_bytes())
    except (OSError, ValueError) as problem:
        raise UsageError(f"{path} cannot be read as columns ({problem}); give JSON such as {_EXAMPLE}") from None
    if not isinstance(told, dict) or not all(isinstance(ours, str) for ours in told.values()):
        raise UsageError(f"{path} holds no columns; give JSON such as {_EXAMPLE}")
    return told


def _layouts(path: Path, options: TableOptions) -> Iterator[Layout]:
    from tracegraph.formats.tables.reader import layouts

    for _, found in layouts(_content(path), str(path), options):
        if found is not None and not found.missing():
            yield found


def _confirmed(session: Session, layouts: Sequence[Layout]) -> bool:
    """Whether somebody at a terminal says that the guesses are right; no question where there are none."""
    from tracegraph.formats.tables.reader import guess_told

    guesses = [f"{found.kind.name}: {guess_told(found)}" for found in layouts if found.guessed]
    if not guesses:
        return False
    if not sys.stdin.isatty():
        raise UsageError(
            f"columns are guessed by their names ({'; '.join(guesses)}); confirm with --yes, or say which they are "
            "with --columns FILE"
        )
    for guess in guesses:
        note(session.say("columns_guessed", columns=guess))
    if not typer.confirm(session.say("columns_confirm"), err=True):
        raise UsageError("the guess was not confirmed; say which columns they are with --columns FILE")
    return True


def _remember(session: Session, store: Store, sender: str, options: TableOptions, said: dict[str, str]) -> None:
    """Keep for the sender what held."""
    from tracegraph.recompile.entering import enter

    row = {
        "sender": sender,
        "columns": json.dumps({**options.columns, **said}, ensure_ascii=False, sort_keys=True),
        "dates": options.ways.dates,
        "decimal": options.ways.decimal,
        "encoding": options.encoding,
    }
    enter(store, LAYOUT_RECORD, row, "confirmed at capture", now(), session.actor, "command line")
