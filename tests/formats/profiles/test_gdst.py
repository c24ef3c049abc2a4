"""GDST's own example files: what is wrong with each is found, and nothing else; GDST's schema agrees event by event."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.formats.profiles.events import checked, checked_in, object_event, told
from tracegraph.formats.profiles import load_profile

GDST = load_profile("gdst")

PROVIDERS = {("product_owner", "missing"), ("information_provider", "missing"), ("human_welfare_policy", "missing")}
#: Each file of `invalid`, named after what was made wrong in it.
FAULTS = {
    "gdst_certification_invalid_type": {("certification_type", "other_form")},
    "gdst_event_invalid_human_welfare_policy": {("human_welfare_policy", "other_word")},
    "gdst_event_missing_information_provider": {("information_provider", "missing")},
    "gdst_event_missing_product_owner": {("product_owner", "missing")},
    "gdst_farm_harvest_event_invalid": {
        ("human_welfare_policy", "missing"),
        ("farm_method", "other_word"),
        ("aquaculture_method", "missing"),
    },
    "gdst_farm_harvest_missing_aquaculture_method": {("aquaculture_method", "missing")},
    "gdst_feedmill_missing_protein_source": {("protein_source", "missing")},
    "gdst_feedmill_object_event_invalid": {("protein_source", "missing")},
    "gdst_fishing_event_invalid": {("catch_method", "other_word"), ("vessel_catch_information", "missing")},
    "gdst_hatching_event_invalid": {*PROVIDERS, ("broodstock_source", "other_word")},
    "gdst_hatching_missing_broodstock": {*PROVIDERS, ("broodstock_source", "missing")},
    "gdst_processing_event_invalid": {("lot_number", "missing")},
    "gdst_processing_missing_lot_number": {("lot_number", "missing")},
    "gdst_vessel_invalid_country_code": {("vessel_flag_state", "other_form")},
    "gdst_vessel_invalid_imo": {("imo_number", "other_form")},
}


def test_every_faulty_file_gives_its_fault(reference: Path) -> None:
    folder = reference / "epcis" / "gdst" / "invalid"
    found = {path.stem: [told(event) for event in checked_in(GDST, path)] for path in folder.glob("*.jsonld")}
    assert found == {name: [faults] for name, faults in FAULTS.items()}


def test_the_faultless_file_gives_none(reference: Path) -> None:
    events = checked_in(GDST, reference / "epcis" / "gdst" / "gdst_data_withmasterdata.jsonld")
    assert len(events) == 17
    assert all(event.kind is not None and event.findings == () for event in events)
    assert all(all(event.met.values()) for event in events)


def test_the_schema_of_gdst_takes_the_same_events_for_faulty(reference: Path) -> None:
    """Two rules of that schema are left out: a certification may have members that it does not list, and a processing
    event needs no protein source (its test for feed mills holds of every event)."""
    folder = reference / "epcis" / "gdst"
    validator = _validator(json.loads((folder / "gdst_json_schema.json").read_text(encoding="utf-8")))
    compared = 0
    for path in sorted(folder.rglob("*.jsonld")):
        events = _events(path)
        for event, ours in zip(events, checked_in(GDST, path), strict=False):
            if ours.kind is not None:
                assert bool(_faults(validator, event)) == bool(ours.findings), (path.name, event)
                compared += 1
    assert compared > 100


def _validator(schema: dict[str, Any]) -> jsonschema.Draft7Validator:
    rules = [rule for rule in schema["definitions"]["EPCIS-Document-Event"]["allOf"] if "Gdst" in json.dumps(rule)]
    own = {"definitions": schema["definitions"], "allOf": rules}
    return jsonschema.Draft7Validator(own, format_checker=jsonschema.FormatChecker())


def _events(path: Path) -> list[Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError:
        return []
    body = document["epcisBody"]
    found: list[Any] = body.get("eventList") or body["queryResults"]["resultsBody"]["eventList"]
    return found


def _faults(validator: jsonschema.Draft7Validator, event: Any) -> list[str]:
    messages = [error.message for error in validator.iter_errors(event)]
    if event["type"] == "TransformationEvent":
        messages = [message for message in messages if "proteinSource" not in message]
    return [message for message in messages if not message.startswith("Additional properties")]


def test_of_several_vessels_the_one_at_fault_is_named() -> None:
    vessels = [_vessel(), _vessel() | {"cbvmda:vesselFlagState": "Norway"}, {"cbvmda:vesselID": "V3"}]
    event = object_event(
        "urn:gdst:bizStep:fishingEvent",
        **{"gdst:productOwner": "urn:p:1", "cbvmda:informationProvider": "urn:p:1", "gdst:humanWelfarePolicy": "None"},
        ilmd={
            "cbvmda:lotNumber": "L1",
            "cbvmda:productionMethodForFishAndSeafoodCode": "MARINE_FISHERY",
            "cbvmda:vesselCatchInformationList": {"cbvmda:vesselCatchInformation": vessels},
        },
    )
    found = checked(GDST, event)
    at_second = {(one.element, one.value) for one in found.findings if "/1/" in one.pointer}
    assert at_second == {("vessel_flag_state", "Norway")}
    assert len([one for one in found.findings if "/2/" in one.pointer]) == 13
    assert not [one for one in found.findings if "/0/" in one.pointer]


def _vessel() -> dict[str, Any]:
    return {
        "cbvmda:economicZone": "urn:gdst:eez:nor",
        "cbvmda:fishingGearTypeCode": "urn:gdst:gear:1.1",
        "cbvmda:vesselFlagState": "NO",
        "cbvmda:vesselID": "V1",
        "cbvmda:vesselName": "Vessel 1",
        "gdst:fisheryImprovementProject": "none",
        "gdst:gpsAvailability": True,
        "gdst:imoNumber": "IMO1234567",
        "gdst:rfmoArea": "urn:gdst:rfmo:neafc",
        "gdst:satelliteTrackingAuthority": "authority",
        "gdst:subnationalPermitArea": "none",
        "gdst:vesselPublicRegistry": "registry",
        "gdst:vesselTripDate": "2026-05-01",
        "cbvmda:catchArea": "urn:gdst:fao:27.1",
    }


GDST_URI = "https://traceability-dialogue.org/epcis/"


@pytest.mark.parametrize("member", ["gdst:productOwner", "fish:productOwner", f"{GDST_URI}productOwner", "holder"])
def test_members_are_compared_by_their_namespace(member: str) -> None:
    event = object_event(
        "shipping",
        **{
            "@context": {"fish": "https://traceability-dialogue.org/epcis", "holder": f"{GDST_URI}productOwner"},
            member: "urn:p:1",
            "cbvmda:informationProvider": "urn:p:2",
        },
    )
    assert told(checked(GDST, event)) == set()
