"""What the records in a store lack: which events are looked at, whose they are, pages, and who may see only a part."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.formats.profiles.events import LOT, OTHER_SITE, SITE, object_event
from tracegraph import Tracegraph
from tracegraph.access.caller import Caller, Role
from tracegraph.errors import UsageError
from tracegraph.formats.profiles import load_profile
from tracegraph.trace.profiles import Choice, check_files

FARM, PLANT = "https://farm.example/company", "https://plant.example/company"
WAY = {
    "sourceList": [{"type": "location", "source": SITE}],
    "destinationList": [{"type": "location", "destination": OTHER_SITE}],
    "bizTransactionList": [{"type": "bol", "bizTransaction": "urn:example:bol:1"}],
}
HARVEST = object_event("commissioning", action="ADD", bizLocation={"id": SITE}, readPoint={"id": SITE})
SHIPPED = object_event("shipping", eventTime="2026-05-02T08:00:00Z", readPoint={"id": SITE}, **WAY)
RECEIVED = object_event("receiving", eventTime="2026-05-03T08:00:00Z", bizLocation={"id": OTHER_SITE}, **WAY)


def document(*events: dict[str, Any]) -> str:
    sites = [
        {"id": site, "attributes": [{"id": "possessing_party", "attribute": party}, {"id": "name", "attribute": site}]}
        for site, party in ((SITE, FARM), (OTHER_SITE, PLANT))
    ]
    vocabulary = {"type": "urn:epcglobal:epcis:vtype:BusinessLocation", "vocabularyElementList": sites}
    return json.dumps(
        {
            "@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-05-04T00:00:00Z",
            "epcisHeader": {"epcisMasterData": {"vocabularyList": [vocabulary]}},
            "epcisBody": {"eventList": list(events)},
        }
    )


@pytest.fixture
def graph(tmp_path: Path) -> Any:
    path = tmp_path / "records.json"
    path.write_text(document(HARVEST, SHIPPED, RECEIVED), encoding="utf-8")
    with Tracegraph.open(f"sqlite:///{tmp_path}/store.db") as graph:
        graph.capture(path, rejects=None)
        yield graph


def elements(answer: Any, kind: str) -> set[str]:
    return {finding["element"] for finding in answer.to_dict()["result"]["findings"] if finding["kind"] == kind}


def test_a_store(graph: Tracegraph) -> None:
    answer = graph.check_profile("fsma204")
    told = answer.to_dict()
    assert answer.complete
    assert told["question"]["kind"] == "profile"
    assert told["result"]["checked"] == {"checked": 3, "others": 0, "withheld": 0}
    assert elements(answer, "shipping") == {"lot_code_source", "product_description", "ship_from", "ship_to"}
    assert elements(answer, "receiving") == {"lot_code_source", "product_description", "previous_source", "received_at"}
    (ship_to,) = [
        one for one in told["result"]["findings"] if one["element"] == "ship_to" and one["kind"] == "shipping"
    ]
    assert ship_to["pointer"] == "/destinationList/0/destination"
    assert ship_to["partner"] == FARM
    assert ship_to["clause"] == "21 CFR 1.1340"
    assert "master data do not say: streetAddressOne" in ship_to["message"]
    chinese = graph.speaking("zh").check_profile("fsma204").to_dict()["result"]["findings"]
    assert any("主数据" in finding["message"] for finding in chinese)


def test_by_partner(graph: Tracegraph) -> None:
    def kinds(partner: str) -> set[str]:
        return {row["kind"] for row in graph.check_profile("fsma204", partner).to_dict()["result"]["completeness"]}

    assert kinds(FARM) == kinds(SITE) == {"initial_packing", "shipping"}
    assert kinds(PLANT) == {"receiving"}
    assert kinds("https://other.example") == set()


def test_completeness_adds_up(graph: Tracegraph) -> None:
    result = graph.check_profile("fsma204").to_dict()["result"]
    lacking = {(row["partner"], row["kind"], row["element"]) for row in result["completeness"] if not row["present"]}
    assert lacking == {(one["partner"], one["kind"], one["element"]) for one in result["findings"]}
    assert all(row["required"] == 1 for row in result["completeness"])


def test_a_retracted_event_is_not_looked_at(graph: Tracegraph, tmp_path: Path) -> None:
    retraction = SHIPPED | {"errorDeclaration": {"declarationTime": "2026-05-05T00:00:00Z", "reason": "did_not_occur"}}
    path = tmp_path / "later.json"
    path.write_text(document(retraction), encoding="utf-8")
    graph.capture(path, rejects=None)
    assert graph.check_profile("fsma204").to_dict()["result"]["checked"]["checked"] == 2
    assert elements(graph.check_profile("fsma204"), "shipping") == set()


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_pages(graph: Tracegraph, limit: int) -> None:
    whole = graph.check_profile("fsma204").to_dict()["result"]["findings"]
    paged, after = [], None
    while True:
        result = graph.check_profile("fsma204", limit=limit, after=after).to_dict()["result"]
        paged += result["findings"]
        assert result["found"] == len(whole)
        if (after := result["next"]) is None:
            break
    assert paged == whole


def test_a_limit_below_one() -> None:
    with pytest.raises(UsageError, match="give at least 1"):
        Choice(limit=0)


def test_who_may_see_a_part_only_gets_no_judgement_of_it(graph: Tracegraph) -> None:
    theirs = graph.as_caller(Caller("plant", Role.OPERATOR, frozenset({PLANT})))
    answer = theirs.check_profile("fsma204")
    result = answer.to_dict()["result"]
    assert result["checked"] == {"checked": 2, "others": 0, "withheld": 1}
    assert {finding["kind"] for finding in result["findings"]} == {"shipping", "receiving"}
    assert {finding["problem"] for finding in result["findings"]} == {"missing"}
    assert not answer.complete


def test_files_are_looked_at_without_a_store(tmp_path: Path) -> None:
    path = tmp_path / "records.json"
    path.write_text(document(SHIPPED, object_event("shipping", quantityList=[{"epcClass": LOT}])), encoding="utf-8")
    (tmp_path / "damaged.json").write_text("{", encoding="utf-8")
    answered = check_files([tmp_path], load_profile("fsma204"), Choice(partner=FARM))
    result = answered.envelope["result"]
    assert {(one["file"], one["pointer"].rpartition("/")[0]) for one in result["findings"]} >= {
        (str(path), "/epcisBody/eventList/0/quantityList/0")
    }
    assert result["checked"]["checked"] == 1
    assert len(result["rejected"]) == 1
    assert answered.envelope["complete"] is False
