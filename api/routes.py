"""Routers on which every route names its operation: the rights asked for and what OpenAPI says come from one word."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeVar

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from tracegraph.api.callers import allowed, caller_of, serving_of
from tracegraph.api.idempotency import PARAMETER, answered_once
from tracegraph.api.problems import (
    BUSY_KEY,
    FORBIDDEN,
    PROBLEM_JSON,
    TOO_MANY,
    UNAUTHENTICATED,
    URI_TOO_LONG,
    USED_KEY,
    ProblemType,
    type_of,
)

#: The member of an operation in OpenAPI that names what the caller's role must have.
OPERATION = "x-tracegraph-operation"
#: The member that says whether a request may be sent again under its Idempotency-Key.
IDEMPOTENT = "x-tracegraph-idempotent"

#: Stands for null until the document is made: FastAPI leaves out members that are null, in examples too.
NULL_MARK = "\0null"

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


class CheckedRoute(APIRoute):
    """A route that looks at the caller's rights before it reads anything of the request, and then at its key."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The endpoint behind the checks."""
        handler = super().get_route_handler()
        told = self.openapi_extra or {}
        check = allowed(told[OPERATION])
        idempotent = told.get(IDEMPOTENT, False)

        async def checked(request: Request) -> Response:
            serving, caller = serving_of(request), caller_of(request)
            check(serving, caller)
            if idempotent:
                return await answered_once(request, handler, serving.answers, caller)
            return await handler(request)

        return checked


class Routes:
    """A router of one resource. Each route gives its operation (access/rights.json) and the problems it may answer."""

    def __init__(self, prefix: str, tag: str) -> None:
        self.router = APIRouter(prefix=prefix, tags=[tag], route_class=CheckedRoute)
        self._prefix = prefix

    def get(self, path: str, operation: str, **more: Any) -> Callable[[Endpoint], Endpoint]:
        """A route that reads."""
        return self.route("GET", path, operation, **more)

    def post(self, path: str, operation: str, **more: Any) -> Callable[[Endpoint], Endpoint]:
        """A route that makes something, or asks a question that is too long for an address."""
        return self.route("POST", path, operation, **more)

    def delete(self, path: str, operation: str, **more: Any) -> Callable[[Endpoint], Endpoint]:
        """A route that takes away."""
        return self.route("DELETE", path, operation, **more)

    def route(
        self,
        method: str,
        path: str,
        operation: str,
        problems: Iterable[ProblemType] = (),
        responses: dict[int | str, dict[str, Any]] | None = None,
        idempotent: bool = False,
        **more: Any,
    ) -> Callable[[Endpoint], Endpoint]:
        """Register an endpoint; further arguments are those of FastAPI. `idempotent`: honour Idempotency-Key."""
        told = [
            UNAUTHENTICATED,
            FORBIDDEN,
            URI_TOO_LONG,
            TOO_MANY,
            *problems,
            *([BUSY_KEY, USED_KEY] if idempotent else []),
        ]
        extra = {**more.pop("openapi_extra", {}), OPERATION: operation}
        if idempotent:
            extra = {**extra, IDEMPOTENT: True, "parameters": [*extra.get("parameters", ()), PARAMETER]}
        more.setdefault("response_model", None)
        described = with_null_marks({**problem_responses(told, self._prefix), **(responses or {})})
        return self.router.api_route(
            path,
            methods=[method],
            responses=described,
            openapi_extra=with_null_marks(extra),
            **more,
        )


def problem_responses(kinds: Iterable[ProblemType], path: str) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of problems, an example of each; several of one status stand beside each other."""
    found: dict[int | str, dict[str, Any]] = {}
    for kind in dict.fromkeys(kinds):
        example = {"type": type_of(kind, path), "title": kind.title, "status": kind.status, "detail": "..."}
        media = {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {kind.name: {"value": example}}}
        told = found.setdefault(kind.status, {"description": kind.title, "content": {PROBLEM_JSON: media}})
        told["content"][PROBLEM_JSON]["examples"][kind.name] = {"value": example}
    return found


def with_null_marks(value: Any) -> Any:
    """JSON values (and models among them) with marks in place of nulls."""
    return replaced(value, None, NULL_MARK)


def replaced(value: Any, old: str | None, new: str | None) -> Any:
    """JSON values with one in place of another, at any depth."""
    if isinstance(value, dict):
        return {name: replaced(part, old, new) for name, part in value.items()}
    if isinstance(value, list):
        return [replaced(part, old, new) for part in value]
    return new if value == old else value
