"""Who asks, found before anything is routed: what is not public answers 401 to strangers, whether it exists or not.

Here it is also decided whether who asks has asked too often: wrong credentials are counted by address, so that nobody
tries keys through.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tracegraph.access.caller import NOBODY, Caller
from tracegraph.api.callers import unauthenticated
from tracegraph.api.limiting import FREE, Standing, address_of
from tracegraph.api.problems import Problem, problem_of, response
from tracegraph.api.serving import Serving
from tracegraph.errors import TracegraphError

#: What anybody may ask for; /00/ and /01/ are the Digital Link resolver.
PUBLIC_PATHS = ("/health", "/ready")
PUBLIC_PREFIXES = ("/00/", "/01/")
#: What is asked for by whoever watches the service, every few seconds: never limited.
UNLIMITED_PATHS = ("/health", "/ready")


class Authentication:
    """Puts the caller into the scope. A credential that nobody knows is refused everywhere, on public paths too."""

    def __init__(self, app: ASGIApp, serving: Serving) -> None:
        self._app = app
        self._serving = serving

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            scope["caller"], standing = await self._known(scope)
        except Problem as problem:
            await response(problem, scope["path"], scope.get("request_id", ""))(scope, receive, send)
            return
        await self._app(scope, receive, _telling(standing, send))

    async def _known(self, scope: Scope) -> tuple[Caller, Standing]:
        """The caller, and how it stands; raises Problem where it is refused."""
        credential = credential_in(Headers(scope=scope))
        if credential is None:
            return NOBODY, self._stranger(scope)
        scope["credential_given"] = True
        caller = await self._caller(credential, address_of(scope))
        return caller, _may_ask(self._serving.limits.caller(caller.name))

    def _stranger(self, scope: Scope) -> Standing:
        path = scope["path"]
        if path in UNLIMITED_PATHS:
            return FREE
        standing = _may_ask(self._serving.limits.stranger(address_of(scope)))
        if not is_public(path):
            raise unauthenticated()
        return standing

    async def _caller(self, credential: str, address: str) -> Caller:
        limits = self._serving.limits
        _may_ask(limits.guesser(address))
        try:
            caller = await run_in_threadpool(self._serving.caller_with, credential)
        except TracegraphError as error:
            raise problem_of(error) from None
        if caller is None:
            limits.guessed(address)
            raise unauthenticated()
        return caller


def _may_ask(standing: Standing) -> Standing:
    if not standing.allowed:
        raise standing.problem()
    return standing


def _telling(standing: Standing, send: Send) -> Send:
    """Says in the response how the caller stands with its limit."""
    if not standing.headers:
        return send

    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in standing.headers.items():
                headers[name] = value
        await send(message)

    return sender


def credential_in(headers: Headers) -> str | None:
    """The API key or bearer token of a request; None: it has none, empty: one that nobody can have."""
    key = headers.get("x-api-key")
    if key is not None:
        return key
    authorization = headers.get("authorization")
    if authorization is None:
        return None
    scheme, _, credential = authorization.partition(" ")
    return credential.strip() if scheme.lower() == "bearer" else ""


def is_public(path: str) -> bool:
    """Whether anybody may ask for it."""
    return path in PUBLIC_PATHS or path.startswith(PUBLIC_PREFIXES)
