"""`/epcis` itself: what is offered below it."""

from __future__ import annotations

from starlette.responses import Response

from tracegraph.api.epcis import examples
from tracegraph.api.epcis.answers import answer, collection
from tracegraph.api.epcis.headers import Headers
from tracegraph.api.epcis.offering import options, routes, told
from tracegraph.api.epcis.schemas import ref
from tracegraph.api.problems import NOT_ACCEPTABLE, WRONG_REQUEST

discovery = routes()

OFFERED = (
    "capture",
    "events",
    "queries",
    "eventTypes",
    "epcs",
    "bizSteps",
    "bizLocations",
    "readPoints",
    "dispositions",
)


@discovery.get(
    "",
    "query",
    operation_id="getEpcis",
    summary="List what is offered here",
    problems=[WRONG_REQUEST, NOT_ACCEPTABLE],
    responses=told(200, "The resources", ref("Collection"), examples.collection(*OFFERED)),
)
def get_epcis(asked: Headers) -> Response:
    """The resources of EPCIS that are offered here, as paths below this one."""
    return answer(collection(OFFERED), asked)


options(discovery, "", "GET", "optionsEpcis", "What the service can do")
