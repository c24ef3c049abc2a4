"""`tracegraph trace`: forward, backward or both, from starts on the command line or, with `-`, from stdin."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracegraph.commands.json_file import STDIN, read_object
from tracegraph.commands.options import (
    AsOf,
    CertaintyOption,
    CompareAsOf,
    FormOption,
    MaxHops,
    MaxNodes,
    MaxSeconds,
    MaxSteps,
    NoContents,
    On,
    Towards,
)
from tracegraph.commands.output import CUT_BY_LIMIT, Form, finish, note, write, write_answer
from tracegraph.commands.session import Session, session_of
from tracegraph.errors import InputError, StoreError, TracegraphError, UnknownIdentifier, UsageError
from tracegraph.model.custody import Certainty

if TYPE_CHECKING:
    from tracegraph.stores.port import Store
    from tracegraph.trace.question import Limits, Question
    from tracegraph.trace.tracing import Answered, Earlier

RESUMED_ALONE = "--resume goes on with the earlier question; give only limits, --paths and --format with it"
#: Forms in which several answers can follow each other.
STREAMED = (Form.TABLE, Form.NDJSON)

QuestionOf = Callable[..., "Question"]


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("trace")(trace)


def trace(
    context: typer.Context,
    direction: Annotated[Towards, typer.Argument(metavar="forward|backward|both")],
    starts: Annotated[list[str] | None, typer.Argument(metavar="START... | -")] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="SITE")] = None,
    since: Annotated[str | None, typer.Option("--from", metavar="T")] = None,
    until: Annotated[str | None, typer.Option("--to", metavar="T")] = None,
    on: On = None,
    as_of: AsOf = None,
    certainty: CertaintyOption = Certainty.POSSIBLE,
    max_hops: MaxHops = None,
    max_steps: MaxSteps = None,
    max_nodes: MaxNodes = None,
    max_seconds: MaxSeconds = None,
    resume: Annotated[Path | None, typer.Option("--resume", metavar="FILE")] = None,
    paths: Annotated[int, typer.Option("--paths", metavar="N")] = 0,
    no_contents: NoContents = False,
    shares: Annotated[bool, typer.Option("--shares")] = False,
    infer: Annotated[str | None, typer.Option("--infer", metavar="MODE")] = None,
    assume: Annotated[Path | None, typer.Option("--assume", metavar="FILE")] = None,
    compare_as_of: CompareAsOf = None,
    form: FormOption = Form.TABLE,
) -> None:
    """Ask, and print the answer."""
    from tracegraph.trace.question import Limits, ask

    session = session_of(context)
    limits = Limits(max_hops, max_steps, max_nodes, max_seconds)
    if resume is not None:
        narrowed = (starts, at, since, until, on, as_of, no_contents or None, shares or None, infer, assume)
        if any(value is not None for value in narrowed) or certainty is not Certainty.POSSIBLE:
            raise UsageError(RESUMED_ALONE)
        _resumed(session, _earlier(resume, direction), limits, paths, form)
        return

    assumptions = None if assume is None else _assumptions(assume, starts)

    def question_of(*wanted: str) -> Question:
        return ask(
            *wanted,
            direction=direction.value,
            certainty=certainty.value,
            at=at,
            since=since,
            until=until,
            on=on,
            as_of=as_of,
            limits=limits,
            contents=not no_contents,
            paths=paths,
            shares=shares,
            infer=infer,
            assumptions=assumptions,
        )

    if STDIN in (starts or ()):
        _stream(session, question_of, starts or [], form)
    elif compare_as_of is not None:
        _compare(session, question_of(*(starts or [])), compare_as_of, form)
    else:
        _once(session, question_of(*(starts or [])), form)


def _assumptions(file: Path, starts: list[str] | None) -> dict[str, Any]:
    """The assumptions in a file."""
    if str(file) == STDIN and STDIN in (starts or ()):
        raise UsageError("- is standard input, which cannot give both starts and assumptions; name a file")
    return read_object(str(file))


def _once(session: Session, question: Question, form: Form) -> None:
    """One question, one answer."""
    from tracegraph.trace.tracing import trace as answer

    with session.opened() as store:
        _print(session, store, answer(store, question, language=session.language), form)


def _compare(session: Session, question: Question, as_of: str, form: Form) -> None:
    """The same question as known then and now, with a path to each unit, by which reasons are found."""
    from dataclasses import replace

    from tracegraph.commands.comparing import print_difference
    from tracegraph.model.instants import parse_instant
    from tracegraph.trace.tracing import trace as answer

    now = replace(question, paths=max(1, question.paths))
    then = replace(now, as_of=parse_instant(as_of, "compare-as-of", "end"))
    with session.opened() as store:
        answers = (answer(store, asked, language=session.language).envelope for asked in (then, now))
        print_difference(session, store, answers, form)


def _resumed(session: Session, earlier: Earlier, limits: Limits, paths: int, form: Form) -> None:
    from dataclasses import replace

    from tracegraph.trace.tracing import trace as answer

    question = replace(earlier.question, limits=limits, paths=paths)
    with session.opened() as store:
        _print(session, store, answer(store, question, earlier, session.language), form)


def _print(session: Session, store: Store, answered: Answered, form: Form) -> None:
    write_answer(answered, form, session, _view(session, store))
    finish(answered)


def _view(session: Session, store: Store) -> Callable[[Answered], None]:
    """How an answer is shown to people; what that needs is loaded when it is."""

    def show(answered: Answered) -> None:
        from tracegraph.commands.trace_view import show_trace

        show_trace(answered, session, store)

    return show


def _earlier(path: Path, direction: Towards) -> Earlier:
    """The earlier answer in a file."""
    import json

    from tracegraph.trace.tracing import earlier_answer

    try:
        loaded = json.loads(sys.stdin.buffer.read() if str(path) == STDIN else path.read_bytes())
    except OSError as error:
        raise InputError(
            f"the earlier answer {path} cannot be read: {error.strerror}; name a file with its JSON"
        ) from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"the earlier answer {path} is no JSON ({error}); name a file with the JSON of one") from None
    if not isinstance(loaded, dict):
        raise InputError(f"the earlier answer {path} is no JSON object; name a file with the JSON of one answer")
    found = earlier_answer(loaded)
    if found.question.direction != direction.value:
        raise UsageError(
            f"the earlier answer {path} is a trace {found.question.direction}; resume it with "
            f"trace {found.question.direction}"
        )
    return found


def _stream(session: Session, question_of: QuestionOf, starts: list[str], form: Form) -> None:
    """One start a line from stdin, one answer after the other, all of one state of the store."""
    from tracegraph.trace.register import Register
    from tracegraph.trace.snapshot import Snapshot
    from tracegraph.trace.tracing import trace as answer

    if starts != [STDIN]:
        raise UsageError("- stands for one start a line from standard input; leave out the other starts")
    if form not in STREAMED:
        raise UsageError(f"with - answers follow each other; choose --format ndjson (or table), not {form.value}")
    as_of = question_of(STDIN).as_of
    cut, unknown = False, 0
    with session.opened() as store:
        register = Register(Snapshot.of(store, as_of))
        for start in _lines():
            try:
                answered = answer(store, question_of(start), language=session.language, register=register)
            except StoreError:
                raise
            except TracegraphError as error:
                unknown += 1
                _print_error(start, error, form)
            else:
                cut = cut or answered.cut
                write_answer(answered, form, session, _view(session, store))
    if unknown:
        note(session.say("lines_without_answer", count=unknown))
    if cut:
        raise typer.Exit(CUT_BY_LIMIT)


def _lines() -> Iterator[str]:
    """The lines of stdin that are not empty."""
    for line in sys.stdin.buffer:
        text = line.decode("utf-8", "backslashreplace").strip().removeprefix("\ufeff")
        if text:
            yield text


def _print_error(start: str, error: TracegraphError, form: Form) -> None:
    """What stands in the place of an answer that there is none of."""
    import json

    if form is Form.TABLE:
        write(f"{start}: {error}\n\n".encode("utf-8", "backslashreplace"))
        return
    told: dict[str, Any] = {"status": error.exit_status, "start": start, "message": str(error)}
    if isinstance(error, UnknownIdentifier):
        told |= {"identifier": error.identifier, "nearest": list(error.nearest)}
    text = json.dumps({"error": told}, ensure_ascii=False, separators=(",", ":"))
    write(text.encode("utf-8", "backslashreplace") + b"\n")
