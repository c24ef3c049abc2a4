"""Who asks, and what a route gives to whom: the dependencies that routers share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request

from tracegraph.access.caller import NOBODY, Caller, Role
from tracegraph.api.problems import FORBIDDEN, UNAUTHENTICATED, Problem
from tracegraph.api.serving import Serving
from tracegraph.graph import Tracegraph


def serving_of(request: Request) -> Serving:
    """What all requests share."""
    found: Serving = request.app.state.serving
    return found


def caller_of(request: Request) -> Caller:
    """Whom the middleware found (api.authentication)."""
    found: Caller = request.scope.get("caller", NOBODY)
    return found


Shared = Annotated[Serving, Depends(serving_of)]
Asking = Annotated[Caller, Depends(caller_of)]


def graph_of(serving: Shared, caller: Asking) -> Tracegraph:
    """The graph as far as the caller may know it."""
    return serving.graph_of(caller)


#: The graph that a route may ask: redaction has happened below it.
Graph = Annotated[Tracegraph, Depends(graph_of)]


def allowed(operation: str) -> Callable[[Serving, Caller], None]:
    """A dependency that refuses callers whose role lacks the operation: 401 where nobody is known, else 403."""

    def check(serving: Shared, caller: Asking) -> None:
        if serving.rights.allows(caller, operation):
            return
        if caller.role is Role.PUBLIC:
            raise unauthenticated()
        raise Problem(
            FORBIDDEN,
            f"the role {caller.role} lacks the operation {operation}, or the key leaves it out; ask the administrator",
        )

    return check


def unauthenticated() -> Problem:
    """The answer to a request without a credential that somebody knows."""
    detail = "no valid credential was given; send an API key as X-API-Key, or a token as Authorization: Bearer"
    return Problem(UNAUTHENTICATED, detail, {"WWW-Authenticate": 'Bearer realm="tracegraph"'})
