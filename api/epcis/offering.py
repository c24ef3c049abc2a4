"""What the routes of /epcis have in common: their routers, what OpenAPI says of answers, and OPTIONS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from fastapi import Request
from starlette.responses import Response

from tracegraph.api.callers import Asking, Shared
from tracegraph.api.epcis.headers import JSON, JSON_LD, XML_FORMS, capabilities
from tracegraph.api.epcis.schemas import Schema, ref
from tracegraph.api.problems import NO_SUCH_NAME
from tracegraph.api.routes import Routes

PREFIX = "/epcis"
NOTHING: Mapping[str, str] = MappingProxyType({})
#: OpenAPI cannot say what a schema of XML says.
_XML = {"description": "An EPCISDocument or EPCISQueryDocument of EPCIS 1.2 or 2.0."}


def routes(tag: str = "epcis") -> Routes:
    """A router of this interface."""
    return Routes(PREFIX, tag)


def told(status: int, description: str, schema: Schema, example: Any, **headers: str) -> dict[int | str, Any]:
    """What OpenAPI says of an answer; `headers` by name with their description."""
    media = {"schema": schema, "example": example}
    answer: dict[str, Any] = {"description": description, "content": {JSON: media, JSON_LD: media}}
    if headers:
        answer["headers"] = {
            name.replace("_", "-"): {"description": text, "schema": {"type": "string"}}
            for name, text in headers.items()
        }
    return {status: answer}


def bare(status: int, description: str, **headers: str) -> dict[int | str, Any]:
    """What OpenAPI says of an answer without a body."""
    answer = told(status, description, {}, None, **headers)[status]
    return {status: {name: value for name, value in answer.items() if name != "content"}}


def body(name: str, example: Any, xml: str = "") -> Schema:
    """What OpenAPI says of the body of a request. `xml`: an example, where it may be XML too."""
    media = {"schema": ref(name), "example": example}
    forms = dict.fromkeys((JSON, JSON_LD), media)
    if xml:
        forms |= {form: {"schema": _XML, "example": xml} for form in XML_FORMS}
    return {"requestBody": {"required": True, "content": forms}}


def options(
    routes: Routes,
    path: str,
    methods: str,
    name: str,
    summary: str,
    parameters: Mapping[str, str] = NOTHING,
    find: Callable[..., object] | None = None,
) -> None:
    """Offer OPTIONS at a path: the capability headers, and which methods there are. `parameters`: those of the path
    with an example of each; `find`, given the service, the caller and their values, raises a problem where they name
    nothing."""

    def capabilities_here(request: Request, serving: Shared, caller: Asking) -> Response:
        if find is not None:
            find(serving, caller, *request.path_params.values())
        headers = {"Allow": f"{methods}, OPTIONS", **capabilities(serving.settings.most_bytes)}
        return Response(None, 204, headers)

    schema = {"type": "string", "minLength": 1}
    told = [
        {"name": parameter, "in": "path", "required": True, "schema": schema, "example": example}
        for parameter, example in parameters.items()
    ]
    routes.route(
        "OPTIONS",
        path,
        "query",
        problems=[NO_SUCH_NAME] if find else [],
        responses=bare(204, "What is offered here, in the headers", Allow="The methods."),
        operation_id=name,
        summary=summary,
        status_code=204,
        response_class=Response,
        openapi_extra={"parameters": told} if told else {},
    )(capabilities_here)
