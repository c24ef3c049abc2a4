"""The names of all parameters: for the documentation of interfaces, for suggestions, for the tests."""

from __future__ import annotations

#: Parameters with a fixed name. Families with open ends are below.
PARAMETERS: tuple[str, ...] = (
    "eventType",
    *(f"{comparison}_{field}" for comparison in ("GE", "LT", "LE") for field in ("eventTime", "recordTime")),
    *(f"EQ_{field}" for field in ("action", "bizStep", "disposition", "persistentDisposition_set")),
    "EQ_persistentDisposition_unset",
    *(f"{prefix}_{place}" for place in ("readPoint", "bizLocation") for prefix in ("EQ", "WD")),
    *(f"EQ_{field}" for field in ("bizTransaction", "source", "destination", "transformationID", "eventID")),
    *(f"MATCH_{field}" for field in ("epc", "parentID", "inputEPC", "outputEPC", "anyEPC")),
    *(f"MATCH_{field}" for field in ("epcClass", "inputEPCClass", "outputEPCClass", "anyEPCClass")),
    *(f"{comparison}_quantity" for comparison in ("EQ", "GT", "GE", "LT", "LE")),
    "EXISTS_errorDeclaration",
    *(f"{comparison}_errorDeclarationTime" for comparison in ("GE", "LT", "LE")),
    *(f"{comparison}_errorDeclaration_Time" for comparison in ("GE", "LT", "LE")),
    *(f"EQ_{field}" for field in ("errorReason", "correctiveEventID")),
    *("EXISTS_sensorElementList", "EXISTS_sensorElement"),
    *(f"{comparison}_{field}" for comparison in ("GE", "LT", "LE") for field in ("time", "startTime", "endTime")),
    *(f"EQ_{field}" for field in ("type", "exception", "component", "deviceID", "deviceMetadata", "rawData")),
    *(f"EQ_{field}" for field in ("dataProcessingMethod", "bizRules", "microorganism", "chemicalSubstance")),
    *(f"EQ_{field}" for field in ("coordinateReferenceSystem", "stringValue", "booleanValue", "hexBinaryValue")),
    *(f"EQ_{field}" for field in ("uriValue", "uom")),
    *(
        f"{comparison}_{field}"
        for field in ("value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue")
        for comparison in ("EQ", "GT", "GE", "LT", "LE")
    ),
    *("orderBy", "orderDirection", "eventCountLimit", "maxEventCount", "perPage", "nextPageToken"),
)

_SCOPES = ("", "ILMD_", "ERROR_DECLARATION_", "SENSORELEMENT_", "SENSORMETADATA_", "SENSORREPORT_", "READPOINT_")

#: Families by their beginning: a type, a unit of measure, or the name of a field follows.
FAMILIES: tuple[str, ...] = (
    *(f"EQ_{field}_" for field in ("bizTransaction", "source", "destination")),
    *(f"{comparison}_quantity_" for comparison in ("EQ", "GT", "GE", "LT", "LE")),
    *(
        f"{comparison}_{field}_"
        for field in ("value", "minValue", "maxValue", "meanValue", "sDev", "percValue")
        for comparison in ("EQ", "GT", "GE", "LT", "LE")
    ),
    *(
        f"{comparison}_{inner}{scope}"
        for inner in ("", "INNER_")
        for scope in (*_SCOPES, "BIZLOCATION_")
        for comparison in ("EQ", "GT", "GE", "LT", "LE", "EXISTS")
    ),
    *("HASATTR_", "EQATTR_", "EQ_ATTR_"),
)
