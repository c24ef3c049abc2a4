"""Browsing: which event types, steps, dispositions, places and units there are, and the events of each.

Source: GS1 EPCIS 2.0 section 12 (REST bindings, top-level resources).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Path, Request
from fastapi import Query as Parameter
from starlette.responses import Response

from tracegraph.api.callers import Graph, Shared
from tracegraph.api.epcis import examples
from tracegraph.api.epcis.answers import answer, collection
from tracegraph.api.epcis.asking import PROBLEMS, answered, next_page, opened, pairs_of
from tracegraph.api.epcis.events import EVENTS, NextPage, PerPage
from tracegraph.api.epcis.headers import Headers
from tracegraph.api.epcis.offering import PREFIX, options, routes, told
from tracegraph.api.epcis.schemas import ref, url_parameters
from tracegraph.api.problems import NOT_ACCEPTABLE, NOT_FOUND, WRONG_REQUEST, Problem
from tracegraph.api.routes import Endpoint
from tracegraph.api.serving import Serving
from tracegraph.formats.epcis.context import STANDARD
from tracegraph.formats.epcis.parse import term_of
from tracegraph.formats.epcis.vocabulary import BIZ_STEPS, DISPOSITIONS, TYPES, Vocabulary
from tracegraph.graph import Tracegraph
from tracegraph.identifiers import canonical, location
from tracegraph.query import Candidate, Master, Query, both, read_body, read_url
from tracegraph.query.query import Condition
from tracegraph.service.seen import Kind

browsing = routes()


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of thing to look at, what one of them is called, and an example. `canonical` is what a text means,
    `query` asks for the events of one."""

    kind: Kind
    one: str
    example: str
    canonical: Callable[[str], str]
    query: Callable[[str], Query]

    @property
    def name(self) -> str:
        """As it stands in addresses."""
        return self.kind.value


def _named(parameter: str) -> Callable[[str], Query]:
    return lambda value: read_body({parameter: [value]})


def _word(words: Vocabulary) -> Callable[[str], str]:
    return lambda text: term_of(text, words, STANDARD)[0].value


def _unit_query(key: str) -> Query:
    """What names the unit, in a list of EPCs or of quantities."""
    (listed,), (counted,) = (read_body({name: [key]}).conditions for name in ("MATCH_anyEPC", "MATCH_anyEPCClass"))

    def test(candidate: Candidate, master: Master) -> bool:
        return listed.test(candidate, master) or counted.test(candidate, master)

    return Query((Condition.of("epc", [key], test, listed.narrowing),))


RESOURCES = (
    Resource(Kind.EVENT_TYPE, "eventType", "ObjectEvent", _word(TYPES), _named("eventType")),
    Resource(Kind.EPC, "epc", examples.LOT, canonical, _unit_query),
    Resource(Kind.BIZ_STEP, "bizStep", "commissioning", _word(BIZ_STEPS), _named("EQ_bizStep")),
    Resource(Kind.BIZ_LOCATION, "bizLocation", examples.SITE, location, _named("EQ_bizLocation")),
    Resource(Kind.READ_POINT, "readPoint", examples.SITE, location, _named("EQ_readPoint")),
    Resource(Kind.DISPOSITION, "disposition", "in_transit", _word(DISPOSITIONS), _named("EQ_disposition")),
)

_FORMS = "In any form: a word, a URN, a Digital Link."
PageOfNames = Annotated[int, Parameter(alias="perPage", ge=1, le=1000, description="Names on a page.")]


def _offer(resource: Resource) -> None:
    """The routes of one kind of thing."""
    _offer_list(resource)
    _offer_events(resource)
    _offer_one(resource)
    title, one = _titled(resource.name), _titled(resource.one)
    options(browsing, f"/{resource.name}", "GET", f"options{title}", f"What {resource.name} offer")
    of_one = {"value": resource.example}
    events_path = f"/{resource.name}/{{value:path}}/events"
    options(browsing, events_path, "GET", f"options{one}Events", f"What the events of one {resource.one} offer", of_one)
    options(
        browsing, f"/{resource.name}/{{value:path}}", "GET", f"options{one}", f"What one {resource.one} offers", of_one
    )


def _titled(name: str) -> str:
    return name[0].upper() + name[1:]


def _offer_list(resource: Resource) -> None:
    @browsing.get(
        f"/{resource.name}",
        "query",
        operation_id=f"get{_titled(resource.name)}",
        summary=f"List {resource.name}",
        problems=[WRONG_REQUEST, NOT_FOUND, NOT_ACCEPTABLE],
        responses=told(
            200,
            "The names, sorted",
            ref("Collection"),
            examples.collection(resource.example),
            Link="The next page, unless this is the last.",
            GS1_Next_Page_Token_Expires="Until when the token in Link is good, at least.",
        ),
        description=f"The {resource.name} that events name, as far as the caller may know them.",
    )
    def names(
        request: Request,
        serving: Shared,
        graph: Graph,
        asked: Headers,
        per_page: PageOfNames = 30,
        token: NextPage = None,
    ) -> Response:
        found = serving.seen.values(graph.store, resource.kind, _last(serving, token), per_page + 1)
        following = found[per_page - 1] if len(found) > per_page else None
        headers = next_page(request, serving, following)
        return answer(collection(found[:per_page]), asked, headers=headers)


def _offer_events(resource: Resource) -> None:
    @browsing.get(
        f"/{resource.name}/{{value:path}}/events",
        "query",
        operation_id=f"get{_titled(resource.one)}Events",
        summary=f"Ask for the events of one {resource.one}",
        problems=PROBLEMS,
        responses=EVENTS,
        openapi_extra={"parameters": url_parameters()},
        description=f"The events that name this {resource.one} and answer the query.",
    )
    @_with_example(resource)
    def events(
        request: Request,
        serving: Shared,
        graph: Graph,
        asked: Headers,
        value: str,
        per_page: PerPage = None,
        token: NextPage = None,
    ) -> Response:
        name = _known(resource, serving, graph, value)
        query = read_url(pairs_of(request), asked.context)
        return answered(request, serving, graph, asked, both(query, resource.query(name)))


def _offer_one(resource: Resource) -> None:
    @browsing.get(
        f"/{resource.name}/{{value:path}}",
        "query",
        operation_id=f"get{_titled(resource.one)}",
        summary=f"Look at one {resource.one}",
        problems=[WRONG_REQUEST, NOT_FOUND, NOT_ACCEPTABLE],
        responses=told(200, "What there is of it", ref("Collection"), examples.collection("events")),
        description=f"What can be looked at below this {resource.one}.",
    )
    @_with_example(resource)
    def look(serving: Shared, graph: Graph, asked: Headers, value: str) -> Response:
        _known(resource, serving, graph, value)
        return answer(collection(["events"]), asked)


def _last(serving: Serving, token: str | None) -> str:
    """The name with which the page before ended."""
    return "" if token is None else opened(serving, token)


def _with_example(resource: Resource) -> Callable[[Endpoint], Endpoint]:
    """Say in OpenAPI what stands in the path, with an example of this kind of thing."""

    def told(endpoint: Endpoint) -> Endpoint:
        path = Path(min_length=1, description=_FORMS, examples=[resource.example])
        endpoint.__annotations__["value"] = Annotated[str, path]
        return endpoint

    return told


def _known(resource: Resource, serving: Serving, graph: Tracegraph, text: str) -> str:
    """The canonical form of what the caller may know to be named. Problem 404 for all else."""
    name = resource.canonical(text)
    if not name or not serving.seen.knows(graph.store, resource.kind, name):
        raise Problem(NOT_FOUND, f"no event names {text[:200]}; see {PREFIX}/{resource.name} for what there is")
    return name


for _resource in RESOURCES:
    _offer(_resource)
