"""Named queries: questions that are kept to be asked again, or subscribed to.

A query belongs to the user that made it, and nobody else sees its name: what somebody asks for tells what it trades in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tracegraph.errors import Refused
from tracegraph.formats.epcis.json_text import json_text
from tracegraph.query import Query, read_body
from tracegraph.service.file import ServiceFile


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query and its name. `body`: its parameters as they were given; `context`: prefixes that came with it."""

    owner: str
    name: str
    body: Mapping[str, Any]
    context: Any
    created_at: int

    @property
    def query(self) -> Query:
        """The query itself. QueryInvalid, QueryParameterInvalid: it is none."""
        return read_body(self.body, self.context)


class NamedQueries:
    """All named queries of a service. `clock` gives instants."""

    def __init__(self, file: ServiceFile, clock: Callable[[], int]) -> None:
        self._file = file
        self._clock = clock

    def add(self, owner: str, name: str, body: Mapping[str, Any], context: Any = None) -> NamedQuery:
        """Keep a query, which is read once to be sure of it. Refused where its owner has one of that name."""
        made = NamedQuery(owner, name, body, context, self._clock())
        _ = made.query
        with self._file.changing() as change:
            kept = change.execute(
                "INSERT INTO named_query (owner, name, body, context, created_at) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                (owner, name, json_text(body), json_text(context), made.created_at),
            ).rowcount
        if not kept:
            raise Refused(f"a query named {name} is there already; delete it first, or choose another name")
        return made

    def find(self, owner: str, name: str) -> NamedQuery | None:
        """The query of this name that belongs to the user."""
        found = self._rows("WHERE owner = ? AND name = ?", (owner, name))
        return found[0] if found else None

    def of(self, owner: str) -> list[NamedQuery]:
        """All queries of a user, by name."""
        return self._rows("WHERE owner = ? ORDER BY name", (owner,))

    def remove(self, owner: str, name: str) -> bool:
        """Forget a query; whether there was one."""
        with self._file.changing() as change:
            gone = change.execute("DELETE FROM named_query WHERE owner = ? AND name = ?", (owner, name)).rowcount
        return gone == 1

    def _rows(self, condition: str, values: tuple[str, ...]) -> list[NamedQuery]:
        with self._file.reading() as connection:
            rows = connection.execute(f"SELECT * FROM named_query {condition}", values).fetchall()
        return [
            NamedQuery(row["owner"], row["name"], _read(row["body"]), _read(row["context"]), row["created_at"])
            for row in rows
        ]


def _read(text: str) -> Any:
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)
