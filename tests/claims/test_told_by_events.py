"""What EPCIS events state of claims: rows of the world, with the event as source, as long as the event counts."""

from __future__ import annotations

from typing import Any

from tracegraph.claims.row import Row
from tracegraph.proving import world_for

Json = dict[str, Any]
BIRTH: Json = {
    "type": "ObjectEvent",
    "action": "ADD",
    "bizStep": "commissioning",
    "eventTime": "2026-01-01T08:00:00Z",
    "eventID": "urn:uuid:00000000-0000-4000-8000-000000000001",
    "quantityList": [{"epcClass": "urn:x:lot:A", "quantity": 60, "uom": "KGM"}],
    "bizLocation": {"id": "urn:x:site:field"},
}
CLAIM: Json = {"claim": "C1", "model": "sg", "charset": "K", "percent": 50.0, "sold": True}


def told(kind: str, *events: Json, records: tuple[Json, ...] = ()) -> dict[str, Row]:
    with world_for({"records": records, "events": list(events)}) as world:
        return {row.id: row for row in world.rows(kind)}


def test_a_claim_beside_or_within_the_birth_is_one_of_the_goods_born() -> None:
    for event in ({**BIRTH, "tracegraph:claim": CLAIM}, {**BIRTH, "ilmd": {"tracegraph:claim": [CLAIM]}}):
        (claim,) = told("claim", event).values()
        assert claim.id == "C1"
        assert claim.data == {
            "claim": "C1",
            "model": "sg",
            "charset": "K",
            "percent": "50.0",
            "sold": True,
            "goods": "urn:x:lot:A",
            "site": "urn:x:site:field",
            "made": "2026-01-01T08:00:00Z",
        }
        assert claim.position == 1
        assert claim.valid_from == claim.first("made")


def test_any_prefix_of_the_namespace_will_do_and_others_will_not() -> None:
    named = {"@context": [{"ours": "https://tracegraph.dev/ns#", "other": "https://example.com/ns#"}]}
    assert set(told("claim", {**BIRTH, **named, "ours:claim": CLAIM})) == {"C1"}
    assert not told("claim", {**BIRTH, **named, "other:claim": CLAIM})


def test_each_unit_born_has_its_claim_and_a_claim_without_a_number_that_of_its_event() -> None:
    both = [{"epcClass": f"urn:x:lot:{name}", "quantity": 1, "uom": "KGM"} for name in "AB"]
    numbered = told("claim", {**BIRTH, "quantityList": both, "tracegraph:claim": CLAIM})
    assert {id: row.text("goods") for id, row in numbered.items()} == {
        "C1 urn:x:lot:A": "urn:x:lot:A",
        "C1 urn:x:lot:B": "urn:x:lot:B",
    }
    unnumbered = told("claim", {**BIRTH, "tracegraph:claim": {"model": "ip"}})
    assert [(id.startswith("ni:///"), row.text("model")) for id, row in unnumbered.items()] == [(True, "ip")]


def test_certificates_and_supports_are_stated_alike() -> None:
    certificate = {"certificate": "Z1", "scheme": "S", "holder": "urn:x:party:p", "expires": "2027-01-01"}
    support = {"claim": "C1", "by": "claim", "reference": "C0"}
    event = {**BIRTH, "tracegraph:certificate": certificate, "tracegraph:support": [support]}
    (found,) = told("certificate", event).values()
    assert (found.id, found.text("issued"), found.text("expires")) == ("Z1", "2026-01-01T08:00:00Z", "2027-01-01")
    assert set(told("support", event)) == {"C1 | claim | C0"}
    assert not told("certificate", {**BIRTH, "tracegraph:certificate": {"certificate": "Z1", "scheme": "S"}})


def test_certification_info_and_lists_state_certificates_of_what_is_born() -> None:
    (claim,) = told("claim", {**BIRTH, "certificationInfo": "https://certificates.example/7"}).values()
    assert (claim.text("certificate"), claim.text("goods")) == ("https://certificates.example/7", "urn:x:lot:A")
    with_info = {**BIRTH, "certificationInfo": "https://certificates.example/7", "tracegraph:claim": CLAIM}
    (claim,) = told("claim", with_info).values()
    assert (claim.id, claim.text("certificate")) == ("C1", "https://certificates.example/7")
    listed = {"x:certificationStandard": "S", "x:certificationValue": "V-1", "x:certificationType": "harvest"}
    (claim,) = told(
        "claim", {**BIRTH, "@context": [{"x": "https://example.com/x#"}], "ilmd": {"x:certificationList": [listed]}}
    ).values()
    assert [claim.text(name) for name in ("scheme", "certificate", "charset")] == ["S", "V-1", "harvest"]


def test_a_field_that_cannot_be_read_is_left_out() -> None:
    (claim,) = told(
        "claim", {**BIRTH, "tracegraph:claim": {**CLAIM, "model": "best", "percent": "lots", "x": "y"}}
    ).values()
    assert not claim.given("model")
    assert not claim.given("percent")
    assert claim.text("charset") == "K"


def test_an_event_declared_erroneous_takes_its_claim_away() -> None:
    event = {**BIRTH, "tracegraph:claim": CLAIM}
    declared = {"declarationTime": "2026-01-05T00:00:00Z", "reason": "did_not_occur"}
    assert set(told("claim", event)) == {"C1"}
    assert not told("claim", event, {**event, "errorDeclaration": declared})


def test_the_later_event_counts_and_what_was_entered_before_both() -> None:
    later = {**BIRTH, "eventTime": "2026-01-02T08:00:00Z", "tracegraph:claim": {**CLAIM, "model": "mb"}}
    del later["eventID"]
    first = {**BIRTH, "tracegraph:claim": CLAIM}
    for events in ((first, later), (later, first)):
        assert told("claim", *events)["C1"].text("model") == "mb"
    entered = {"kind": "claim", "claim": "C1", "model": "bc", "made": "2026-01-03"}
    assert told("claim", first, later, records=(entered,))["C1"].text("model") == "bc"


def test_a_birth_on_a_line_states_a_run() -> None:
    begun = {**BIRTH, "tracegraph:line": "L1", "tracegraph:runBegin": "2026-01-01T06:00:00Z", "tracegraph:claim": CLAIM}
    (run,) = told("run", begun).values()
    assert run.id.startswith("ni:///")
    assert run.several("units") == ("urn:x:lot:A",)
    assert [run.text(name) for name in ("site", "line", "from", "to")] == [
        *("urn:x:site:field", "L1", "2026-01-01T06:00:00Z", "2026-01-01T08:00:00Z")
    ]
    (run,) = told("run", {**BIRTH, "tracegraph:line": "L1"}).values()
    assert not run.given("from")
    assert not told("run", {**BIRTH, "action": "OBSERVE", "tracegraph:line": "L1"})
    nowhere = {name: value for name, value in BIRTH.items() if name != "bizLocation"}
    assert not told("run", {**nowhere, "tracegraph:line": "L1"})


def test_a_claim_that_says_no_says_so() -> None:
    (claim,) = told("claim", {**BIRTH, "tracegraph:claim": {**CLAIM, "sold": False}}).values()
    assert claim.flag("sold") is False
