"""Groups of commands that are made when somebody asks for them: they are many, and most runs ask for others."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from functools import cache
from typing import Any

import typer
from typer.core import TyperGroup


class LazyGroup(TyperGroup):
    """A group whose commands `made` makes."""

    _commands: MutableMapping[str, Any] | None = None

    @staticmethod
    def made() -> typer.Typer:
        """The commands."""
        raise NotImplementedError

    @property
    def commands(self) -> MutableMapping[str, Any]:
        """The commands by name."""
        if not self._commands:
            self._commands = _commands_of(self.made)
        return self._commands

    @commands.setter
    def commands(self, given: MutableMapping[str, Any]) -> None:
        self._commands = given

    def list_commands(self, context: Any) -> list[str]:
        """Their names in the order in which they were registered."""
        return list(self.commands)


@cache
def _commands_of(made: Callable[[], typer.Typer]) -> MutableMapping[str, Any]:
    """Made once in a process."""
    group: Any = typer.main.get_command(made())
    found: MutableMapping[str, Any] = group.commands
    return found
