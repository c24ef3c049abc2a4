"""Numbers and yes and no in bodies are JSON's, not text that could be read as such."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.v1.documents import address_of, operations
from tests.api.v1.test_incidents import CASES
from tracegraph.api.v1.parameters import EXAMPLE_UNIT

#: What could be read as one, by the kind that is wanted.
READABLE: dict[str, list[Any]] = {
    "integer": ["1", True],
    "number": ["1", "1.5", True],
    "boolean": ["true", "yes", 1, 0],
}
LOT = {"rule": "lot", "unit": EXAMPLE_UNIT}
INSIDE: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("scopes", {"scope": LOT | {"contents": "no"}}, {"scope": LOT | {"contents": False}}),
    ("scopes", {"scope": LOT | {"residue": 1}}, {"scope": LOT | {"residue": True}}),
    (
        "scopes",
        {"scope": {"rule": "union", "of": [LOT | {"contents": "true"}]}},
        {"scope": {"rule": "union", "of": [LOT | {"contents": True}]}},
    ),
    (
        "scopes",
        {"scope": LOT, "assumptions": {"run_hours": "24"}},
        {"scope": LOT, "assumptions": {"run_hours": 24.0}},
    ),
    ("scopes", {"scope": LOT, "paths": "1"}, {"scope": LOT, "paths": 1.0}),
    ("traces", {"start": [EXAMPLE_UNIT], "max_hops": "3"}, {"start": [EXAMPLE_UNIT], "max_hops": 3.0}),
    ("traces", {"start": [EXAMPLE_UNIT], "max_hops": 3.5}, {"start": [EXAMPLE_UNIT], "max_hops": None}),
    ("traces", {"start": [EXAMPLE_UNIT], "shares": "1"}, {"start": [EXAMPLE_UNIT], "shares": True}),
    ("sources", {"cases": CASES, "limit": "5"}, {"cases": CASES, "limit": 5.0}),
]


@pytest.mark.parametrize(("path", "wrong", "right"), INSIDE)
def test_a_number_is_a_number(client: TestClient, path: str, wrong: dict[str, Any], right: dict[str, Any]) -> None:
    refused = client.post(f"/api/v1/{path}", json=wrong)
    assert (refused.status_code, refused.json()["type"]) == (400, "urn:tracegraph:problem:wrong-request")
    assert client.post(f"/api/v1/{path}", json=right).status_code == 200


def test_an_address_is_text(client: TestClient) -> None:
    answer = client.get("/api/v1/traces", params={"start": EXAMPLE_UNIT, "max_hops": "3", "shares": "yes"})
    assert answer.status_code == 200


def test_no_body_reads_text_as_a_number_or_yes_and_no(client: TestClient) -> None:
    """Whatever the description names."""
    described = client.get("/openapi.json").json()
    found, asked = {}, 0
    for method, path, operation in operations(described):
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if not content:
            continue
        schema = described["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]
        for name, member in schema["properties"].items():
            kinds = {one.get("type") for one in (member, *member.get("anyOf", ()))}
            for value in [value for kind, values in READABLE.items() if kind in kinds for value in values]:
                asked += 1
                told = client.request(method, address_of(path, operation), json=schema["examples"][0] | {name: value})
                if told.status_code != 400 or name not in told.json()["detail"]:
                    found[path, name, json.dumps(value)] = told.status_code
    assert found == {}
    assert asked > 10
