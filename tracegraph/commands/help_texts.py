"""Puts the catalogue's help texts on the commands and options, in the wanted language."""

from __future__ import annotations

from typing import Any

from tracegraph.messages import Language, help_text


def translate(command: Any, language: Language, name: str = "tracegraph") -> None:
    """Give a command, its options and its subcommands their texts. The catalogue's keys are `trace`, `trace.starts`."""
    command.help = help_text(name, language)
    command.short_help = command.help.partition("\n")[0]
    example = help_text(f"{name}.example", language)
    command.epilog = f"\b\n{example}" if example else None
    for parameter in command.params:
        if parameter.name != "help":
            parameter.help = help_text(f"{name}.{parameter.name}", language) or help_text(
                f"*.{parameter.name}", language
            )
    for inner, subcommand in getattr(command, "commands", {}).items():
        translate(subcommand, language, inner if name == "tracegraph" else f"{name}.{inner}")
