"""`tracegraph scope`: which units a recall is about, how sure that is, why, and what changed since."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracegraph.commands.comparing import print_difference
from tracegraph.commands.json_file import STDIN, read_object
from tracegraph.commands.options import AsOf, CompareAsOf, FormOption
from tracegraph.commands.output import Form, finish, write_answer
from tracegraph.commands.session import Session, session_of
from tracegraph.errors import UsageError
from tracegraph.model.grading import Grade

if TYPE_CHECKING:
    from tracegraph.recall.scope import ScopeQuestion
    from tracegraph.stores.port import Store
    from tracegraph.trace.tracing import Answered


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("scope")(scope)


def scope(
    context: typer.Context,
    seeds: Annotated[list[str], typer.Argument(metavar="FILE | - | SEED...")],
    line: Annotated[str | None, typer.Option("--line", metavar="LINE")] = None,
    since: Annotated[str | None, typer.Option("--from", metavar="T")] = None,
    until: Annotated[str | None, typer.Option("--to", metavar="T")] = None,
    as_of: AsOf = None,
    assume: Annotated[Path | None, typer.Option("--assume", metavar="FILE")] = None,
    minimum_grade: Annotated[Grade | None, typer.Option("--minimum-grade")] = None,
    no_follow: Annotated[bool, typer.Option("--no-follow")] = False,
    paths: Annotated[int | None, typer.Option("--paths", metavar="N")] = None,
    compare_to: Annotated[Path | None, typer.Option("--compare", metavar="FILE")] = None,
    compare_as_of: CompareAsOf = None,
    form: FormOption = Form.TABLE,
) -> None:
    """Ask, and print the answer, or what changed."""
    from tracegraph.recall.scope import ask_scope
    from tracegraph.recall.scope import scope as answer

    question = ask_scope(
        *given_seeds(seeds),
        line=line,
        since=since,
        until=until,
        assumptions=None if assume is None else read_object(str(assume)),
        follow=False if no_follow else None,
        minimum_grade=None if minimum_grade is None else minimum_grade.value,
        as_of=as_of,
        paths=paths,
    )
    earlier = _earlier(question, compare_to, compare_as_of)
    session = session_of(context)
    with session.opened() as store:
        if earlier is not None:
            _compare(session, store, earlier, question, form)
            return
        _print(session, store, answer(store, question, session.language), form)


def given_seeds(seeds: list[str]) -> list[Any]:
    """The seeds, or the one question in a file."""
    if len(seeds) == 1 and (seeds[0] == STDIN or seeds[0].endswith(".json") or Path(seeds[0]).is_file()):
        return [read_object(seeds[0])]
    return list(seeds)


def _earlier(question: ScopeQuestion, file: Path | None, as_of: str | None) -> ScopeQuestion | None:
    """The question to compare with: another one, or the same as known earlier."""
    from tracegraph.model.instants import parse_instant
    from tracegraph.recall.scope import read_question

    if file is None and as_of is None:
        return None
    if file is not None and str(file) == STDIN:
        raise UsageError("--compare reads a file; give its name")
    other = question if file is None else read_question(read_object(str(file)))
    return other if as_of is None else replace(other, as_of=parse_instant(as_of, "compare-as-of", "end"))


def _compare(session: Session, store: Store, earlier: ScopeQuestion, question: ScopeQuestion, form: Form) -> None:
    """Ask twice, and print what changed."""
    from tracegraph.recall.scope import scope as answer

    answers = (answer(store, asked, session.language).envelope for asked in (earlier, question))
    print_difference(session, store, answers, form)


def _print(session: Session, store: Store, answered: Answered, form: Form) -> None:
    def view(answered: Answered) -> None:
        from tracegraph.commands.scope_view import show_scope

        show_scope(answered.envelope, session, store)

    write_answer(answered, form, session, view)
    finish(answered)
