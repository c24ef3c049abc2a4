"""Who asks, found before anything is routed: what is not public answers 401 to strangers, whether it exists or not."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from tracegraph.access.caller import NOBODY, Caller
from tracegraph.api.callers import unauthenticated
from tracegraph.api.problems import response
from tracegraph.api.serving import Serving

#: What anybody may ask for; /01/ is the Digital Link resolver.
PUBLIC_PATHS = ("/health", "/ready")
PUBLIC_PREFIXES = ("/01/",)


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
        credential = credential_in(Headers(scope=scope))
        caller = await self._caller(credential, scope["path"])
        if caller is None:
            refusal = response(unauthenticated(), scope["path"], scope.get("request_id", ""))
            await refusal(scope, receive, send)
            return
        scope["caller"] = caller
        await self._app(scope, receive, send)

    async def _caller(self, credential: str | None, path: str) -> Caller | None:
        if credential is not None:
            return await run_in_threadpool(self._serving.caller_with, credential)
        return NOBODY if is_public(path) else None


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
