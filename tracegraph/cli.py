"""The command line: `tracegraph COMMAND`. Thin: it puts the commands together and turns errors into exit statuses.

Source: docs/interfaces, "Command line". Everything heavy is imported inside the commands, so that `--help` is fast.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import sys
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from tracegraph import __version__
from tracegraph.commands import help_texts
from tracegraph.commands.acting import acting
from tracegraph.commands.failures import WRONG_USAGE, exit_status
from tracegraph.commands.json_file import STDIN
from tracegraph.commands.session import Session
from tracegraph.messages import LANGUAGES, Language, language_of

#: Global options that take a value; they are understood before and after the command.
GLOBAL_OPTIONS = ("--store", "--lang", "--as", "--rows")

#: The modules of commands, and the names that each adds; only the module of the command that is asked for is loaded.
MODULES = {
    "capture": ("capture",),
    "trace": ("trace",),
    "questions": ("origin", "where", "balance", "show", "gaps"),
    "metrics": ("metrics",),
    "scope": ("scope",),
    "cases": ("sources", "cases"),
    "recall": ("recall",),
    "drill": ("drill",),
    "holds": ("holds",),
    "search": ("search",),
    "people": ("people", "outbox"),
    "events": ("events",),
    "profile": ("profile",),
    "claims": ("claims",),
    "accounts": ("accounts",),
    "certificates": ("certificates",),
    "packs": ("packs",),
    "care": ("verify",),
    "prove": ("prove",),
    "checkpoint": ("checkpoint",),
    "backup": ("backup", "restore"),
    "upkeep": ("migrate", "compact", "rebuild", "copy"),
    "index": ("index",),
    "export": ("export",),
    "report": ("report",),
    "template": ("template",),
    "record": ("record",),
    "doctor": ("doctor",),
    "demo": ("demo",),
    "serve": ("serve",),
    "access": ("audit", "users", "keys"),
    "subscriptions": ("subscriptions",),
}

#: Modules whose commands end with their answer: too soon for it to be worth looking for circles on the way.
ONE_ANSWER = frozenset({"trace", "questions"})

#: Modules whose commands run others.
RUNS_OTHERS = frozenset({"demo"})

#: What `--help` lists first, in this order: an investigator's day. Care of the store and the service follow.
EVERYDAY = (
    *("capture", "template", "trace", "origin", "where", "balance", "show", "search", "gaps", "events"),
    *(
        "scope",
        "sources",
        "cases",
        "recall",
        "drill",
        "holds",
        "record",
        "people",
        "outbox",
        "metrics",
        "profile",
        "claims",
        "accounts",
        "certificates",
        "packs",
        "export",
        "report",
        "demo",
    ),
)


class EverydayFirst(TyperGroup):
    """The program's commands."""

    def list_commands(self, context: Any) -> list[str]:
        """Their names in the order of the help."""
        last = len(EVERYDAY)
        return sorted(self.commands, key=lambda name: EVERYDAY.index(name) if name in EVERYDAY else last)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; returns the exit status. Never raises, but for what the interpreter itself needs."""
    given = hoisted(sys.argv[1:] if arguments is None else arguments)
    if arguments is None:
        atexit.register(gc.freeze)  # a process that ends need not look for circles in all that it made
        if module_of(given) in ONE_ANSWER and STDIN not in given:
            gc.disable()
    language = wanted_language(given)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        run(list(given) or ["--help"], language)
        sys.stdout.flush()
    except BaseException as error:
        if isinstance(error, SystemExit):
            raise
        return exit_status(error, language)
    return 0 if given else WRONG_USAGE


def run(arguments: list[str], language: Language) -> None:
    """Parse and do; errors pass through, an exit status comes as typer.Exit."""
    command = commands(module_of(arguments))
    help_texts.translate(command, language, arguments)
    try:
        with command.make_context("tracegraph", arguments) as context:
            command.invoke(context)
    except typer.Exit as leaving:
        if leaving.exit_code:
            raise


@cache
def commands(module: str | None = None) -> Any:
    """The commands of a module (None: of all) as the parser has them; made once, however many command lines a process
    runs."""
    app = typer.Typer(cls=EverydayFirst, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.callback()(tracegraph)
    for name in MODULES if module is None else (module,):
        import_module(f"tracegraph.commands.{name}").add_to(app)
    return typer.main.get_command(app)


def module_of(arguments: Sequence[str]) -> str | None:
    """The module of the command that is named after the global options; None where all commands are needed, to list
    them, to say which one may be meant, or because that one runs others."""
    waiting = iter(arguments)
    for argument in waiting:
        if argument in GLOBAL_OPTIONS:
            next(waiting, None)
        elif not _is_global(argument):
            module = next((module for module, names in MODULES.items() if argument in names), None)
            return None if module in RUNS_OTHERS else module
    return None


def hoisted(arguments: Sequence[str]) -> list[str]:
    """The arguments with global options first, wherever they were written; what follows `--` stays as it is."""
    found: list[str] = []
    others: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            others += [argument, *waiting]
        elif argument in GLOBAL_OPTIONS:
            found += [argument, *(value for value in [next(waiting, None)] if value is not None)]
        elif _is_global(argument):
            found.append(argument)
        else:
            others.append(argument)
    return found + others


def _is_global(argument: str) -> bool:
    """Whether it is a global option with its value in one word."""
    return argument.startswith(tuple(f"{option}=" for option in GLOBAL_OPTIONS))


def wanted_language(arguments: Sequence[str]) -> Language:
    """The language that messages are in, known before anything is parsed; English where it is none that there is."""
    wanted = os.environ.get("TRACEGRAPH_LANG", "")
    for argument, value in zip(arguments, [*arguments[1:], ""], strict=False):
        if argument == "--lang":
            wanted = value
        elif argument.startswith("--lang="):
            wanted = argument.removeprefix("--lang=")
    return next((language for language in LANGUAGES if language == wanted), "en")


def _version(wanted: bool) -> None:
    if wanted:
        print(f"tracegraph {__version__}")
        raise typer.Exit


def tracegraph(
    context: typer.Context,
    store: Annotated[str | None, typer.Option(envvar="TRACEGRAPH_STORE", metavar="URL")] = None,
    lang: Annotated[str, typer.Option(envvar="TRACEGRAPH_LANG", metavar="en|zh")] = "en",
    actor: Annotated[str, typer.Option("--as", metavar="USER")] = "",
    rows: Annotated[int, typer.Option(metavar="N", min=0)] = 100,
    no_hints: Annotated[bool, typer.Option("--no-hints", hidden=True)] = False,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True)] = False,
) -> None:
    """Set up what every command knows."""
    context.obj = acting(Session(store, language_of(lang), actor, rows, not no_hints), context.invoked_subcommand)


if __name__ == "__main__":
    sys.exit(main())
