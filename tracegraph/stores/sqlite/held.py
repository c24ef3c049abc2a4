"""Holdings as answers read them: with their ids from the same statement, their names looked up together, equal places
and quantities as one object."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any, cast

from tracegraph.model.custody import Holding, Place
from tracegraph.model.quantity import Quantity
from tracegraph.stores.sqlite.graph_rows import PLACE_KINDS, read_quantity
from tracegraph.stores.sqlite.numbers import find_texts

#: What is read, of `holding` and of what NAMED joins to it; the last seven are numbers of names, of units first.
HELD = """
    holding.node, node.text, holding.place_kind, holding.since, holding.until, holding.role,
    holding.quantity_value, holding.quantity_measure, holding.remaining_value, holding.remaining_measure,
    holding.unit, holding.place, holding.event, holding.party, holding.goods_owner, holding.sublocation,
    holding.destination
"""
NAMES = range(10, 17)

#: CROSS JOIN: first the holding, then its id.
NAMED = "CROSS JOIN node ON node.number = holding.node"


def read_held(connection: sqlite3.Connection, rows: list[Any]) -> dict[int, Holding]:
    """Holdings by node from rows of the columns HELD."""
    return read_held_units(connection, rows)[0]


def read_held_units(connection: sqlite3.Connection, rows: list[Any]) -> tuple[dict[int, Holding], dict[int, str]]:
    """Holdings by node from rows of the columns HELD, and the keys of their units by number."""
    if not rows:
        return {}, {}
    columns = [set(map(itemgetter(number), rows)) for number in NAMES]
    texts = find_texts(connection, set[int]().union(*columns) - {None})
    return _holdings(rows, texts), {unit: texts[unit] for unit in columns[0]}


def _holdings(rows: list[Any], texts: Mapping[int, str]) -> dict[int, Holding]:
    optional = cast("Callable[[int | None], str | None]", texts.get)  # None for None
    places, amounts = Places(texts), _Amounts()
    found: dict[int, Holding] = {}
    for (
        node,
        id,
        kind,
        since,
        until,
        role,
        value,
        measure,
        left,
        left_in,
        unit,
        place,
        event,
        party,
        owner,
        at,
        to,
    ) in rows:
        found[node] = Holding(
            id,
            texts[unit],
            places[kind, place],
            since,
            until,
            texts[event],
            role,
            optional(party),
            optional(owner),
            amounts[value, measure],
            amounts[left, left_in],
            optional(at),
            optional(to),
        )
    return found


class Places(dict[tuple[str, int], Place]):
    """Places by their columns, each made once."""

    def __init__(self, texts: Mapping[int, str]) -> None:
        super().__init__()
        self._texts = texts

    def __missing__(self, columns: tuple[str, int]) -> Place:
        found = self[columns] = Place(PLACE_KINDS[columns[0]], self._texts[columns[1]])
        return found


class _Amounts(dict[tuple[str | None, str | None], Quantity | None]):
    """Quantities by their columns, each made once."""

    def __missing__(self, columns: tuple[str | None, str | None]) -> Quantity | None:
        found = self[columns] = read_quantity(*columns)
        return found
