"""Statements of one transaction, and which ledger position its questions are about."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from itertools import islice
from typing import Any, TypeVar

from neo4j import ManagedTransaction, Transaction

from tracegraph.stores.neo4j.statements import statement

Item = TypeVar("Item")

#: `known_to` of what is current: beyond every position, and kept by the server in one block of 8 bytes.
OPEN = 2**53

#: The position at which everything is known, uncommitted changes of one's own included.
LATEST = OPEN - 1

#: Rows sent with one statement.
PORTION = 20_000


class Asking:
    """Runs statements of the folder `cypher`, each of which answers with one row of columns.

    `newest` gives the last position that may be seen; a question about now, or about later, is about that one.
    """

    def __init__(self, transaction: Transaction | ManagedTransaction, newest: Callable[[Asking], int]) -> None:
        self._transaction = transaction
        self._newest = newest

    def columns(self, name: str, /, **parameters: object) -> list[Any]:
        """The columns of the one row that the statement answers with."""
        return self._transaction.run(statement(name), parameters).single(strict=True).values()

    def column(self, name: str, /, **parameters: object) -> Any:
        """The first column."""
        return self.columns(name, **parameters)[0]

    def in_portions(self, name: str, listed: str, values: Iterable[object], /, **parameters: object) -> list[list[Any]]:
        """The columns that the statement gives for all values of one parameter, a portion at a time, joined."""
        joined: list[list[Any]] = []
        for portion in portions(values, PORTION) or [[]]:
            answered = self.columns(name, **{listed: portion}, **parameters)
            joined = [[*whole, *part] for whole, part in zip(joined, answered, strict=True)] if joined else answered
        return joined

    def send(self, name: str, listed: str, values: Iterable[object], /, **parameters: object) -> None:
        """Run the statement for all values of one parameter, a portion at a time."""
        for portion in portions(values, PORTION):
            self.columns(name, **{listed: portion}, **parameters)

    def rows(self, name: str, listed: str, values: Iterable[object], /, **parameters: object) -> list[Any]:
        """The one column that the statement gives for all values of one parameter."""
        found: list[Any] = []
        for portion in portions(values, PORTION):
            found += self.column(name, **{listed: portion}, **parameters)
        return found

    def known(self, at: int | None) -> int:
        """The position that a question is about."""
        newest = self._newest(self)
        return newest if at is None else min(at, newest)


def portions(items: Iterable[Item], size: int) -> list[list[Item]]:
    """The items in lists of at most `size`."""
    iterator = iter(items)
    return list(iter(lambda: list(islice(iterator, size)), []))


def distinct(values: Collection[str]) -> list[str]:
    """Each value once."""
    return list(dict.fromkeys(values))
