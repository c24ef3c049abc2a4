"""Deliveries: what is on its way to a subscriber, how often it was tried, and what could not be delivered.

A delivery is a part of the ledger with a name, written down before it is first tried: after a restart the same part is
sent under the same name. A subscription has one delivery on its way at a time, so its events arrive in order.
"""

from __future__ import annotations

import hmac
import json
import random
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tracegraph.service.file import ServiceFile
from tracegraph.service.subscriptions import Subscription, SubscriptionState

_SECOND = 1_000_000


class DeliveryState(StrEnum):
    """`dead`: given up; it is tried again only by request."""

    WAITING = "waiting"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a delivery is tried, in seconds: the first pause, which doubles up to the longest, each up to half
    longer or shorter at random; after `patience` it is given up."""

    first: float = 1.0
    longest: float = 600.0
    patience: float = 86_400.0

    def pause(self, attempts: int, chance: float) -> float:
        """Seconds until the next attempt, after so many; `chance` is from 0 to 1."""
        doubled = self.first * float(2 ** min(attempts - 1, 40))
        return min(self.longest, doubled) * (0.5 + chance)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the ledger to tell of: it ends at `upto`; the events at `positions`, as known at position `known`."""

    upto: int
    known: int
    positions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """Of the part of the ledger with `after` < position <= `upto` the events at `positions`, which answered the query,
    as they were known at position `known`.

    Times are instants. `patient_since`: from when on failures count. `error`: what the last attempt met.
    """

    id: str
    subscription: str
    after: int
    upto: int
    known: int
    positions: tuple[int, ...]
    made_at: int
    state: DeliveryState
    attempts: int
    patient_since: int
    next_try: int
    last_try: int | None
    error: str


@dataclass(slots=True)
class Deliveries:
    """All deliveries of a service. `clock` gives instants."""

    file: ServiceFile
    clock: Callable[[], int]
    pace: Pace = field(default_factory=Pace)

    def open(self, subscription: Subscription, part: Part) -> None:
        """The next delivery of a subscription, from its position on. It and the new position are stored together; where
        the subscription has ended meanwhile, neither is."""
        now = self.clock()
        name = _name(subscription.key, f"{subscription.position}-{part.upto}" if part.positions else f"at {now}")
        with self.file.changing() as change:
            change.execute(
                "INSERT INTO delivery (id, subscription, after, upto, known, positions, made_at, state, patient_since,"
                " next_try) SELECT ?, id, position, ?, ?, ?, ?, 'waiting', ?, ? FROM subscription WHERE id = ?",
                (name, part.upto, part.known, json.dumps(part.positions), now, now, now, subscription.id),
            )
            change.execute(
                "UPDATE subscription SET position = ?, run_told = 1 WHERE id = ?", (part.upto, subscription.id)
            )

    def waiting(self, subscription: str) -> Delivery | None:
        """What is on its way to a subscriber."""
        found = self._rows("WHERE subscription = ? AND state = 'waiting' ORDER BY after, upto LIMIT 1", subscription)
        return found[0] if found else None

    def waiting_times(self) -> dict[str, int]:
        """When the delivery on its way is tried next, by subscription."""
        with self.file.reading() as connection:
            rows = connection.execute(
                "SELECT subscription, next_try, min(after) FROM delivery WHERE state = 'waiting' GROUP BY subscription"
            )
            return {row["subscription"]: row["next_try"] for row in rows}

    def dead(self, subscription: str) -> list[Delivery]:
        """What was given up, oldest part first."""
        return self._rows("WHERE subscription = ? AND state = 'dead' ORDER BY after, upto", subscription)

    def dead_count(self, subscription: str) -> int:
        """How many were given up."""
        with self.file.reading() as connection:
            statement = "SELECT count(*) FROM delivery WHERE subscription = ? AND state = 'dead'"
            return int(connection.execute(statement, (subscription,)).fetchone()[0])

    def delivered(self, delivery: Delivery) -> None:
        """The receiver took it."""
        now = self.clock()
        with self.file.changing() as change:
            change.execute("DELETE FROM delivery WHERE id = ?", (delivery.id,))
            change.execute(
                "UPDATE subscription SET delivered_at = ?, reason = '' WHERE id = ?", (now, delivery.subscription)
            )

    def failed(self, delivery: Delivery, error: str, wait: float | None = None, for_good: bool = False) -> None:
        """An attempt failed; `wait`: seconds for which the receiver asked. After too long, or `for_good`, the delivery
        is given up and the subscription stops: what comes later must not arrive before it."""
        now = self.clock()
        given_up = for_good or now - delivery.patient_since >= self.pace.patience * _SECOND
        pause = self.pace.pause(delivery.attempts + 1, random.random())
        if wait is not None:
            pause = min(max(pause, wait), self.pace.longest)
        with self.file.changing() as change:
            change.execute(
                "UPDATE delivery SET state = ?, attempts = attempts + 1, last_try = ?, next_try = ?, error = ?"
                " WHERE id = ?",
                (
                    DeliveryState.DEAD if given_up else DeliveryState.WAITING,
                    now,
                    now + int(pause * _SECOND),
                    error,
                    delivery.id,
                ),
            )
            change.execute("UPDATE subscription SET reason = ? WHERE id = ?", (error, delivery.subscription))
            if given_up:
                change.execute(
                    "UPDATE subscription SET state = ? WHERE id = ?", (SubscriptionState.STOPPED, delivery.subscription)
                )

    def divide(self, delivery: Delivery) -> None:
        """The receiver cannot take so much at once: it becomes two, and every later one stays as small."""
        middle = len(delivery.positions) // 2
        first, second = delivery.positions[:middle], delivery.positions[middle:]
        border, now = first[-1], self.clock()
        parts = ((delivery.after, border, first), (border, delivery.upto, second))
        with self.file.changing() as change:
            row = change.execute("SELECT key FROM subscription WHERE id = ?", (delivery.subscription,)).fetchone()
            change.execute("DELETE FROM delivery WHERE id = ?", (delivery.id,))
            for after, upto, positions in parts if row is not None else ():
                change.execute(
                    "INSERT INTO delivery (id, subscription, after, upto, known, positions, made_at, state,"
                    " patient_since, next_try) VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?)",
                    (
                        _name(row["key"], f"{after}-{upto}"),
                        delivery.subscription,
                        after,
                        upto,
                        delivery.known,
                        json.dumps(positions),
                        delivery.made_at,
                        delivery.patient_since,
                        now,
                    ),
                )
            change.execute("UPDATE subscription SET most_events = ? WHERE id = ?", (middle, delivery.subscription))

    def redeliver(self, name: str, subscription: str) -> bool:
        """Try a dead letter again, and go on with its subscription; whether it is one of it."""
        now = self.clock()
        with self.file.changing() as change:
            found = change.execute(
                "UPDATE delivery SET state = 'waiting', attempts = 0, patient_since = ?, next_try = ? WHERE id = ?"
                " AND subscription = ? AND state = 'dead'",
                (now, now, name, subscription),
            ).rowcount
            if found:
                change.execute(
                    "UPDATE subscription SET state = 'active' WHERE id = ? AND state = 'stopped'", (subscription,)
                )
        return found == 1

    def resume(self, subscription: str, skip: bool = False) -> None:
        """Go on with a subscription: with what was given up, or, with `skip`, after it (it can be redelivered later).
        What waits is tried at once."""
        now = self.clock()
        states = "('waiting')" if skip else "('waiting', 'dead')"
        with self.file.changing() as change:
            change.execute(
                "UPDATE delivery SET state = 'waiting', attempts = 0, patient_since = ?, next_try = ?"
                f" WHERE subscription = ? AND state IN {states}",
                (now, now, subscription),
            )
            change.execute("UPDATE subscription SET state = 'active', reason = '' WHERE id = ?", (subscription,))

    def _rows(self, condition: str, *values: Any) -> list[Delivery]:
        with self.file.reading() as connection:
            return [_delivery(row) for row in connection.execute(f"SELECT * FROM delivery {condition}", values)]


def _name(key: bytes, part: str) -> str:
    """The name of a delivery: made of its part of the ledger (of the time, where it is empty), and of the key of the
    subscription, so that it does not tell how long the ledger is."""
    return hmac.digest(key, part.encode("ascii"), "sha256").hex()[:32]


def _delivery(row: sqlite3.Row) -> Delivery:
    return Delivery(
        row["id"],
        row["subscription"],
        row["after"],
        row["upto"],
        row["known"],
        tuple(json.loads(row["positions"])),
        row["made_at"],
        DeliveryState(row["state"]),
        row["attempts"],
        row["patient_since"],
        row["next_try"],
        row["last_try"],
        row["error"],
    )
