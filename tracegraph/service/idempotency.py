"""Answers kept under a key that the caller chose, so that a write that is sent again is not done again."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tracegraph.service.file import ServiceFile

#: How long an answer is kept, in microseconds.
KEPT = 24 * 3_600_000_000
#: How long a request may run before it is taken for dead: its process was killed. In microseconds.
LONGEST = 120_000_000


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was given."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Busy(Exception):
    """The same request is running."""


class OtherRequest(Exception):
    """The key was used for another request."""


class Answers:
    """The kept answers in a service file. `clock`: now, as an instant."""

    def __init__(self, file: ServiceFile, clock: Callable[[], int]) -> None:
        self._file = file
        self._clock = clock

    def claim(self, caller: str, key: str, digest: bytes) -> Kept | None:
        """The answer given before; None: the request is new and now counts as running. Raises Busy, OtherRequest."""
        now = self._clock()
        with self._file.changing() as connection:
            connection.execute(
                "DELETE FROM idempotency WHERE begun_at < ? OR (status IS NULL AND begun_at < ?)",
                (now - KEPT, now - LONGEST),
            )
            row = connection.execute(
                "SELECT digest, status, headers, body FROM idempotency WHERE caller = ? AND key = ?", (caller, key)
            ).fetchone()
            if row is None:
                connection.execute(
                    "INSERT INTO idempotency (caller, key, digest, begun_at) VALUES (?, ?, ?, ?)",
                    (caller, key, digest, now),
                )
                return None
        if row["digest"] != digest:
            raise OtherRequest
        if row["status"] is None:
            raise Busy
        return Kept(row["status"], tuple((name, value) for name, value in json.loads(row["headers"])), row["body"])

    def keep(self, caller: str, key: str, status: int, headers: Sequence[tuple[str, str]], body: bytes) -> None:
        """How a claimed request was answered."""
        with self._file.changing() as connection:
            connection.execute(
                "UPDATE idempotency SET status = ?, headers = ?, body = ? WHERE caller = ? AND key = ?",
                (status, json.dumps([list(pair) for pair in headers]), body, caller, key),
            )

    def release(self, caller: str, key: str) -> None:
        """A claimed request that was not answered well: it may be sent again, corrected too."""
        with self._file.changing() as connection:
            connection.execute("DELETE FROM idempotency WHERE caller = ? AND key = ? AND status IS NULL", (caller, key))
