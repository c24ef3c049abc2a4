"""Routers on which every route names its operation: the rights asked for and what OpenAPI says come from one word."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from fastapi import APIRouter, Depends

from tracegraph.api.callers import allowed
from tracegraph.api.problems import FORBIDDEN, PROBLEM_JSON, TOO_MANY, UNAUTHENTICATED, ProblemType, type_of

#: The member of an operation in OpenAPI that names what the caller's role must have.
OPERATION = "x-tracegraph-operation"

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


class Routes:
    """A router of one resource. Each route gives its operation (access/rights.json) and the problems it may answer."""

    def __init__(self, prefix: str, tag: str) -> None:
        self.router = APIRouter(prefix=prefix, tags=[tag])
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
        **more: Any,
    ) -> Callable[[Endpoint], Endpoint]:
        """Register an endpoint; further arguments are those of FastAPI."""
        told = [UNAUTHENTICATED, FORBIDDEN, TOO_MANY, *problems]
        extra = {**more.pop("openapi_extra", {}), OPERATION: operation}
        more.setdefault("response_model", None)
        return self.router.api_route(
            path,
            methods=[method],
            dependencies=[Depends(allowed(operation))],
            responses={**problem_responses(told, self._prefix), **(responses or {})},
            openapi_extra=extra,
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
