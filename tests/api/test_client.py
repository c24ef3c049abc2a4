"""A client that is generated from the OpenAPI file, and used: what it describes is enough to work with."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from tests.api.conformance import administrator, load_demo
from tests.api.served import Served
from tracegraph.examples.food_outbreak.questions import LOT

#: What the package of the client is called.
PACKAGE = "generated_tracegraph_client"

DOCUMENT = {
    "@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"],
    "type": "EPCISDocument",
    "schemaVersion": "2.0",
    "creationDate": "2026-01-01T00:00:00Z",
    "epcisBody": {
        "eventList": [
            {
                "type": "ObjectEvent",
                "eventTime": "2026-01-01T08:00:00Z",
                "eventTimeZoneOffset": "+00:00",
                "action": "ADD",
                "bizStep": "commissioning",
                "quantityList": [{"epcClass": "urn:epc:class:lgtin:9521234.012345.NEW", "quantity": 5, "uom": "KGM"}],
                "readPoint": {"id": "urn:epc:id:sgln:9521234.00001.0"},
            }
        ]
    },
}


class Client:
    """The generated package, connected. `call("traces", "get_trace", ...)` gives what the generated function does."""

    def __init__(self, address: str, key: str) -> None:
        authenticated = self.module("client").AuthenticatedClient
        self._connection = authenticated(address, key, prefix="", auth_header_name="X-API-Key")

    def close(self) -> None:
        self._connection.get_httpx_client().close()

    def module(self, name: str) -> ModuleType:
        return importlib.import_module(f"{PACKAGE}.{name}")

    def model(self, module: str, name: str) -> Any:
        return getattr(self.module(f"models.{module}"), name)

    def call(self, tag: str, operation: str, *path: str, **given: Any) -> Any:
        function = self.module(f"api.{tag}.{operation}").sync_detailed
        return function(*path, client=self._connection, **given)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("client")
    store, service_file = f"sqlite:///{folder}/store.db", folder / "file.service"
    load_demo(store, folder / "demo")
    with Served(store, folder, f"--service-file={service_file}") as running:
        yield running


@pytest.fixture(scope="module")
def client(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Made from what the service says of itself."""
    import httpx

    folder = tmp_path_factory.mktemp("generated")
    key = administrator(served.log.parent / "file.service")
    told = httpx.get(f"{served.address}/openapi.json", headers={"X-API-Key": key}, timeout=None)
    (folder / "openapi.json").write_bytes(told.content)
    command = ["-m", "openapi_python_client", "generate", "--meta", "none", "--output-path", PACKAGE]
    made = subprocess.run(
        [sys.executable, *command, "--path", "openapi.json"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stdout + made.stderr
    assert {"WARNING", "Unable"}.isdisjoint(made.stdout.split()), made.stdout
    sys.path.insert(0, str(folder))
    connected = Client(served.address, key)
    yield connected
    connected.close()
    sys.path.remove(str(folder))


def test_it_traces(client: Client) -> None:
    answer = client.call("traces", "get_trace", start=[LOT])
    assert answer.status_code == 200
    assert answer.parsed.question.start[0].to_dict()["unit"] == answer.parsed.result.units[0].id
    assert answer.parsed.result.units[0].distance == 0
    assert len(answer.parsed.result.units) > 1


def test_it_finds_and_shows_a_unit_whose_identifier_is_an_address(client: Client) -> None:
    (found,) = client.call("units", "list_units", q=LOT, limit=1).parsed.result.units
    shown = client.call("units", "show_unit", found.id)
    assert shown.parsed.result.units[0].id == found.id


def test_it_captures_and_asks_for_the_event(client: Client) -> None:
    document = client.model("new_epcis_document", "NewEPCISDocument").from_dict(DOCUMENT)
    accepted = client.call("epcis", "post_capture", body=document)
    assert accepted.status_code == 202
    name = accepted.headers["Location"].rpartition("/")[2]
    while (job := client.call("epcis", "get_capture_job", name).parsed).running:
        pass
    assert (job.success, job.errors) == (True, [])
    asked = client.call("epcis", "get_events", match_any_epc_class=["urn:epc:class:lgtin:9521234.012345.NEW"])
    (event,) = json.loads(asked.content)["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    assert event["eventTime"] == "2026-01-01T08:00:00Z"


def test_it_is_told_what_is_wrong(client: Client) -> None:
    answer = client.call("traces", "get_trace", start=["no such lot"])
    assert answer.status_code == 404
    assert answer.parsed.type_ == "urn:tracegraph:problem:not-found"
