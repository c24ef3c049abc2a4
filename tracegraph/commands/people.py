"""`tracegraph people` and `outbox`: persons of recall cases, and notices that leave. Their commands are made when
somebody asks for them."""

from __future__ import annotations

import typer

from tracegraph.commands.lazily import LazyGroup


class PeopleGroup(LazyGroup):
    """The commands about persons."""

    @staticmethod
    def made() -> typer.Typer:
        """All of them."""
        from tracegraph.commands.people_commands import commands

        return commands()


class OutboxGroup(LazyGroup):
    """The commands about what is to be sent."""

    @staticmethod
    def made() -> typer.Typer:
        """All of them."""
        from tracegraph.commands.outbox_commands import commands

        return commands()


def add_to(app: typer.Typer) -> None:
    """Register the groups."""
    for name, kind in (("people", PeopleGroup), ("outbox", OutboxGroup)):
        group = typer.Typer(cls=kind, add_completion=False, rich_markup_mode=None)
        group.callback()(nothing)
        app.add_typer(group, name=name)


def nothing() -> None:
    """Nothing alone."""
