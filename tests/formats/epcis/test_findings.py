"""What is found in the reference files, and what every kind of problem gets."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.formats.epcis.building import encoded, event, parsed, pieces
from tests.formats.epcis.findings_table import FINDINGS, REJECTED
from tracegraph.formats.epcis import AcceptedEvent, Rejected, read


def files(reference: Path) -> dict[str, Path]:
    """Every capture file of the two sets, by its path below epcis/."""
    root = reference / "epcis"
    found = [*root.glob("openepcis/JSON/Capture/*/*.json"), *root.glob("gdst/*.jsonld")]
    return {str(path.relative_to(root)): path for path in sorted(found)}


def test_exactly_these_findings(reference: Path) -> None:
    found = {}
    for name, path in files(reference).items():
        listed = [
            (finding.code, piece.position.pointer + finding.pointer)
            for piece in read(path)
            if isinstance(piece, AcceptedEvent)
            for finding in piece.event.findings
        ]
        if listed:
            found[name] = listed
    assert found == FINDINGS


def test_exactly_these_rejected_pieces(reference: Path) -> None:
    found = {}
    for name, path in files(reference).items():
        listed = [piece.reason for piece in read(path) if isinstance(piece, Rejected)]
        if listed:
            found[name] = [reason.split("): ", 1)[1].removesuffix(".") for reason in listed]
    assert found == REJECTED


def test_strict_rejects_exactly_the_events_with_findings(reference: Path) -> None:
    for name, path in files(reference).items():
        lenient = [piece for piece in read(path) if isinstance(piece, AcceptedEvent)]
        strict = [piece for piece in read(path, strict=True) if isinstance(piece, AcceptedEvent)]
        assert strict == [piece for piece in lenient if not piece.event.findings], name


def codes(**members: Any) -> list[tuple[str, str]]:
    return [(finding.code, finding.pointer) for finding in parsed(**members).findings]


FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"eventTime": "2026-01-31T12:00:00"}, "time_without_zone", "/eventTime"),
    ({"eventTime": "2026-01-31"}, "date_without_time", "/eventTime"),
    ({"eventTime": "1969-12-31T23:59:59Z"}, "absurd_date", "/eventTime"),
    ({"eventTime": "2101-01-01T00:00:00Z"}, "absurd_date", "/eventTime"),
    ({"eventTime": "20260-01-01T00:00:00Z"}, "absurd_date", "/eventTime"),
    ({"type": "Sale"}, "unknown_type", "/type"),
    ({"bizStep": "transforming"}, "unknown_step", "/bizStep"),
    ({"bizStep": "urn:epcglobal:cbv:bizstep:transforming"}, "unknown_step", "/bizStep"),
    ({"bizStep": "Shipping"}, "unknown_step", "/bizStep"),
    ({"disposition": "in_transport"}, "unknown_disposition", "/disposition"),
    ({"action": "add"}, "unknown_action", "/action"),
    ({"epcList": ["https://id.gs1.org/01/04012345111119/21/1"]}, "bad_check_digit", "/epcList/0"),
    ({"epcList": ["box 7"]}, "not_a_uri", "/epcList/0"),
    ({"epcList": ["urn:x:1", ""]}, "empty_identifier", "/epcList/1"),
    ({"epcList": ["urn:x:1", 5]}, "wrong_type", "/epcList/1"),
    ({"epcList": "urn:x:1"}, "wrong_type", "/epcList"),
    ({"bizStep": 7}, "wrong_type", "/bizStep"),
    ({"bizLocation": "urn:x:place"}, "wrong_type", "/bizLocation"),
    ({"readPoint": {}}, "missing_member", "/readPoint/id"),
    ({"foo": 1}, "member_without_namespace", "/foo"),
    ({"a/b~c": 1}, "member_without_namespace", "/a~1b~0c"),
    ({"action": "ADD", "ilmd": {"lot": "1"}}, "member_without_namespace", "/ilmd/lot"),
    ({"ilmd": {"cbvmda:lotNumber": "1"}}, "member_not_of_type", "/ilmd"),
    ({"parentID": "urn:x:1"}, "member_not_of_type", "/parentID"),
    ({"eventTimeZoneOffset": None}, "missing_member", "/eventTimeZoneOffset"),
    ({"eventTimeZoneOffset": "+15:00"}, "invalid_offset", "/eventTimeZoneOffset"),
    ({"eventTimeZoneOffset": "0100"}, "invalid_offset", "/eventTimeZoneOffset"),
    ({"eventTimeZoneOffset": "+0100"}, "invalid_offset", "/eventTimeZoneOffset"),
    ({"action": None}, "missing_member", "/action"),
    ({"epcList": None}, "missing_member", "/epcList"),
    ({"eventID": ""}, "empty_identifier", "/eventID"),
    ({"recordTime": "yesterday"}, "invalid_time", "/recordTime"),
    ({"sourceList": [{"type": "xyz", "source": "urn:x:1"}]}, "unknown_word", "/sourceList/0/type"),
    ({"sourceList": [{"source": "urn:x:1"}]}, "missing_member", "/sourceList/0/type"),
]  # fmt: skip


@pytest.mark.parametrize(("members", "code", "pointer"), FAULTS)
def test_one_fault_gives_one_finding(members: dict[str, Any], code: str, pointer: str) -> None:
    assert codes(**members) == [(code, pointer)]


INSANE = [
    "NaN", "Infinity", "-Infinity", "1e400", "-1", "true", '"12"', "null", "1e99999999999999999999", "1e-31", "1e30",
    "[1]", "1e-400", "0." + "1" * 40,
]  # fmt: skip


@pytest.mark.parametrize("quantity", INSANE)
def test_a_quantity_that_is_no_sane_number_is_unknown(quantity: str) -> None:
    value = event(quantityList=[{"epcClass": "urn:x:lot", "quantity": "HERE", "uom": "KGM"}])
    (piece,) = pieces(encoded(value).replace(b'"HERE"', quantity.encode()))
    assert isinstance(piece, AcceptedEvent)
    assert ("insane_quantity", "/quantityList/0/quantity") in [(f.code, f.pointer) for f in piece.event.findings]
    (named,) = [unit for unit in piece.facts.named if unit.as_class]
    assert named.quantity is not None
    assert (named.quantity.value, named.quantity.unit) == (None, "KGM")


@pytest.mark.parametrize(
    "quantity", ["0", "0.000", "12.50", "1e3", "999999999999999999999999999999", "0.000000000000000000000000000001"]
)
def test_a_sane_quantity_is_kept_exactly(quantity: str) -> None:
    value = event(quantityList=[{"epcClass": "urn:x:lot", "quantity": "HERE"}])
    (piece,) = pieces(encoded(value).replace(b'"HERE"', quantity.encode()))
    assert isinstance(piece, AcceptedEvent)
    assert piece.event.findings == ()
    (named,) = [unit for unit in piece.facts.named if unit.as_class]
    assert named.quantity is not None
    assert named.quantity.value is not None
    assert named.quantity.value.as_tuple() == Decimal(quantity).as_tuple()


PARENT = {"parentID": "urn:x:p", "childEPCs": []}
DOCUMENT = {"bizTransactionList": [{"bizTransaction": "urn:x:b"}], "epcList": []}
CHANGE = {"inputEPCList": ["urn:x:i"], "outputQuantityList": [{"epcClass": "urn:x:o"}], "action": None}

NEEDS: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    ("AggregationEvent", PARENT, {"childEPCs": "/childEPCs", "parentID": "/parentID"}),
    ("AssociationEvent", PARENT, {"childEPCs": "/childEPCs", "parentID": "/parentID"}),
    ("TransactionEvent", DOCUMENT, {"epcList": "/epcList", "bizTransactionList": "/bizTransactionList"}),
    ("TransformationEvent", CHANGE, {"inputEPCList": "/inputEPCList", "outputQuantityList": "/outputEPCList"}),
]


@pytest.mark.parametrize(("event_type", "members", "needed"), NEEDS)
def test_what_each_type_requires(event_type: str, members: dict[str, Any], needed: dict[str, str]) -> None:
    full = {"type": event_type, "action": "ADD", "epcList": None, **members}
    assert codes(**full) == []
    for name, pointer in needed.items():
        assert codes(**{**full, name: None}) == [("missing_member", pointer)]


@pytest.mark.parametrize(
    "members",
    [
        {"type": "AggregationEvent", "action": "DELETE", "parentID": "urn:x:p", "epcList": None},
        {"type": "AggregationEvent", "action": "OBSERVE", "childEPCs": ["urn:x:c"], "epcList": None},
        {
            "type": "TransformationEvent",
            "transformationID": "urn:x:t",
            "inputEPCList": [],
            "action": None,
            "epcList": None,
        },
        {
            "epcList": None,
            "sensorElementList": [{"sensorReport": [{"type": "Temperature"}]}],
            "readPoint": {"id": "urn:x"},
        },
        {"bizStep": "urn:example:step:hatching"},
        {"type": "https://example.com/MyEvent"},
        {"ex:note": "an extension"},
        {"@context": {"note": "https://example.com/ns/note"}, "note": "a declared term"},
        {"@context": {"@vocab": "https://example.com/ns/"}, "note": "a declared vocabulary"},
        {"certificationInfo": ["https://example.com/c"]},
    ],
)
def test_what_is_legal_has_no_finding(members: dict[str, Any]) -> None:
    assert codes(**members) == []


def test_an_event_that_did_not_occur_has_no_corrections() -> None:
    declaration = {
        "declarationTime": "2026-02-01T00:00:00Z", "reason": "did_not_occur", "correctiveEventIDs": ["urn:uuid:2"]
    }  # fmt: skip
    assert codes(errorDeclaration=declaration) == [
        ("contradictory_declaration", "/errorDeclaration/correctiveEventIDs")
    ]


def test_every_message_is_one_short_sentence() -> None:
    for members, _, _ in FAULTS:
        for finding in parsed(**members).findings:
            assert finding.message.endswith(".")
            assert "\n" not in finding.message
            assert len(finding.message) < 250
