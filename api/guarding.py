"""What protects caller and service alike: headers for browsers, and a limit on how much one request may send."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tracegraph.api.problems import TOO_LARGE, URI_TOO_LONG, Problem, response

#: Characters of path and query.
MOST_ADDRESS = 16_384

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class _TooLarge(Exception):
    """The body went over the limit while it was read."""


class Guarding:
    """Adds the headers, and refuses what is too large before, or while, it is read."""

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        self._app = app
        self._most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sender = _with_headers(send)
        problem = self._refusal(scope)
        if problem is None:
            try:
                await self._app(scope, self._counting(receive), sender)
                return
            except _TooLarge:
                problem = self._too_large()
        await response(problem, scope["path"], scope.get("request_id", ""))(scope, receive, sender)

    def _refusal(self, scope: Scope) -> Problem | None:
        if len(scope["raw_path"] or b"") + len(scope["query_string"]) > MOST_ADDRESS:
            return Problem(URI_TOO_LONG, f"the address has over {MOST_ADDRESS} characters; send the query as a body")
        length = Headers(scope=scope).get("content-length", "")
        return self._too_large() if length.isdigit() and int(length) > self._most_bytes else None

    def _too_large(self) -> Problem:
        return Problem(TOO_LARGE, f"the body is over {self._most_bytes} bytes; send it in parts")

    def _counting(self, receive: Receive) -> Receive:
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._most_bytes:
                raise _TooLarge
            return message

        return counted


def _with_headers(send: Send) -> Send:
    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sender
