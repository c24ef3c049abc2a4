"""`tracegraph demo`: load an example, ask what an investigator would ask, and say what to try next."""

from __future__ import annotations

import shlex
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracegraph.clock import now
from tracegraph.commands.output import line
from tracegraph.commands.session import Session, session_of
from tracegraph.errors import Refused, UnknownIdentifier, UsageError

if TYPE_CHECKING:
    from tracegraph.examples.food_outbreak import Question

SCENARIOS = ("food-outbreak",)
#: Rows of each table: the beginning is enough to see what there is.
ROWS = 12


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("demo")(demo)


def demo(context: typer.Context, scenario: Annotated[str, typer.Argument(metavar="[SCENARIO]")] = SCENARIOS[0]) -> None:
    """Load it and ask."""
    from tracegraph.examples.food_outbreak import INTRODUCTION, NEXT, QUESTIONS

    if scenario not in SCENARIOS:
        raise UsageError(f"there is no scenario {scenario!r}; choose one of {', '.join(SCENARIOS)}")
    session = session_of(context)
    url = session.store or f"sqlite:///{tempfile.mkdtemp(prefix='tracegraph-demo-')}/demo.db"
    told = Session(url, session.language, session.actor, ROWS)
    line(INTRODUCTION.of(session.language))
    line()
    _load(told)
    for question in QUESTIONS:
        _ask(context, told, question)
    _close(told, NEXT)


def _load(session: Session) -> None:
    """Capture the partners' files, unless the store has them; another store's records are not to be mixed with them."""
    from tracegraph.capture import Capture
    from tracegraph.examples.food_outbreak import PARTNERS, write

    with session.opened(create=True) as store, tempfile.TemporaryDirectory() as folder:
        if store.head().count and not _holds_demo(session):
            raise Refused(f"the store {session.url} holds records already; name a new store for the demo")
        facts = write(Path(folder))
        work = Capture(store, now, session.actor or "demo")
        report = work.run([Path(folder, PARTNERS)])
    line(session.say("captured", accepted=report.accepted, duplicate=report.duplicates, rejected=report.rejected))
    line(session.say("demo_loaded", files=len(facts.files)))


def _holds_demo(session: Session) -> bool:
    """Whether the suspect lot is known."""
    from tracegraph.examples.food_outbreak.questions import LOT
    from tracegraph.trace.question import parse_start
    from tracegraph.trace.register import Register
    from tracegraph.trace.resolve import resolve_start
    from tracegraph.trace.snapshot import Snapshot

    with session.opened() as store:
        try:
            resolve_start(parse_start(LOT), Register(Snapshot.of(store)))
        except UnknownIdentifier:
            return False
    return True


def _ask(context: typer.Context, session: Session, question: Question) -> None:
    """One question: why it is asked, the command, and its answer."""
    line()
    line(f"== {question.title.of(session.language)}")
    line(question.explanation.of(session.language))
    line(f"$ {_command(question)}")
    line()
    command = context.find_root().command
    language = ("--lang", session.language, "--rows", str(session.rows), "--no-hints")
    arguments = ["--store", session.url, *language, *question.arguments]
    with command.make_context("tracegraph", arguments) as inner:
        command.invoke(inner)


def _close(session: Session, further: tuple[Question, ...]) -> None:
    """How to go on."""
    line()
    line(f"== {session.say('try_next')}")
    line(session.say("demo_store"))
    line(f"$ export TRACEGRAPH_STORE={shlex.quote(session.url)}")
    for question in further:
        line()
        line(f"{question.title.of(session.language)} - {question.explanation.of(session.language)}")
        line(f"$ {_command(question)}")


def _command(question: Question) -> str:
    return shlex.join(("tracegraph", *question.arguments))
