"""What the OpenAPI document says of this interface."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from starlette.testclient import TestClient

Json = dict[str, Any]


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    """(method, path, operation) of /api/v1 and the resolver."""
    for path, methods in document["paths"].items():
        if path.startswith(("/api/v1/", "/01/", "/00/")):
            for method, operation in methods.items():
                yield method, path, operation


def address_of(path: str, operation: Json) -> str:
    """A path about the examples of its parameters."""
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            value = parameter.get("example", next(iter(parameter["schema"].get("enum", [None]))))
            path = path.replace(f"{{{parameter['name']}}}", quote(str(value), safe=""))
    return path


def schema_of(client: TestClient, operation_id: str, status: int = 200) -> Json:
    """The schema of an answer, references resolved inside of the document."""
    document = client.get("/openapi.json").json()
    for _, _, operation in operations(document):
        if operation["operationId"] == operation_id:
            content = operation["responses"][str(status)]["content"]["application/json"]
            return {**content["schema"], "components": document["components"]}
    raise KeyError(operation_id)
