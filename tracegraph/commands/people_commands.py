"""The commands of `tracegraph people`: persons outside of the ledger, added, corrected, found, erased."""

from __future__ import annotations

from typing import Annotated

import typer

from tracegraph.clock import now
from tracegraph.commands.options import FormOption
from tracegraph.commands.output import PLAIN_FORMS, Form, allowed, line
from tracegraph.commands.service_file import ServiceFileOption, opened, show
from tracegraph.commands.session import session_of
from tracegraph.model.instants import instant_text
from tracegraph.model.person import TEXTS

COLUMNS = ("reference", "name", "role", "phone", "keep_until")

Reference = Annotated[str, typer.Argument(metavar="person:...")]
RoleOption = Annotated[str | None, typer.Option("--role", metavar="TEXT")]
OrganisationOption = Annotated[str | None, typer.Option("--organisation", metavar="PARTY")]
PhoneOption = Annotated[str | None, typer.Option("--phone", metavar="NUMBER")]
EmailOption = Annotated[str | None, typer.Option("--email", metavar="ADDRESS")]
AddressOption = Annotated[str | None, typer.Option("--address", metavar="TEXT")]
AfterHoursOption = Annotated[str | None, typer.Option("--after-hours", metavar="TEXT")]
NotesOption = Annotated[str | None, typer.Option("--notes", metavar="TEXT")]


def commands() -> typer.Typer:
    """All of them."""
    group = typer.Typer(add_completion=False, rich_markup_mode=None)
    for name, command in (("add", add), ("correct", correct), ("find", find), ("erase", erase), ("retain", retain)):
        group.command(name)(command)
    return group


def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME")],
    purpose: Annotated[str, typer.Option("--purpose", metavar="TEXT")],
    keep_until: Annotated[str, typer.Option("--keep-until", metavar="DAY")],
    role: RoleOption = None,
    organisation: OrganisationOption = None,
    phone: PhoneOption = None,
    email: EmailOption = None,
    address: AddressOption = None,
    after_hours: AfterHoursOption = None,
    notes: NotesOption = None,
    service_file: ServiceFileOption = None,
) -> None:
    """A new person."""
    from tracegraph.service.people import People

    session, given = session_of(context), locals()
    with opened(session, service_file, create=True) as file:
        person = People(file, now).add(**_texts(given))
    line(person.reference)


def correct(
    context: typer.Context,
    reference: Reference,
    name: Annotated[str | None, typer.Option("--name", metavar="TEXT")] = None,
    purpose: Annotated[str | None, typer.Option("--purpose", metavar="TEXT")] = None,
    keep_until: Annotated[str | None, typer.Option("--keep-until", metavar="DAY")] = None,
    role: RoleOption = None,
    organisation: OrganisationOption = None,
    phone: PhoneOption = None,
    email: EmailOption = None,
    address: AddressOption = None,
    after_hours: AfterHoursOption = None,
    notes: NotesOption = None,
    service_file: ServiceFileOption = None,
) -> None:
    """Other texts for a person."""
    from tracegraph.service.people import People

    session, given = session_of(context), locals()
    with opened(session, service_file) as file:
        person = People(file, now).correct(reference, **_texts(given))
    line(session.say("person_corrected", person=person.reference))


def _texts(given: dict[str, object]) -> dict[str, str]:
    return {name: str(given[name]) for name in TEXTS if given[name] is not None}


def find(
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", show_default=False)] = "",
    form: FormOption = Form.TABLE,
    service_file: ServiceFileOption = None,
) -> None:
    """Persons by a part of any text, or all."""
    from tracegraph.service.people import People

    allowed(form, PLAIN_FORMS, "people find")
    session = session_of(context)
    with opened(session, service_file) as file:
        found = People(file, now).find(text)
    rows = [{"reference": one.reference, **{name: getattr(one, name) for name in TEXTS}} for one in found]
    show(rows, COLUMNS, form, session)


def erase(context: typer.Context, reference: Reference, service_file: ServiceFileOption = None) -> None:
    """Erase all that is known of a person."""
    from tracegraph.service.people import People

    session = session_of(context)
    with opened(session, service_file) as file:
        erased = People(file, now).erase(reference)
    line(session.say("person_erased", person=reference, at=instant_text(erased.erased_at)))


def retain(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
    service_file: ServiceFileOption = None,
) -> None:
    """Erase everybody whose last day is over."""
    from tracegraph.service.people import People

    session = session_of(context)
    with opened(session, service_file) as file:
        over = People(file, now).retain(dry_run)
    for reference in over:
        line(reference)
    line(session.say("persons_to_erase" if dry_run else "persons_erased", count=len(over)))
