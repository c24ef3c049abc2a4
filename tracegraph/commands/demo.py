"""`tracegraph demo`: load an example, ask what an investigator would ask, and say what to try next."""

from __future__ import annotations

import shlex
import tempfile
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

from tracegraph.clock import now
from tracegraph.commands.output import line
from tracegraph.commands.session import Session, session_of
from tracegraph.errors import Refused, UnknownIdentifier, UsageError

if TYPE_CHECKING:
    from tracegraph.examples.questions import Question, Wording

#: The module of each scenario by its name.
SCENARIOS = {"food-outbreak": "food_outbreak", "aluminium": "aluminium"}
DEFAULT = "food-outbreak"
#: Rows of each table: the beginning is enough to see what there is.
ROWS = 12


class Story(Protocol):
    """What the module of a scenario has."""

    INTRODUCTION: Wording
    QUESTIONS: tuple[Question, ...]
    NEXT: tuple[Question, ...]
    PARTNERS: str
    MARK: str

    def write(self, folder: Path) -> object:
        """Write its files."""


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("demo")(demo)


def demo(context: typer.Context, scenario: Annotated[str, typer.Argument(metavar="[SCENARIO]")] = DEFAULT) -> None:
    """Load it and ask."""
    if scenario not in SCENARIOS:
        raise UsageError(f"there is no scenario {scenario!r}; choose one of {', '.join(SCENARIOS)}")
    session = session_of(context)
    url = session.store or f"sqlite:///{tempfile.mkdtemp(prefix='tracegraph-demo-')}/demo.db"
    told = Session(url, session.language, session.actor, ROWS)
    story: Story = import_module(f"tracegraph.examples.{SCENARIOS[scenario]}")
    line(story.INTRODUCTION.of(session.language))
    line()
    _load(told, story)
    for question in story.QUESTIONS:
        _ask(context, told, question)
    _close(told, story.NEXT)


def _load(session: Session, story: Story) -> None:
    """Capture the partners' files, unless the store has them; another store's records are not to be mixed with them."""
    from tracegraph.capture import Capture

    with session.opened(create=True) as store, tempfile.TemporaryDirectory() as folder:
        if store.head().count and not _holds_demo(session, story.MARK):
            raise Refused(f"the store {session.url} holds records already; name a new store for the demo")
        story.write(Path(folder))
        partners = sum(1 for _ in Path(folder, story.PARTNERS).iterdir())
        work = Capture(store, now, session.actor or "demo", form="auto")
        report = work.run([Path(folder, story.PARTNERS)])
    line(session.say("captured", accepted=report.accepted, duplicate=report.duplicates, rejected=report.rejected))
    line(session.say("demo_loaded", files=partners))


def _holds_demo(session: Session, mark: str) -> bool:
    """Whether a unit of the story is known."""
    from tracegraph.trace.question import parse_start
    from tracegraph.trace.register import Register
    from tracegraph.trace.resolve import resolve_start
    from tracegraph.trace.snapshot import Snapshot

    with session.opened() as store:
        try:
            resolve_start(parse_start(mark), Register(Snapshot.of(store)))
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
