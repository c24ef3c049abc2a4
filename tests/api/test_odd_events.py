"""Events with members that their type does not have: they must not make a graph that nobody can look at any more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.api import two_chains
from tests.api.clients import new_key, service
from tests.api.epcis.conftest import event
from tests.api.two_chains import ALPHA


@pytest.mark.parametrize(
    "named",
    [
        {"epcList": [ALPHA.item]},
        {"epcList": None, "quantityList": [{"epcClass": ALPHA.unit, "quantity": 1, "uom": "KGM"}]},
        {"epcList": [ALPHA.item], "inputEPCList": [f"{ALPHA.product}/21/IN"]},
    ],
)
def test_a_transformation_that_names_what_is_no_input_and_no_output(tmp_path: Path, named: dict[str, Any]) -> None:
    two_chains.fill(f"sqlite:///{tmp_path}/store.db", tmp_path)
    with service(tmp_path) as (serving, client):
        client.headers["X-API-Key"] = new_key(serving, "alpha", "operator", ALPHA.party)
        odd = event(readPoint={"id": ALPHA.site}, action=None, type="TransformationEvent", **named)
        later = event(1, epcList=[ALPHA.item], readPoint={"id": ALPHA.site})
        for sent in (odd, later):
            assert client.post("/epcis/events", json=sent).status_code in (201, 400)
        assert list(serving.graph.verify()) == []
        assert client.get("/api/v1/units").status_code == 200


def test_where_an_event_of_a_very_long_name_is(tmp_path: Path) -> None:
    """A header that no client reads, and an address that this service refuses, lead nowhere."""
    with service(tmp_path) as (serving, client):
        client.headers["X-API-Key"] = new_key(serving, "office", "admin")
        stored = client.post("/epcis/events", json=event(eventID="https://event.example/" + "é" * 5_000))
        assert stored.status_code == 201
        assert client.get(stored.headers["Location"]).status_code == 200
