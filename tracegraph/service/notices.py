"""What a delivery says: the events of its part of the ledger as its subscriber may know them, as an EPCISQueryDocument,
and the signature.

The signature is `GS1-Signature: t=SECONDS,v1=HEX`: HMAC-SHA256 with the subscriber's token over `SECONDS.NAME.` and the
body, byte for byte; SECONDS (since 1970) is when it was sent, NAME the header `Tracegraph-Delivery`.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tracegraph.access.caller import Caller
from tracegraph.formats.epcis.json_text import json_text
from tracegraph.model.event import Json
from tracegraph.query import FoundEvent, Query, find
from tracegraph.query.documents import event_json, query_document
from tracegraph.service.deliveries import Delivery, Part
from tracegraph.service.subscriptions import Subscription
from tracegraph.stores.port import Reading

#: Ledger entries that are looked at before what was found, or not found, is written down.
PORTION = 1_000
#: Characters of events after which a delivery takes no more.
MOST_CHARACTERS = 4_000_000

DELIVERY = "Tracegraph-Delivery"
SIGNATURE = "GS1-Signature"


class NoLongerServed(Exception):
    """A subscription has no query or no owner that may subscribe any more; it stops."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One request: `events` is how many the body holds."""

    body: bytes
    events: int


@dataclass(frozen=True, slots=True)
class Notices:
    """Makes notices. `store`: the whole one, asked for positions only; `view`: it as far as a caller may know.

    `queries`: what an owner's query of a name asks (None: there is none). `current`: the caller as it is now (None: it
    may not subscribe any more).
    """

    store: Reading
    view: Callable[[Caller], Reading]
    queries: Callable[[str, str], Query | None]
    current: Callable[[Caller], Caller | None]

    def next_part(self, subscription: Subscription, upto: int) -> Part | int:
        """The next part with something to tell, in a portion of what was not looked at yet; a position: up to there is
        nothing to tell. Raises NoLongerServed."""
        known = self._end_of_portion(subscription.position, upto)
        positions: list[int] = []
        characters = 0
        for event in self._events(subscription, subscription.position, known):
            if len(positions) >= subscription.most_events or characters >= MOST_CHARACTERS:
                return Part(positions[-1], known, tuple(positions))
            positions.append(event.position)
            characters += len(json_text(event_json(event)))
        return Part(known, known, tuple(positions)) if positions else known

    def notice(self, subscription: Subscription, delivery: Delivery) -> Notice:
        """What a delivery says, made anew for each attempt: nothing that its owner may not know any more."""
        wanted = set(delivery.positions)
        events: list[dict[str, Json]] = []
        for event in self._events(subscription, delivery.after, delivery.known):
            if event.position > delivery.upto:
                break
            if event.position in wanted:
                events.append(event_json(event))
        document = query_document(events, delivery.made_at, subscription.query_name, subscription.id)
        return Notice(json_text(document).encode("utf-8", "backslashreplace"), len(events))

    def _events(self, subscription: Subscription, after: int, known: int) -> Iterator[FoundEvent]:
        """The events of a part that answer the query, in the order of the ledger."""
        owner = self.current(subscription.owner)
        if owner is None:
            raise NoLongerServed("its owner may not subscribe any more; have the rights given back, and resume it")
        query = self.queries(owner.name, subscription.query_name)
        if query is None:
            raise NoLongerServed(f"there is no query {subscription.query_name} any more; make it again, and resume")
        earliest = subscription.initial_record_time
        for event in find(self.view(owner), query, after=after, upto=known):
            if earliest is None or event.recorded_at >= earliest:
                yield event

    def _end_of_portion(self, after: int, upto: int) -> int:
        """Where a portion ends: with a whole change of the ledger. In the middle of one, the graph as of that position
        does not say yet what its events mean, nor who may know them."""
        if upto - after <= PORTION:
            return upto
        end = after + PORTION
        (entry,) = self.store.entries(end - 1, end)
        return min(upto, max(end, self.store.position_at(entry.recorded_at)))


def headers_of(subscription: Subscription, delivery: Delivery, body: bytes, now: int) -> Mapping[str, str]:
    """The headers of an attempt that is made at the instant `now`."""
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "tracegraph",
        "GS1-EPCIS-Version": "2.0.0",
        "GS1-CBV-Version": "2.0.0",
        "GS1-EPC-Format": "Never_Translates",
        DELIVERY: delivery.id,
    }
    if subscription.secret is not None:
        headers[SIGNATURE] = signature(subscription.secret, delivery.id, now // 1_000_000, body)
    return headers


def signature(secret: str, name: str, seconds: int, body: bytes) -> str:
    """The value of the header GS1-Signature."""
    signed = f"{seconds}.{name}.".encode("ascii") + body
    return f"t={seconds},v1={hmac.digest(secret.encode('utf-8'), signed, 'sha256').hex()}"
