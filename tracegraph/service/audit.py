"""The audit trail: who asked what, and how it ended. Written in batches beside the requests, without secrets.

What cannot be written (a full queue, a full disk) is counted, not waited for: the question is answered all the same,
and the metrics say how many entries are missing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from queue import Empty, Full, Queue
from threading import Event, Thread

from tracegraph.access.caller import Caller, Role
from tracegraph.errors import StoreError
from tracegraph.model.instants import DAY, instant_text
from tracegraph.service.file import ServiceFile

#: Entries that may wait to be written; some seconds of the fastest service.
MOST_WAITING = 10_000
#: Entries of one change of the file.
BATCH = 500
#: Seconds between batches.
PAUSE = 0.5
#: Things asked for that one entry names, and the characters of each.
MOST_ASKED = 50
MOST_CHARACTERS = 300

HOUR = 3_600_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One request. `asked`: canonical identifiers, and other parameters as `name=value`; `at`: an instant.

    `caller` is empty where a credential was refused. `number` counts up; 0: not written yet.
    """

    at: int
    request: str
    caller: str
    role: str
    organisations: frozenset[str]
    operation: str
    method: str
    route: str
    asked: tuple[str, ...]
    status: int
    number: int = 0


class AuditTrail:
    """The trail in a service file. `days`: how long entries are kept (0: for ever). `lost`: told of entries that were
    not written. Works between `start` and `stop`."""

    def __init__(
        self,
        file: ServiceFile,
        clock: Callable[[], int],
        days: int = 0,
        lost: Callable[[int], None] = lambda count: None,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self._file = file
        self._clock = clock
        self._days = days
        self._lost = lost
        self._waiting: Queue[Entry] = Queue(most_waiting)
        self._ending = Event()
        self._thread: Thread | None = None
        self._cleaned_at: int | None = None

    def record(self, entry: Entry) -> None:
        """Have it written soon; never waits."""
        try:
            self._waiting.put_nowait(entry)
        except Full:
            self._lost(1)

    def start(self) -> None:
        """Begin to write."""
        self._ending.clear()
        self._thread = Thread(target=self._work, name="audit", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, and end."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self.flush()

    def _work(self) -> None:
        while not self._ending.wait(PAUSE):
            self.flush()

    def flush(self) -> None:
        """Write what waits, and from time to time delete what is old."""
        while batch := self._batch():
            try:
                self._write(batch)
            except StoreError:
                self._lost(len(batch))
        self._clean()

    def _batch(self) -> list[Entry]:
        found: list[Entry] = []
        while len(found) < BATCH:
            try:
                found.append(self._waiting.get_nowait())
            except Empty:
                break
        return found

    def _write(self, batch: Iterable[Entry]) -> None:
        with self._file.changing() as connection:
            connection.executemany(
                "INSERT INTO audit (at, request, caller, role, organisations, operation, method, route, asked, status)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [_row_of(entry) for entry in batch],
            )

    def _clean(self) -> None:
        now = self._clock()
        if not self._days or (self._cleaned_at is not None and now - self._cleaned_at < HOUR):
            return
        self._cleaned_at = now
        try:
            with self._file.changing() as connection:
                connection.execute("DELETE FROM audit WHERE at < ?", (now - self._days * DAY,))
        except StoreError:
            self._cleaned_at = None

    def page(
        self, before: int | None = None, limit: int = 100, caller: str | None = None, seen_by: Caller | None = None
    ) -> list[Entry]:
        """Entries, newest first: those with a number under `before`, at most `limit`, of one caller, and only what
        `seen_by` may read (None: all)."""
        clients = None if seen_by is None or seen_by.role is not Role.AUDITOR else seen_by.organisations
        with self._file.reading() as connection:
            rows = connection.execute(
                "SELECT * FROM audit WHERE (?1 IS NULL OR number < ?1) AND (?2 IS NULL OR caller = ?2)"
                " AND (?3 IS NULL OR (organisations <> '[]' AND NOT EXISTS ("
                "SELECT 1 FROM json_each(organisations) WHERE value NOT IN (SELECT value FROM json_each(?3)))))"
                " ORDER BY number DESC LIMIT ?4",
                (before, caller, None if clients is None else json.dumps(sorted(clients)), limit),
            ).fetchall()
        return [_entry_of(row) for row in rows]


def harmless(text: str) -> str:
    """One line without control characters, cut where it is too long: what callers send must not forge entries."""
    shown = text[:MOST_CHARACTERS] + ("…" if len(text) > MOST_CHARACTERS else "")
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in shown)


def as_json(entry: Entry) -> dict[str, object]:
    """The entry as JSON values."""
    return {
        "number": entry.number,
        "at": instant_text(entry.at),
        "request": entry.request,
        "caller": entry.caller,
        "role": entry.role,
        "organisations": sorted(entry.organisations),
        "operation": entry.operation,
        "method": entry.method,
        "route": entry.route,
        "asked": list(entry.asked),
        "status": entry.status,
    }


def _row_of(entry: Entry) -> tuple[object, ...]:
    asked = [harmless(text) for text in entry.asked[:MOST_ASKED]]
    return (
        entry.at,
        harmless(entry.request),
        harmless(entry.caller),
        entry.role,
        json.dumps(sorted(entry.organisations), ensure_ascii=False),
        entry.operation,
        entry.method,
        entry.route,
        json.dumps(asked, ensure_ascii=False),
        entry.status,
    )


def _entry_of(row: sqlite3.Row) -> Entry:
    return Entry(
        row["at"],
        row["request"],
        row["caller"],
        row["role"],
        frozenset(json.loads(row["organisations"])),
        row["operation"],
        row["method"],
        row["route"],
        tuple(json.loads(row["asked"])),
        row["status"],
        row["number"],
    )
