"""What every command is told by the global options: which store, which language, who acts, how long tables get."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from tracegraph.errors import Refused
from tracegraph.messages import Language, words

if TYPE_CHECKING:
    import typer

    from tracegraph.access.caller import Caller
    from tracegraph.access.rights import Rights
    from tracegraph.intake.portions import Permit
    from tracegraph.stores.port import Store

DEFAULT_STORE = "sqlite:///tracegraph.db"


@dataclass(frozen=True, slots=True)
class Session:
    """One run. `store` is None where none was named; `rows` is how many rows a table for people has (0: all); `hints`:
    say what to try next; `caller` and `rights`: who proved to be the actor, and what the roles may (None: whoever may
    read the store, who may do and know everything)."""

    store: str | None = None
    language: Language = "en"
    actor: str = ""
    rows: int = 100
    hints: bool = True
    caller: Caller | None = None
    rights: Rights | None = None

    @property
    def url(self) -> str:
        """The named store, or the default one in the current folder."""
        return self.store or DEFAULT_STORE

    def allow(self, operation: str) -> None:
        """Raise Refused where whoever acts lacks an operation of the rights."""
        if self.caller is None or self.rights is None or self.rights.allows(self.caller, operation):
            return
        role = self.caller.role.value
        raise Refused(
            f"{self.caller.name} lacks the operation {operation}: the role {role} or the key leaves it out; "
            "ask an administrator"
        )

    @contextmanager
    def opened(self, create: bool = False) -> Iterator[Store]:
        """The open store as far as the caller may know it, closed at the end. Only `create` makes a store that does not
        exist."""
        with self.whole(create) as store:
            if self.caller is None:
                yield store
            else:
                from tracegraph.access.view import view_of

                # A restricted view only reads; commands that write are for roles that see everything.
                yield cast("Store", view_of(store, self.caller, self.rights))

    @contextmanager
    def whole(self, create: bool = False) -> Iterator[Store]:
        """The open store itself, for what decides by other means what the caller may do with it."""
        from tracegraph.stores import open_store

        store = open_store(reachable(self.url), create=create)
        try:
            yield store
        finally:
            store.close()

    def permit(self, store: Store) -> Permit | None:
        """What decides about each piece that is captured; None: everything may be."""
        if self.caller is None:
            return None
        from tracegraph.access.capturing import permit_of

        return permit_of(store, self.caller, self.rights)

    def say(self, key: str, /, **values: object) -> str:
        """A sentence of the catalogue in the language of this run."""
        return words(key, self.language).format(**values)

    def counted(self, noun: str, count: int) -> str:
        """`1 lot`, `2 lots`."""
        return self.say(f"{noun}_one" if count == 1 else f"{noun}_many", count=count)


def reachable(url: str) -> str:
    """The URL with the credentials of the environment, where it is one of a server and has none. Never to be shown."""
    from tracegraph.stores import with_credentials

    return with_credentials(url, os.environ.get("NEO4J_USERNAME"), os.environ.get("NEO4J_PASSWORD"))


def session_of(context: typer.Context) -> Session:
    """The session that the global options made."""
    session = context.find_object(Session)
    assert session is not None
    return session
