"""Each request is named, measured and logged: who asked what, how it ended, how long it took. Never a secret."""

from __future__ import annotations

import re
import time
import traceback
from dataclasses import dataclass, field
from uuid import uuid4

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tracegraph.api.problems import BUG, Problem, response

REQUEST_ID = "X-Request-ID"
#: A name that a caller gives its request is kept where it cannot be anything but a name.
_SAFE = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")

log = structlog.get_logger("tracegraph")


@dataclass(slots=True)
class Measures:
    """What Prometheus is told; routes by their template, so that identifiers never become labels."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    requests: Counter = field(init=False)
    seconds: Histogram = field(init=False)
    running: Gauge = field(init=False)
    audit_lost: Counter = field(init=False)

    def __post_init__(self) -> None:
        labels = ("method", "route", "status")
        self.requests = Counter("tracegraph_requests", "Requests answered", labels, registry=self.registry)
        self.seconds = Histogram("tracegraph_request_seconds", "How long they took", labels[:2], registry=self.registry)
        self.running = Gauge("tracegraph_requests_running", "Requests being answered", registry=self.registry)
        self.audit_lost = Counter("tracegraph_audit_lost", "Audit entries not written", registry=self.registry)


class Observing:
    """The outermost layer: whatever happens inside, there is an answer, a line in the log and a number."""

    def __init__(self, app: ASGIApp, measures: Measures) -> None:
        self._app = app
        self._measures = measures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["request_id"] = request_id = request_name(Headers(scope=scope).get(REQUEST_ID))
        began = time.perf_counter()
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID] = request_id
            await send(message)

        with self._measures.running.track_inprogress():
            try:
                await self._app(scope, receive, answer)
            except Exception as error:
                log.error("fault", request=request_id, kind=type(error).__name__, trace=traceback.format_exc())
                if not status:
                    detail = "the program has a fault; report it with the number of this request"
                    await response(Problem(BUG, detail), scope["path"], request_id)(scope, receive, answer)
        self._note(scope, status, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "")
        method = scope["method"] if route else ""
        self._measures.requests.labels(method, route, str(status)).inc()
        self._measures.seconds.labels(method, route).observe(seconds)
        caller = scope.get("caller")
        log.info(
            "request",
            request=scope["request_id"],
            method=scope["method"],
            path=scope["path"],
            status=status,
            seconds=round(seconds, 6),
            caller=caller.name if caller else "",
        )


def request_name(given: str | None) -> str:
    """The name of a request: the caller's own where it is harmless."""
    return given if given and _SAFE.match(given) else uuid4().hex
