"""`tracegraph packs`: which rule packs there are, what is in one, and whether its vectors hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracegraph.commands.options import FormOption
from tracegraph.commands.output import PLAIN_FORMS, Form, allowed, line, write
from tracegraph.commands.session import Session, session_of

if TYPE_CHECKING:
    from tracegraph.claims.pack import Pack

NameArgument = Annotated[str, typer.Argument(metavar="NAME")]
NamesArgument = Annotated[list[str] | None, typer.Argument(metavar="[NAME]...")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = typer.Typer(add_completion=False, rich_markup_mode=None)
    group.callback()(packs)
    group.command("list")(list_packs)
    group.command("show")(show)
    group.command("test")(prove)
    app.add_typer(group, name="packs")


def packs() -> None:
    """Nothing alone."""


def list_packs(context: typer.Context, form: FormOption = Form.TABLE) -> None:
    """All packs."""
    from tracegraph.schemes import packs as known
    from tracegraph.trace.envelope import to_json

    allowed(form, PLAIN_FORMS, "packs list")
    session = session_of(context)
    if form is Form.JSON:
        write(to_json({"packs": [pack.about() for pack in known()]}))
        return
    for pack in known():
        line(f"{pack.id} {pack.version}: {_title(pack, session)} ({len(pack.rules)})")


def show(context: typer.Context, name: NameArgument, form: FormOption = Form.TABLE) -> None:
    """One pack."""
    from tracegraph.commands.packs_view import show_pack
    from tracegraph.schemes import packs as known
    from tracegraph.trace.envelope import to_json

    allowed(form, PLAIN_FORMS, "packs show")
    (pack,) = known((name,))
    if form is Form.JSON:
        write(to_json(pack.whole()))
    else:
        show_pack(pack, session_of(context))


def prove(
    context: typer.Context, names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...")] = None
) -> None:
    """Run the vectors."""
    from tracegraph.proving import failures
    from tracegraph.schemes import packs as known

    session, failed = session_of(context), 0
    for pack in known(tuple(names or ())):
        told = [(name, failures(pack, vector)) for name, vector in pack.vectors()]
        wrong = [(name, why) for name, why in told if why]
        line(session.say("packs_tested", pack=pack.id, count=len(told), failed=len(wrong)))
        for name, why in wrong:
            line(f"- {name}: {'; '.join(why)}")
        failed += len(wrong)
    if failed:
        raise typer.Exit(1)


def _title(pack: Pack, session: Session) -> str:
    return pack.title.get(session.language, pack.title["en"])
