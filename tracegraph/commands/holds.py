"""`tracegraph holds`: is this unit blocked, since when and by which case."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from tracegraph.commands.json_file import STDIN
from tracegraph.commands.options import AsOf, FormOption
from tracegraph.commands.output import FLAT_FORMS, Form, allowed, write_answer
from tracegraph.commands.session import session_of

if TYPE_CHECKING:
    from tracegraph.trace.tracing import Answered

#: Exit status where a unit is blocked, and that was asked to be one.
BLOCKED = 1


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("holds")(holds)


def holds(
    context: typer.Context,
    units: Annotated[list[str] | None, typer.Argument(metavar="[UNIT... | -]")] = None,
    fail: Annotated[bool, typer.Option("--fail-if-blocked")] = False,
    as_of: AsOf = None,
    form: FormOption = Form.TABLE,
) -> None:
    """What is blocked."""
    from tracegraph.commands.recall_actions import graph_of

    allowed(form, FLAT_FORMS, "holds")
    session = session_of(context)
    named = sys.stdin.read().split("\n") if units == [STDIN] else units or []
    with graph_of(session) as graph:
        answer = graph.holds(*(unit.strip() for unit in named if unit.strip()), as_of=as_of)

        def view(answered: Answered) -> None:
            from tracegraph.commands.recall_view import show_holds

            show_holds(session, answered.envelope)

        write_answer(answer.answered, form, session, view)
    if fail and any(one.get("blocked", True) for one in answer.result["holds"]):
        raise typer.Exit(BLOCKED)
