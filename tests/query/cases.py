"""For every parameter of the query language, what the tests ask by it."""

from __future__ import annotations

from tests.query.generated import EXAMPLE, MASTER

ITEM = "urn:epc:id:sgtin:4012345.011111.22"
LOT = "urn:epc:class:lgtin:4012345.011111.L1"
NOON, LATER = "2026-03-14T12:00:00Z", "2026-03-20T01:00:00.250+01:00"
THING, OTHER_THING = "https://other.example/8004/4000001111", "https://things.example/1"

#: Texts of a URL, by parameter. Each alone is a query, and so are all of one parameter together.
CASES: dict[str, list[str]] = {
    "eventType": ["ObjectEvent", "epcis:AggregationEvent", "https://ref.gs1.org/epcis/TransactionEvent"],
    "EQ_action": ["ADD", "OBSERVE"],
    "EQ_bizStep": [
        "shipping",
        "https://ref.gs1.org/cbv/BizStep-receiving",
        "urn:epcglobal:cbv:bizstep:packing",
        "https://private.example/step",
    ],
    "EQ_disposition": ["cbv:Disp-in_transit", "urn:epcglobal:cbv:disp:expired"],
    "EQ_persistentDisposition_set": ["damaged", "https://ref.gs1.org/cbv/Disp-expired"],
    "EQ_persistentDisposition_unset": ["damaged", "urn:epcglobal:cbv:disp:expired"],
    "EQ_readPoint": ["https://any.example/414/4012345000016", "https://plant.example/hall", "4012345000023"],
    "EQ_bizLocation": ["urn:epc:id:sgln:4012345.00001.dock", "https://plant.example/hall/cell"],
    "WD_readPoint": ["urn:epc:id:sgln:4012345.00001.0", "https://plant.example/hall"],
    "WD_bizLocation": ["https://id.gs1.org/414/4012345000016", "https://plant.example/hall/cell"],
    "EQ_bizTransaction": ["https://id.gs1.org/253/401234500001677", "urn:epcglobal:cbv:bt:4012345000016:123"],
    "EQ_source": ["urn:epc:id:pgln:4012345.00001", "https://id.gs1.org/414/4012345000023"],
    "EQ_destination": ["https://party.example/one", "https://id.gs1.org/414/4012345000016"],
    "EQ_bizTransaction_po": ["urn:epc:id:gdti:4012345.00001.77"],
    "EQ_bizTransaction_urn:epcglobal:cbv:btt:inv": ["urn:epc:id:gdti:4012345.00001.77"],
    "EQ_source_possessing_party": ["urn:epc:id:pgln:4012345.00001", "9521000000025"],
    "EQ_source_location": ["https://plant.example/hall"],
    "EQ_destination_owning_party": ["https://id.gs1.org/417/4012345000016"],
    "EQ_destination_cbv:SDT-location": ["4012345000023"],
    "EQ_transformationID": ["urn:epc:id:gdti:4012345.00002.1", "urn:x-run:17"],
    "EQ_eventID": ["urn:x-event:5", "urn:x-event:11"],
    "MATCH_epc": [ITEM, "https://id.gs1.org/01/04012345222227/21/A-3", "urn:epc:idpat:sgtin:9521000.012345.*"],
    "MATCH_parentID": [
        "https://id.gs1.org/00/140123452345678902",
        "urn:epc:id:sgln:4012345.00001.0",
        "urn:epc:idpat:grai:9521000.*.*",
    ],
    "MATCH_inputEPC": [ITEM, "urn:epc:idpat:sgtin:4012345.022222.*", "https://id.gs1.org/01/09521000123458/21/*"],
    "MATCH_outputEPC": ["urn:epc:id:sgtin:9521000.012345.1", "urn:epc:idpat:sgtin:4012345.*.*"],
    "MATCH_anyEPC": [
        ITEM,
        "urn:uuid:0b7c1d52-0000-4000-8000-000000000001",
        "urn:epc:idpat:sscc:4012345.*",
        "urn:epc:idpat:sgln:4012345.00001.*",
    ],
    "MATCH_epcClass": [LOT, "urn:epc:idpat:sgtin:4012345.011111.*"],
    "MATCH_inputEPCClass": [
        "https://any.example/01/09521000123458/10/L1",
        "urn:gdst:example.org:product:lot:class:co.1.2",
    ],
    "MATCH_outputEPCClass": ["urn:epc:class:lgtin:4012345.011111.*", "https://id.gs1.org/01/09521000123458/10/*"],
    "MATCH_anyEPCClass": [LOT, "urn:epc:class:lgtin:9521000.*.*", "urn:epc:idpat:sgtin:4012345.*.*"],
    "EXISTS_errorDeclaration": [""],
    "EQ_errorReason": ["did_not_occur", "https://ref.gs1.org/cbv/ER-incorrect_data"],
    "EQ_correctiveEventID": ["urn:x-event:5", "urn:x-event:6"],
    "EXISTS_sensorElementList": ["1"],
    "EXISTS_sensorElement": ["true"],
    "EQ_type": ["gs1:Temperature", "https://gs1.org/voc/Humidity"],
    "EQ_exception": ["ALARM_CONDITION", "gs1:ERROR_CONDITION"],
    "EQ_component": ["cbv:Comp-x", "y"],
    "EQ_stringValue": ["open"],
    "EQ_booleanValue": ["true"],
    "EQ_hexBinaryValue": ["F0F0"],
    "EQ_uom": ["CEL"],
    "HASATTR_bizLocation": ["countryCode", "cbvmda:name"],
    "HASATTR_destination": [f"{MASTER}countryCode"],
    "HASATTR_epcClass": ["weight"],
    "EQATTR_bizLocation_countryCode": ["DE", "FR"],
    f"EQATTR_readPoint_{MASTER}name": ["Yard"],
    "EQATTR_source_cbvmda:countryCode": ["DE"],
    "EQ_ATTR_epcClass_weight": ["5"],
    "EQ_ATTR_bizLocation_countrycode": ["FR"],
}

CASES |= {
    f"{comparison}_{field}": [NOON, LATER]
    for comparison in ("GE", "LT", "LE")
    for field in (
        *("eventTime", "recordTime", "errorDeclarationTime", "errorDeclaration_Time", "SENSORREPORT_time"),
        *(f"{scope}{name}" for scope in ("", "SENSORMETADATA_") for name in ("time", "startTime", "endTime")),
    )
}
CASES |= {
    f"EQ_{scope}{field}": [THING, OTHER_THING]
    for scope, fields in {
        "": "deviceID deviceMetadata rawData dataProcessingMethod bizRules microorganism chemicalSubstance uriValue",
        "SENSORMETADATA_": "deviceID deviceMetadata rawData dataProcessingMethod bizRules",
        "SENSORREPORT_": "deviceID rawData coordinateReferenceSystem",
    }.items()
    for field in fields.split()
} | {"EQ_coordinateReferenceSystem": [THING]}
CASES |= {
    f"{comparison}_quantity{unit}": ["5", "12.50"] if comparison != "LT" else ["5", "500"]
    for comparison in ("EQ", "GT", "GE", "LT", "LE")
    for unit in ("", "_KGM", "_LTR")
}
CASES |= {
    f"{comparison}_{field}{unit}": ["0.5", "20"]
    for comparison in ("EQ", "GT", "GE", "LT", "LE")
    for field in ("value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue")
    for unit in (("", "_CEL") if field != "percRank" else ("",))
}
CASES |= {
    f"{comparison}_{inner}{scope}{field}": values
    for inner in ("", "INNER_")
    for scope in (
        *("", "ILMD_", "ERROR_DECLARATION_", "SENSORELEMENT_", "SENSORMETADATA_", "SENSORREPORT_"),
        *("READPOINT_", "BIZLOCATION_"),
    )
    for comparison, questions in {
        "EQ": {"ex:note": ["deep", "blue", "7", "true"], "ex:amount": ["20", "7.5", "30"]},
        "GT": {"ex:amount": ["3", "7.5"], "ex:when": [NOON]},
        "GE": {"same:amount": ["20", "30"], "ex:when": [LATER]},
        "LT": {f"{EXAMPLE}#amount": ["20", "7.5"], "ex:when": [NOON]},
        "LE": {"ex:amount": ["3", "20"], f"{EXAMPLE}#when": [LATER]},
        "EXISTS": {"ex:note": ["1"], "same:when": [""]},
    }.items()
    for field, values in questions.items()
}
CASES |= {
    "EQ_oth:note": ["007", "7", "green"],
    "EQ_readPoint_ex:note": ["green", "blue"],
    "EXISTS_bizLocation_oth:amount": [""],
    "EXISTS_INNER_oth:list": [""],
    "EXISTS_https://other.example/terms#note": [""],
    "HASATTR_ex:site": ["name"],
    "EQATTR_ex:site_countryCode": ["FR"],
}
