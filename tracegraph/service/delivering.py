"""Delivers to subscribers in the background: looks whether the ledger grew or a schedule has come, makes deliveries,
and tries them until they are taken or given up.

Each subscription is served by one thread at a time, in order; several threads serve different subscriptions, so that a
slow receiver keeps only itself waiting. Whatever happens, what was not confirmed by the receiver is sent again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from typing import Protocol

from tracegraph.errors import TracegraphError
from tracegraph.service.deliveries import Deliveries, Delivery, Part
from tracegraph.service.notices import NoLongerServed, Notices, headers_of
from tracegraph.service.subscriptions import Subscription, Subscriptions, SubscriptionState

log = logging.getLogger("tracegraph.delivering")

#: Subscriptions that are served at the same time.
THREADS = 4
#: Deliveries, or portions of the ledger without any, after which a subscription lets others go first.
AT_ONCE = 20
#: Seconds between two looks at the ledger and the schedules.
LOOK = 0.5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt. `status`: that of HTTP (None: there was no answer). `error`: a sentence where it failed,
    never with anything that the receiver said. `wait`: seconds for which the receiver asked (None: it did not)."""

    status: int | None = None
    error: str = ""
    wait: float | None = None


class Sender(Protocol):
    """Sends one request with the method POST."""

    def __call__(self, destination: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """What came of it; never raises for what the receiver or the network does."""


@dataclass(slots=True)
class Deliverer:
    """The worker. `look`: seconds between two looks at the ledger and the schedules."""

    subscriptions: Subscriptions
    deliveries: Deliveries
    notices: Notices
    send: Sender
    clock: Callable[[], int]
    look: float = LOOK
    _stopping: Event = field(default_factory=Event)
    _busy: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)
    _thread: Thread | None = None

    def start(self) -> None:
        """Begin, in threads of its own."""
        self._stopping.clear()
        self._thread = Thread(target=self._run, name="deliverer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the attempts at hand; what is not confirmed is sent again after the next start."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        with ThreadPoolExecutor(THREADS, "delivery") as pool:
            while not self._stopping.wait(self.look):
                for subscription in self._due():
                    with self._lock:
                        self._busy.add(subscription.id)
                    pool.submit(self._serve_quietly, subscription.id)

    def _due(self) -> list[Subscription]:
        """Those that have something to do and are not being served."""
        try:
            active = self.subscriptions.active()
            if not active:
                return []
            head, now, waiting = self.notices.store.head().count, self.clock(), self.deliveries.waiting_times()
        except TracegraphError as error:
            log.warning("subscriptions cannot be looked at: %s", error)
            return []
        with self._lock:
            free = [subscription for subscription in active if subscription.id not in self._busy]
        return [one for one in free if _is_due(one, waiting.get(one.id), head, now)]

    def _serve_quietly(self, name: str) -> None:
        """Serve, and let no fault end the thread: it is tried again at the next look."""
        try:
            self.serve(name)
        except TracegraphError as error:
            log.warning("subscription %s waits: %s", name, error)
        except Exception:
            log.exception("subscription %s", name)
        finally:
            with self._lock:
                self._busy.discard(name)

    def serve(self, name: str) -> None:
        """Make and try deliveries of one subscription until there is nothing to do now."""
        for _ in range(AT_ONCE):
            subscription = self._still_active(name)
            if subscription is None or self._stopping.is_set():
                return
            try:
                if not self._step(subscription):
                    return
            except NoLongerServed as error:
                self.subscriptions.set_state(name, SubscriptionState.STOPPED, str(error))
                return

    def _still_active(self, name: str) -> Subscription | None:
        try:
            subscription = self.subscriptions[name]
        except KeyError:
            return None
        return subscription if subscription.state is SubscriptionState.ACTIVE else None

    def _step(self, subscription: Subscription) -> bool:
        """One attempt, or one portion of the ledger; whether there may be more to do now."""
        delivery = self.deliveries.waiting(subscription.id)
        if delivery is None:
            return self._follow(subscription)
        return delivery.next_try <= self.clock() and self._try(subscription, delivery)

    def _follow(self, subscription: Subscription) -> bool:
        """Look at what the ledger has further, and make a delivery of it; whether there may be more."""
        head = self.notices.store.head().count
        if subscription.schedule is not None and subscription.run_upto is None:
            if subscription.next_run is None or subscription.next_run > self.clock():
                return False
            subscription = self.subscriptions.begin_run(subscription, head)
        upto = head if subscription.run_upto is None else subscription.run_upto
        if subscription.position >= upto:
            return self._end_run(subscription)
        match self.notices.next_part(subscription, upto):
            case Part() as part:
                self.deliveries.open(subscription, part)
            case position:
                self.subscriptions.advance(subscription.id, position)
        return True

    def _end_run(self, subscription: Subscription) -> bool:
        """A schedule's run found everything; where it found nothing, some subscribers want to be told so."""
        if subscription.schedule is None:
            return False
        wants_report = subscription.report_if_empty and not subscription.run_told
        if wants_report:
            self.deliveries.open(subscription, Part(subscription.position, subscription.position))
        self.subscriptions.end_run(subscription.id)
        return wants_report

    def _try(self, subscription: Subscription, delivery: Delivery) -> bool:
        """One attempt; whether the next thing can be done now."""
        notice = self.notices.notice(subscription, delivery)
        if delivery.positions and not notice.events:
            self.deliveries.delivered(delivery)  # nothing of it may be known any more
            return True
        headers = headers_of(subscription, delivery, notice.body, self.clock())
        outcome = self.send(subscription.destination, notice.body, headers)
        match outcome.status:
            case int(status) if 200 <= status < 300:
                self.deliveries.delivered(delivery)
                return True
            case 413 if len(delivery.positions) > 1:
                self.deliveries.divide(delivery)
                return True
            case 410:
                error = "the receiver answered 410: it is gone for good; delete the subscription, or resume it"
                self.deliveries.failed(delivery, error, for_good=True)
            case _:
                self.deliveries.failed(delivery, outcome.error, outcome.wait)
        return False


def _is_due(subscription: Subscription, next_try: int | None, head: int, now: int) -> bool:
    """Whether there is something to do; `next_try`: of the delivery that is on its way."""
    if next_try is not None:
        return next_try <= now
    if subscription.schedule is None:
        return subscription.position < head
    return subscription.run_upto is not None or (subscription.next_run is not None and subscription.next_run <= now)
