"""The profile of FSMA 204: which events are critical tracking events, and where their elements may stand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.formats.profiles.events import BARE, LOT, OTHER_SITE, SITE, checked, object_event, told
from tracegraph.formats.profiles import load_profile

FSMA = load_profile("fsma204")
OURS = "https://tracegraph.dev/ns#"

SHIPPING = {
    "readPoint": {"id": SITE},
    "destinationList": [{"type": "location", "destination": OTHER_SITE}],
    "bizTransactionList": [{"type": "bol", "bizTransaction": "urn:example:bol:1"}],
    "tracegraph:lotCodeSource": SITE,
}
DESCRIBED = {
    SITE: {"name": "Farm", "streetaddressone": "1 Road", "city": "Town", "countrycode": "US"},
    OTHER_SITE: {"name": "Plant", "latitude": "1.5"},
    BARE: {"descriptionshort": "Leaf lettuce, 12 heads"},
}


def kind_of(event: dict[str, Any]) -> str | None:
    kind = checked(FSMA, event).kind
    return None if kind is None else kind.name


@pytest.mark.parametrize(
    ("step", "members", "kind"),
    [
        ("shipping", {}, "shipping"),
        ("urn:epcglobal:cbv:bizstep:receiving", {}, "receiving"),
        ("urn:gdst:bizStep:landing", {}, "first_land_based_receiving"),
        ("commissioning", {"action": "ADD"}, "initial_packing"),
        ("commissioning", {"action": "OBSERVE"}, None),
        ("commissioning", {"action": "ADD", "tracegraph:criticalTrackingEvent": "harvesting"}, "harvesting"),
        ("inspecting", {f"{OURS}criticalTrackingEvent": "cooling"}, "cooling"),
        ("inspecting", {}, None),
    ],
)
def test_which_events_are_critical_tracking_events(step: str, members: dict[str, Any], kind: str | None) -> None:
    assert kind_of(object_event(step, **members)) == kind


def test_a_whole_shipment_lacks_nothing() -> None:
    assert told(checked(FSMA, object_event("shipping", **SHIPPING), DESCRIBED)) == set()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"bizTransactionList": None}, ("reference_document", "missing")),
        ({"destinationList": None}, ("ship_to", "missing")),
        ({"destinationList": [{"type": "urn:epcglobal:cbv:sdt:location", "destination": SITE}]}, None),
        ({"destinationList": [{"type": "owning_party", "destination": "urn:p:1"}]}, ("ship_to", "not_described")),
        ({"readPoint": None}, ("ship_from", "missing")),
        ({"readPoint": None, "sourceList": [{"type": "location", "source": SITE}]}, None),
        ({"tracegraph:lotCodeSource": None}, ("lot_code_source", "missing")),
        ({"tracegraph:lotCodeSource": None, f"{OURS}lotCodeSourceReference": "https://farm.example/7"}, None),
        ({"tracegraph:lotCodeSource": "  "}, ("lot_code_source", "missing")),
        ({"quantityList": [{"epcClass": LOT}]}, ("quantity", "missing")),
        ({"quantityList": [{"epcClass": BARE, "quantity": 1}]}, ("lot_code", "no_lot_number")),
        ({"quantityList": None, "epcList": ["urn:epc:id:sgtin:9521000.012345.7"]}, None),
        ({"quantityList": [{"epcClass": "urn:x:lot:9", "quantity": 1}]}, ("product_description", "not_described")),
        ({"quantityList": [{"epcClass": "urn:x:9", "quantity": 1}], f"{OURS}productDescription": "Lettuce"}, None),
    ],
)
def test_what_a_shipment_may_lack(change: dict[str, Any], found: tuple[str, str] | None) -> None:
    event = object_event("shipping", **{**SHIPPING, **change})
    assert told(checked(FSMA, event, DESCRIBED)) == ({found} if found else set())


def test_the_second_of_two_lots_is_pointed_at() -> None:
    lots = [{"epcClass": LOT, "quantity": 5}, {"epcClass": BARE, "quantity": 5}]
    found = checked(FSMA, object_event("shipping", **SHIPPING | {"quantityList": lots}), DESCRIBED)
    assert [(one.pointer, one.value) for one in found.findings] == [("/quantityList/1/epcClass", BARE)]
    assert found.met == {name: name != "lot_code" for name in found.met}


def test_without_master_data_nothing_is_asked_of_descriptions() -> None:
    assert told(checked(FSMA, object_event("shipping", **SHIPPING))) == set()


def test_a_lot_in_the_form_of_gdst_is_described_by_its_product() -> None:
    lots = [{"epcClass": "urn:gdst:farm.example:product:lot:class:farm.shrimp.L7", "quantity": 1}]
    event = object_event("shipping", **SHIPPING | {"quantityList": lots})
    described = DESCRIBED | {"urn:gdst:farm.example:product:class:farm.shrimp": {"descriptionshort": "Shrimp"}}
    assert told(checked(FSMA, event, DESCRIBED)) == {("product_description", "not_described")}
    assert told(checked(FSMA, event, described)) == set()
