"""`tracegraph recall`: cases of recall. Its commands, of which there are many, are made when somebody asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from tracegraph.commands.lazily import LazyGroup
from tracegraph.commands.output import Form
from tracegraph.commands.session import Session

if TYPE_CHECKING:
    from tracegraph.stores.port import Reading

#: The operation of the rights that cases take.
RECALL = "recall"


class RecallGroup(LazyGroup):
    """The commands of a case."""

    @staticmethod
    def made() -> typer.Typer:
        """All of them."""
        from tracegraph.commands.recall_commands import commands

        return commands()


def add_to(app: typer.Typer) -> None:
    """Register the group."""
    group = typer.Typer(cls=RecallGroup, add_completion=False, rich_markup_mode=None)
    group.callback()(recall)
    app.add_typer(group, name="recall")


def recall() -> None:
    """Nothing alone."""


def is_case(session: Session, store: Reading, name: str) -> bool:
    """Whether this is the number of a case, and whoever acts may know of cases."""
    from tracegraph.recall.case.casefile import find_case

    if session.caller is not None and session.rights is not None and not session.rights.allows(session.caller, RECALL):
        return False
    return bool(find_case(store, name).moves)


def show_case(session: Session, case: str, as_of: str | None, form: Form) -> None:
    """One case."""
    from tracegraph.commands.recall_commands import print_case

    print_case(session, case, as_of, form)
