"""Subscriptions to named queries, with webhooks.

Source: GS1 EPCIS 2.0, REST binding, `/queries/{queryName}/subscriptions`.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Body, Path
from starlette.responses import Response

from tracegraph.access.caller import Caller
from tracegraph.api.callers import Asking, Shared
from tracegraph.api.epcis.answers import answer
from tracegraph.api.epcis.headers import JSON, JSON_LD, Headers
from tracegraph.api.epcis.offering import PREFIX, bare, options, routes
from tracegraph.api.epcis.queries import QueryName, owned
from tracegraph.api.epcis.schemas import ref
from tracegraph.api.problems import (
    NO_SUCH_NAME,
    NOT_ACCEPTABLE,
    REFUSED,
    WRONG_REQUEST,
    WRONG_SUBSCRIPTION,
    Problem,
)
from tracegraph.api.serving import Serving
from tracegraph.api.subscription_models import (
    REQUESTS,
    SUBSCRIPTION,
    QuerySubscription,
    SubscriptionRequest,
)
from tracegraph.errors import UsageError
from tracegraph.service.subscription_json import as_epcis
from tracegraph.service.subscriptions import Subscription

subscriptions = routes()

SubscriptionId = Annotated[
    str, Path(alias="subscriptionID", description="A subscription to it.", examples=[SUBSCRIPTION["subscriptionID"]])
]
_ALL, _ONE = "/queries/{queryName}/subscriptions", "/queries/{queryName}/subscriptions/{subscriptionID}"
_LOCATION = {"Location": {"description": "The new subscription.", "schema": {"type": "string"}}}
_QUERY = {"queryName": SUBSCRIPTION["queryName"]}
_SUBSCRIPTION = {"subscriptionID": SUBSCRIPTION["subscriptionID"]}
_PROBLEMS = (NO_SUCH_NAME, NOT_ACCEPTABLE, WRONG_REQUEST)


def _told(status: int, description: str, **more: Any) -> dict[int | str, Any]:
    """What OpenAPI says of an answer with one subscription."""
    media = {"schema": ref("QuerySubscription"), "example": SUBSCRIPTION}
    content = {JSON: media, JSON_LD: media}
    return {status: {"description": description, "model": QuerySubscription, "content": content, **more}}


def _told_list() -> dict[int | str, Any]:
    media = {"schema": {"type": "array", "items": ref("QuerySubscription")}, "example": [SUBSCRIPTION]}
    return {200: {"description": "Oldest first", "content": {JSON: media, JSON_LD: media}}}


@subscriptions.get(
    _ALL,
    "subscribe",
    operation_id="getQuerySubscriptions",
    summary="List the caller's subscriptions to a query",
    problems=_PROBLEMS,
    responses=_told_list(),
)
def get_subscriptions(serving: Shared, caller: Asking, asked: Headers, name: QueryName) -> Response:
    """All of them at once; one caller has at most 1000."""
    found = serving.subscribing.subscriptions.of(caller.name, owned(serving, caller, name).name)
    return answer([as_epcis(subscription) for subscription in found], asked)


@subscriptions.post(
    _ALL,
    "subscribe",
    status_code=201,
    idempotent=True,
    operation_id="subscribe",
    summary="Subscribe to a query",
    problems=[WRONG_SUBSCRIPTION, REFUSED, *_PROBLEMS],
    responses=_told(201, "The subscription", headers=_LOCATION),
)
def subscribe(
    serving: Shared,
    caller: Asking,
    asked: Headers,
    name: QueryName,
    wanted: Annotated[SubscriptionRequest, Body(openapi_examples=REQUESTS)],
) -> Response:
    """Each event that answers the query, and that the caller may know, is sent to `dest` as part of an
    EPCISQueryDocument: at least once, in order, signed with the `signatureToken` (header GS1-Signature), under a name
    that stays the same when it is sent again (header Tracegraph-Delivery)."""
    query = owned(serving, caller, name)
    subscribing = serving.subscribing
    try:
        made = subscribing.subscriptions.ask(
            caller, query, wanted.wanted(), serving.graph.store, subscribing.destinations
        )
    except UsageError as error:
        raise Problem(WRONG_SUBSCRIPTION, str(error)) from None
    location = f"{PREFIX}/queries/{query.name}/subscriptions/{made.id}"
    return answer(as_epcis(made), asked, 201, {"Location": location})


@subscriptions.get(
    _ONE,
    "subscribe",
    operation_id="getQuerySubscription",
    summary="Look at a subscription",
    problems=_PROBLEMS,
    responses=_told(200, "The subscription"),
)
def get_subscription(
    serving: Shared, caller: Asking, asked: Headers, name: QueryName, subscription: SubscriptionId
) -> Response:
    """How it was asked for, without its token; /api/v1/subscriptions says how its deliveries go."""
    return answer(as_epcis(_own(serving, caller, name, subscription)), asked)


@subscriptions.delete(
    _ONE,
    "subscribe",
    status_code=204,
    operation_id="unsubscribe",
    summary="End a subscription",
    problems=[NO_SUCH_NAME, WRONG_REQUEST],
    responses=bare(204, "Nothing is sent any more"),
)
def unsubscribe(serving: Shared, caller: Asking, name: QueryName, subscription: SubscriptionId) -> Response:
    """What is not delivered, dead letters too, is forgotten."""
    serving.subscribing.subscriptions.end(_own(serving, caller, name, subscription).id)
    return Response(None, 204)


def _own(serving: Serving, caller: Caller, query_name: str, name: str) -> Subscription:
    """The caller's subscription; that of another one is as unknown as one that never was."""
    query = owned(serving, caller, query_name)
    found = serving.subscribing.subscriptions.find(name, caller.name)
    if found is None or found.query_name != query.name:
        raise Problem(NO_SUCH_NAME, f"there is no subscription {name[:60]} to it; see the list of subscriptions")
    return found


options(subscriptions, _ALL, "GET, POST", "optionsQuerySubscriptions", "What subscriptions offer", _QUERY, owned)
_BOTH = _QUERY | _SUBSCRIPTION
options(subscriptions, _ONE, "GET, DELETE", "optionsQuerySubscription", "What a subscription offers", _BOTH, _own)
