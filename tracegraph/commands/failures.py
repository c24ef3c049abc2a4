"""From errors to one sentence on stderr and an exit status (docs: interfaces, "Exit status")."""

from __future__ import annotations

import os
import sys
import traceback

import typer

from tracegraph.commands.output import note
from tracegraph.errors import TracegraphError
from tracegraph.messages import Language, error_text, words

INTERRUPTED = 130
BROKEN_PIPE = 141
BUG = 70
WRONG_USAGE = 2

#: What the parser of the command line raises; typer offers no name for it.
ParserError = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")


def exit_status(error: BaseException, language: Language) -> int:
    """Tell what went wrong; returns the exit status."""
    match error:
        case typer.Exit():
            return int(error.exit_code)
        case KeyboardInterrupt() | typer.Abort():
            note(words("interrupted", language))
            return INTERRUPTED
        case BrokenPipeError():
            _silence_stdout()
            return BROKEN_PIPE
        case TracegraphError():
            note(described(error, language))
            return error.exit_status
        case OSError():
            note(words("system_error", language).format(file=error.filename or "-", reason=error.strerror or error))
            return WRONG_USAGE
    if isinstance(error, ParserError):
        note(_usage(error))
        return WRONG_USAGE
    return _bug(error, language)


def described(error: TracegraphError, language: Language) -> str:
    """The error's sentence; in other languages with what kind of trouble it is before it, and in English where the
    catalogue does not have it."""
    if language == "en":
        return str(error)
    return f"{words(f'error_{type(error).__name__}', language)} {error_text(str(error), language)}"


def _usage(error: BaseException) -> str:
    """The parser's complaint, and where the options are listed."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "tracegraph"
    text = str(getattr(error, "format_message", lambda: error)()).strip().rstrip(".")
    return f"{command}: {text}; see {command} --help"


def _bug(error: BaseException, language: Language) -> int:
    if os.environ.get("TRACEGRAPH_DEBUG"):
        traceback.print_exception(error)
    note(words("bug", language).format(kind=type(error).__name__, detail=str(error)[:500]))
    return BUG


def _silence_stdout() -> None:
    """Nobody reads any more; what is still buffered must not complain when the interpreter ends."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
