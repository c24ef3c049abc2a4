"""Users of a service: a name, a role, and the organisations that it acts for. Never personal data: a name is chosen.

Whoever can write the service file is its administrator; so the first user needs no password.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tracegraph.access.caller import Caller, Role
from tracegraph.clock import now
from tracegraph.errors import UsageError
from tracegraph.identifiers import party
from tracegraph.service.file import ServiceFile

#: A name that is no sentence, no mail address, and nothing that a log or a terminal could take for something else.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")

#: Roles that see what their organisations may see; without one they would see nothing.
ORGANISED = frozenset({Role.OPERATOR, Role.AUDITOR, Role.CERTIFIER})


@dataclass(frozen=True, slots=True)
class User:
    """`organisations`: canonical party keys. `created_at`: an instant. Keys of a disabled user are refused."""

    name: str
    role: Role
    organisations: frozenset[str]
    disabled: bool
    created_at: int

    def caller(self, scopes: frozenset[str] = frozenset()) -> Caller:
        """The user as one who asks."""
        return Caller(self.name, self.role, self.organisations, scopes)


class Users:
    """The users in a service file. `clock`: now, as an instant."""

    def __init__(self, file: ServiceFile, clock: Callable[[], int] = now) -> None:
        self._file = file
        self._clock = clock

    def add(self, name: str, role: str, organisations: Iterable[str] = ()) -> User:
        """A new user; UsageError where the name is taken or is none, or the role needs an organisation."""
        user = User(_name(name), role_named(role), _parties(organisations), disabled=False, created_at=self._clock())
        _check(user)
        with self._file.changing() as connection:
            if _row(connection, name) is not None:
                raise UsageError(f"there is a user {name} already; change it, or choose another name")
            connection.execute(
                "INSERT INTO users (name, role, organisations, created_at) VALUES (?, ?, ?, ?)",
                (user.name, user.role.value, _stored(user.organisations), user.created_at),
            )
        return user

    def change(self, name: str, role: str | None = None, organisations: Iterable[str] | None = None) -> User:
        """Another role or other organisations (None: as before); its keys go on with them."""
        with self._file.changing() as connection:
            before = _known(connection, name)
            user = User(
                name,
                before.role if role is None else role_named(role),
                before.organisations if organisations is None else _parties(organisations),
                before.disabled,
                before.created_at,
            )
            _check(user)
            connection.execute(
                "UPDATE users SET role = ?, organisations = ? WHERE name = ?",
                (user.role.value, _stored(user.organisations), name),
            )
        return user

    def disable(self, name: str) -> User:
        """Refuse all its keys until it is enabled."""
        return self._switched(name, disabled=True)

    def enable(self, name: str) -> User:
        """Take its keys again."""
        return self._switched(name, disabled=False)

    def _switched(self, name: str, disabled: bool) -> User:
        with self._file.changing() as connection:
            _known(connection, name)
            connection.execute("UPDATE users SET disabled = ? WHERE name = ?", (disabled, name))
            return _known(connection, name)

    def named(self, name: str) -> User:
        """The user; UsageError where there is none."""
        with self._file.reading() as connection:
            return _known(connection, name)

    def current(self, caller: Caller) -> Caller | None:
        """A caller of earlier as it is now, for what is done later in its name; None: it is disabled. Who is known
        elsewhere (a token's issuer) is as it was."""
        with self._file.reading() as connection:
            row = _row(connection, caller.name)
        if row is None:
            return caller
        user = user_of_row(row)
        return None if user.disabled else user.caller(caller.scopes)

    def all(self) -> list[User]:
        """Every user, by name."""
        with self._file.reading() as connection:
            return [user_of_row(row) for row in connection.execute("SELECT * FROM users ORDER BY name")]

    def have_admin(self) -> bool:
        """Whether somebody can administer the service."""
        return any(user.role is Role.ADMIN and not user.disabled for user in self.all())


def role_named(text: str) -> Role:
    """The role of that name; UsageError for one that users cannot have."""
    for role in Role:
        if role.value == text and role is not Role.PUBLIC:
            return role
    offered = ", ".join(role.value for role in Role if role is not Role.PUBLIC)
    raise UsageError(f"role is {text!r}; choose one of {offered}")


def user_of_row(row: sqlite3.Row) -> User:
    """The user that a row of the table, or one joined with it, describes."""
    organisations = frozenset(json.loads(row["organisations"]))
    return User(row["name"], Role(row["role"]), organisations, bool(row["disabled"]), row["created_at"])


def _name(text: str) -> str:
    if _NAME.match(text):
        return text
    raise UsageError(
        f"user name {text!r} is none; take up to 64 of A-Z a-z 0-9 . _ - and no name or address of a person"
    )


def _parties(given: Iterable[str]) -> frozenset[str]:
    found = frozenset(party(text) for text in given)
    if "" in found:
        raise UsageError("an organisation is empty; name it by GLN, Digital Link or any other URI")
    return found


def _check(user: User) -> None:
    if user.role in ORGANISED and not user.organisations:
        raise UsageError(f"{user.name}: the role {user.role} needs an organisation; name one with --organisation")


def _stored(organisations: frozenset[str]) -> str:
    return json.dumps(sorted(organisations), ensure_ascii=False)


def _row(connection: sqlite3.Connection, name: str) -> sqlite3.Row | None:
    found: sqlite3.Row | None = connection.execute("SELECT * FROM users WHERE name = ?", (name,)).fetchone()
    return found


def _known(connection: sqlite3.Connection, name: str) -> User:
    row = _row(connection, name)
    if row is None:
        raise UsageError(f"there is no user {name!r}; see tracegraph users list")
    return user_of_row(row)
