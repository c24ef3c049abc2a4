"""Subscriptions: who is told of the events that answer a named query, where, and when.

A subscription follows the ledger by position. Positions are given under the writer's lock, so an event that becomes
readable later never has a lower one: whoever goes on from the last position misses nothing.
Source: GS1 EPCIS 2.0, REST binding, query subscriptions with webhooks.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from secrets import token_bytes
from typing import Any
from uuid import uuid4

from tracegraph.access.caller import Caller
from tracegraph.errors import Refused, UsageError
from tracegraph.service.callers import caller_of, caller_text
from tracegraph.service.destinations import Destinations
from tracegraph.service.file import ServiceFile
from tracegraph.service.queries import NamedQuery
from tracegraph.service.schedules import Schedule, read_schedule
from tracegraph.stores.port import Reading

#: Events of one delivery; a receiver that answers 413 gets fewer.
MOST_EVENTS = 100
#: Subscriptions of one owner.
MOST_SUBSCRIPTIONS = 1_000


class SubscriptionState(StrEnum):
    """`stopped`: a delivery failed for too long, or its owner may not subscribe any more; `paused` by request."""

    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a subscriber asks for. `secret`: the token that signs deliveries (None: they are not signed).

    Exactly one of `stream` and `schedule` is given. `initial_record_time`: only events that were recorded at that
    instant or later, also earlier than the subscription (None: from now on).
    """

    destination: str
    secret: str | None = None
    stream: bool = False
    schedule: Mapping[str, str] | None = None
    report_if_empty: bool = False
    initial_record_time: int | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscription; times are instants. `position`: everything up to it was handed to deliveries.

    `next_run`: when a schedule runs next; `run_upto`: where the run that is going on ends (None: none is), `run_told`:
    whether it found anything yet. `reason`: why it is stopped, or what the last attempt met.
    """

    id: str
    query_name: str
    owner: Caller
    destination: str
    secret: str | None
    key: bytes
    schedule: Schedule | None
    report_if_empty: bool
    initial_record_time: int | None
    created_at: int
    state: SubscriptionState
    reason: str
    position: int
    next_run: int | None
    run_upto: int | None
    run_told: bool
    most_events: int
    delivered_at: int | None


class Subscriptions:
    """All subscriptions of a service. Safe to use from several threads and processes. `clock` gives instants."""

    def __init__(self, file: ServiceFile, clock: Callable[[], int]) -> None:
        self._file = file
        self._clock = clock

    def ask(
        self, owner: Caller, query: NamedQuery, wanted: Wanted, store: Reading, destinations: Destinations
    ) -> Subscription:
        """A new subscription. `store`: the whole one. Raises UsageError for one that is not possible, Refused where the
        owner has very many."""
        now = self._clock()
        _refuse_order(query)
        if len(self.of(owner.name)) >= MOST_SUBSCRIPTIONS:
            raise Refused(f"there are {MOST_SUBSCRIPTIONS} subscriptions of {owner.name} already; delete one first")
        schedule = _schedule(wanted, now)
        destinations.checked(wanted.destination)
        name = str(uuid4())
        with self._file.changing() as change:
            change.execute(
                "INSERT INTO subscription (id, query_name, owner_name, owner, destination, secret, key, schedule,"
                " report_if_empty, initial_record_time, created_at, state, position, next_run, most_events)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    name,
                    query.name,
                    owner.name,
                    caller_text(owner),
                    wanted.destination,
                    wanted.secret,
                    token_bytes(16),
                    None if schedule is None else json.dumps(dict(schedule.written)),
                    wanted.report_if_empty,
                    wanted.initial_record_time,
                    now,
                    SubscriptionState.ACTIVE,
                    _first_position(wanted, store),
                    None if schedule is None else schedule.next_after(now),
                    MOST_EVENTS,
                ),
            )
        return self[name]

    def __getitem__(self, name: str) -> Subscription:
        """The subscription of this id; KeyError where there is none."""
        found = self._rows("WHERE id = ?", name)
        if not found:
            raise KeyError(name)
        return found[0]

    def find(self, name: str, owner: str | None) -> Subscription | None:
        """The subscription of this id, if it is the owner's (None: whosever it is)."""
        found = self._rows("WHERE id = ? AND (? IS NULL OR owner_name = ?)", name, owner, owner)
        return found[0] if found else None

    def of(self, owner: str | None, query_name: str | None = None) -> list[Subscription]:
        """Those of an owner (by name; None: of all), to a query (None: to any), oldest first."""
        wanted = "(? IS NULL OR owner_name = ?) AND (? IS NULL OR query_name = ?)"
        return self._rows(f"WHERE {wanted} ORDER BY created_at, id", owner, owner, query_name, query_name)

    def active(self) -> list[Subscription]:
        """Those that are to be served."""
        return self._rows("WHERE state = ? ORDER BY id", SubscriptionState.ACTIVE)

    def end(self, name: str) -> bool:
        """Forget a subscription and what is not delivered; whether there was one."""
        return self._change("DELETE FROM subscription WHERE id = ?", name) == 1

    def end_all(self, owner: str, query_name: str) -> int:
        """Forget all subscriptions to a query, which its owner deletes; returns how many there were."""
        return self._change("DELETE FROM subscription WHERE owner_name = ? AND query_name = ?", owner, query_name)

    def pause(self, name: str) -> None:
        """Deliver nothing until it is resumed; nothing is lost."""
        self.set_state(name, SubscriptionState.PAUSED, "")

    def set_state(self, name: str, state: SubscriptionState, reason: str) -> None:
        """Change whether it is served, and say why."""
        self._change("UPDATE subscription SET state = ?, reason = ? WHERE id = ?", state, reason, name)

    # following

    def advance(self, name: str, position: int) -> None:
        """Up to this position there was nothing to tell."""
        self._change("UPDATE subscription SET position = max(position, ?) WHERE id = ?", position, name)

    def begin_run(self, subscription: Subscription, upto: int) -> Subscription:
        """A scheduled run begins, and ends at a position; it counts once, however many were missed."""
        assert subscription.schedule is not None
        following = subscription.schedule.next_after(self._clock())
        self._change(
            "UPDATE subscription SET run_upto = ?, run_told = 0, next_run = ? WHERE id = ?",
            upto,
            following,
            subscription.id,
        )
        return replace(subscription, run_upto=upto, run_told=False, next_run=following)

    def end_run(self, name: str) -> None:
        """All of a scheduled run was handed to deliveries."""
        self._change("UPDATE subscription SET run_upto = NULL WHERE id = ?", name)

    def _change(self, statement: str, *values: Any) -> int:
        with self._file.changing() as change:
            return change.execute(statement, values).rowcount

    def _rows(self, condition: str, *values: Any) -> list[Subscription]:
        with self._file.reading() as connection:
            return [_subscription(row) for row in connection.execute(f"SELECT * FROM subscription {condition}", values)]


def _refuse_order(query: NamedQuery) -> None:
    """A stream of events has neither an order of its own nor an end."""
    asked = query.query
    if asked.order or asked.event_count_limit is not None or asked.max_event_count is not None:
        raise UsageError(
            f"the query {query.name} has orderBy, eventCountLimit or maxEventCount, which no subscription can follow; "
            "make a query without them"
        )


def _schedule(wanted: Wanted, now: int) -> Schedule | None:
    if wanted.stream == (wanted.schedule is not None):
        raise UsageError("a subscription has either stream true or a schedule; give exactly one of them")
    return None if wanted.schedule is None else read_schedule(wanted.schedule, now)


def _first_position(wanted: Wanted, store: Reading) -> int:
    """Where it begins; an initial record time in the future begins now, and earlier events are left out later."""
    if wanted.initial_record_time is None:
        return store.head().count
    return store.position_at(wanted.initial_record_time - 1)


def _subscription(row: sqlite3.Row) -> Subscription:
    return Subscription(
        row["id"],
        row["query_name"],
        caller_of(row["owner"]),
        row["destination"],
        row["secret"],
        row["key"],
        None if row["schedule"] is None else read_schedule(json.loads(row["schedule"]), row["created_at"]),
        bool(row["report_if_empty"]),
        row["initial_record_time"],
        row["created_at"],
        SubscriptionState(row["state"]),
        row["reason"],
        row["position"],
        row["next_run"],
        row["run_upto"],
        bool(row["run_told"]),
        row["most_events"],
        row["delivered_at"],
    )
