"""What subscriptions need of a running service, put together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tracegraph.access.caller import Caller
from tracegraph.api.webhooks import Webhooks
from tracegraph.query import Query
from tracegraph.service.deliveries import Deliveries
from tracegraph.service.delivering import Deliverer
from tracegraph.service.destinations import Destinations
from tracegraph.service.notices import Notices
from tracegraph.service.subscriptions import Subscriptions

if TYPE_CHECKING:
    from tracegraph.api.serving import Serving


@dataclass(frozen=True, slots=True)
class Subscribing:
    """Subscriptions, their deliveries, where these may go, and the worker that makes them."""

    subscriptions: Subscriptions
    deliveries: Deliveries
    destinations: Destinations
    worker: Deliverer = field(repr=False)


def subscribing(serving: Serving) -> Subscribing:
    """For one service."""
    subscriptions = Subscriptions(serving.file, serving.clock)
    deliveries = Deliveries(serving.file, serving.clock)
    destinations = Destinations.allowing(serving.settings.destinations)

    def asked(owner: str, name: str) -> Query | None:
        found = serving.queries.find(owner, name)
        return None if found is None else found.query

    def current(caller: Caller) -> Caller | None:
        now = serving.users.current(caller)
        return now if now is not None and serving.rights.allows(now, "subscribe") else None

    notices = Notices(serving.graph.store, lambda caller: serving.graph_of(caller).store, asked, current)
    worker = Deliverer(subscriptions, deliveries, notices, Webhooks(destinations), serving.clock)
    return Subscribing(subscriptions, deliveries, destinations, worker)
