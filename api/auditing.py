"""Requests of known callers, and refused credentials, go into the audit trail (tracegraph.service.audit)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tracegraph.access.caller import NOBODY, Caller
from tracegraph.api.routes import OPERATION
from tracegraph.api.serving import Serving
from tracegraph.identifiers import canonical
from tracegraph.service.audit import Entry

#: Where a route leaves the identifiers that it was asked about.
_ASKED = "asked_for"
#: Parameters of the EPCIS query language; others are noted where the route declares them. Nothing else of a query is
#: kept: a key may stand there by mistake.
_EPCIS_PARAMETER = re.compile(r"(?:EQ|NE|GE|GT|LE|LT|MATCH|WD|EXISTS|HASATTR|EQATTR)_")

#: Members of the bodies of /api/v1 whose texts say what is asked about.
_NAMING = frozenset(
    {"start", "unit", "site", "place", "party", "supplier", "product", "equipment", "container", "event"}
)


def asked_for(request: Request, *identifiers: str) -> None:
    """Note what a request is about, where that stands in its body: `identifiers` in any form."""
    request.scope.setdefault(_ASKED, []).extend(identifiers)


def asked_in(request: Request, body: Any) -> None:
    """Note what a request is about, by the members of its body that name things, however deep they stand."""
    asked_for(request, *_named_in(body, ""))


def _named_in(value: Any, name: str) -> Iterator[str]:
    match value:
        case Mapping():
            for member, inner in value.items():
                yield from _named_in(inner, str(member))
        case str() if name in _NAMING or _EPCIS_PARAMETER.match(name):
            yield value
        case list() | tuple():
            for inner in value:
                yield from _named_in(inner, name)


class Auditing:
    """Records each request once it was answered."""

    def __init__(self, app: ASGIApp, serving: Serving) -> None:
        self._app = app
        self._serving = serving

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, answer)
        finally:
            caller: Caller = scope.get("caller", NOBODY)
            if caller is not NOBODY or scope.get("credential_given"):
                self._serving.audit.record(_entry(scope, caller, status, self._serving.clock()))


def _entry(scope: Scope, caller: Caller, status: int, now: int) -> Entry:
    route = scope.get("route")
    extra = getattr(route, "openapi_extra", None) or {}
    return Entry(
        now,
        scope.get("request_id", ""),
        caller.name,
        caller.role.value,
        caller.organisations,
        extra.get(OPERATION, ""),
        scope["method"],
        getattr(route, "path", ""),
        tuple(dict.fromkeys(_asked(scope, route))),
        status,
    )


def _asked(scope: Scope, route: object) -> Iterable[str]:
    """What stands in path, query and, where the route told, in the body."""
    for value in scope.get("path_params", {}).values():
        yield canonical(str(value))
    yield from (canonical(text) for text in scope.get(_ASKED, ()))
    declared = _declared(route)
    for name, value in parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True):
        if name in declared or _EPCIS_PARAMETER.match(name):
            yield f"{name}={value}"


def _declared(route: object) -> frozenset[str]:
    """The names of a route's query parameters, also of those that stand together in a model."""
    dependant = getattr(route, "dependant", None)
    return frozenset(name for parameter in getattr(dependant, "query_params", ()) for name in _names(parameter))


def _names(parameter: Any) -> Iterable[str]:
    fields = getattr(parameter.field_info.annotation, "model_fields", None)
    if fields is None:
        return [parameter.alias]
    return [field.alias or name for name, field in fields.items()]
