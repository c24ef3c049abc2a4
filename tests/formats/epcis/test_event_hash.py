"""The event hash: the published vectors, and what must and must not change it."""

from __future__ import annotations

import copy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.epcis.building import decoded, event
from tracegraph.formats.epcis import AcceptedEvent, read
from tracegraph.formats.epcis.context import Context
from tracegraph.formats.epcis.event_hash import event_hash, number, pre_hash

VECTORS = (
    "CertificationInfoAndSensorReportWithCRS",
    "ReferenceEventHashAlgorithm2",
    "TimeStampRoundOff",
    "epcisDocWithCustomSchemaInContext",
    "epcisDocWithSensorComponent",
    "epcisDocWithShippingAndTransportingEvent",
    "epcisDocWithVariousEventTypes",
    "epcisEventWithCURIEs",
    "epcisQueryDocument",
    "persistentDisposition",
)
IGNORE_FIELDS = "epcisDocHavingEventWithIgnoreFields"
EXAMPLE = Context([{"ex": "https://example.com/ns/"}])


def hashes(path: Path) -> list[str]:
    return [piece.facts.content_hash for piece in read(path) if isinstance(piece, AcceptedEvent)]


def of(**members: Any) -> str:
    return event_hash(event(**members), EXAMPLE)


def tail(**members: Any) -> str:
    """What the members add to the pre-hash string of a bare event."""
    bare = event(epcList=None)
    full = pre_hash({**bare, **members}, EXAMPLE)
    return full.removeprefix(pre_hash(bare, EXAMPLE))


@pytest.mark.parametrize("name", VECTORS)
def test_published_vectors(reference: Path, name: str) -> None:
    folder = reference / "epcis" / "hash-vectors"
    assert hashes(folder / f"{name}.jsonld") == (folder / f"{name}.hashes").read_text().split()


def test_every_vector_is_tested(reference: Path) -> None:
    found = {path.stem for path in (reference / "epcis" / "hash-vectors").glob("*.jsonld")}
    assert found == {*VECTORS, IGNORE_FIELDS}


def test_a_file_does_not_choose_what_its_hash_covers(reference: Path) -> None:
    """The document asks to leave two members out; the published hashes of its two events are equal, ours are not."""
    path = reference / "epcis" / "hash-vectors" / f"{IGNORE_FIELDS}.jsonld"
    with_fields, without = hashes(path)
    published = path.with_suffix(".hashes").read_text().split()
    assert published == [without, without]
    assert with_fields != without


@pytest.mark.parametrize(
    "same",
    [
        {"eventID": "urn:uuid:1"},
        {"recordTime": "2026-02-01T00:00:00Z"},
        {"errorDeclaration": {"declarationTime": "2026-02-01T00:00:00Z", "reason": "incorrect_data"}},
        {"eventTime": "2026-01-31T11:00:00.000Z"},
        {"eventTime": "2026-01-31T12:00:00"},
        {"epcList": ["https://id.gs1.org/01/04012345111118/21/9876"]},
        {"epcList": ["https://shop.example.com/01/04012345111118/10/AB/21/9876?x=1"]},
        {"type": "epcis:ObjectEvent"},
        {"quantityList": []},
        {"rdfs:comment": "seen by the gate"},
    ],
)
def test_what_does_not_change_the_hash(same: dict[str, Any]) -> None:
    assert of(**same) == of()


@pytest.mark.parametrize(
    "other",
    [
        {"eventTimeZoneOffset": "+02:00"},
        {"eventTime": "2026-01-31T12:00:00.001+01:00"},
        {"action": "ADD"},
        {"epcList": ["urn:epc:id:sgtin:4012345.011111.9877"]},
        {"bizStep": "shipping"},
        {"certificationInfo": "https://example.com/c"},
        {"ex:lot": "0012"},
        {"ex:lot": "12"},
        {"ex:lot": ""},
        {"ilmd": {"ex:lot": "12"}},
        {"type": "AggregationEvent"},
        {"parentID": "urn:x:1"},
    ],
)
def test_what_changes_the_hash(other: dict[str, Any]) -> None:
    assert of(**other) != of()


def test_a_lot_number_with_zeros_is_another_lot_number() -> None:
    assert len({of(**{"ex:lot": lot}) for lot in ("0012", "12", "12.0", "1.2e1")}) == 4


@pytest.mark.parametrize(
    "form",
    [
        "shipping",
        "cbv:BizStep-shipping",
        "urn:epcglobal:cbv:bizstep:shipping",
        "https://ref.gs1.org/cbv/BizStep-shipping",
        "http://ns.gs1.org/cbv/BizStep-shipping",
    ],
)
def test_forms_of_a_word_are_equal(form: str) -> None:
    assert tail(bizStep=form) == "bizStep=https://ref.gs1.org/cbv/BizStep-shipping"


def test_members_of_objects_and_lists() -> None:
    assert tail(bizTransactionList=[{"type": "po", "bizTransaction": "urn:b"}, {"bizTransaction": "urn:a"}]) == (
        "bizTransactionListbizTransaction=urn:atype=https://ref.gs1.org/cbv/BTT-pobizTransaction=urn:b"
    )
    assert (
        tail(readPoint={"id": "geo:1,2", "ex:door": Decimal("7.10")})
        == "readPointid=geo:1,2{https://example.com/ns/}door=7.1"
    )
    quantity = {"epcClass": "urn:x", "quantity": Decimal("12.50"), "uom": "KGM"}
    whole = pre_hash(event(epcList=None, quantityList=[quantity]), EXAMPLE)
    assert "+01:00quantityListquantityElementepcClass=urn:xquantity=12.5uom=KGMaction=" in whole


def test_extensions_come_sorted_and_last() -> None:
    inner = {"ex:b": [Decimal(2), Decimal(1), {"ex:z": "q"}], "ex:a": True, "ex:n": None, "ex:e": {}, "ex:l": []}
    space = "{https://example.com/ns/}"
    assert tail(**{"ex:outer": inner, "bizStep": "packing"}) == (
        "bizStep=https://ref.gs1.org/cbv/BizStep-packing"
        f"{space}outer{space}a=true{space}b=1{space}b=2{space}b{space}z=q{space}e{space}n"
    )


def test_the_prefix_does_not_matter_but_the_namespace_does() -> None:
    one = event_hash(event(**{"a:x": "1"}), Context([{"a": "https://example.com/ns/"}]))
    two = event_hash(event(**{"b:x": "1"}), Context([{"b": {"@id": "https://example.com/ns/"}}]))
    full = event_hash(event(**{"https://example.com/ns/x": "1"}), Context())
    other = event_hash(event(**{"a:x": "1"}), Context([{"a": "https://example.com/other/"}]))
    assert one == two == full != other


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1.0", "1"), ("0.3434000", "0.3434"), ("1E+2", "100"), ("-0", "0"), ("100", "100"), ("1E-7", "0.0000001"),
     ("0.0", "0"), ("1E+999999", "1E+999999"), ("12345678901234567890.10", "12345678901234567890.1")],
)  # fmt: skip
def test_numbers_have_no_zeros_at_their_end(text: str, expected: str) -> None:
    assert number(Decimal(text)) == expected


JSON = st.recursive(
    st.none() | st.booleans() | st.decimals() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    [
        "type",
        "eventTime",
        "epcList",
        "quantityList",
        "bizTransactionList",
        "sensorElementList",
        "readPoint",
        "ilmd",
        "bizStep",
        "ex:a",
        "persistentDisposition",
        "certificationInfo",
        "sourceList",
        "eventTimeZoneOffset",
    ]
)


@given(st.dictionaries(NAMES, JSON, max_size=6))
def test_anything_has_a_hash_whatever_the_order_of_its_members(members: dict[str, Any]) -> None:
    value = {**event(), **members}
    turned = dict(reversed(copy.deepcopy(value).items()))
    assert event_hash(value, EXAMPLE) == event_hash(turned, EXAMPLE)


@given(st.permutations(["urn:x:1", "urn:x:2", "urn:y", "urn:ä"]))
def test_the_order_of_a_list_does_not_matter(items: list[str]) -> None:
    assert of(epcList=items) == of(epcList=sorted(items))


def test_numbers_are_hashed_as_written() -> None:
    big = decoded(
        '{"type":"ObjectEvent","eventTime":"2026-01-01T00:00:00Z","ex:a":12345678901234567890.123456789012345678901}'
    )
    assert pre_hash(big, EXAMPLE).endswith("a=12345678901234567890.123456789012345678901")
