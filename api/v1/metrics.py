"""Figures for analysts."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Path, Query
from starlette.responses import Response

from tracegraph.api.problems import CONTRADICTION, NOT_FOUND, WRONG_REQUEST
from tracegraph.api.routes import Routes
from tracegraph.api.v1 import models
from tracegraph.api.v1.examples import example
from tracegraph.api.v1.following import ask
from tracegraph.api.v1.jobs import accepted, ask_job
from tracegraph.api.v1.parameters import MetricAsked, Preference
from tracegraph.api.v1.replying import Reply, told

routes = Routes("/api/v1/metrics", "metrics")

MetricName = Annotated[
    Literal[
        "dominators",
        "concentration",
        "depth",
        "reach",
        "dispersion",
        "completeness",
        "quality",
        "weak_points",
        "smallest_cut",
        "fan",
        "dwell",
        "critical_points",
        "yields",
    ],
    Path(description="Which figure", examples=["dominators"]),
]


@routes.get(
    "/{metric}",
    "trace",
    summary="A figure for analysts",
    operation_id="get_metric",
    problems=[NOT_FOUND, WRONG_REQUEST, CONTRADICTION],
    responses={**told(models.MetricAnswer, "Rows and figures", example("metric")), **accepted()},
)
def get_metric(
    metric: MetricName, asked: Annotated[MetricAsked, Query()], reply: Reply, prefer: Preference = None
) -> Response:
    """Single points of failure, weak points, smallest cuts, fan-in and fan-out, concentration, depth, reach,
    dispersion, dwell, critical traceability points, yields, completeness of traces, or quality of records: about
    everything that the caller may know, or about what the starts reach. About all of a large store it becomes a
    job (202)."""
    options: dict[str, Any] = {"metric": metric, **asked.model_dump(exclude={"lang"}, exclude_none=True)}
    settings, head = reply.serving.settings, reply.graph.store.head()
    language = reply.language(asked.lang)
    if (not asked.start and head.count > settings.most_nodes) or "respond-async" in (prefer or ""):
        return ask_job(
            reply, "trace", {"question": "metrics", "options": options, "language": language, "ledger": head.hash}
        )
    graph = reply.graph_in(asked.lang)
    return reply.send(lambda: ask(graph, "metrics", options, settings.most_nodes, settings.most_seconds), asked.lang)
