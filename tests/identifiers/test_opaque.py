"""Everything that is no GS1 key is itself: never refused, changed or taken for something else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracegraph.identifiers import canonical, has_lot_number, parse, product_of, unit_kind

OPAQUE = [
    "urn:gdst:example.org:product:lot:class:processor.2u.v1-0122-2022",
    "urn:gdst:example.org:party:processor.2u",
    "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
    "URN:UUID:F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6",
    "urn:epcglobal:cbv:bt:4012345000009:ASN1099",
    "urn:epcglobal:cbv:mda",
    "urn:x-lot:12",
    "urn:epc:",
    "urn:tracegraph:lot:",
    "geo:47.50,11.1",
    "https://example.com/taxonomy/1126011",
    "https://www.example.net/2000/01/schema#",
    "https://example.com/def/crs/EPSG/0/27700",
    "https://shop.example/orders/01/1234",
    "https://shop.example/errors/401/page",
    "https://shop.example/errors/401/2024-page",
    "https://shop.example/00/01",
    "https://shop.example/01/04012345123456/reviews",
    "https://shop.example/01/04012345123456/reviews/5",
    "https://shop.example/01/%FF",
    "https://id.gs1.org/",
    "https://id.gs1.org",
    "https://",
    "ftp://id.gs1.org/01/04012345123456",
    "id.gs1.org/01/04012345123456",
    "LOT 2026-11/7",
    "(a) first load",
    "(01",
    "(99999)x",
    "()",
    "4012345",
    "123456789",
    "４０１２３４５１２３４５６",
    "مجموعة ١٢٣",
    "批号 12",
    "\ud800",
    "null",
    "\x00",
]


@pytest.mark.parametrize("text", OPAQUE)
def test_an_opaque_text_is_its_own_key(text: str) -> None:
    found = parse(text)
    assert (found.key, found.scheme, found.lot, found.product, found.problems) == (text, "opaque", None, None, ())
    assert (unit_kind(text), product_of(text)) == (None, None)
    assert has_lot_number(text)


@pytest.mark.parametrize("text", ["urn:x-lot:1", "LOT 7", "urn:epc:class:lgtin:4012345.012345.1"])
def test_white_space_around_is_dropped_but_not_within(text: str) -> None:
    assert canonical(f" \t{text}\r\n") == canonical(text)


@pytest.mark.parametrize("start", ["", "urn:epc:id:sgtin:", "https://id.gs1.org/01/", "(01)", "]C1", "0", "geo:1", "%"])
def test_ten_thousand_characters(start: str) -> None:
    text = start + "1" * 10_000
    assert canonical(text) == text
    assert parse(text).scheme == "opaque"


def test_many_slashes_and_brackets_take_no_time_to_speak_of() -> None:
    assert canonical("https://x.example" + "/01" * 1300) == "https://x.example" + "/01" * 1300
    assert canonical("(01)" * 1000) == "(01)" * 1000


@given(st.text())
def test_no_text_is_refused_and_a_key_is_its_own_key(text: str) -> None:
    assert canonical(canonical(text)) == canonical(text)


@given(
    st.from_regex(
        r"(urn:epc:(id|class|idpat):(sgtin|lgtin|giai|sscc|cpi):|https?://(id\.gs1\.org|a\.b)/).*", fullmatch=True
    )
)
def test_no_text_that_begins_like_a_key_is_refused(text: str) -> None:
    once = parse(text)
    again = parse(once.key)
    assert (again.key, again.scheme, again.product) == (once.key, once.scheme, once.product)
