"""The same answers from a store on a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import caller_named
from tests.api.epcis.conftest import Client, document, event
from tests.api.epcis.test_browsing import EVENTS, LISTS
from tests.neo4j_server.database import Database
from tracegraph.api import Serving, Settings, create_app

#: What differs from service to service.
_OWN = ("recordTime",)


@pytest.fixture
def clients(tmp_path: Path, neo4j_database: Database) -> Iterator[list[Client]]:
    """One of a server, one of a file."""
    opened = []
    for number, url in enumerate((neo4j_database.url, f"sqlite:///{tmp_path}/store.db")):
        settings = Settings(url, service_file=tmp_path / f"{number}.service")
        opened.append(TestClient(create_app(Serving.open(settings, [caller_named])), headers={"X-API-Key": "admin"}))
    with opened[0], opened[1]:
        yield [Client(http) for http in opened]


def told(client: Client, path: str, **parameters: Any) -> list[Any]:
    events = client.events(f"/epcis/{path}", **parameters)
    return [{name: value for name, value in one.items() if name not in _OWN} for one in events]


def test_the_same_answers_from_both_stores(clients: list[Client]) -> None:
    for client in clients:
        whole = client.capture(document(*EVENTS, *(event(minute, eventID="urn:x:shared") for minute in (20, 21))))
        assert (whole["success"], whole["tracegraph:accepted"]) == (True, 6)
        assert client.capture(document(event(30), {"type": "ObjectEvent"}))["tracegraph:accepted"] == 0
        assert client.capture(document(event(31), {"type": "ObjectEvent"}), "proceed")["tracegraph:accepted"] == 1
        client.refused("POST", "/epcis/events", 409, "ResourceAlreadyExistsException", json=event(31))
    for path, parameters in (
        ("events", {"perPage": 2}),
        ("events", {"orderBy": "eventTime", "perPage": 3}),
        ("events/urn%3Ax%3Ashared", {}),
        ("events", {"MATCH_anyEPC": "urn:epc:id:sgtin:9521234.000001.1"}),
        ("bizSteps/shipping/events", {}),
    ):
        served, embedded = (told(client, path, **parameters) for client in clients)
        assert served == embedded, path
        assert served
    for name in LISTS:
        served, embedded = (client.collection(name) for client in clients)
        assert served == embedded
