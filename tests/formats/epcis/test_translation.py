"""Identifiers in the form that a reader asks for: the same keys and hash, nothing else changed, nothing guessed."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.formats.epcis.building import decoded, encoded, event, pieces
from tests.formats.epcis.test_findings import files
from tests.formats.epcis.test_rebuild import events_in
from tracegraph.formats.epcis import AcceptedEvent
from tracegraph.formats.epcis.context import STANDARD
from tracegraph.formats.epcis.event_hash import event_hash
from tracegraph.formats.epcis.translation import EpcFormat, identifiers_in, translated, translated_identifier, unknown
from tracegraph.identifiers import PrefixLengths, canonical

GS1 = "https://id.gs1.org"
LINK, URN = EpcFormat.DIGITAL_LINK, EpcFormat.EPC_URN
AS_CAPTURED = (EpcFormat.NO_PREFERENCE, EpcFormat.NEVER_TRANSLATES)

DIGITS = st.sampled_from("0123456789")
TEXT = st.sampled_from([*"aZ0-_.!'()*+,:;=", "%22", "%25", "%26", "%2F", "%3C", "%3E", "%3F"])
PART = st.sampled_from([*"AZ09-", "%23", "%2F"])


def some(letters: st.SearchStrategy[str], least: int, most: int) -> st.SearchStrategy[str]:
    return st.lists(letters, min_size=least, max_size=most).map("".join)


def digits(count: int) -> st.SearchStrategy[str]:
    return some(DIGITS, count, count)


#: The parts after the company prefix of so many digits, by scheme.
SCHEMES: dict[str, Callable[[int], tuple[st.SearchStrategy[str], ...]]] = {
    "id:sgtin": lambda length: (digits(13 - length), some(TEXT, 1, 20)),
    "class:lgtin": lambda length: (digits(13 - length), some(TEXT, 1, 20)),
    "idpat:sgtin": lambda length: (digits(13 - length), st.just("*")),
    "id:upui": lambda length: (digits(13 - length), some(TEXT, 1, 28)),
    "id:itip": lambda length: (digits(13 - length), digits(2), digits(2), some(TEXT, 1, 20)),
    "id:sscc": lambda length: (digits(17 - length),),
    "id:sgln": lambda length: (digits(12 - length), some(TEXT, 1, 20)),
    "id:pgln": lambda length: (digits(12 - length),),
    "id:grai": lambda length: (digits(12 - length), some(TEXT, 1, 16)),
    "id:gdti": lambda length: (digits(12 - length), some(TEXT, 1, 17)),
    "id:sgcn": lambda length: (digits(12 - length), some(DIGITS, 1, 12)),
    "id:giai": lambda length: (some(TEXT, 1, 30 - length),),
    "id:ginc": lambda length: (some(TEXT, 1, 30 - length),),
    "id:gsrn": lambda length: (digits(17 - length),),
    "id:gsrnp": lambda length: (digits(17 - length),),
    "id:gsin": lambda length: (digits(16 - length),),
    "id:cpi": lambda length: (some(PART, 1, 30 - length), some(DIGITS, 1, 12)),
    "idpat:grai": lambda length: (digits(12 - length), st.just("*")),
    "idpat:gdti": lambda length: (digits(12 - length), st.just("*")),
}


@st.composite
def urns(draw: st.DrawFn) -> str:
    """An EPC URN of any scheme that has a Digital Link."""
    scheme = draw(st.sampled_from(sorted(SCHEMES)))
    length = draw(st.integers(6, 12))
    parts = [draw(part) for part in SCHEMES[scheme](length)]
    return f"urn:epc:{scheme}:{'.'.join([draw(digits(length)), *parts])}"


@given(urns())
def test_to_a_link_and_back_is_the_identity(urn: str) -> None:
    link = translated_identifier(urn, LINK)
    if canonical(urn) == urn:
        assert link == urn
    else:
        assert link == canonical(urn)
        assert link.startswith(GS1)
        assert translated_identifier(link, URN, PrefixLengths([urn])) == urn
    assert translated_identifier(urn, URN) == urn
    assert translated_identifier(link, LINK) == link


PAIRS = [
    ("urn:epc:id:sgtin:4012345.011111.A%2FB", f"{GS1}/01/04012345111118/21/A%2FB"),
    ("urn:epc:class:lgtin:4012345.012345.998877", f"{GS1}/01/04012345123456/10/998877"),
    ("urn:epc:idpat:sgtin:4012345.066666.*", f"{GS1}/01/04012345666663"),
    ("urn:epc:id:sscc:0614141.1234567890", f"{GS1}/00/106141412345678908"),
    ("urn:epc:id:sgln:0614141.00777.0", f"{GS1}/414/0614141007776"),
    ("urn:epc:id:sgln:0614141.07346.1234", f"{GS1}/414/0614141073467/254/1234"),
    ("urn:epc:id:pgln:4012345.00225", f"{GS1}/417/4012345002256"),
    ("urn:epc:id:gdti:0614141.00001.1618034", f"{GS1}/253/06141410000121618034"),
    ("urn:epc:id:giai:4000001.111", f"{GS1}/8004/4000001111"),
    ("urn:epc:id:cpi:4012345.A%23B.123", f"{GS1}/8010/4012345A%23B/8011/123"),
    ("urn:epc:idpat:itip:4012345.012345.01.02.*", f"{GS1}/8006/040123451234560102"),
]


@pytest.mark.parametrize(("urn", "link"), PAIRS)
def test_by_hand(urn: str, link: str) -> None:
    assert translated_identifier(urn, LINK) == link
    assert translated_identifier(link, URN) == urn
    for form in AS_CAPTURED:
        assert [translated_identifier(text, form) for text in (urn, link)] == [urn, link]


def test_a_link_of_any_domain_becomes_that_of_gs1() -> None:
    assert translated_identifier("https://example.com/a/01/04012345111118/21/7?17=270101", LINK) == (
        f"{GS1}/01/04012345111118/21/7"
    )


def test_a_lot_beside_a_serial_number_is_not_lost() -> None:
    both = "https://example.com/01/04012345111118/10/L/21/7"
    assert translated_identifier(both, LINK) == f"{GS1}/01/04012345111118/10/L/21/7"
    assert translated_identifier(both, URN) == both


STAYS = [
    "urn:x:1", "", "4012345111118", "(01)04012345111118", "urn:epc:idpat:sgtin:4012345.*.*", "https://example.com/po/7",
    "urn:epc:id:gid:95100000.12345.400", "urn:epcglobal:cbv:bt:0614141073467:1152", "urn:epc:id:sgtin:1.2.3",
    f"{GS1}/01/04012345111119/21/7", "urn:epc:idpat:sgln:4012345.01234.*", "urn:epc:idpat:upui:4012345.012345.*",
    "urn:tracegraph:lot:a:b", f"{GS1}/8013/4012345X1",
]  # fmt: skip


@pytest.mark.parametrize("text", STAYS)
@pytest.mark.parametrize("form", EpcFormat)
def test_what_is_no_faultless_gs1_key_stays(text: str, form: EpcFormat) -> None:
    assert translated_identifier(text, form) == text


def test_a_prefix_is_never_guessed() -> None:
    example = f"{GS1}/01/09521234123453/10/M17"
    assert translated_identifier(example, URN) == example
    seen = PrefixLengths(["urn:epc:id:sgln:9521234.00001.0"])
    assert translated_identifier(example, URN, seen) == "urn:epc:class:lgtin:9521234.012345.M17"
    both = PrefixLengths(["urn:epc:id:sgln:9521234.00001.0", "urn:epc:id:sgln:952123.400001.0"])
    assert translated_identifier(example, URN, both) == example
    assert unknown(example) is None


@pytest.mark.parametrize(
    "text", ["", "urn:x:1", f"{GS1}/01/04012345111118", "urn:epc:id:gid:95212340.1.2", "urn:epc:id:sgtin:9521234.1.2"]
)
def test_what_shows_no_prefix_teaches_none(text: str) -> None:
    assert PrefixLengths([text])(f"{GS1}/01/09521234123453/10/M17") is None


def forms_of(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    seen = PrefixLengths(identifiers_in(value))
    for form in EpcFormat:
        yield translated(value, form, seen)


def test_reference_events_keep_their_hash_and_come_back(reference: Path) -> None:
    changed = 0
    for name, path in files(reference).items():
        if name.endswith("malformed.jsonld"):
            continue
        for value in events_in(decoded(path.read_text("utf-8-sig"))):
            if not isinstance(value.get("type"), str):
                continue
            before = copy.deepcopy(value)
            one = event_hash(value, STANDARD)
            for other in forms_of(value):
                assert event_hash(other, STANDARD) == one, name
                assert [finding_codes(other)] == [finding_codes(value)], name
                changed += other != value
            assert value == before
    assert changed > 100


def finding_codes(value: dict[str, Any]) -> list[str]:
    return [
        finding.code
        for piece in pieces(encoded(value))
        if isinstance(piece, AcceptedEvent)
        for finding in piece.findings
    ]


FULL = event(
    parentID="urn:epc:id:sscc:0614141.1234567890",
    epcList=["urn:epc:id:sgtin:4012345.011111.9876", "urn:x:1"],
    quantityList=[{"epcClass": "urn:epc:class:lgtin:4012345.012345.998877", "quantity": 5}],
    readPoint={"id": "urn:epc:id:sgln:0614141.00777.0", "ex:a": "urn:epc:id:sgln:0614141.00777.0"},
    bizLocation={"id": "urn:epc:id:sgln:0614141.00777.1"},
    sourceList=[{"type": "possessing_party", "source": "urn:epc:id:pgln:4012345.00225"}],
    destinationList=[{"type": "location", "destination": "urn:epc:id:sgln:0614141.00777.0"}],
    bizTransactionList=[{"type": "po", "bizTransaction": "urn:epc:id:gdti:0614141.00001.1618034"}],
    transformationID="urn:epc:id:gdti:0614141.00001.1",
    eventID="urn:epc:id:sgtin:4012345.011111.9876",
    sensorElementList=[
        {
            "sensorMetadata": {
                "deviceID": "urn:epc:id:giai:4000001.111",
                "rawData": "https://example.com/8004/4000001111",
            },
            "sensorReport": [{"type": "Temperature", "uriValue": "https://example.com/8004/4000001111"}],
        }
    ],
    ilmd={"ex:b": "urn:epc:id:sgtin:4012345.011111.9876"},
    **{"ex:c": ["urn:epc:id:sgtin:4012345.011111.9876"]},
)


def test_every_field_that_names_something_is_translated_and_no_other() -> None:
    expected = copy.deepcopy(FULL)
    expected["parentID"] = f"{GS1}/00/106141412345678908"
    expected["epcList"] = [f"{GS1}/01/04012345111118/21/9876", "urn:x:1"]
    expected["quantityList"][0]["epcClass"] = f"{GS1}/01/04012345123456/10/998877"
    expected["readPoint"]["id"] = f"{GS1}/414/0614141007776"
    expected["bizLocation"]["id"] = f"{GS1}/414/0614141007776/254/1"
    expected["sourceList"][0]["source"] = f"{GS1}/417/4012345002256"
    expected["destinationList"][0]["destination"] = f"{GS1}/414/0614141007776"
    expected["bizTransactionList"][0]["bizTransaction"] = f"{GS1}/253/06141410000121618034"
    expected["transformationID"] = f"{GS1}/253/06141410000121"
    expected["sensorElementList"][0]["sensorMetadata"]["deviceID"] = f"{GS1}/8004/4000001111"
    assert translated(FULL, LINK) == expected
    assert len(identifiers_in(FULL)) == 11
    assert translated(expected, URN, PrefixLengths(identifiers_in(FULL))) == FULL
    for form in AS_CAPTURED:
        assert translated(FULL, form) == FULL


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["urn:epc:id:sscc:0614141.1234567890", "x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*FULL, "id", "epcClass"]), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(FULL)), ODD))
@example({"epcList": "urn:epc:id:sscc:0614141.1234567890", "readPoint": [{"id": 5}], "quantityList": {"epcClass": 7}})
def test_whatever_stands_in_an_event_can_be_translated(members: dict[str, Any]) -> None:
    value = {**event(), **members}
    for form in EpcFormat:
        assert event_hash(translated(value, form), STANDARD) == event_hash(value, STANDARD)
