"""What protects caller and service alike: headers for browsers, and a limit on how much one request may send."""

from __future__ import annotations

from contextlib import suppress

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tracegraph.api.problems import TOO_LARGE, UNSUPPORTED_MEDIA, URI_TOO_LONG, Problem, response

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
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
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
            counted = _Counted(receive, sender, self._most_bytes)
            with suppress(_TooLarge):
                await self._app(scope, counted.receive, counted.send)
            if not counted.refused:
                return
            problem = self._too_large()
        await response(problem, scope["path"], scope.get("request_id", ""))(scope, receive, sender)

    def _refusal(self, scope: Scope) -> Problem | None:
        if len(scope["raw_path"] or b"") + len(scope["query_string"]) > MOST_ADDRESS:
            return Problem(URI_TOO_LONG, f"the address has over {MOST_ADDRESS} characters; send the query as a body")
        headers = Headers(scope=scope)
        coding = headers.get("content-encoding", "identity")
        if coding.lower() != "identity":
            detail = "the body is compressed, so that nobody knows how large it is; send it as it is"
            return Problem(UNSUPPORTED_MEDIA, detail, {"Accept-Encoding": "identity"})
        length = headers.get("content-length", "")
        return self._too_large() if length.isdigit() and int(length) > self._most_bytes else None

    def _too_large(self) -> Problem:
        return Problem(TOO_LARGE, f"the body is over {self._most_bytes} bytes; send it in parts")


class _Counted:
    """One request's messages. Whoever reads past the limit is stopped, and what it would say of that is not sent: a
    framework takes the stop for a body that it cannot read."""

    def __init__(self, receive: Receive, send: Send, most_bytes: int) -> None:
        self._receive = receive
        self._send = send
        self._left = most_bytes
        self._started = False

    @property
    def refused(self) -> bool:
        """Whether the body was too large, and nothing was answered yet."""
        return self._left < 0 and not self._started

    async def receive(self) -> Message:
        """The next piece of the request."""
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise _TooLarge
        return message

    async def send(self, message: Message) -> None:
        """The next piece of the response."""
        if not self.refused:
            self._started = True
            await self._send(message)


def _with_headers(send: Send) -> Send:
    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sender
