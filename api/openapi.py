"""The description of the whole interface (OpenAPI 3.1), good enough to make a client from."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tracegraph.api.authentication import is_public
from tracegraph.api.epcis.schemas import COMPONENTS
from tracegraph.api.problems import WRONG_REQUEST
from tracegraph.api.routes import NULL_MARK, Routes, problem_responses, replaced

routes = Routes("", "service")

PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "Problem details (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "Stays for ever; compare this, not the text."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "One sentence: what is wrong and what to do."},
        "request": {"type": "string", "description": "The request, as the log names it."},
    },
}

_SECURITY = {
    "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
}


@routes.get(
    "/openapi.json",
    "read",
    operation_id="openapi",
    responses={200: {"description": "OpenAPI", "content": {"application/json": {}}}},
)
def openapi(request: Request) -> Response:
    """This description."""
    return JSONResponse(request.app.openapi())


def document(app: FastAPI) -> dict[str, Any]:
    """The description, made once."""
    if app.openapi_schema is None:
        told = get_openapi(title=app.title, version=app.version, routes=app.routes)
        app.openapi_schema = _completed(replaced(told, NULL_MARK, None))
    return app.openapi_schema


def _completed(told: dict[str, Any]) -> dict[str, Any]:
    """What FastAPI says, with the problems and credentials of this application in place of its own."""
    components = told.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas.update({"Problem": PROBLEM, **COMPONENTS})
    components["securitySchemes"] = _SECURITY
    for path, methods in told["paths"].items():
        for operation in methods.values():
            if isinstance(operation, dict):
                _mend(operation, path)
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    return told


def _mend(operation: dict[str, Any], path: str) -> None:
    for parameter in operation.get("parameters", ()):
        _mend_parameter(parameter)
    responses = operation["responses"]
    if "HTTPValidationError" in str(responses.get("422", "")):
        del responses["422"]
        for status, told in problem_responses([WRONG_REQUEST], path).items():
            responses.setdefault(str(status), told)
    operation["security"] = [{}] if is_public(path) else [{"key": []}, {"token": []}]


def _mend_parameter(parameter: dict[str, Any]) -> None:
    """An address or header cannot say null: what may be left out is not required, that is all. The first example of
    the schema becomes that of the parameter."""
    schema = parameter["schema"]
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    if len(kinds) < len(schema.get("anyOf", ())):
        del schema["anyOf"]
        schema |= kinds[0] | schema if len(kinds) == 1 else {"anyOf": kinds}
    examples = schema.get("examples") or [[example] for example in schema.get("items", {}).get("examples", ())]
    if examples:
        parameter.setdefault("example", examples[0])
