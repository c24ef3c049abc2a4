"""Callers of an organisation: what they may capture and see under /epcis."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.api.conftest import MAKER
from tests.api.epcis.conftest import Client, document, event
from tracegraph.access.caller import Role

OWN, FOREIGN = "https://id.gs1.org/414/9521234000037", "https://id.gs1.org/414/9529999000002"
STRANGER = "https://id.gs1.org/417/9529999000019"


def site(key: str, party: str) -> dict:
    name = {"id": "urn:epcglobal:cbv:mda#name", "attribute": key[-4:]}
    return {"id": key, "attributes": [name, {"id": "https://tracegraph.dev/ns#party", "attribute": party}]}


def at(place: str, minute: int, unit: str, **members: object) -> dict:
    born = {"action": "ADD", "bizStep": "commissioning", "bizLocation": {"id": place}, "readPoint": {"id": place}}
    return event(minute, epcList=[f"urn:example:{unit}"], **born, **members)


@pytest.fixture
def operator(client: Client, as_role: Callable[[Role], Client]) -> Client:
    """The maker, beside a stranger of whom it may know nothing."""
    sites = {
        "type": "urn:epcglobal:epcis:vtype:BusinessLocation",
        "vocabularyElementList": [site(OWN, MAKER), site(FOREIGN, STRANGER)],
    }
    told = document(
        at(OWN, 0, "own", bizTransactionList=[{"type": "po", "bizTransaction": "urn:x:own-order"}]),
        at(FOREIGN, 1, "foreign", disposition="active", eventID="urn:x:foreign-event"),
        epcisHeader={"epcisMasterData": {"vocabularyList": [sites]}},
    )
    assert client.capture(told)["tracegraph:accepted"] == 2
    return as_role(Role.OPERATOR)


def test_events_of_strangers_are_nowhere(client: Client, operator: Client) -> None:
    assert len(client.events()) == 2
    assert [one["epcList"] for one in operator.events()] == [["urn:example:own"]]
    assert operator.events(MATCH_anyEPC="urn:example:foreign") == []
    assert operator.collection("epcs") == ["urn:example:own"]
    assert operator.collection("readPoints") == [OWN]
    assert operator.collection("dispositions") == []


@pytest.mark.parametrize(
    ("foreign", "unknown"),
    [
        ("events/urn%3Ax%3Aforeign-event", "events/urn%3Ax%3Aunknown-event"),
        ("epcs/urn%3Aexample%3Aforeign", "epcs/urn%3Aexample%3Aunknown"),
        ("epcs/urn%3Aexample%3Aforeign/events", "epcs/urn%3Aexample%3Aunknown/events"),
        ("dispositions/active", "dispositions/unknown"),
    ],
)
def test_what_is_foreign_answers_as_what_is_unknown(
    client: Client, operator: Client, foreign: str, unknown: str
) -> None:
    assert client.http.get(f"/epcis/{foreign}").status_code == 200
    answers = [operator.http.get(f"/epcis/{path}") for path in (foreign, unknown)]
    assert [answer.status_code for answer in answers] == [404, 404]
    texts = [answer.json()["detail"] for answer in answers]
    for name in ("foreign", "unknown", "active"):
        texts = [text.replace(name, "X") for text in texts]
    assert texts[0] == texts[1]


def test_events_at_other_places_are_rejected(operator: Client) -> None:
    job = operator.capture(document(at(OWN, 2, "new"), at(FOREIGN, 3, "invented")), "proceed")
    assert job["tracegraph:accepted"] == 1
    (error,) = job["errors"]
    assert error["type"] == "epcisException:SecurityException"
    assert error["pointer"] == "/epcisBody/eventList/1"
    assert operator.capture(document(at(FOREIGN, 4, "invented"), at(OWN, 5, "newer")))["tracegraph:accepted"] == 0
    operator.refused("POST", "/epcis/events", 403, "SecurityException", json=at(FOREIGN, 6, "invented"))
