"""`tracegraph users`, `keys` and `audit`: who may ask the service of a store, with what, and what they asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracegraph.clock import now
from tracegraph.commands.options import FormOption
from tracegraph.commands.output import PLAIN_FORMS, Form, allowed, line, note
from tracegraph.commands.service_file import ServiceFileOption, opened, show
from tracegraph.commands.session import session_of

if TYPE_CHECKING:
    from tracegraph.service.keys import ApiKey
    from tracegraph.service.users import User

RightsOption = Annotated[Path | None, typer.Option("--rights", envvar="TRACEGRAPH_RIGHTS", metavar="FILE")]
USER_COLUMNS = ("name", "role", "organisations", "disabled")
KEY_COLUMNS = ("prefix", "user", "state", "scopes", "expires", "used", "label")
AUDIT_COLUMNS = ("number", "at", "caller", "operation", "method", "route", "asked", "status")

UserName = Annotated[str, typer.Argument(metavar="NAME")]
Organisations = Annotated[list[str] | None, typer.Option("--organisation", metavar="PARTY")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    users = typer.Typer(add_completion=False, rich_markup_mode=None)
    users.callback()(nothing)
    for name, command in (("add", add), ("change", change), ("disable", disable), ("enable", enable)):
        users.command(name)(command)
    users.command("list")(list_users)
    keys = typer.Typer(add_completion=False, rich_markup_mode=None)
    keys.callback()(nothing)
    keys.command("create")(create)
    keys.command("list")(list_keys)
    keys.command("revoke")(revoke)
    app.add_typer(users, name="users")
    app.add_typer(keys, name="keys")
    app.command("audit")(audit)


def nothing() -> None:
    """Nothing alone."""


def add(
    context: typer.Context,
    name: UserName,
    role: Annotated[str, typer.Option("--role", metavar="ROLE")],
    organisation: Organisations = None,
    service_file: ServiceFileOption = None,
) -> None:
    """A new user."""
    from tracegraph.service.users import Users

    session = session_of(context)
    with opened(session, service_file, create=True) as file:
        user = Users(file, now).add(name, role, organisation or ())
    line(session.say("user_added", user=user.name, role=user.role.value))
    note(session.say("user_needs_key", user=user.name))


def change(
    context: typer.Context,
    name: UserName,
    role: Annotated[str | None, typer.Option("--role", metavar="ROLE")] = None,
    organisation: Organisations = None,
    service_file: ServiceFileOption = None,
) -> None:
    """Another role, other organisations."""
    from tracegraph.service.users import Users

    session = session_of(context)
    with opened(session, service_file) as file:
        user = Users(file, now).change(name, role, organisation)
    line(session.say("user_changed", user=user.name, role=user.role.value))


def disable(context: typer.Context, name: UserName, service_file: ServiceFileOption = None) -> None:
    """Refuse the keys of a user."""
    from tracegraph.service.users import Users

    session = session_of(context)
    with opened(session, service_file) as file:
        Users(file, now).disable(name)
    line(session.say("user_disabled", user=name))


def enable(context: typer.Context, name: UserName, service_file: ServiceFileOption = None) -> None:
    """Take the keys of a user again."""
    from tracegraph.service.users import Users

    session = session_of(context)
    with opened(session, service_file) as file:
        Users(file, now).enable(name)
    line(session.say("user_enabled", user=name))


def list_users(context: typer.Context, form: FormOption = Form.TABLE, service_file: ServiceFileOption = None) -> None:
    """Every user."""
    from tracegraph.service.users import Users

    allowed(form, PLAIN_FORMS, "users list")
    session = session_of(context)
    with opened(session, service_file) as file:
        users = Users(file, now).all()
    show([_user(user) for user in users], USER_COLUMNS, form, session)


def create(
    context: typer.Context,
    user: UserName,
    scope: Annotated[list[str] | None, typer.Option("--scope", metavar="OPERATION")] = None,
    expires: Annotated[str | None, typer.Option("--expires", metavar="T")] = None,
    label: Annotated[str, typer.Option("--label", metavar="TEXT")] = "",
    rights: RightsOption = None,
    service_file: ServiceFileOption = None,
) -> None:
    """A new key; it is shown once."""
    from tracegraph.access.rights import load_rights
    from tracegraph.model.instants import parse_instant
    from tracegraph.service.keys import Keys

    session = session_of(context)
    operations = frozenset().union(*load_rights(rights).operations.values())
    until = None if expires is None else parse_instant(expires, "--expires", "end")
    with opened(session, service_file) as file:
        made = Keys(file, now, operations).create(user, scope or (), until, label)
    line(made.secret)
    note(session.say("api_key_made", prefix=made.key.prefix, user=user))


def list_keys(
    context: typer.Context,
    user: Annotated[str | None, typer.Option("--user", metavar="NAME")] = None,
    form: FormOption = Form.TABLE,
    service_file: ServiceFileOption = None,
) -> None:
    """Every key, without its secret."""
    from tracegraph.service.keys import Keys

    allowed(form, PLAIN_FORMS, "keys list")
    session = session_of(context)
    with opened(session, service_file) as file:
        keys = Keys(file, now).all(user)
    asked_at = now()
    show([_key(key, asked_at) for key in keys], KEY_COLUMNS, form, session)


def revoke(
    context: typer.Context,
    prefix: Annotated[str, typer.Argument(metavar="PREFIX")],
    service_file: ServiceFileOption = None,
) -> None:
    """Refuse a key for ever."""
    from tracegraph.service.keys import Keys

    session = session_of(context)
    with opened(session, service_file) as file:
        key = Keys(file, now).revoke(prefix)
    line(session.say("api_key_revoked", prefix=key.prefix, user=key.user))


def audit(
    context: typer.Context,
    user: Annotated[str | None, typer.Option("--user", metavar="NAME")] = None,
    before: Annotated[int | None, typer.Option("--before", metavar="NUMBER")] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, max=100_000)] = 100,
    form: FormOption = Form.TABLE,
    service_file: ServiceFileOption = None,
) -> None:
    """What was asked over HTTP, newest first."""
    from tracegraph.service.audit import AuditTrail, as_json

    allowed(form, (*PLAIN_FORMS, Form.NDJSON), "audit")
    session = session_of(context)
    with opened(session, service_file) as file:
        entries = AuditTrail(file, now).page(before, limit, user)
    show([as_json(entry) for entry in entries], AUDIT_COLUMNS, form, session)


def _user(user: User) -> dict[str, Any]:
    from tracegraph.model.instants import instant_text

    return {
        "name": user.name,
        "role": user.role.value,
        "organisations": sorted(user.organisations),
        "disabled": user.disabled,
        "created": instant_text(user.created_at),
    }


def _key(key: ApiKey, asked_at: int) -> dict[str, Any]:
    from tracegraph.model.instants import instant_text, optional_text

    return {
        "prefix": key.prefix,
        "user": key.user,
        "state": key.state(asked_at),
        "scopes": sorted(key.scopes),
        "label": key.label,
        "created": instant_text(key.created_at),
        "expires": optional_text(key.expires_at),
        "used": None if key.used_on is None else instant_text(key.used_on)[:10],
    }
