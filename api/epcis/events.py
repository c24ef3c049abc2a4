"""`/epcis/events`: one event in, events out.

Source: GS1 EPCIS 2.0 sections 8.2.7 (queries) and 12 (REST bindings).
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from tracegraph.api.callers import Asking, Graph, Shared
from tracegraph.api.epcis import examples
from tracegraph.api.epcis.answers import events_answer
from tracegraph.api.epcis.asking import PROBLEMS, answered, pairs_of
from tracegraph.api.epcis.bodies import whole
from tracegraph.api.epcis.headers import Headers
from tracegraph.api.epcis.offering import PREFIX, bare, body, options, routes, told
from tracegraph.api.epcis.schemas import TOKEN, ref, url_parameters
from tracegraph.api.problems import (
    CONFLICT,
    FORBIDDEN,
    NOT_ACCEPTABLE,
    NOT_FOUND,
    TOO_LARGE,
    UNSUPPORTED_MEDIA,
    WRONG_REQUEST,
    Problem,
)
from tracegraph.query import FoundEvent, find_at, read_url
from tracegraph.service.capturing import Outcome
from tracegraph.stores.port import Reading

events = routes()

#: A longer eventID makes no address; the event is found by its content hash.
LONGEST_NAME = 2_048

EVENTS = told(
    200,
    "Events, none where none answers",
    ref("EPCISQueryDocument"),
    examples.QUERY_DOCUMENT,
    Link="The next page, unless this is the last.",
    GS1_Next_Page_Token_Expires="Until when the token in Link is good, at least.",
)

PerPage = Annotated[
    int | None, Query(alias="perPage", ge=1, le=10**9, description="Events on a page (30); at most 1000 are given.")
]
NextPage = Annotated[str | None, Query(alias="nextPageToken", pattern=TOKEN, description="From the header Link.")]


@events.get(
    "/events",
    "query",
    operation_id="getEvents",
    summary="Ask for events",
    problems=PROBLEMS,
    responses=EVENTS,
    openapi_extra={"parameters": url_parameters()},
)
def get_events(
    request: Request, serving: Shared, graph: Graph, asked: Headers, per_page: PerPage = None, token: NextPage = None
) -> Response:
    """The events that answer a query of the EPCIS query language: values of one parameter with `|` between them, or
    repeated, are alternatives; all parameters must hold."""
    return answered(request, serving, graph, asked, read_url(pairs_of(request), asked.context))


@events.post(
    "/events",
    "capture",
    status_code=201,
    idempotent=True,
    response_class=Response,
    operation_id="postEvent",
    summary="Capture one event",
    problems=[WRONG_REQUEST, CONFLICT, NOT_ACCEPTABLE, TOO_LARGE, UNSUPPORTED_MEDIA],
    responses=bare(201, "It is stored", Location="The event."),
    openapi_extra=body("NewEPCISEvent", examples.NEW_EVENT),
)
async def post_event(request: Request, serving: Shared, caller: Asking, asked: Headers) -> Response:
    """Capture one bare event now. 409 where the same event, with the same eventID and content, is stored already and
    neither declares an error."""
    outcome = await run_in_threadpool(serving.capturing.one_event, caller, await whole(request))
    return Response(None, 201, {"Location": f"{PREFIX}/events/{_stored_under(outcome)}"})


def _stored_under(outcome: Outcome) -> str:
    """The name of the event in addresses. Problems where it was not stored."""
    for refusal in outcome.refusals:
        raise Problem(FORBIDDEN if refusal.is_forbidden else WRONG_REQUEST, refusal.reason, pointer=refusal.pointer)
    if outcome.event is None:
        raise Problem(WRONG_REQUEST, f"the body is not one event; send one, or a document to {PREFIX}/capture")
    facts = outcome.event.facts
    name = quote(facts.event_id or facts.content_hash, safe="")
    if len(name) > LONGEST_NAME:
        name = quote(facts.content_hash, safe="")
    if outcome.report.duplicates and not facts.retracts:
        detail = f"this event is stored already, with the same content and eventID; see {PREFIX}/events/{name}"
        raise Problem(CONFLICT, detail)
    return name


@events.get(
    "/events/{eventID:path}",
    "query",
    operation_id="getEvent",
    summary="Look at one event",
    problems=[WRONG_REQUEST, NOT_FOUND, NOT_ACCEPTABLE],
    responses=told(200, "The event, and what declares it an error", ref("EPCISQueryDocument"), examples.QUERY_DOCUMENT),
)
def get_event(
    serving: Shared,
    graph: Graph,
    asked: Headers,
    name: Annotated[
        str,
        Path(
            alias="eventID",
            min_length=1,
            description="Its eventID, or the hash of its content.",
            examples=[examples.EVENT_ID],
        ),
    ],
) -> Response:
    """The event of this eventID or content hash, with its error declarations. Where several different events share the
    eventID, all of them, each marked `tracegraph:conflicting`."""
    found = named(graph.store, name)
    if not found:
        raise Problem(NOT_FOUND, f"there is no event {name[:200]}; give its eventID, or the hash of its content")
    return events_answer(found, asked, serving.clock())


def named(store: Reading, name: str) -> list[FoundEvent]:
    """The events of an eventID or content hash, and the declarations that repeat them."""
    direct = store.events(event_ids=[name]) or store.events(hashes=[name])
    family = store.events(hashes={one.facts.content_hash for one in direct}) if direct else []
    positions = {one.position for one in direct} | {one.position for one in family if one.facts.retracts}
    return list(find_at(store, positions))


options(events, "/events", "GET, POST", "optionsEvents", "What events offer")
options(events, "/events/{eventID:path}", "GET", "optionsEvent", "What an event offers", {"eventID": examples.EVENT_ID})
