"""Puts the catalogue's help texts on the commands and options, in the wanted language."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from tracegraph.messages import Language, help_text


def translate(command: Any, language: Language, asked: Container[str] | None = None, name: str = "tracegraph") -> None:
    """Give a command, its options and its subcommands their texts. The catalogue's keys are `trace`, `trace.starts`.
    Groups of commands that are not among the `asked` names (None: all are) get a text and their commands none."""
    command.help = help_text(name, language)
    command.short_help = command.help.partition("\n")[0]
    example = help_text(f"{name}.example", language)
    command.epilog = f"\b\n{example}" if example else None
    for parameter in command.params:
        if parameter.name != "help":
            parameter.help = parameter_text(name, parameter, language)
    if name != "tracegraph" and asked is not None and name.rpartition(".")[2] not in asked:
        return
    for inner, subcommand in getattr(command, "commands", {}).items():
        translate(subcommand, language, asked, inner if name == "tracegraph" else f"{name}.{inner}")


def parameter_text(command: str, parameter: Any, language: Language) -> str:
    """What an option is for: by the catalogue, else by the label of the field that it was made from."""
    own, shared = (help_text(f"{of}.{parameter.name}", language) for of in (command, "*"))
    return own or shared or labelled(command, parameter.name, language)


def labelled(command: str, name: str, language: Language) -> str:
    """The label of a field of an action of a recall case; empty where the option is none."""
    if not (command.startswith("recall.") and name.startswith("field_")):
        return ""
    from tracegraph.commands.recall_actions import label_of

    return label_of(command.removeprefix("recall."), name.removeprefix("field_"), language)
