"""The two spellings of a query, made one: URL parameters and a JSON body become the same named lists of texts.

Source: EPCIS 2.0 section 8.2.7 (the query language) and its REST binding, where `|` separates the values of one
parameter in a URL. A number is its digits, true and false are these words, null is the empty text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NoReturn

from tracegraph.errors import QueryInvalid, QueryParameterInvalid
from tracegraph.model.event import Json

_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter as it was given; any one of its values may be meant."""

    name: str
    values: tuple[str, ...]

    def refuse(self, wrong: str, advice: str) -> NoReturn:
        """Raise QueryParameterInvalid: what is wrong with it, and what to write."""
        raise QueryParameterInvalid(f"the query parameter {self.name[:200]} {wrong}; {advice}", self.name)

    def texts(self) -> tuple[str, ...]:
        """The values, of which there must be at least one, and none empty; blanks around them are dropped."""
        found = tuple(value.strip() for value in self.values)
        if not found or "" in found:
            self.refuse("has an empty value", "give what to look for, or leave the parameter out")
        if any(_HALF.search(value) for value in found):
            self.refuse("holds half of a surrogate pair, which no stored text does", "correct the text")
        return found

    def one(self) -> str:
        """The only value."""
        found = self.texts()
        if len(found) > 1:
            self.refuse(f"has {len(found)} values", "give one")
        return found[0]


def url_parameters(pairs: Iterable[tuple[str, str]]) -> list[Parameter]:
    """The parameters of a URL, decoded: repeated names add to each other, `|` separates values."""
    values: dict[str, list[str]] = {}
    for name, text in pairs:
        values.setdefault(name, []).extend(text.split("|"))
    return [Parameter(name, tuple(found)) for name, found in values.items()]


def body_parameters(body: Json) -> list[Parameter]:
    """The parameters of a JSON query (numbers as Decimal, int or float), without its `@context`. Raises QueryInvalid
    where it is no object."""
    if not isinstance(body, Mapping):
        raise QueryInvalid("the query is no JSON object; write an object with one member for each parameter")
    return [Parameter(str(name), tuple(_texts(str(name), value))) for name, value in body.items() if name != "@context"]


def _texts(name: str, value: Json) -> Iterator[str]:
    for item in value if isinstance(value, (list, tuple)) else [value]:
        yield _text(name, item)


def _text(name: str, item: Json) -> str:
    """One value as a URL would have it."""
    match item:
        case None:
            return ""
        case str():
            return item
        case bool():
            return "true" if item else "false"
        case int() | float() | Decimal():
            return str(item)
    return Parameter(name, ()).refuse("holds an object or a list within a list", "give texts, numbers or one list")
