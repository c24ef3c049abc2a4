"""`tracegraph doctor`: is everything in order, and if not, what to do."""

from __future__ import annotations

import json
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from tracegraph import __version__
from tracegraph.commands.options import FormOption
from tracegraph.commands.output import PLAIN_FORMS, Form, allowed, line, note, write
from tracegraph.commands.session import Session, session_of
from tracegraph.errors import StoreError, TracegraphError

if TYPE_CHECKING:
    from tracegraph.stores.port import Store

REQUIRED = ("biip", "cryptography", "epcpy", "numpy", "rapidfuzz", "rfc8785", "rich", "typer")
EXTRAS = {"pandas": "data", "numba": "fast", "networkx": "network"}
#: Less free space than this, or than the store itself has, is a problem.
LEAST_FREE = 200 * 1024 * 1024
#: Seconds to wait for another process that writes.
PATIENCE = 2.0


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `advice` is empty where all is well; `fatal`: the store cannot be used."""

    name: str
    value: str
    advice: str = ""
    fatal: bool = False


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("doctor")(doctor)


def doctor(context: typer.Context, form: FormOption = Form.TABLE) -> None:
    """Look, and tell."""
    allowed(form, PLAIN_FORMS, "doctor")
    session = session_of(context)
    checks = [*_program(session), *_store(session)]
    if form is Form.JSON:
        write(json.dumps({"checks": [asdict(check) for check in checks]}, ensure_ascii=False).encode())
    else:
        for check in checks:
            line(f"{session.say(f'doctor_{check.name}')}: {check.value}")
    problems = [check for check in checks if check.advice]
    for check in problems:
        note(check.advice)
    if any(check.fatal for check in checks):
        raise typer.Exit(StoreError.exit_status)
    if problems:
        raise typer.Exit(1)
    if form is not Form.JSON:
        line(session.say("doctor_well"))


def _program(session: Session) -> Iterator[Check]:
    """Versions and libraries."""
    from tracegraph.stores.sqlite.about import engine_version

    yield Check("version", __version__)
    yield Check("python", platform.python_version(), "" if sys.version_info >= (3, 11) else session.say("old_python"))
    yield Check("sqlite", engine_version())
    missing = [name for name in REQUIRED if find_spec(name) is None]
    if missing:
        yield Check("libraries", ", ".join(missing), session.say("missing_libraries", names=", ".join(missing)))
    there = [f"{extra} ({'+' if find_spec(name) else '-'}{name})" for name, extra in EXTRAS.items()]
    yield Check("extras", ", ".join(there))


def _store(session: Session) -> Iterator[Check]:
    """The store: file, contents, whether it can be written."""
    from tracegraph.stores.sqlite.about import facts_of_file

    yield Check("store", session.url)
    path = Path(session.url.removeprefix("sqlite:///"))
    try:
        yield from _disk(session, path)
        about = facts_of_file(path)
        yield Check("schema", f"{about.schema_version} ({about.size} B)")
        with session.opened() as store:
            yield from _contents(store)
    except TracegraphError as error:
        yield Check("unusable", type(error).__name__, str(error), fatal=True)
        return
    yield _writing(path, session)


def _disk(session: Session, path: Path) -> Iterator[Check]:
    folder = path.absolute().parent
    if folder.is_dir():
        free = shutil.disk_usage(folder).free
        size = path.stat().st_size if path.is_file() else 0
        enough = free > max(LEAST_FREE, size)
        yield Check("free", f"{free // 2**20} MiB", "" if enough else session.say("little_space", folder=folder))


def _contents(store: Store) -> Iterator[Check]:
    head = store.head()
    yield Check("ledger", f"{head.count}, {head.hash}")
    yield Check("units", str(len(store.units())))
    yield Check("gaps", str(len(store.gaps())))


def _writing(path: Path, session: Session) -> Check:
    """Begin a change and leave it empty: only that shows whether one could be made."""
    from tracegraph.stores.sqlite import open_sqlite

    try:
        store = open_sqlite(path, create=False, busy_timeout=PATIENCE)
        try:
            with store.write():
                pass
        finally:
            store.close()
    except TracegraphError as error:
        return Check("writable", session.say("no"), str(error))
    return Check("writable", session.say("yes"))
