"""Subscriptions and dead letters as they are told, over HTTP and on the command line: no token, no position."""

from __future__ import annotations

from typing import Any

from tracegraph.model.instants import instant_text, optional_text
from tracegraph.service.deliveries import Deliveries, Delivery
from tracegraph.service.subscriptions import Subscription


def as_epcis(subscription: Subscription) -> dict[str, Any]:
    """A subscription as GS1 EPCIS 2.0 has it."""
    found = {
        "subscriptionID": subscription.id,
        "queryName": subscription.query_name,
        "dest": subscription.destination,
        "createdAt": instant_text(subscription.created_at),
        "reportIfEmpty": subscription.report_if_empty,
        "stream": True if subscription.schedule is None else None,
        "schedule": None if subscription.schedule is None else dict(subscription.schedule.written),
        "initialRecordTime": optional_text(subscription.initial_record_time),
        "lastNotifiedAt": optional_text(subscription.delivered_at),
    }
    return {name: value for name, value in found.items() if value is not None}


def as_followed(subscription: Subscription, deliveries: Deliveries) -> dict[str, Any]:
    """A subscription and how its deliveries go; no position, since that would tell how long the ledger is."""
    waiting = deliveries.waiting(subscription.id)
    found = {
        **as_epcis(subscription),
        "owner": subscription.owner.name,
        "signed": subscription.secret is not None,
        "state": subscription.state.value,
        "reason": subscription.reason,
        "deadLetters": deliveries.dead_count(subscription.id),
        "nextTry": None if waiting is None else instant_text(waiting.next_try),
        "nextRun": optional_text(subscription.next_run),
    }
    return {name: value for name, value in found.items() if value is not None}


def as_dead_letter(delivery: Delivery) -> dict[str, Any]:
    """A dead letter; its error is the last one."""
    found = {
        "deliveryID": delivery.id,
        "attempts": delivery.attempts,
        "createdAt": instant_text(delivery.made_at),
        "lastTriedAt": optional_text(delivery.last_try),
        "error": delivery.error,
    }
    return {name: value for name, value in found.items() if value is not None}
