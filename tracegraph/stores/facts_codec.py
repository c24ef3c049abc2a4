"""Event facts as compact JSON, the same bytes in every store: arrays in a fixed order, quantities as decimal text.

The round trip is exact: `decode_facts(encode_facts(facts)) == facts`, down to the digits of every Decimal.
"""

from __future__ import annotations

import json
from decimal import Decimal
from functools import lru_cache
from typing import Any

from tracegraph.model.facts import Alias, Document, EventFacts, Membership, NamedUnit, Role
from tracegraph.model.quantity import Quantity

#: Nothing in the facts holds itself.
_write = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
_read = json.JSONDecoder().decode
#: Where documents, units, memberships and aliases stand.
_LISTS = slice(19, 23)
_NAMED = 20
_ROLE = {role.value: role for role in Role}


def encode_facts(facts: EventFacts) -> str:
    """The facts as one line of ASCII JSON."""
    row = [
        facts.content_hash,
        facts.event_id,
        facts.retracts,
        facts.type,
        facts.instant,
        facts.offset,
        facts.day,
        facts.action,
        facts.step,
        facts.disposition,
        facts.read_point,
        facts.biz_location,
        facts.source_place,
        facts.destination_place,
        facts.source_party,
        facts.destination_party,
        facts.source_owner,
        facts.destination_owner,
        facts.transformation,
        [[document.type, document.id] for document in facts.documents],
        [
            [named.unit, named.role, named.as_class, named.quantity and encode_quantity(named.quantity)]
            for named in facts.named
        ],
        [[membership.item, membership.lot] for membership in facts.memberships],
        [[alias.unit, alias.alias, alias.document, alias.date] for alias in facts.aliases],
    ]
    if facts.assumed:  # hardly ever: nothing is written of it otherwise
        row.append(facts.assumed)
    return _write(row)


def decode_facts(text: str) -> EventFacts:
    """The facts that `encode_facts` wrote; a LookupError, TypeError, ValueError or ArithmeticError
    where the text is something else."""
    row: list[Any] = _read(text)
    row[_LISTS] = _decode_lists(*row[_LISTS])
    return EventFacts(*row)


def decode_named(text: str) -> tuple[str, bool, list[tuple[str, str, bool, list[str | None] | None]]]:
    """Of the facts that `encode_facts` wrote only the content hash, whether they retract, and the named units as
    (unit, role, as a class, quantity): for who reads those of a hundred thousand events."""
    row: list[Any] = _read(text)
    return row[0], row[2], row[_NAMED]


def _decode_lists(documents: list[Any], named: list[Any], memberships: list[Any], aliases: list[Any]) -> list[Any]:
    """The lists of an event's facts; most events have neither memberships nor aliases."""
    return [
        tuple([Document(*document) for document in documents]),
        tuple([_decode_named(*unit) for unit in named]),
        tuple([Membership(*membership) for membership in memberships]) if memberships != [] else (),
        tuple([Alias(*alias) for alias in aliases]) if aliases != [] else (),
    ]


def encode_quantity(quantity: Quantity | None) -> list[str | None] | None:
    """A quantity as [value or null, unit of measure]; None stays None."""
    if quantity is None:
        return None
    return [None if quantity.value is None else str(quantity.value), quantity.unit]


def decode_quantity(pair: list[Any] | None) -> Quantity | None:
    """The quantity that `encode_quantity` wrote."""
    if pair is None:
        return None
    return _quantity(*pair)


@lru_cache(maxsize=4096)
def _quantity(value: str | None, unit: str) -> Quantity:
    """Nothing changes a quantity, and the events of a lot say the same ones again and again."""
    return Quantity(None if value is None else Decimal(value), unit)


def _decode_named(unit: str, role: str, as_class: bool, quantity: list[Any] | None) -> NamedUnit:
    """One named unit from its array."""
    return NamedUnit(unit, _ROLE[role], as_class, decode_quantity(quantity))
