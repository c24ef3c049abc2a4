"""The document: everything has a summary, an operation id, an example; and examples are what the schemas say."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from tests.api.v1.documents import address_of, operations

#: What is below these is there once a caller made it.
MADE_BY_CALLERS = (
    "/api/v1/claims/",
    "/api/v1/certificates/",
    "/api/v1/accounts/",
    "/api/v1/reports/",
    "/api/v1/jobs/",
    "/api/v1/subscriptions/",
)


def test_every_operation_is_described(client: TestClient) -> None:
    found = list(operations(client.get("/openapi.json").json()))
    assert len(found) > 20
    assert len({operation["operationId"] for _, _, operation in found}) == len(found)
    for method, path, operation in found:
        where = (method, path)
        assert operation["summary"], where
        assert operation["description"], where
        assert {"401", "403", "429"} <= operation["responses"].keys(), where
        for parameter in operation.get("parameters", ()):
            if parameter["required"]:
                assert "example" in parameter or "enum" in parameter["schema"], (where, parameter["name"])
            assert {"type": "null"} not in parameter["schema"].get("anyOf", ()), (where, parameter["name"])


def test_examples_are_what_the_schemas_say(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    seen = 0
    for method, path, operation in operations(document):
        for status, response in operation["responses"].items():
            for content in response.get("content", {}).values():
                if "schema" not in content:
                    continue
                validator = Draft202012Validator({**content["schema"], "components": document["components"]})
                for example in examples_in(content):
                    validator.validate(example), (method, path, status)
                    seen += 1
    assert seen > 60


def examples_in(content: dict[str, Any]) -> list[Any]:
    several = [entry["value"] for entry in content.get("examples", {}).values()]
    return several + ([content["example"]] if "example" in content else [])


def test_every_example_of_an_address_is_answered(client: TestClient) -> None:
    for method, path, operation in operations(client.get("/openapi.json").json()):
        if method != "get" or path.startswith(MADE_BY_CALLERS):
            continue
        query = {}
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "query" and parameter["required"]:
                query[parameter["name"]] = parameter.get("example", next(iter(parameter["schema"].get("enum", [None]))))
        allowed = {200, 404} if "resolve" in operation["operationId"] else {200}
        assert client.get(address_of(path, operation), params=query).status_code in allowed, path
