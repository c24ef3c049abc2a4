"""A client that captures and asks."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from tracegraph.access.caller import Role
from tracegraph.api import Serving

LOT = "https://id.gs1.org/01/09521234000013/10/L1"
SITE = "https://id.gs1.org/414/9521234000006"


def event(minute: int = 0, **members: Any) -> dict[str, Any]:
    """An event a minute; a member that is None is left out."""
    told = {
        "type": "ObjectEvent",
        "eventTime": f"2026-03-01T{minute // 60:02}:{minute % 60:02}:00Z",
        "eventTimeZoneOffset": "+00:00",
        "action": "OBSERVE",
        "bizStep": "storing",
        "epcList": [f"https://id.gs1.org/01/09521234000013/21/{minute}"],
        "readPoint": {"id": SITE},
        **members,
    }
    return {name: value for name, value in told.items() if value is not None}


def document(*events: Any, **members: Any) -> dict[str, Any]:
    return {
        "@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-03-01T00:00:00Z",
        **members,
        "epcisBody": {"eventList": list(events)},
    }


class Client:
    """What a partner's program does."""

    def __init__(self, http: TestClient) -> None:
        self.http = http

    def capture(self, told: Any, behaviour: str | None = None, **headers: str) -> dict[str, Any]:
        """The capture job of a document, once it is done."""
        content = told if isinstance(told, (bytes, str)) else json.dumps(told)
        headers = {"Content-Type": "application/json", **{name.replace("_", "-"): one for name, one in headers.items()}}
        if behaviour:
            headers["GS1-Capture-Error-Behaviour"] = behaviour
        answer = self.http.post("/epcis/capture", content=content, headers=headers)
        assert answer.status_code == 202, answer.text
        return self.job(answer.headers["Location"])

    def job(self, address: str) -> dict[str, Any]:
        while (told := self.http.get(address).json())["running"]:
            pass
        return told

    def events(self, path: str = "/epcis/events", **parameters: Any) -> list[dict[str, Any]]:
        """Events of all pages."""
        found, following = [], path
        while following:
            answer = self.http.get(following, params=parameters or None)
            assert answer.status_code == 200, answer.text
            found += answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
            following, parameters = answer.links.get("next", {}).get("url", ""), {}
        return found

    def named(self, name: str) -> list[dict[str, Any]]:
        return self.events(f"/epcis/events/{quote(name, safe='')}")

    def collection(self, path: str, **parameters: Any) -> list[str]:
        answer = self.http.get(f"/epcis/{path}", params=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()["member"]

    def refused(self, method: str, path: str, status: int, exception: str, **more: Any) -> dict[str, Any]:
        """The problem of a request that is refused."""
        answer = self.http.request(method, path, **more)
        assert answer.status_code == status, answer.text
        told = answer.json()
        assert told["type"] == f"epcisException:{exception}"
        assert answer.headers["content-type"] == "application/problem+json"
        assert told["detail"]
        return told


@pytest.fixture
def client(admin: TestClient) -> Client:
    return Client(admin)


@pytest.fixture
def as_role(anybody: TestClient, serving: Serving) -> Callable[[Role], Client]:
    """The same service asked by another role."""

    def make(role: Role) -> Client:
        other = TestClient(anybody.app, raise_server_exceptions=False, headers={"X-API-Key": role.value})
        return Client(other)

    return make
