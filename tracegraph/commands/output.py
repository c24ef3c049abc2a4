"""Where results and messages go: results to stdout, everything else to stderr; and the forms of an answer."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING

from tracegraph.commands.session import Session
from tracegraph.errors import UsageError

if TYPE_CHECKING:
    from tracegraph.trace.tracing import Answered

#: Exit status where no input could be read.
WRONG_INPUT = 2
#: Exit status of an answer that a limit cut.
CUT_BY_LIMIT = 5


class Form(StrEnum):
    """How an answer is printed."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"
    GRAPHML = "graphml"
    HTML = "html"


#: The forms of answers that are no graph.
FLAT_FORMS = (Form.TABLE, Form.JSON, Form.NDJSON, Form.CSV)
#: The forms of reports on the store itself.
PLAIN_FORMS = (Form.TABLE, Form.JSON)


def allowed(form: Form, forms: tuple[Form, ...], command: str) -> None:
    """Raise UsageError where a command has no such form."""
    if form not in forms:
        raise UsageError(f"{command} has no format {form.value}; choose one of {', '.join(forms)}")


def printable(text: str) -> str:
    """Without characters that would move the cursor or change the terminal: identifiers come from strangers' files."""
    return "".join(char if char.isprintable() else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    return " " if char in "\t\r\n" else char.encode("unicode_escape").decode()


def note(text: str) -> None:
    """A line on stderr, after all that was printed before."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
    print(printable(text), file=sys.stderr, flush=True)


def line(text: str = "") -> None:
    """A line of the result."""
    print(printable(text))


def binary() -> IO[bytes]:
    """stdout for bytes; what was printed before is written first."""
    sys.stdout.flush()
    return sys.stdout.buffer


@contextlib.contextmanager
def written_to(output: Path | None) -> Iterator[IO[bytes]]:
    """stdout, or a file that is there only once it is whole."""
    if output is None:
        yield binary()
        binary().flush()
        return
    from tracegraph.reports.exports import whole_file

    with whole_file(output) as file:
        yield file


def write(data: bytes) -> None:
    """Bytes of the result, at once."""
    write_pieces([data])


def write_pieces(pieces: Iterable[bytes]) -> None:
    """Bytes of the result as they come; on a terminal the prompt must not stand behind them."""
    stream, last = binary(), b""
    for last in pieces:
        stream.write(last)
    if sys.stdout.isatty() and not last.endswith(b"\n"):
        stream.write(b"\n")
    stream.flush()


def write_answer(answered: Answered, form: Form, session: Session, view: Callable[[Answered], None]) -> None:
    """An answer in one of its forms; `view` prints the one for people."""
    match form:
        case Form.TABLE:
            view(answered)
        case Form.JSON:
            write_pieces(answered.json_pieces())
        case Form.NDJSON:
            write_pieces(chain(answered.json_pieces(), [b"\n"]))
        case Form.CSV:
            from tracegraph.reports.table import csv_text

            write(csv_text(answered.envelope).encode("utf-8", "backslashreplace"))
        case Form.GRAPHML:
            from tracegraph.reports.graphml import write_graphml

            write_graphml(answered, binary())
        case Form.HTML:
            from tracegraph.reports.page import page

            write(page(answered, session.language).encode("utf-8", "backslashreplace"))


def finish(answered: Answered) -> None:
    """End with the exit status of an answer."""
    if answered.cut:
        import typer

        raise typer.Exit(CUT_BY_LIMIT)
