"""`tracegraph search`: which units, sites, parties and products the records know."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from tracegraph.commands.options import AsOf, FormOption
from tracegraph.commands.output import FLAT_FORMS, Form, allowed, write_answer
from tracegraph.commands.session import Session, session_of
from tracegraph.model.custody import UnitKind

if TYPE_CHECKING:
    from tracegraph.stores.port import Store
    from tracegraph.trace.tracing import Answered


class Among(StrEnum):
    """What to look for."""

    UNITS = "units"
    SITES = "sites"
    PARTIES = "parties"
    PRODUCTS = "products"


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("search")(search)


def search(
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="[TEXT]")] = "",
    among: Annotated[Among, typer.Option("--among")] = Among.UNITS,
    product: Annotated[str | None, typer.Option("--product", metavar="ID")] = None,
    kind: Annotated[UnitKind | None, typer.Option("--kind")] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N")] = 100,
    after: Annotated[str | None, typer.Option("--after", metavar="NEXT")] = None,
    as_of: AsOf = None,
    form: FormOption = Form.TABLE,
) -> None:
    """A page of what is found."""
    from tracegraph.model.instants import known_until
    from tracegraph.trace.search import Search
    from tracegraph.trace.search import search as answer

    allowed(form, FLAT_FORMS, "search")
    known = known_until(as_of)
    asked = Search(text, among.value, product, kind, limit, after, known)
    session = session_of(context)
    with session.opened() as store:
        write_answer(answer(store, asked), form, session, lambda found: _show(found, session, store))


def _show(found: Answered, session: Session, store: Store) -> None:
    """The table for people, and how to go on."""
    from tracegraph.commands.screen import Screen

    told = found.envelope
    screen, among = Screen(session, store, told), told["question"]["search"]["among"]
    rows = told["result"][among]
    columns = [name for name in (rows[0] if rows else {}) if name != "likeness"]
    screen.print(session.counted(f"found_{among}", len(rows)), "bold")
    screen.table(columns, ([str(row[name] or "") for name in columns] for row in rows), len(rows))
    if told["result"]["next"]:
        screen.print(screen.word("search_more", next=told["result"]["next"]), "italic")
