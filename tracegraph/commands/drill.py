"""`tracegraph drill`: recalls of goods of which nothing is wrong, against the clock. Its commands are made when asked
for."""

from __future__ import annotations

import typer

from tracegraph.commands.lazily import LazyGroup


class DrillGroup(LazyGroup):
    """The commands of drills."""

    @staticmethod
    def made() -> typer.Typer:
        """All of them."""
        from tracegraph.commands.drill_commands import commands

        return commands()


def add_to(app: typer.Typer) -> None:
    """Register the group."""
    group = typer.Typer(cls=DrillGroup, add_completion=False, rich_markup_mode=None)
    group.callback()(drill)
    app.add_typer(group, name="drill")


def drill() -> None:
    """Nothing alone."""
