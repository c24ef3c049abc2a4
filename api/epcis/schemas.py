"""What goes in and out under /epcis, as JSON schemas for OpenAPI: shallow on the way in, since doubtful events are
stored with findings, and true to what is sent on the way out.

Source: GS1 EPCIS 2.0, JSON binding (section 10) and REST bindings (section 12).
"""

from __future__ import annotations

from typing import Any

from tracegraph.formats.epcis.context import EPCIS_CONTEXT
from tracegraph.formats.epcis.vocabulary import EVENT_TYPES

Schema = dict[str, Any]

TIME = {"type": "string", "format": "date-time"}
#: A time on the way in: offsets go to 14:00.
_GIVEN_TIME: Schema = {
    "type": "string",
    "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    "([.][0-9]{1,6})?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])$",
}
_TEXT = {"type": "string"}
_ANY_CONTEXT: Schema = {
    "description": "JSON-LD contexts; none is ever fetched.",
    "type": ["array", "object", "string"],
    "items": {},
}
_COUNT = {"type": "integer", "minimum": 0}

NAME = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"
TOKEN = "^[A-Za-z0-9_-]{1,8192}$"


def ref(name: str) -> Schema:
    """A schema of this interface."""
    return {"$ref": f"#/components/schemas/{name}"}


def _object(required: list[str], properties: Schema, more: bool | Schema = True, description: str = "") -> Schema:
    told: Schema = {"type": "object", "required": required, "properties": properties, "additionalProperties": more}
    return {**told, "description": description} if description else told


NEW_EVENT = _object(
    ["type", "eventTime"],
    {"type": {"type": "string", "pattern": "[A-Za-z]"}, "eventTime": _GIVEN_TIME},
    description="One EPCIS event. What else it says is stored as it is, doubtful members with a finding.",
)

EVENT = _object(
    ["type", "eventTime", "eventID", "recordTime"],
    {
        "@context": _ANY_CONTEXT,
        "type": _TEXT,
        "eventTime": _TEXT,
        "eventID": {"type": "string", "description": "Its own, else the hash of its content."},
        "recordTime": {**TIME, "description": "When it was recorded here."},
        "tracegraph:conflicting": {"type": "boolean", "description": "Another event has the same eventID."},
    },
    description="One EPCIS event as it was captured, with the time of its recording.",
)


def _document(kind: str, body: Schema) -> Schema:
    return _object(
        ["@context", "type", "schemaVersion", "creationDate", "epcisBody"],
        {
            "@context": {"type": "array", "items": {}},
            "type": {"const": kind},
            "schemaVersion": {"const": "2.0"},
            "creationDate": TIME,
            "epcisBody": body,
        },
    )


EVENT_LIST = _object(["eventList"], {"eventList": {"type": "array", "items": ref("EPCISEvent")}}, False)

QUERY_DOCUMENT = _document(
    "EPCISQueryDocument",
    _object(
        ["queryResults"],
        {
            "queryResults": _object(
                ["queryName", "resultsBody"],
                {"queryName": _TEXT, "subscriptionID": _TEXT, "resultsBody": EVENT_LIST},
                False,
            )
        },
        False,
    ),
)

NEW_DOCUMENT: Schema = {
    "description": "A document of events and master data; a query document counts as one.",
    "type": "object",
    "required": ["type", "epcisBody"],
    "properties": {
        "type": {"enum": ["EPCISDocument", "EPCISQueryDocument"]},
        "epcisBody": {"type": "object"},
        "epcisHeader": {"type": "object"},
    },
}

CAPTURE_ERROR = _object(
    ["type", "title", "detail", "pointer"],
    {
        "type": {"enum": ["epcisException:ValidationException", "epcisException:SecurityException"]},
        "title": _TEXT,
        "detail": {"type": "string", "description": "What is wrong, and what to do."},
        "pointer": {"type": "string", "description": "Where it stands in the document (RFC 6901)."},
    },
    False,
)

CAPTURE_JOB = _object(
    ["captureID", "createdAt", "running", "success", "captureErrorBehaviour", "errors"],
    {
        "captureID": _TEXT,
        "createdAt": TIME,
        "finishedAt": TIME,
        "running": {"type": "boolean", "description": "It waits or is being done."},
        "success": {"type": "boolean", "description": "Nothing was rejected so far."},
        "captureErrorBehaviour": {"enum": ["rollback", "proceed"]},
        "errors": {"type": "array", "maxItems": 1001, "items": ref("CaptureError")},
        "tracegraph:accepted": {**_COUNT, "description": "Events that were stored."},
        "tracegraph:duplicates": {**_COUNT, "description": "Events that were stored before."},
        "tracegraph:rejected": _COUNT,
        "tracegraph:masterData": {**_COUNT, "description": "Records of master data that were stored."},
        "tracegraph:findings": {
            "type": "object",
            "additionalProperties": _COUNT,
            "description": "Doubts with which events were stored, by code.",
        },
    },
    False,
)

COLLECTION = _object(
    ["@context", "type", "member"],
    {
        "@context": {"const": EPCIS_CONTEXT},
        "type": {"const": "Collection"},
        "member": {"type": "array", "items": _TEXT},
    },
    False,
)

NAMED_QUERY = _object(
    ["name", "createdAt", "query"],
    {"name": {"type": "string", "pattern": NAME}, "createdAt": TIME, "query": {"type": "object"}},
    False,
)

#: A value of a query: not blank; `|` would separate it in an address.
_VALUE: Schema = {"type": "string", "pattern": r"^[^|]*[^\s|\x1c-\x1f\x85][^|]*$"}
_VALUES: Schema = {"type": "array", "minItems": 1, "items": _VALUE}
_NUMBER: Schema = {"type": "number"}
#: Written so, and not as a constant, for generators of clients that write constants wrongly.
_TRUE: Schema = {"type": "boolean", "not": {"const": False}}

#: Parameters of queries that clients most often write; what else the language has is in docs/queries.md.
PARAMETERS: dict[str, Schema] = {
    "eventType": {"type": "array", "minItems": 1, "items": {"enum": sorted(EVENT_TYPES)}},
    **{f"{how}_{what}": _GIVEN_TIME for how in ("GE", "LT") for what in ("eventTime", "recordTime")},
    "EQ_action": {"type": "array", "minItems": 1, "items": {"enum": ["ADD", "OBSERVE", "DELETE"]}},
    **{f"EQ_{what}": _VALUES for what in ("bizStep", "disposition")},
    **{f"EQ_persistentDisposition_{what}": _VALUES for what in ("set", "unset")},
    **{f"{how}_{what}": _VALUES for what in ("readPoint", "bizLocation") for how in ("EQ", "WD")},
    **{f"EQ_source_{what}": _VALUES for what in ("owning_party", "possessing_party", "location")},
    **{f"EQ_destination_{what}": _VALUES for what in ("owning_party", "possessing_party", "location")},
    **{f"EQ_bizTransaction_{what}": _VALUES for what in ("po", "inv", "desadv")},
    **{f"EQ_{what}": _VALUES for what in ("transformationID", "eventID", "correctiveEventID")},
    **{f"MATCH_{what}": _VALUES for what in ("epc", "parentID", "inputEPC", "outputEPC", "anyEPC")},
    **{f"MATCH_{what}": _VALUES for what in ("epcClass", "inputEPCClass", "outputEPCClass", "anyEPCClass")},
    **{f"{how}_quantity": _NUMBER for how in ("EQ", "GT", "GE", "LT", "LE")},
    "EXISTS_errorDeclaration": _TRUE,
    "GE_errorDeclarationTime": _GIVEN_TIME,
    "LT_errorDeclarationTime": _GIVEN_TIME,
    "EQ_errorReason": _VALUES,
}

#: What orders an answer. What limits it (eventCountLimit, maxEventCount) depends on the order and on what is stored.
ORDER: dict[str, Schema] = {
    "orderBy": {"enum": ["eventTime", "recordTime"]},
    "orderDirection": {"enum": ["ASC", "DESC"]},
}

#: Fields that EPCIS does not define, named by their full address.
_FIELD = "(INNER_)?(ILMD_|ERROR_DECLARATION_|SENSORELEMENT_|READPOINT_|BIZLOCATION_)?https://[a-z.]+/[a-z]+#[a-z]+$"

QUERY: Schema = {
    "type": "object",
    "description": "Parameters of the EPCIS query language; all must hold. The most usual ones are described here; see "
    "docs/queries.md for every one. Other fields are named by their address, or by a prefix that `@context` declares.",
    "properties": {**PARAMETERS, **ORDER, "@context": _ANY_CONTEXT},
    "patternProperties": {
        "^(EQ|GT|GE|LT|LE)_quantity_[A-Z]{2,3}$": _NUMBER,
        f"^EQ_{_FIELD}": _VALUES,
        f"^EXISTS_{_FIELD}": _TRUE,
    },
    "additionalProperties": False,
}

NEW_QUERY = _object(["name", "query"], {"name": {"type": "string", "pattern": NAME}, "query": QUERY}, False)

COMPONENTS: dict[str, Schema] = {
    "NewEPCISEvent": NEW_EVENT,
    "EPCISEvent": EVENT,
    "NewEPCISDocument": NEW_DOCUMENT,
    "EPCISQueryDocument": QUERY_DOCUMENT,
    "CaptureError": CAPTURE_ERROR,
    "CaptureJob": CAPTURE_JOB,
    "Collection": COLLECTION,
    "NewNamedQuery": NEW_QUERY,
    "NamedQuery": NAMED_QUERY,
}


def url_parameters() -> list[Schema]:
    """The same parameters for an address: values of one name stand in one text, with `|` between them."""
    return [_url_parameter(name, schema) for name, schema in {**PARAMETERS, **ORDER}.items()]


def _url_parameter(name: str, schema: Schema) -> Schema:
    told = {"name": name, "in": "query", "required": False}
    if schema.get("type") == "array":
        return {**told, "schema": schema, "style": "pipeDelimited", "explode": False}
    # what is only asked to be there is so whatever value stands beside it
    return {**told, "schema": {"type": "string"} if schema is _TRUE else schema}
