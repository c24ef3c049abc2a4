"""What commands about a service share: its file, and rows as a table or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracegraph.commands.output import Form, write
from tracegraph.commands.session import Session
from tracegraph.errors import StoreUnreachable

if TYPE_CHECKING:
    from tracegraph.service.file import ServiceFile

ServiceFileOption = Annotated[
    Path | None, typer.Option("--service-file", envvar="TRACEGRAPH_SERVICE_FILE", metavar="FILE")
]


@contextmanager
def opened(session: Session, path: Path | None, create: bool = False) -> Iterator[ServiceFile]:
    """The service file of the session's store. Only `create` makes one that does not exist."""
    from tracegraph.service.file import ServiceFile, beside

    where = path or beside(session.url)
    if not create and not where.exists():
        raise StoreUnreachable(f"there is no service file {where}; tracegraph users add makes one, or name another")
    file = ServiceFile(where)
    try:
        yield file
    finally:
        file.close()


def show(rows: Sequence[dict[str, Any]], columns: Sequence[str], form: Form, session: Session) -> None:
    """Rows as a table for people, or as JSON."""
    if form is Form.TABLE:
        _print(rows, columns, session)
        return
    texts = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows]
    text = "".join(f"{row}\n" for row in texts) if form is Form.NDJSON else f"[{','.join(texts)}]"
    write(text.encode("utf-8", "backslashreplace"))


def _print(rows: Sequence[dict[str, Any]], columns: Sequence[str], session: Session) -> None:
    from tracegraph.commands.screen import Sheet

    headings = [f"access_{column}" for column in columns]
    Sheet(session).table(headings, ([_cell(row.get(column), session) for column in columns] for row in rows), len(rows))


def _cell(value: Any, session: Session) -> str:
    if isinstance(value, bool):
        return session.say("yes") if value else ""
    return ", ".join(value) if isinstance(value, list) else "" if value is None else str(value)
