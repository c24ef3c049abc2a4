"""One event, and what is told of it: the examples of OpenAPI."""

from __future__ import annotations

from typing import Any

from tracegraph.formats.epcis.context import EPCIS_CONTEXT

LOT = "https://id.gs1.org/01/09521234000013/10/L1"
SITE = "https://id.gs1.org/414/9521234000006"
EVENT_ID = "urn:uuid:5b3f5a4e-2f0a-4c0f-9d5b-0d1b3c6c7d11"
CAPTURE_ID = "0s9QKq1m3cWm2bZc3y1kLg"
JOB_TIME = "2026-01-31T12:00:05.000000Z"

NEW_EVENT: dict[str, Any] = {
    "type": "ObjectEvent",
    "eventTime": "2026-01-31T12:00:00Z",
    "eventTimeZoneOffset": "+00:00",
    "eventID": EVENT_ID,
    "action": "ADD",
    "bizStep": "commissioning",
    "quantityList": [{"epcClass": LOT, "quantity": 100, "uom": "KGM"}],
    "readPoint": {"id": SITE},
    "bizLocation": {"id": SITE},
}
EVENT = {**NEW_EVENT, "recordTime": "2026-01-31T12:00:05.000000Z"}


def document(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """A document around events."""
    return {
        "@context": [EPCIS_CONTEXT],
        "type": kind,
        "schemaVersion": "2.0",
        "creationDate": "2026-01-31T12:01:00.000000Z",
        "epcisBody": body,
    }


NEW_DOCUMENT = document("EPCISDocument", {"eventList": [NEW_EVENT]})
#: The same document in XML.
NEW_XML_DOCUMENT = f"""<?xml version="1.0" encoding="UTF-8"?>
<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:2" schemaVersion="2.0"
    creationDate="2026-01-31T12:01:00.000000Z">
  <EPCISBody><EventList><ObjectEvent>
    <eventTime>2026-01-31T12:00:00Z</eventTime>
    <eventTimeZoneOffset>+00:00</eventTimeZoneOffset>
    <eventID>{EVENT_ID}</eventID>
    <action>ADD</action>
    <bizStep>urn:epcglobal:cbv:bizstep:commissioning</bizStep>
    <readPoint><id>{SITE}</id></readPoint>
    <bizLocation><id>{SITE}</id></bizLocation>
    <quantityList><quantityElement>
      <epcClass>{LOT}</epcClass><quantity>100</quantity><uom>KGM</uom>
    </quantityElement></quantityList>
  </ObjectEvent></EventList></EPCISBody>
</epcis:EPCISDocument>
"""
QUERY_DOCUMENT = document(
    "EPCISQueryDocument",
    {"queryResults": {"queryName": "SimpleEventQuery", "resultsBody": {"eventList": [EVENT]}}},
)
CAPTURE_JOB = {
    "captureID": CAPTURE_ID,
    "createdAt": JOB_TIME,
    "finishedAt": JOB_TIME,
    "running": False,
    "success": True,
    "captureErrorBehaviour": "rollback",
    "errors": [],
    "tracegraph:accepted": 1,
    "tracegraph:duplicates": 0,
    "tracegraph:rejected": 0,
    "tracegraph:masterData": 0,
    "tracegraph:findings": {},
}
QUERY = {"EQ_bizStep": ["commissioning"], "GE_eventTime": "2026-01-01T00:00:00Z"}
NEW_QUERY = {"name": "births", "query": QUERY}
NAMED_QUERY = {"name": "births", "createdAt": JOB_TIME, "query": QUERY}


def collection(*members: str) -> dict[str, Any]:
    """A collection of names."""
    return {"@context": EPCIS_CONTEXT, "type": "Collection", "member": list(members)}
