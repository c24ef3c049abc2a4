"""`/epcis/queries`: queries that are kept under a name, each user's own.

Source: GS1 EPCIS 2.0 sections 8.2.7 (queries) and 12 (REST bindings).
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import Path, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from tracegraph.api.auditing import asked_in
from tracegraph.api.callers import Asking, Graph, Shared
from tracegraph.api.epcis import examples
from tracegraph.api.epcis.answers import answer
from tracegraph.api.epcis.asking import PROBLEMS, answered, paging, pairs_of
from tracegraph.api.epcis.bodies import whole_object
from tracegraph.api.epcis.events import EVENTS, NextPage, PerPage
from tracegraph.api.epcis.headers import Headers
from tracegraph.api.epcis.offering import PREFIX, bare, body, options, routes, told
from tracegraph.api.epcis.schemas import NAME, ref
from tracegraph.api.problems import (
    CONFLICT,
    INVALID_QUERY,
    NO_SUCH_NAME,
    NOT_ACCEPTABLE,
    TOO_LARGE,
    UNSUPPORTED_MEDIA,
    WRONG_QUERY,
    WRONG_REQUEST,
    Problem,
)
from tracegraph.api.serving import Serving
from tracegraph.errors import Refused
from tracegraph.model.instants import instant_text
from tracegraph.service.queries import NamedQuery

queries = routes()

QueryName = Annotated[str, Path(alias="queryName", pattern=NAME, examples=["births"])]
_QUERIES = told(200, "The queries, by name", {"type": "array", "items": ref("NamedQuery")}, [examples.NAMED_QUERY])
_QUERY = told(200, "The query", ref("NamedQuery"), examples.NAMED_QUERY)


@queries.get(
    "/queries",
    "query",
    operation_id="getQueries",
    summary="List the caller's named queries",
    problems=[NOT_ACCEPTABLE, WRONG_REQUEST],
    responses=_QUERIES,
)
def get_queries(serving: Shared, caller: Asking, asked: Headers) -> Response:
    """All queries that the caller has named."""
    return answer([query_json(query) for query in serving.queries.of(caller.name)], asked)


@queries.post(
    "/queries",
    "query",
    status_code=201,
    idempotent=True,
    response_class=Response,
    operation_id="postQuery",
    summary="Name a query",
    problems=[WRONG_REQUEST, WRONG_QUERY, INVALID_QUERY, CONFLICT, NOT_ACCEPTABLE, TOO_LARGE, UNSUPPORTED_MEDIA],
    responses=bare(201, "It is kept", Location="The query."),
    openapi_extra=body("NewNamedQuery", examples.NEW_QUERY),
)
async def post_query(request: Request, serving: Shared, caller: Asking, asked: Headers) -> Response:
    """Keep a query under a name, to be asked again or subscribed to. 409 where the caller has one of that name."""
    name, query = _named(await whole_object(request))
    asked_in(request, query)
    try:
        await run_in_threadpool(serving.queries.add, caller.name, name, query, asked.context)
    except Refused as taken:
        raise Problem(CONFLICT, str(taken)) from None
    return Response(None, 201, {"Location": f"{PREFIX}/queries/{name}"})


def _named(told: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Name and parameters of a new query. Problem 400."""
    name, query = told.get("name"), told.get("query")
    if not isinstance(name, str) or not re.fullmatch(NAME[1:-1], name):
        raise Problem(WRONG_REQUEST, "/name: give up to 64 letters, digits, points, hyphens and underlines")
    if not isinstance(query, dict):
        raise Problem(WRONG_REQUEST, "/query: give an object with the parameters of the query")
    if unknown := set(told) - {"name", "query"}:
        raise Problem(WRONG_REQUEST, f"/{min(unknown)[:60]}: there is no such member; send name and query")
    return name, query


@queries.get(
    "/queries/{queryName}",
    "query",
    operation_id="getQuery",
    summary="Look at a named query",
    problems=[WRONG_REQUEST, NO_SUCH_NAME, NOT_ACCEPTABLE],
    responses=_QUERY,
)
def get_query(serving: Shared, caller: Asking, asked: Headers, name: QueryName) -> Response:
    """The parameters of one query."""
    return answer(query_json(owned(serving, caller, name)), asked)


@queries.delete(
    "/queries/{queryName}",
    "query",
    status_code=204,
    response_class=Response,
    operation_id="deleteQuery",
    summary="Forget a named query",
    problems=[WRONG_REQUEST, NO_SUCH_NAME],
    responses=bare(204, "It is gone"),
)
def delete_query(serving: Shared, caller: Asking, name: QueryName) -> Response:
    """Forget a query; its subscriptions end."""
    owned(serving, caller, name)
    serving.subscribing.subscriptions.end_all(caller.name, name)
    serving.queries.remove(caller.name, name)
    return Response(None, 204)


@queries.get(
    "/queries/{queryName}/events",
    "query",
    operation_id="getQueryEvents",
    summary="Ask a named query",
    problems=[NO_SUCH_NAME, *PROBLEMS],
    responses=EVENTS,
)
def get_query_events(
    request: Request,
    serving: Shared,
    caller: Asking,
    graph: Graph,
    asked: Headers,
    name: QueryName,
    per_page: PerPage = None,
    token: NextPage = None,
) -> Response:
    """The events that answer the query now; only the page can be chosen here."""
    kept = owned(serving, caller, name)
    for other, _ in pairs_of(request):
        if other not in ("perPage", "nextPageToken"):
            raise Problem(WRONG_QUERY, f"{other[:60]} cannot be added to a named query; ask at {PREFIX}/events instead")
    return answered(request, serving, graph, asked, paging(request, kept.query), name)


def owned(serving: Serving, caller: Asking, name: str) -> NamedQuery:
    """The caller's query of this name. Problem 404, also where somebody else has one."""
    found = serving.queries.find(caller.name, name)
    if found is None:
        raise Problem(NO_SUCH_NAME, f"there is no query named {name}; see {PREFIX}/queries for those there are")
    return found


def query_json(query: NamedQuery) -> dict[str, Any]:
    """A query as EPCIS tells it; prefixes that came with its request stand in its `@context`."""
    context = {} if query.context is None or "@context" in query.body else {"@context": query.context}
    return {"name": query.name, "createdAt": instant_text(query.created_at), "query": {**context, **query.body}}


_ONE = ({"queryName": "births"}, owned)
options(queries, "/queries", "GET, POST", "optionsQueries", "What named queries offer")
options(queries, "/queries/{queryName}", "GET, DELETE", "optionsQuery", "What a named query offers", *_ONE)
options(queries, "/queries/{queryName}/events", "GET", "optionsQueryEvents", "What its events offer", *_ONE)
