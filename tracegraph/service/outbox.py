"""The outbox: messages of recall cases that are to leave, each once.

A message is written down before anything is done with it, under an id that names the notice and its version: queued
again it is the same message. It goes from `queued` to `sending` before a channel is called and to `sent` when the
channel took it; so whatever was `sending` when a process was killed is known. What a message says is deleted once it
was sent.

| state | |
|---|---|
| queued | is to be sent, at once or later again |
| sending | was handed to a channel that has not answered |
| sent | the channel took it |
| uncertain | it may have left; a person has to look, and says so with `settle` |
| failed | certainly not sent, and not tried again unless `again` says so |
| dropped | is not sent, unless it is queued anew, to somebody else for example |
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tracegraph.errors import Refused, UnknownIdentifier, UsageError
from tracegraph.recall.case.casefile import CaseFile
from tracegraph.service.channels.message import DrillNeverSends, Message, Part, refuse_drill
from tracegraph.service.deliveries import Pace
from tracegraph.service.file import ServiceFile

_SECOND = 1_000_000
_ERASED = "a person in it was erased"


class MessageState(StrEnum):
    """See above."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is known of a message besides what it says. `digest`: of that. `recorded`: the ledger says that it was sent.
    Times are instants; `receipt`, `error`: of the channel."""

    id: str
    case: str
    notice: str
    version: str
    consignee: str
    channel: str
    digest: str
    state: MessageState
    queued_at: int
    patient_since: int
    next_try: int
    attempts: int
    sent_at: int | None
    receipt: str
    error: str
    recorded: bool


@dataclass(slots=True)
class Outbox:
    """The outbox in a service file. `clock`: now, as an instant."""

    file: ServiceFile
    clock: Callable[[], int]
    pace: Pace = field(default_factory=Pace)

    # queueing

    def queue(self, messages: Iterable[Message], channel: str, case: CaseFile) -> list[Outgoing]:
        """Have messages of a case sent by the channel of that name: all of them, or none. One that is there already
        stays as it is, but for one that was dropped: it is queued anew, whatever it says now.

        Raises DrillNeverSends; UsageError for a message of another case or a case of another type; Refused where the id
        was used for another content.
        """
        given = list(messages)
        if case.is_drill:
            raise DrillNeverSends(f"case {case.id} is a drill, and nothing of a drill is sent; open a real case")
        with self.file.changing() as change:
            for message in given:
                refuse_drill(message)
                if (message.case, message.case_type) != (case.id, case.type):
                    raise UsageError(f"message {message.id} is not of case {case.id}, a {case.type}; make it anew")
                self._put(change, message, channel)
        return [self[message.id] for message in given]

    def _put(self, change: sqlite3.Connection, message: Message, channel: str) -> None:
        change.execute("DELETE FROM outbox WHERE id = ? AND state = 'dropped'", (message.id,))  # it never left
        known = change.execute("SELECT digest FROM outbox WHERE id = ?", (message.id,)).fetchone()
        if known is not None and known["digest"] != message.digest:
            raise Refused(f"message {message.id} was queued with another content; give a changed one another version")
        if known is not None:
            return
        now = self.clock()
        told: dict[str, object] = {
            "id": message.id,
            "case_id": message.case,
            "case_type": message.case_type,
            "notice": message.notice,
            "version": message.version,
            "consignee": message.consignee,
            "channel": channel,
            "recipient": message.recipient,
            "subject": message.subject,
            "mentions": json.dumps(sorted(message.mentions)),
            "digest": message.digest,
            "state": MessageState.QUEUED,
            "queued_at": now,
            "patient_since": now,
            "next_try": now,
        }
        change.execute(
            f"INSERT INTO outbox ({', '.join(told)}) VALUES ({', '.join('?' * len(told))})", tuple(told.values())
        )
        change.executemany(
            "INSERT INTO outbox_part VALUES (?, ?, ?, ?, ?)",
            [(message.id, number, part.name, part.media_type, part.data) for number, part in enumerate(message.parts)],
        )

    # looking

    def __getitem__(self, name: str) -> Outgoing:
        """The message of that id; UnknownIdentifier where there is none."""
        found = self._rows("WHERE id = ?", name)
        if not found:
            raise UnknownIdentifier(f"there is no message {name!r} in the outbox; list those of the case", name)
        return found[0]

    def all(self, case: str | None = None, *states: MessageState) -> list[Outgoing]:
        """The messages, of one case or all, in some states or any, in the order in which they were queued."""
        return self._rows(
            "WHERE (?1 IS NULL OR case_id = ?1) AND (?2 = '[]' OR state IN (SELECT value FROM json_each(?2)))"
            " ORDER BY number",
            case,
            json.dumps(list(states)),
        )

    def due(self) -> list[Outgoing]:
        """What is to be sent now."""
        return self._rows("WHERE state = 'queued' AND next_try <= ? ORDER BY number", self.clock())

    def unrecorded(self) -> list[Outgoing]:
        """What was sent, and does not stand in the ledger yet."""
        return self._rows("WHERE state = 'sent' AND recorded_at IS NULL ORDER BY number")

    def message(self, name: str) -> Message:
        """The message itself, without an address. UnknownIdentifier where what it said was deleted; DrillNeverSends
        where somebody made a drill's of it."""
        with self.file.reading() as connection:
            row = connection.execute("SELECT * FROM outbox WHERE id = ?", (name,)).fetchone()
            parts = connection.execute(
                "SELECT * FROM outbox_part WHERE message = ? ORDER BY number", (name,)
            ).fetchall()
        if row is None or not parts:
            raise UnknownIdentifier(f"what message {name!r} said is not kept any more", name)
        return _message(row, parts)

    # what happens to one

    def take(self, name: str) -> bool:
        """Begin to send a message: from now on a killed process leaves it as `sending`. False: it is not queued any
        more."""
        with self.file.changing() as change:
            taken = change.execute(
                "UPDATE outbox SET state = 'sending', attempts = attempts + 1 WHERE id = ? AND state = 'queued'",
                (name,),
            ).rowcount
        return taken == 1

    def sent(self, name: str, receipt: str) -> Outgoing:
        """The channel took it."""
        with self.file.changing() as change:
            change.execute(
                "UPDATE outbox SET state = 'sent', sent_at = ?, receipt = ?, error = '', recipient ="
                " CASE WHEN recipient LIKE 'person:%' THEN recipient ELSE '' END WHERE id = ?"
                " AND state IN ('sending', 'uncertain')",
                (self.clock(), receipt, name),
            )
            change.execute("DELETE FROM outbox_part WHERE message = ?", (name,))
        return self[name]

    def not_sent(self, name: str, error: str, again: bool = True) -> None:
        """It certainly did not leave; it is tried again later, unless it is not worth it or was tried for too long."""
        now, one = self.clock(), self[name]
        given_up = not again or now - one.patient_since >= self.pace.patience * _SECOND
        pause = int(self.pace.pause(max(1, one.attempts), random.random()) * _SECOND)
        self._set(name, MessageState.FAILED if given_up else MessageState.QUEUED, error, now + pause)

    def uncertain(self, name: str, error: str) -> None:
        """It may have left."""
        self._set(name, MessageState.UNCERTAIN, error)

    def put_back(self, name: str) -> None:
        """It did not leave, or may be sent twice: try it again now."""
        self._set(name, MessageState.QUEUED, "", self.clock())

    def recorded(self, name: str) -> None:
        """The ledger says that it was sent."""
        with self.file.changing() as change:
            change.execute("UPDATE outbox SET recorded_at = ? WHERE id = ?", (self.clock(), name))

    # what people decide

    def settle(self, name: str, was_sent: bool) -> Outgoing:
        """What somebody found out about an uncertain message: it was sent, or it was not and is sent now. Refused for
        any other."""
        one = self[name]
        if one.state is not MessageState.UNCERTAIN:
            raise Refused(f"message {name} is {one.state}, not uncertain; there is nothing to settle")
        if was_sent:
            return self.sent(name, "seen by a person")
        self._restart(name)
        return self[name]

    def again(self, name: str) -> Outgoing:
        """Try a failed message again, or one that waits at once. Refused for any other."""
        one = self[name]
        if one.state not in (MessageState.FAILED, MessageState.QUEUED):
            raise Refused(f"message {name} is {one.state}; only what failed or waits is sent again")
        self._restart(name)
        return self[name]

    def drop(self, name: str, why: str) -> Outgoing:
        """Do not send a message that was not sent. Refused where it was, or may have been."""
        one = self[name]
        if one.state not in (MessageState.QUEUED, MessageState.FAILED):
            raise Refused(f"message {name} is {one.state}; only what failed or waits can be dropped")
        with self.file.changing() as change:
            _drop(change, "id = ?1 AND state IN ('queued', 'failed')", name, why)
        return self[name]

    def _restart(self, name: str) -> None:
        self.message(name)  # what it said must still be there
        now = self.clock()
        with self.file.changing() as change:
            change.execute(
                "UPDATE outbox SET state = 'queued', attempts = 0, patient_since = ?, next_try = ?, error = ''"
                " WHERE id = ?",
                (now, now, name),
            )

    def _set(self, name: str, state: MessageState, error: str, next_try: int = 0) -> None:
        with self.file.changing() as change:
            change.execute(
                "UPDATE outbox SET state = ?, error = ?, next_try = ? WHERE id = ? AND state IN ('queued', 'sending')",
                (state, error, next_try, name),
            )
            if state in (MessageState.QUEUED, MessageState.FAILED):  # unless somebody was erased meanwhile
                _drop(change, "id = ?1 AND NOT EXISTS (SELECT 1 FROM outbox_part WHERE message = ?1)", name, _ERASED)

    def _rows(self, condition: str, *values: Any) -> list[Outgoing]:
        with self.file.reading() as connection:
            return [_outgoing(row) for row in connection.execute(f"SELECT * FROM outbox {condition}", values)]


def drop_for(change: sqlite3.Connection, person: str) -> None:
    """Drop what is queued for a person or names them, and delete what it said; what may have left stays uncertain, but
    says no more."""
    concerned = "(recipient = ?1 OR EXISTS (SELECT 1 FROM json_each(mentions) WHERE value = ?1))"
    change.execute(f"DELETE FROM outbox_part WHERE message IN (SELECT id FROM outbox WHERE {concerned})", (person,))
    _drop(change, f"{concerned} AND state IN ('queued', 'failed')", person, _ERASED)


def _drop(change: sqlite3.Connection, condition: str, value: str, why: str) -> None:
    """Drop the messages that fit; the condition has one value, ?1."""
    change.execute(f"DELETE FROM outbox_part WHERE message IN (SELECT id FROM outbox WHERE {condition})", (value,))
    change.execute(f"UPDATE outbox SET state = 'dropped', error = ?2 WHERE {condition}", (value, why))


def _outgoing(row: sqlite3.Row) -> Outgoing:
    return Outgoing(
        row["id"],
        row["case_id"],
        row["notice"],
        row["version"],
        row["consignee"],
        row["channel"],
        row["digest"],
        MessageState(row["state"]),
        row["queued_at"],
        row["patient_since"],
        row["next_try"],
        row["attempts"],
        row["sent_at"],
        row["receipt"],
        row["error"],
        row["recorded_at"] is not None,
    )


def _message(row: sqlite3.Row, parts: Iterable[sqlite3.Row]) -> Message:
    return Message(
        row["id"],
        row["case_id"],
        row["case_type"],
        row["notice"],
        row["version"],
        row["consignee"],
        row["recipient"],
        row["subject"],
        tuple(Part(part["name"], part["media_type"], part["data"]) for part in parts),
        frozenset(json.loads(row["mentions"])),
    )
