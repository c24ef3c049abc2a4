"""Master data of the header, as statements about sites, parties and products."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.formats.epcis.building import document, encoded, kinds, pieces
from tracegraph.formats.epcis import AcceptedMasterData, Rejected, read
from tracegraph.formats.epcis.master_data import (
    UnusableElement,
    aliases_of_master_data,
    master_data_of,
    memberships_of_master_data,
)
from tracegraph.model.facts import Alias, Membership
from tracegraph.model.master_data import MasterData

VTYPE = "urn:epcglobal:epcis:vtype:"
MDA = "urn:epcglobal:cbv:mda#"
SITE = "https://id.gs1.org/414/4012345000054"


def element(identifier: str, **attributes: Any) -> dict[str, Any]:
    return {
        "id": identifier,
        "attributes": [{"id": MDA + name, "attribute": value} for name, value in attributes.items()],
    }


def test_a_site_with_everything() -> None:
    value = {
        **element("urn:epc:id:sgln:4012345.00005.0", name="Mill", countryCode="DE", latitude="1.5", longitude="2",
                  site="4012345000016"),
        "children": ["urn:epc:id:sgln:4012345.00005.1"],
    }  # fmt: skip
    value["attributes"].append({"id": "urn:epcglobal:cbv:owning_party", "attribute": "urn:epc:id:pgln:4012345.00225"})
    assert master_data_of(VTYPE + "BusinessLocation", value) == MasterData(
        kind="site", id=SITE, parent="https://id.gs1.org/414/4012345000016", children=(f"{SITE}/254/1",),
        party="https://id.gs1.org/417/4012345002256", name="Mill", country="DE", latitude="1.5", longitude="2",
        attributes={
            MDA + "name": "Mill", MDA + "countryCode": "DE", MDA + "latitude": "1.5", MDA + "longitude": "2",
            MDA + "site": "4012345000016", "urn:epcglobal:cbv:owning_party": "urn:epc:id:pgln:4012345.00225",
        },
    )  # fmt: skip


@pytest.mark.parametrize(
    ("vocabulary", "identifier", "kind", "key"),
    [
        (VTYPE + "ReadPoint", "4012345000054", "site", SITE),
        (VTYPE + "location", "urn:x:1", "site", "urn:x:1"),
        (VTYPE + "Party", "4012345002256", "party", "https://id.gs1.org/417/4012345002256"),
        (VTYPE + "SourceDest", "urn:epc:id:pgln:4012345.00225", "party", "https://id.gs1.org/417/4012345002256"),
        (VTYPE + "SourceDest", "urn:epc:id:sgln:4012345.00005.0", "site", SITE),
        (VTYPE + "EPCClass", "urn:epc:idpat:sgtin:4012345.066666.*", "product", "https://id.gs1.org/01/04012345666663"),
        ("https://example.com/vessel", "urn:x:1", "other", "urn:x:1"),
        ("", "urn:x:1", "other", "urn:x:1"),
    ],
)
def test_kinds(vocabulary: str, identifier: str, kind: str, key: str) -> None:
    data = master_data_of(vocabulary, element(identifier))
    assert (data.kind, data.id) == (kind, key)


@pytest.mark.parametrize("value", [None, [], {}, {"id": ""}, {"id": 5}, "urn:x:1"])
def test_an_element_without_id_is_unusable(value: Any) -> None:
    with pytest.raises(UnusableElement, match="has no id"):
        master_data_of(VTYPE + "Party", value)


@pytest.mark.parametrize(
    "odd", [{"attributes": 5}, {"attributes": [5, {}, {"id": 5}]}, {"children": 5}, {"children": [5, None, {}]}]
)
def test_odd_members_are_passed_over(odd: dict[str, Any]) -> None:
    assert master_data_of(VTYPE + "ReadPoint", {"id": "urn:x:1", **odd}) == MasterData(kind="site", id="urn:x:1")


def test_an_attribute_given_twice_keeps_both_values() -> None:
    value = {
        "id": "urn:x:1",
        "attributes": [{"id": "a:name", "attribute": "one"}, {"id": "a:name", "attribute": "two"}],
    }
    data = master_data_of(VTYPE + "Party", value)
    assert data.attributes == {"a:name": ["one", "two"]}
    assert data.name == "one"


def test_aliases_and_lots() -> None:
    lot = "urn:epc:class:lgtin:4012345.012345.998877"
    value = {"id": lot, "attributes": [{"id": "tracegraph:alias", "attribute": "urn:x:1"}]}
    data = master_data_of(VTYPE + "EPCClass", value)
    assert aliases_of_master_data(data) == (Alias(data.id, "urn:x:1"),)
    assert memberships_of_master_data(data) == ()
    item = master_data_of(VTYPE + "EPCClass", element("urn:epc:id:sgtin:4012345.011111.9876", lotNumber="A 1"))
    assert memberships_of_master_data(item) == (
        Membership("https://id.gs1.org/01/04012345111118/21/9876", "https://id.gs1.org/01/04012345111118/10/A%201"),
    )


def test_reference_master_data(reference: Path) -> None:
    found = [
        piece.master_data
        for piece in read(reference / "epcis" / "gdst" / "farm_harvest_event_object.jsonld")
        if isinstance(piece, AcceptedMasterData)
    ]
    assert sorted(data.kind for data in found) == ["party", "product", "site"]
    assert all(data.name for data in found)
    (site,) = [data for data in found if data.kind == "site"]
    assert site.latitude
    assert site.longitude
    assert site.country


def test_elements_before_their_type_are_kept_to_the_letter() -> None:
    """Each refused element has its own position and bytes, wherever the type stands."""
    data = (
        b'{"type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-01-01T00:00:00Z", "epcisHeader": '
        b'{"epcisMasterData": {"vocabularyList": [{"vocabularyElementList": [{"id": "urn:x:1"}, "x\\u0041" , [1.0]], '
        b'"type": "urn:epcglobal:epcis:vtype:Party"}]}}, "epcisBody": {"eventList": []}}'
    )
    found = pieces(data)
    assert kinds(found) == "MRR"
    for piece, text in zip(found[1:], (b'"x\\u0041"', b"[1.0]"), strict=True):
        assert isinstance(piece, Rejected)
        assert piece.data.read() == text
        assert data[piece.position.offset :].startswith(text)


def test_too_much_before_its_type_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracegraph.formats.epcis.reader.MOST_WAITING", 40)
    elements = [{"id": f"urn:x:{number}"} for number in range(4)]
    vocabulary = {"vocabularyElementList": elements, "type": "urn:epcglobal:epcis:vtype:Party"}
    header = {"epcisMasterData": {"vocabularyList": [vocabulary]}}
    found = pieces(encoded(document([], epcisHeader=header)))
    assert kinds(found) == "RRMM"
    assert isinstance(found[0], Rejected)
    assert "put the type first" in found[0].reason
