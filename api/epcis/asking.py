"""Asking for events: from the parameters of a request to a page of events, with what leads to the next page."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote, urlencode

from fastapi import Request
from starlette.responses import Response

from tracegraph.api.epcis.answers import events_answer
from tracegraph.api.epcis.headers import Asked
from tracegraph.api.problems import (
    INVALID_QUERY,
    NOT_ACCEPTABLE,
    NOT_FOUND,
    QUERY_TOO_COMPLEX,
    QUERY_TOO_LARGE,
    WRONG_QUERY,
    WRONG_REQUEST,
    Problem,
    ProblemType,
)
from tracegraph.api.serving import Serving
from tracegraph.errors import QueryInvalid
from tracegraph.graph import Tracegraph
from tracegraph.model.instants import instant_text
from tracegraph.query import Query, find_page, read_url
from tracegraph.service.sealing import LIFE

#: Events on a page, however many are asked for.
MOST_PER_PAGE = 1_000
PROBLEMS: tuple[ProblemType, ...] = (
    WRONG_REQUEST,
    WRONG_QUERY,
    INVALID_QUERY,
    NOT_FOUND,
    NOT_ACCEPTABLE,
    QUERY_TOO_LARGE,
    QUERY_TOO_COMPLEX,
)

_PURPOSE = "page"
_PAGING = ("perPage", "nextPageToken")


def pairs_of(request: Request) -> list[tuple[str, str]]:
    """The parameters in the address, in their order."""
    return list(request.query_params.multi_items())


def paging(request: Request, query: Query) -> Query:
    """A query with the page that the address asks for."""
    page = read_url([pair for pair in pairs_of(request) if pair[0] in _PAGING])
    return replace(query, per_page=page.per_page, next_page_token=page.next_page_token)


def answered(
    request: Request, serving: Serving, graph: Tracegraph, asked: Asked, query: Query, name: str = "SimpleEventQuery"
) -> Response:
    """A page of the events that answer the query, in the caller's view."""
    most = serving.settings.most_events_read
    sealed = query.next_page_token
    if sealed is not None:
        query = replace(query, next_page_token=opened(serving, sealed))
    try:
        page = find_page(graph.store, query, most_candidates=most, most_per_page=MOST_PER_PAGE)
    except QueryInvalid as error:
        raise Problem(NOT_FOUND, str(error)) from None  # only the token can still be wrong
    headers = next_page(request, serving, page.next_page_token)
    return events_answer(page.events, asked, serving.clock(), name, headers)


def opened(serving: Serving, sealed: str) -> str:
    """What a page token says. Problem 404 for one that was not given here, or long ago."""
    token = serving.seal.open(_PURPOSE, sealed)
    if token is None:
        raise Problem(NOT_FOUND, "nextPageToken names no page; take it from the header Link, or ask for the first page")
    return token


def next_page(request: Request, serving: Serving, token: str | None) -> dict[str, str]:
    """The headers that lead to the next page, if there is one. A token holds what its client must not know, such as how
    much was stored in between; so it is sealed."""
    if token is None:
        return {}
    sealed = serving.seal.close(_PURPOSE, token)
    pairs = [pair for pair in pairs_of(request) if pair[0] != "nextPageToken"]
    following = f"{path_of(request)}?{urlencode([*pairs, ('nextPageToken', sealed)])}"
    expires = instant_text(serving.clock() + LIFE * 1_000_000)
    return {"Link": f'<{following}>; rel="next"', "GS1-Next-Page-Token-Expires": expires}


def path_of(request: Request) -> str:
    """The path of a request as it can stand in a header."""
    raw: bytes = request.scope.get("raw_path") or b""
    return quote(raw.split(b"?")[0].decode("latin-1"), safe="/%:;,=@~!*'()$&+.-_") or quote(request.url.path)
