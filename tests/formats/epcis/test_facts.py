"""What the timeline is told about an event."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.formats.epcis.building import ITEM, LOT, accepted, event, facts
from tracegraph.identifiers import supplier_lot
from tracegraph.model.facts import Alias, Document, Membership, NamedUnit, Role
from tracegraph.model.quantity import Quantity

ITEM_KEY = "https://id.gs1.org/01/04012345111118/21/9876"
LOT_KEY = "https://id.gs1.org/01/04012345123456/10/998877"
SITE = "urn:epc:id:sgln:4012345.00005.0"
SITE_KEY = "https://id.gs1.org/414/4012345000054"
PARTY = "urn:epc:id:pgln:4012345.00225"
PARTY_KEY = "https://id.gs1.org/417/4012345002256"


def birth(**ilmd: Any) -> dict[str, Any]:
    return {"action": "ADD", "bizStep": "commissioning", "ilmd": ilmd}


def test_the_plain_things() -> None:
    found = facts(
        eventID="urn:uuid:1", bizStep="cbv:BizStep-shipping", disposition="in_transit", readPoint={"id": SITE},
        bizLocation={"id": "urn:epc:id:sgln:4012345.00005.7"},
        bizTransactionList=[{"type": "po", "bizTransaction": "urn:x:7"}, {"bizTransaction": "urn:x:8"}],
    )  # fmt: skip
    assert (found.event_id, found.type, found.action, found.step) == (
        "urn:uuid:1",
        "ObjectEvent",
        "OBSERVE",
        "shipping",
    )
    assert (found.disposition, found.retracts, found.day, found.offset) == ("in_transit", False, False, "+01:00")
    assert found.instant == 1_769_857_200_000_000
    assert (found.read_point, found.biz_location) == (SITE_KEY, f"{SITE_KEY}/254/7")
    assert found.documents == (Document("", "urn:x:8"), Document("po", "urn:x:7"))
    assert found.named == (NamedUnit(ITEM_KEY, Role.OBJECT),)
    assert found.content_hash.startswith("ni:///sha-256;")


def test_sources_and_destinations() -> None:
    kinds = ("location", "possessing_party", "owning_party")
    found = facts(
        sourceList=[{"type": kind, "source": SITE if kind == "location" else PARTY} for kind in kinds],
        destinationList=[{"type": kind, "destination": f"urn:x:{kind}"} for kind in kinds],
    )
    assert (found.source_place, found.source_party, found.source_owner) == (SITE_KEY, PARTY_KEY, PARTY_KEY)
    assert (found.destination_place, found.destination_party, found.destination_owner) == (
        "urn:x:location", "urn:x:possessing_party", "urn:x:owning_party"
    )  # fmt: skip


def test_plain_global_location_numbers_are_read_by_what_they_stand_for() -> None:
    found = facts(
        sourceList=[
            {"type": "location", "source": "4012345000054"},
            {"type": "owning_party", "source": "4012345002256"},
        ]
    )
    assert (found.source_place, found.source_owner) == (SITE_KEY, PARTY_KEY)


def test_named_units_and_roles() -> None:
    amount = {"epcClass": LOT, "quantity": Decimal("12.50"), "uom": "KGM"}
    found = facts(
        type="AggregationEvent", parentID="urn:x:p", childEPCs=[ITEM], childQuantityList=[amount], epcList=None
    )
    assert set(found.named) == {
        NamedUnit("urn:x:p", Role.PARENT),
        NamedUnit(ITEM_KEY, Role.CHILD),
        NamedUnit(LOT_KEY, Role.CHILD, True, Quantity(Decimal("12.50"), "KGM")),
    }
    made = facts(
        type="TransformationEvent", action=None, epcList=None, inputQuantityList=[{"epcClass": LOT}],
        outputEPCList=[ITEM], transformationID="urn:x:t",
    )  # fmt: skip
    assert made.named == (NamedUnit(LOT_KEY, Role.INPUT, True, Quantity(None, "")), NamedUnit(ITEM_KEY, Role.OUTPUT))
    assert (made.transformation, made.action) == ("urn:x:t", "")


@pytest.mark.parametrize("place", [SITE, "geo:1,2"])
def test_the_place_of_an_association_is_no_unit(place: str) -> None:
    found = facts(type="AssociationEvent", parentID=place, childEPCs=[ITEM], epcList=None)
    assert [unit.role for unit in found.named] == [Role.CHILD]


def test_what_is_understood_of_a_damaged_list_counts() -> None:
    found = facts(epcList=[ITEM, 5, "", "urn:x:2"])
    assert [unit.unit for unit in found.named] == [ITEM_KEY, "urn:x:2"]


def test_an_unknown_action_is_none() -> None:
    assert facts(action="add").action == ""


@pytest.mark.parametrize(
    ("members", "instant"),
    [
        ({"eventTime": "1970-01-01T00:00:00.1235Z"}, 124_000),
        ({"eventTime": "1970-01-01T01:00:00", "eventTimeZoneOffset": "+01:00"}, 0),
        ({"eventTime": "1970-01-01T00:00:01", "eventTimeZoneOffset": None}, 1_000_000),
        ({"eventTime": "1970-01-01T00:00:01", "eventTimeZoneOffset": "odd"}, 1_000_000),
        ({"eventTime": "1970-01-01", "eventTimeZoneOffset": "-01:00"}, 3_600_000_000),
    ],
)
def test_instants(members: dict[str, Any], instant: int) -> None:
    assert facts(**members).instant == instant


def test_the_offset_is_that_of_the_time_where_none_is_given() -> None:
    assert facts(eventTime="2026-01-01T00:00:00-05:00", eventTimeZoneOffset=None).offset == "-05:00"
    assert facts(eventTime="2026-01-01T00:00:00Z", eventTimeZoneOffset=None).offset == "Z"


@pytest.mark.parametrize(
    ("members", "day"),
    [
        ({"tracegraph:timePrecision": "day"}, True),
        ({"https://tracegraph.dev/ns#timePrecision": "day"}, True),
        ({"t:timePrecision": "day", "@context": {"t": "https://tracegraph.dev/ns#"}}, True),
        ({"eventTime": "2026-01-31"}, True),
        ({"tracegraph:timePrecision": "second"}, False),
        ({"ex:timePrecision": "day"}, False),
    ],
)
def test_dates(members: dict[str, Any], day: bool) -> None:
    assert facts(**members).day is day


@pytest.mark.parametrize("declared", [{}, {"reason": "did_not_occur", "declarationTime": "2026-02-01T00:00:00Z"}])
def test_an_error_declaration_retracts(declared: dict[str, Any]) -> None:
    found = facts(errorDeclaration=declared)
    assert found.retracts
    assert found.content_hash == facts().content_hash


@pytest.mark.parametrize(
    "name", ["cbvmda:lotNumber", "urn:epcglobal:cbv:mda#lotNumber", "urn:epcglobal:cbv:mda:lotNumber", "ex:lotNumber"]
)
def test_items_belong_to_the_lot_of_their_birth(name: str) -> None:
    found = facts(**birth(**{name: "AB/1"}), epcList=[ITEM, "urn:x:opaque"])
    assert found.memberships == (Membership(ITEM_KEY, "https://id.gs1.org/01/04012345111118/10/AB%2F1"),)


def test_members_by_ai_10_beside_21() -> None:
    found = facts(epcList=["https://example.com/01/04012345111118/10/L7/21/9876"])
    assert found.memberships == (Membership(ITEM_KEY, "https://id.gs1.org/01/04012345111118/10/L7"),)


def test_outputs_belong_to_the_lot_of_their_birth_and_inputs_do_not() -> None:
    found = facts(
        type="TransformationEvent", action=None, epcList=None, inputEPCList=["urn:epc:id:sgtin:4012345.011111.1"],
        outputEPCList=[ITEM], ilmd={"cbvmda:lotNumber": Decimal("17")},
    )  # fmt: skip
    assert found.memberships == (Membership(ITEM_KEY, "https://id.gs1.org/01/04012345111118/10/17"),)


def lot_birth(alias: Any, **members: Any) -> dict[str, Any]:
    return event(**{
        "epcList": None, "quantityList": [{"epcClass": LOT}], **birth(**{"tracegraph:alias": alias}), **members
    })  # fmt: skip


ALIASES = [
    ("urn:x:other", (Alias(LOT_KEY, "urn:x:other"),)),
    ("(01)04012345123456(10)NEW", (Alias(LOT_KEY, "https://id.gs1.org/01/04012345123456/10/NEW"),)),
    ("L-17", (Alias(LOT_KEY, supplier_lot(SITE_KEY, "L-17")),)),
    (["urn:x:1", "urn:x:2"], (Alias(LOT_KEY, "urn:x:1"), Alias(LOT_KEY, "urn:x:2"))),
    (
        {"alias": "urn:x:1", "document": "urn:x:d", "date": "2026-01-02"},
        (Alias(LOT_KEY, "urn:x:1", "urn:x:d", "2026-01-02"),),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("value", "expected"), ALIASES)
def test_aliases(value: Any, expected: tuple[Alias, ...]) -> None:
    piece = accepted(lot_birth(value, bizLocation={"id": "urn:epc:id:sgln:4012345.00005.7"}))
    assert piece.facts.aliases == expected
    assert piece.event.findings == ()


def test_a_number_is_that_of_the_possessing_party_before_that_of_the_site() -> None:
    source = [{"type": "possessing_party", "source": PARTY}]
    piece = accepted(lot_birth("L-17", sourceList=source, bizLocation={"id": SITE}))
    assert piece.facts.aliases == (Alias(LOT_KEY, supplier_lot(PARTY_KEY, "L-17")),)


def test_an_alias_of_several_units_has_no_effect() -> None:
    piece = accepted(lot_birth("urn:x:1", epcList=[ITEM]))
    assert piece.facts.aliases == ()
    assert [(f.code, f.pointer) for f in piece.event.findings] == [("ambiguous_alias", "/ilmd/tracegraph:alias")]


@pytest.mark.parametrize("value", [5, None, {"alias": 5}, {"alias": "urn:x:1", "date": 5}, "", LOT])
def test_what_is_no_alias_has_no_effect(value: Any) -> None:
    piece = accepted(lot_birth(Decimal(value) if isinstance(value, int) else value))
    assert piece.facts.aliases == ()
    assert [f.code for f in piece.event.findings] == ["invalid_alias"]
