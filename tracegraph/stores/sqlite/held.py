"""Holdings as answers read them: with their ids and units' keys from the same statement, their other names looked up
together, equal places and quantities as one object."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from tracegraph.model.custody import Holding, Place
from tracegraph.model.quantity import Quantity
from tracegraph.stores.sqlite.graph_rows import PLACE_KINDS, read_quantity
from tracegraph.stores.sqlite.numbers import find_texts

#: What `read_held` reads, of `holding` and of what NAMED joins to it: first the unit's number and key; the last six are
#: numbers of names.
HELD = """
    holding.unit, name.text, holding.node, node.text, holding.place_kind, holding.since, holding.until, holding.role,
    holding.quantity_value, holding.quantity_measure, holding.remaining_value, holding.remaining_measure,
    holding.place, holding.event, holding.party, holding.goods_owner, holding.sublocation, holding.destination
"""
FIRST_NAME = -6

#: CROSS JOIN: first the holding, then its texts.
NAMED = """
    CROSS JOIN node ON node.number = holding.node
    CROSS JOIN name ON name.number = holding.unit
"""


def read_held(connection: sqlite3.Connection, rows: list[Any]) -> dict[int, Holding]:
    """Holdings by node from rows of the columns HELD."""
    if not rows:
        return {}
    numbers = set[int | None]().union(*list(zip(*rows, strict=True))[FIRST_NAME:])
    texts = find_texts(connection, [number for number in numbers if number is not None])
    optional = dict[int | None, str | None](((None, None), *texts.items()))
    places, amounts = Places(texts), _Amounts()
    found: dict[int, Holding] = {}
    for row in rows:
        _, unit, node, id, kind, since, until, role, value, measure, left, left_in, *names = row
        place, event, party, owner, at, to = names
        found[node] = Holding(
            id,
            unit,
            places[kind, place],
            since,
            until,
            texts[event],
            role,
            optional[party],
            optional[owner],
            amounts[value, measure],
            amounts[left, left_in],
            optional[at],
            optional[to],
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
