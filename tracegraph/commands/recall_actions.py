"""Actions of a recall case as commands: an option for each field of the action (recall/case/actions), as data say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracegraph.commands.options import FormOption
from tracegraph.commands.output import PLAIN_FORMS, Form, allowed, line, write
from tracegraph.commands.session import Session, session_of
from tracegraph.model.record_kinds import Field, RecordKind
from tracegraph.recall.case.actions import action_kind

if TYPE_CHECKING:
    from tracegraph import Tracegraph
    from tracegraph.intake.recalling import Acted

CaseArgument = Annotated[str, typer.Argument(metavar="CASE")]
ReasonOption = Annotated[str, typer.Option("--reason", metavar="TEXT")]
KeyOption = Annotated[str, typer.Option("--key", metavar="KEY")]
AsIsOption = Annotated[list[str] | None, typer.Option("--as-is", metavar="FIELD")]
SeenOption = Annotated[int | None, typer.Option("--seen", metavar="N", min=0)]

#: The field of an action that stands without a name after the case, and what joins its words.
PLAIN = {
    "hold": ("units", ";"),
    "release": ("units", ";"),
    "clear": ("unit", " "),
    "cause": ("cause", " "),
    "remedy": ("corrective", " "),
    "note": ("text", " "),
}
#: Commands with another name than the action whose fields they take.
NAMED = {"close": "terminate"}
_FIELD = "field_"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a command line asks to be done in a case."""

    case: str
    action: str
    fields: Mapping[str, str]
    reason: str
    key: str
    seen: int | None
    as_is: Sequence[str]
    form: Form


Runner = Callable[..., None]


def perform(context: typer.Context, asked: Asked) -> None:
    """Do it, and say so."""
    allowed(asked.form, PLAIN_FORMS, f"recall {asked.action}")
    session = session_of(context)
    with graph_of(session) as graph:
        done = done_in(graph, session, asked)
    tell(session, done, asked.form)


def done_in(graph: Tracegraph, session: Session, asked: Asked, payload: Mapping[str, Any] | None = None) -> Acted:
    """The move that was asked for, done by whoever the session is of."""
    return graph.recall_act(
        asked.case, asked.action, asked.fields, asked.reason, payload, asked.key, asked.seen, session.actor, asked.as_is
    )


@contextmanager
def graph_of(session: Session) -> Iterator[Tracegraph]:
    """The store of the session as its user may use it."""
    from tracegraph import Tracegraph

    with session.whole() as store:
        graph = Tracegraph(store, session.language)
        yield graph if session.caller is None else graph.as_caller(session.caller, session.rights)


def tell(session: Session, done: Acted, form: Form = Form.TABLE) -> None:
    """One sentence about a move, or the move as JSON."""
    if form is Form.JSON:
        from tracegraph.recall.answering import receipt
        from tracegraph.trace.envelope import to_json

        write(to_json(receipt(done.case, done.move, done.new)))
        return
    said = {"case": done.case.id, "action": action_kind(done.move.action).label[session.language]}
    state = session.say(f"recall_state_{done.case.state}")
    line(session.say("recall_done" if done.new else "recall_known", number=done.move.number, state=state, **said))


def command_of(action: str, runner: Runner = perform, *more: Parameter) -> Callable[..., None]:
    """The command of an action. `runner` gets the context, what is asked, and the values of `more` parameters."""

    def command(context: typer.Context, **given: Any) -> None:
        runner(context, _asked(action, given), **{one.name: given[one.name] for one in more})

    parameters = [_parameter("context", typer.Context), *_parameters(action_kind(action)), *more]
    command.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {}
    return command


def label_of(command: str, field: str, language: str) -> str:
    """What a field of a command's action is called; those that must be given with an asterisk."""
    found = next(one for one in action_kind(NAMED.get(command, command)).fields if one.name == field)
    return f"{found.label[language]}{' *' if found.required else ''}"


def option(name: str, annotation: Any, default: Any = None) -> Parameter:
    """A parameter of a command beside those of its action."""
    return _parameter(name, annotation, default)


def _parameters(kind: RecordKind) -> Iterator[Parameter]:
    yield _parameter(
        "case", str, typer.Argument("" if kind.name == "open" else ..., metavar="CASE", show_default=False)
    )
    plain = PLAIN.get(kind.name, ("", ""))[0]
    for one in sorted(kind.fields, key=lambda field: field.name != plain):
        yield _plain(one) if one.name == plain else _option(one)
    yield _parameter("reason", ReasonOption, "")
    yield _parameter("request_key", KeyOption, "")
    yield _parameter("seen", SeenOption, None)
    yield _parameter("as_is", AsIsOption, None)
    yield _parameter("form", FormOption, Form.TABLE)


def _plain(field: Field) -> Parameter:
    several = typer.Argument(metavar=f"{field.name.upper().removesuffix('S')}...")
    return _parameter(_FIELD + field.name, Annotated[list[str], several], Parameter.empty)


def _option(field: Field) -> Parameter:
    metavar = "|".join(field.choices) or ("yes|no" if field.type == "yes_no" else field.type.upper())
    named = typer.Option(f"--{field.name.replace('_', '-')}", metavar=metavar)
    return _parameter(_FIELD + field.name, Annotated[str | None, named], None)


def _parameter(name: str, annotation: Any, default: Any = Parameter.empty) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _asked(action: str, given: Mapping[str, Any]) -> Asked:
    joint = PLAIN.get(action, ("", " "))[1]
    fields = {
        name.removeprefix(_FIELD): joint.join(value) if isinstance(value, list) else value
        for name, value in given.items()
        if name.startswith(_FIELD) and value is not None
    }
    said, key, seen = (given[name] for name in ("reason", "request_key", "seen"))
    as_is = [name.replace("-", "_") for name in given["as_is"] or ()]
    return Asked(given["case"], action, fields, said, key, seen, as_is, given["form"])
