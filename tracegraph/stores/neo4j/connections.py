"""The driver, and the two kinds of transactions: questions, which are tried again, and the one exclusive change.

Readers never see half of a change, although the server lets them read what is being committed: what is known from a
position on is never changed in place, and readers look no further than the position that was published, in a
transaction of its own, after the change was committed. docs/adr/008-neo4j-model.md says why.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock, Timer, local
from typing import TypeVar

from neo4j import GraphDatabase, ManagedTransaction, NotificationMinimumSeverity, Session, Transaction, unit_of_work
from neo4j.exceptions import DriverError, IncompleteCommit, Neo4jError

from tracegraph.errors import StoreLocked, UsageError
from tracegraph.stores.neo4j.asking import LATEST, Asking
from tracegraph.stores.neo4j.boundary import is_defined_twice, is_ended, is_passing, map_exceptions, map_unreadable
from tracegraph.stores.neo4j.settings import Address, Settings
from tracegraph.stores.neo4j.statements import statement

Answer = TypeVar("Answer")

#: Seconds before the first new attempt; each further one waits twice as long, up to one second.
_FIRST_PAUSE = 0.05


class Connections:
    """Connections to one database; safe to use from several threads."""

    def __init__(self, address: Address, settings: Settings) -> None:
        self.shown = address.shown
        self.settings = settings
        self._database = address.database
        self._bookmarks = GraphDatabase.bookmark_manager()
        self._held = local()
        self._seen = 0
        self._closed = False
        with map_exceptions(self.shown):
            self._driver = GraphDatabase.driver(
                address.url,
                auth=(address.user, address.password or "") if address.user is not None else None,
                connection_timeout=settings.connection_timeout,
                connection_acquisition_timeout=settings.acquisition_timeout,
                max_connection_pool_size=settings.pool_size,
                max_connection_lifetime=settings.connection_lifetime,
                max_transaction_retry_time=settings.retry_time,
                notifications_min_severity=NotificationMinimumSeverity.OFF,
                user_agent="tracegraph",
            )

    def server_version(self) -> str:
        """What the server calls itself, such as `Neo4j/5.26.30`."""
        self._check_open()
        with map_exceptions(self.shown):
            return str(self._driver.get_server_info().agent)

    def read(self, work: Callable[[Asking], Answer]) -> Answer:
        """Answer a question in one transaction, again where something passing went wrong."""
        return self._managed(work, False)

    def change_at_once(self, work: Callable[[Asking], Answer]) -> Answer:
        """A small change that may be done twice, in a transaction of its own, again where something passing went
        wrong."""
        return self._managed(work, True)

    def define(self, name: str) -> None:
        """Run a statement of the schema, which stands alone in its transaction; again where others define the same."""
        began = time.monotonic()
        with map_exceptions(self.shown), self._session("WRITE") as session:
            while True:
                try:
                    session.run(statement(name)).consume()
                    return
                except (DriverError, Neo4jError) as error:
                    if (
                        not (is_passing(error) or is_defined_twice(error))
                        or time.monotonic() - began > self.settings.patience
                    ):
                        raise
                time.sleep(_FIRST_PAUSE)

    @contextmanager
    def one_state(self) -> Iterator[None]:
        """Within this context all questions of this thread are about the position that is the last one now."""
        outer = getattr(self._held, "position", None)
        if outer is None:
            self._held.position = self.read(lambda asking: asking.known(None))
        try:
            yield
        finally:
            self._held.position = outer

    @contextmanager
    def writing(self) -> Iterator[Asking]:
        """A transaction that keeps all other changes waiting; committed at the end, undone where an error is raised.

        It cannot be one that the driver repeats, as what is done in it is the caller's: only its beginning is repeated.
        """
        with self._session("WRITE") as session:
            with map_exceptions(self.shown):
                transaction = self._locked(session)
            try:
                yield Asking(transaction, lambda asking: LATEST)
                with map_exceptions(self.shown):
                    transaction.commit()
            finally:
                with suppress(DriverError, Neo4jError):
                    transaction.close()

    def publish(self, position: int) -> None:
        """Let readers see everything up to a position, which is committed."""
        self.change_at_once(lambda asking: asking.columns("publish", position=position))
        self._seen = max(self._seen, position)

    def close(self) -> None:
        """Close all connections."""
        self._closed = True
        with map_exceptions(self.shown):
            self._driver.close()

    def _managed(self, work: Callable[[Asking], Answer], writes: bool) -> Answer:
        def once(transaction: ManagedTransaction) -> Answer:
            with map_unreadable(self.shown):
                return work(Asking(transaction, self._newest))

        timed = unit_of_work(timeout=self.settings.question_timeout)(once)
        with map_exceptions(self.shown), self._session("WRITE" if writes else "READ") as session:
            managed = session.execute_write if writes else session.execute_read
            try:
                return managed(timed)
            except IncompleteCommit:  # it may have been done: the driver leaves it to us, for whom twice does no harm
                return managed(timed)

    def _newest(self, asking: Asking) -> int:
        """The last position that may be seen. It only grows."""
        held: int | None = getattr(self._held, "position", None)
        if held is None:
            held = self._seen = max(self._seen, asking.column("published"))
        return held

    def _session(self, access: str) -> Session:
        self._check_open()
        return self._driver.session(
            database=self._database, default_access_mode=access, bookmark_manager=self._bookmarks
        )

    def _check_open(self) -> None:
        if self._closed:
            raise UsageError(f"the store {self.shown} is closed; open it again")

    def _locked(self, session: Session) -> Transaction:
        """Begin a transaction that holds the lock. Trying again is right here: nothing was done yet."""
        began, pause = time.monotonic(), _FIRST_PAUSE
        while True:
            left = max(0.0, self.settings.patience - (time.monotonic() - began))
            try:
                return self._lock(session, left)
            except (DriverError, Neo4jError) as error:
                if not is_passing(error) or time.monotonic() - began + pause > self.settings.retry_time:
                    raise
            time.sleep(pause)
            pause = min(1.0, 2 * pause)

    def _lock(self, session: Session, patience: float) -> Transaction:
        writer = uuid.uuid4().hex
        transaction = session.begin_transaction(metadata={"tracegraph": writer}, timeout=self.settings.change_timeout)
        waiting = _Waiting(lambda: self._end_waiting(writer), patience)
        try:
            with waiting:
                Asking(transaction, lambda asking: LATEST).columns("lock", writer=writer)
        except (DriverError, Neo4jError) as error:
            with suppress(DriverError, Neo4jError):
                transaction.close()
            if waiting.ended and (is_ended(error) or not is_passing(error)):
                raise self._locked_out() from None
            raise
        if waiting.ended:
            transaction.close()
            raise self._locked_out()
        return transaction

    def _locked_out(self) -> StoreLocked:
        return StoreLocked(
            f"the store {self.shown} is being changed by another process that did not finish in time; "
            "try again, or wait longer"
        )

    def _end_waiting(self, writer: str) -> None:
        """The server has no time limit for locks alone: the waiting transaction is ended from another connection."""
        with suppress(DriverError, Neo4jError), self._session("WRITE") as session:
            session.run(statement("end_waiting"), writer=writer).consume()


class _Waiting:
    """Calls something once where its context lasts longer than so many seconds; `ended`: whether it was called."""

    def __init__(self, end: Callable[[], None], seconds: float) -> None:
        self.ended = False
        self._over = False
        self._end = end
        self._guard = Lock()
        self._timer = Timer(seconds, self._late)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._guard:
            self._over = True

    def _late(self) -> None:
        with self._guard:
            if self._over:
                return
            self.ended = True
            self._end()
