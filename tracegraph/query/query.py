"""A query for events as a value: conditions that must all hold, an order, limits, and a page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import NamedTuple

from tracegraph.formats.epcis.context import Context
from tracegraph.model.event import Json
from tracegraph.query.candidate import Candidate, Master

#: What a condition asks of an event.
Test = Callable[[Candidate, Master], bool]

#: What can be told of an event as JSON, before it is read, under the context of its names: False where the test will
#: certainly fail.
Glance = Callable[[Mapping[str, Json], Context], bool]

#: The order that is also that of the ledger.
RECORD_TIME = "recordTime"

#: Events on a page unless the query says otherwise (EPCIS 2.0 REST binding).
PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a store is asked for to find every event that meets a condition, besides others: events that name one of the
    units, or have one of the eventIDs or transformationIDs; `since` and `before` bound the instant of recording."""

    units: frozenset[str] = frozenset()
    event_ids: frozenset[str] = frozenset()
    transformations: frozenset[str] = frozenset()
    since: int | None = None
    before: int | None = None

    @property
    def names_events(self) -> bool:
        """Whether a store finds these events without looking at all others."""
        return bool(self.units or self.event_ids or self.transformations)


@dataclass(frozen=True, slots=True)
class Condition:
    """One parameter understood: its name, its values in canonical form (sorted), and the test itself. Two conditions
    that mean the same are equal, however they were written. `narrowing` and `glance` only spare work: every event that
    passes the test is found by the one and passes the other. `decided`: what passes the glance passes the test."""

    parameter: str
    values: tuple[str, ...]
    test: Test = field(compare=False, repr=False)
    narrowing: Narrowing | None = field(default=None, compare=False, repr=False)
    glance: Glance | None = field(default=None, compare=False, repr=False)
    decided: bool = field(default=False, compare=False, repr=False)

    @classmethod
    def of(
        cls,
        parameter: str,
        values: Iterable[str],
        test: Test,
        narrowing: Narrowing | None = None,
        glance: Glance | None = None,
        decided: bool = False,
    ) -> Condition:
        """A condition with its values sorted, each once."""
        return cls(parameter, tuple(sorted(set(values))), test, narrowing, glance, decided)


class SortKey(NamedTuple):
    """By what an event is sorted: numbers before times before texts, each by its own order."""

    rank: int
    value: object


@dataclass(frozen=True, slots=True)
class Order:
    """By what the answer is sorted; `key` gives None for an event without the field, which comes last."""

    by: str
    descending: bool
    key: Callable[[Candidate], SortKey | None] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Query:
    """A query for events. `event_count_limit`: only so many, the first in the order; `max_event_count`: not more than
    these may answer; `next_page_token`: go on after an earlier page."""

    conditions: tuple[Condition, ...] = ()
    order: Order | None = None
    event_count_limit: int | None = None
    max_event_count: int | None = None
    per_page: int = PER_PAGE
    next_page_token: str | None = None


def both(one: Query, other: Query) -> Query:
    """What answers both queries, in the order, within the limits and on the page of `one`."""
    return replace(one, conditions=one.conditions + other.conditions)


def matches(query: Query, candidate: Candidate, master: Master) -> bool:
    """Whether an event answers the query. Pure: it looks at nothing but its arguments."""
    return all(condition.test(candidate, master) for condition in query.conditions)


def undecided(query: Query) -> Query:
    """The query without the conditions that every event meets of which a glance lets it through."""
    return replace(query, conditions=tuple(one for one in query.conditions if not one.decided))


def digest(query: Query) -> str:
    """A short text that two queries share only if they mean the same, pages apart."""
    order = (query.order.by, query.order.descending) if query.order else None
    conditions = sorted([condition.parameter, *condition.values] for condition in query.conditions)
    told = json.dumps([conditions, order, query.event_count_limit, query.max_event_count])
    return sha256(told.encode()).hexdigest()[:24]
