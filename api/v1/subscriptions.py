"""Subscriptions and how their deliveries go: state, last error, dead letters; pause, resume, deliver again."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from tracegraph.access.caller import Caller
from tracegraph.api.callers import Asking, Shared
from tracegraph.api.problems import NOT_FOUND, Problem
from tracegraph.api.routes import Routes
from tracegraph.api.serving import Serving
from tracegraph.api.subscription_models import (
    DEAD_LETTER,
    FOLLOWED,
    DeadLetter,
    FollowedSubscription,
)
from tracegraph.service.subscription_json import as_dead_letter, as_followed
from tracegraph.service.subscriptions import Subscription

routes = Routes("/api/v1/subscriptions", "subscriptions")


class FollowedSubscriptions(BaseModel):
    """Subscriptions, oldest first."""

    subscriptions: list[FollowedSubscription]


class DeadLetters(BaseModel):
    """Dead letters, oldest events first."""

    deadLetters: list[DeadLetter]  # noqa: N815


SubscriptionId = Annotated[
    str, Path(alias="subscription", description="The id of a subscription.", examples=[FOLLOWED["subscriptionID"]])
]
DeliveryId = Annotated[
    str, Path(alias="delivery", description="The id of a dead letter.", examples=[DEAD_LETTER["deliveryID"]])
]
Skip = Annotated[bool, Query(description="Leave what was given up among the dead letters, and go on after it.")]


def _told(description: str, model: type[BaseModel], example: Any) -> dict[int | str, dict[str, Any]]:
    content = {"application/json": {"example": example}}
    return {200: {"description": description, "model": model, "content": content}}


_ONE = _told("The subscription", FollowedSubscription, FOLLOWED)


@routes.get(
    "",
    "subscribe",
    operation_id="list_subscriptions",
    summary="Subscriptions and how they go",
    responses=_told("Oldest first", FollowedSubscriptions, {"subscriptions": [FOLLOWED]}),
)
def subscriptions(serving: Shared, caller: Asking) -> Response:
    """Your own, to any query; administrators see all."""
    found = serving.subscribing.subscriptions.of(_whose(serving, caller))
    return JSONResponse({"subscriptions": [_followed(serving, subscription) for subscription in found]})


@routes.get(
    "/{subscription}",
    "subscribe",
    operation_id="get_subscription",
    summary="One subscription and how it goes",
    problems=[NOT_FOUND],
    responses=_ONE,
)
def subscription(name: SubscriptionId, serving: Shared, caller: Asking) -> Response:
    """State, what the last attempt met, when the next one is made."""
    return JSONResponse(_followed(serving, _known(serving, caller, name)))


@routes.post(
    "/{subscription}/pause",
    "subscribe",
    operation_id="pause_subscription",
    summary="Deliver nothing for now",
    problems=[NOT_FOUND],
    responses=_ONE,
)
def pause(name: SubscriptionId, serving: Shared, caller: Asking) -> Response:
    """Until it is resumed; nothing is lost."""
    found = _known(serving, caller, name)
    serving.subscribing.subscriptions.pause(found.id)
    return JSONResponse(_followed(serving, _known(serving, caller, name)))


@routes.post(
    "/{subscription}/resume",
    "subscribe",
    operation_id="resume_subscription",
    summary="Go on with a subscription that is paused or stopped",
    problems=[NOT_FOUND],
    responses=_ONE,
)
def resume(name: SubscriptionId, serving: Shared, caller: Asking, skip: Skip = False) -> Response:
    """What was given up is tried again first, or, with `skip`, stays among the dead letters."""
    found = _known(serving, caller, name)
    serving.subscribing.deliveries.resume(found.id, skip)
    return JSONResponse(_followed(serving, _known(serving, caller, name)))


@routes.get(
    "/{subscription}/dead-letters",
    "subscribe",
    operation_id="list_dead_letters",
    summary="Deliveries that were given up",
    problems=[NOT_FOUND],
    responses=_told("Oldest events first", DeadLetters, {"deadLetters": [DEAD_LETTER]}),
)
def dead_letters(name: SubscriptionId, serving: Shared, caller: Asking) -> Response:
    """Each can be delivered again."""
    found = serving.subscribing.deliveries.dead(_known(serving, caller, name).id)
    return JSONResponse({"deadLetters": [as_dead_letter(delivery) for delivery in found]})


@routes.post(
    "/{subscription}/dead-letters/{delivery}/redelivery",
    "subscribe",
    operation_id="redeliver",
    summary="Deliver a dead letter again",
    problems=[NOT_FOUND],
    responses=_ONE,
)
def redeliver(name: SubscriptionId, delivery: DeliveryId, serving: Shared, caller: Asking) -> Response:
    """Under its old id, before anything else; a subscription that stopped goes on after it."""
    found = _known(serving, caller, name)
    if not serving.subscribing.deliveries.redeliver(delivery, found.id):
        raise Problem(NOT_FOUND, f"there is no dead letter {delivery}; see the list of dead letters")
    return JSONResponse(_followed(serving, _known(serving, caller, name)))


def _whose(serving: Serving, caller: Caller) -> str | None:
    """Whose subscriptions a caller sees (None: all)."""
    return None if serving.rights.allows(caller, "administer") else caller.name


def _known(serving: Serving, caller: Caller, name: str) -> Subscription:
    found = serving.subscribing.subscriptions.find(name, _whose(serving, caller))
    if found is None:
        raise Problem(NOT_FOUND, f"there is no subscription {name}; see /api/v1/subscriptions")
    return found


def _followed(serving: Serving, subscription: Subscription) -> dict[str, Any]:
    return as_followed(subscription, serving.subscribing.deliveries)
