"""Whether the service runs, whether it can answer, and how it does."""

from __future__ import annotations

from typing import Any

from prometheus_client import generate_latest
from starlette.responses import JSONResponse, Response

from tracegraph import __version__
from tracegraph.api.callers import Shared
from tracegraph.api.problems import STORE_UNUSABLE
from tracegraph.api.routes import Routes

routes = Routes("", "service")

_HEALTHY: dict[int | str, dict[str, Any]] = {
    200: {"description": "It runs", "content": {"application/json": {"example": {"status": "up"}}}}
}


@routes.get("/health", "resolve", operation_id="health", responses=_HEALTHY)
def health() -> Response:
    """Whether the process runs; asks nothing of the store."""
    return JSONResponse({"status": "up", "tracegraph": __version__})


@routes.get("/ready", "resolve", operation_id="ready", responses=_HEALTHY, problems=[STORE_UNUSABLE])
def ready(serving: Shared) -> Response:
    """Whether the store can be asked: 503 where it cannot."""
    serving.graph.store.head()
    return JSONResponse({"status": "ready"})


@routes.get(
    "/metrics",
    "monitor",
    operation_id="metrics",
    responses={200: {"description": "Prometheus text", "content": {"text/plain": {}}}},
)
def metrics(serving: Shared) -> Response:
    """Counters and durations of requests, in the text format of Prometheus."""
    return Response(generate_latest(serving.measures.registry), media_type="text/plain; version=0.0.4; charset=utf-8")
