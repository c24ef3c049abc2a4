"""Exactly the findings of every openepcis and gdst file: (code, pointer from the file's root), and rejected pieces by
pointer. A file that is not listed has none."""

from __future__ import annotations

_EVENTS = "/epcisBody/eventList"
_RESULTS = "/epcisBody/queryResults/resultsBody/eventList"

#: Files below epcis/ of the reference data.
FINDINGS: dict[str, list[tuple[str, str]]] = {
    "gdst/EPCISQUERYDOCUMENT_with_errorDeclarations.jsonld": [
        ("member_without_namespace", f"{_RESULTS}/0/transshipmentCountry"),
        ("member_without_namespace", f"{_RESULTS}/0/transshipStartDate"),
        ("member_without_namespace", f"{_RESULTS}/0/transshipEndDate"),
        ("member_without_namespace", f"{_RESULTS}/1/ilmd/harvestStartDate"),
        ("member_without_namespace", f"{_RESULTS}/3/landingStartDate"),
        ("member_without_namespace", f"{_RESULTS}/3/landingEndDate"),
        ("not_a_uri", f"{_RESULTS}/5/transformationID"),
        ("member_without_namespace", f"{_RESULTS}/8/transshipmentCountry"),
        ("member_without_namespace", f"{_RESULTS}/8/transshipStartDate"),
        ("member_without_namespace", f"{_RESULTS}/8/transshipEndDate"),
        ("member_without_namespace", f"{_RESULTS}/8/baseExtension"),
    ],
    "gdst/EPCISQueryDocument.GDST.jsonld": [
        ("wrong_length", f"{_RESULTS}/1/parentID"),
        ("wrong_length", f"{_RESULTS}/2/parentID"),
    ],
    "gdst/EPCISQueryDocument_malformed.jsonld": [
        ("missing_member", f"{_RESULTS}/0/eventTimeZoneOffset"),
        ("missing_member", f"{_RESULTS}/0/epcList"),
    ],
    "gdst/EPCISQueryDocument_with_masterdata.jsonld": [
        ("time_without_zone", f"{_RESULTS}/0/eventTime"),
    ],
    "gdst/all_wholechain_events.jsonld": [
        ("empty_identifier", f"{_RESULTS}/5/transformationID"),
        ("empty_identifier", f"{_RESULTS}/6/transformationID"),
        ("empty_identifier", f"{_RESULTS}/13/transformationID"),
        ("wrong_length", f"{_RESULTS}/25/parentID"),
        ("wrong_length", f"{_RESULTS}/26/epcList/0"),
        ("wrong_length", f"{_RESULTS}/27/epcList/0"),
        ("wrong_length", f"{_RESULTS}/28/parentID"),
        ("wrong_length", f"{_RESULTS}/29/parentID"),
        ("wrong_length", f"{_RESULTS}/30/parentID"),
    ],
    "gdst/epcisquerydoc-example01.jsonld": [
        ("wrong_length", f"{_RESULTS}/13/parentID"),
        ("wrong_length", f"{_RESULTS}/14/epcList/0"),
        ("wrong_length", f"{_RESULTS}/15/epcList/0"),
        ("wrong_length", f"{_RESULTS}/16/parentID"),
        ("empty_identifier", f"{_RESULTS}/20/transformationID"),
        ("empty_identifier", f"{_RESULTS}/21/transformationID"),
        ("empty_identifier", f"{_RESULTS}/28/transformationID"),
        ("wrong_length", f"{_RESULTS}/29/parentID"),
        ("wrong_length", f"{_RESULTS}/30/parentID"),
    ],
    "gdst/gdst_data_withmasterdata.jsonld": [
        ("wrong_length", f"{_EVENTS}/7/epcList/0"),
        ("wrong_length", f"{_EVENTS}/8/epcList/0"),
        ("wrong_length", f"{_EVENTS}/13/parentID"),
        ("wrong_length", f"{_EVENTS}/14/parentID"),
        ("wrong_length", f"{_EVENTS}/15/parentID"),
        ("wrong_length", f"{_EVENTS}/16/parentID"),
    ],
    "gdst/testserver_advancedfilters.jsonld": [
        ("wrong_length", f"{_EVENTS}/7/epcList/0"),
        ("wrong_length", f"{_EVENTS}/8/epcList/0"),
        ("wrong_length", f"{_EVENTS}/13/parentID"),
        ("wrong_length", f"{_EVENTS}/14/parentID"),
        ("wrong_length", f"{_EVENTS}/15/parentID"),
        ("wrong_length", f"{_EVENTS}/16/parentID"),
    ],
    "openepcis/JSON/Capture/Documents/AggregationEvent_with_sensorData.json": [
        ("member_without_namespace", f"{_EVENTS}/0/sensorElementList/2/sensorReport/0/bizRules"),
    ],
    "openepcis/JSON/Capture/Documents/Combination_of_different_event.json": [
        ("bad_check_digit", f"{_EVENTS}/0/epcList/0"),
    ],
    "openepcis/JSON/Capture/Documents/SensorData_with_combined_events.json": [
        ("member_without_namespace", f"{_EVENTS}/7/sensorElementList/2/sensorReport/0/bizRules"),
        ("missing_member", f"{_EVENTS}/8/sensorElementList/0/sensorReport/0/type"),
        ("missing_member", f"{_EVENTS}/8/sensorElementList/0/sensorReport/1/type"),
    ],
    "openepcis/JSON/Capture/Invalid/Combination_of_events_with_missing_mandatory_fields.json": [
        ("missing_member", f"{_EVENTS}/0/action"),
        ("missing_member", f"{_EVENTS}/1/eventTimeZoneOffset"),
        ("missing_member", f"{_EVENTS}/1/action"),
    ],
    "openepcis/JSON/Capture/Invalid/Combination_of_non_standard_bizStep_and_disposition.json": [
        ("unknown_step", f"{_EVENTS}/0/bizStep"),
        ("unknown_disposition", f"{_EVENTS}/1/disposition"),
    ],
    "openepcis/JSON/Capture/Invalid/ObjectEvent_with_ilmd_field_without_namespace.json": [
        ("member_without_namespace", f"{_EVENTS}/0/ilmd/materialType"),
    ],
    "openepcis/JSON/Capture/Invalid/ObjectEvent_with_invalid_certificationInfo.json": [
        ("wrong_type", f"{_EVENTS}/0/certificationInfo/0"),
        ("wrong_type", f"{_EVENTS}/0/certificationInfo/1"),
    ],
    "openepcis/JSON/Capture/Invalid/ObjectEvent_with_non_standard_bizStep.json": [
        ("unknown_step", f"{_EVENTS}/0/bizStep"),
    ],
    "openepcis/JSON/Capture/Invalid/ObjectEvent_with_non_standard_disposition.json": [
        ("unknown_disposition", f"{_EVENTS}/0/disposition"),
    ],
    "openepcis/JSON/Capture/Invalid/ObjectEvent_with_unknown_field_in_quantityList.json": [
        ("member_not_allowed", f"{_EVENTS}/0/quantityList/0/weight"),
    ],
    "openepcis/JSON/Capture/Invalid/ObjectEvent_without_identifier_list.json": [
        ("missing_member", f"{_EVENTS}/0/epcList"),
    ],
}

REJECTED: dict[str, list[str]] = {
    "gdst/EPCISQueryDocument_malformed.jsonld": [
        "it is no valid JSON at byte 285: it ends where ',' or ']' must follow; all from here on is rejected, repair "
        "it and capture again"
    ],
}
