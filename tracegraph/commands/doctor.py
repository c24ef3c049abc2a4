"""`tracegraph doctor`: is everything in order, and if not, what to do."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Iterator
from dataclasses import asdict
from importlib.util import find_spec
from typing import Annotated

import typer

from tracegraph import __version__
from tracegraph.commands.options import FormOption
from tracegraph.commands.output import PLAIN_FORMS, Form, allowed, line, note, write
from tracegraph.commands.progress import ProgressOption
from tracegraph.commands.session import Session, session_of
from tracegraph.commands.store_checks import Check, Thoroughness, store_checks
from tracegraph.errors import StoreError

REQUIRED = (
    "biip",
    "cryptography",
    "epcpy",
    "numpy",
    "python_calamine",
    "rapidfuzz",
    "rfc8785",
    "rich",
    "typer",
    "xlsxwriter",
)
EXTRAS = {"pandas": "data", "numba": "fast", "networkx": "network"}


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("doctor")(doctor)


def doctor(
    context: typer.Context,
    quick: Annotated[bool, typer.Option("--quick")] = False,
    deep: Annotated[bool, typer.Option("--deep")] = False,
    progress: ProgressOption = None,
    form: FormOption = Form.TABLE,
) -> None:
    """Look, and tell."""
    allowed(form, PLAIN_FORMS, "doctor")
    session = session_of(context)
    checks = [*_program(session), *store_checks(session, Thoroughness(not quick, deep, progress))]
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
