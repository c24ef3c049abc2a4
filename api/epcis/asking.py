"""Asking for events: from the parameters of a request to a page of events, with what leads to the next page."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote, urlencode

from fastapi import Request
from starlette.responses import Response

from tracegraph.api.epcis.answers import answer, query_document
from tracegraph.api.epcis.headers import Asked
from tracegraph.api.problems import (
    INVALID_QUERY,
    NOT_ACCEPTABLE,
    QUERY_TOO_COMPLEX,
    QUERY_TOO_LARGE,
    WRONG_QUERY,
    WRONG_REQUEST,
    ProblemType,
)
from tracegraph.api.serving import Serving
from tracegraph.graph import Tracegraph
from tracegraph.query import Query, find_page, read_url
from tracegraph.trace.times import instant_text

#: Events on a page, however many are asked for.
MOST_PER_PAGE = 1_000
#: A token is good for at least so long; it needs nothing that is kept here, and is in fact good for as long as the
#: ledger is.
TOKEN_LIFE = 30 * 24 * 3_600 * 1_000_000

PROBLEMS: tuple[ProblemType, ...] = (
    WRONG_REQUEST,
    WRONG_QUERY,
    INVALID_QUERY,
    NOT_ACCEPTABLE,
    QUERY_TOO_LARGE,
    QUERY_TOO_COMPLEX,
)

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
    page = find_page(graph.store, query, most_candidates=most, most_per_page=MOST_PER_PAGE)
    now = serving.clock()
    headers = next_page(request, page.next_page_token, now)
    return answer(query_document(page.events, asked, now, name), asked, headers=headers)


def next_page(request: Request, token: str | None, now: int) -> dict[str, str]:
    """The headers that lead to the next page, if there is one."""
    if token is None:
        return {}
    pairs = [pair for pair in pairs_of(request) if pair[0] != "nextPageToken"]
    following = f"{path_of(request)}?{urlencode([*pairs, ('nextPageToken', token)])}"
    return {"Link": f'<{following}>; rel="next"', "GS1-Next-Page-Token-Expires": instant_text(now + TOKEN_LIFE)}


def path_of(request: Request) -> str:
    """The path of a request as it can stand in a header."""
    raw: bytes = request.scope.get("raw_path") or b""
    return quote(raw.split(b"?")[0].decode("latin-1"), safe="/%:;,=@~!*'()$&+.-_") or quote(request.url.path)
