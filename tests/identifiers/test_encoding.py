"""One lot number has one percent-encoding, whatever form and encoding it came in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracegraph.identifiers import canonical, parse, to_epc_urn

GTIN = "https://id.gs1.org/01/04012345123456"
#: The characters that GS1 allows in lot and serial numbers (General Specifications, figure 7.11-1).
LETTERS = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
#: What a URN must escape (Tag Data Standard, table A-1).
ESCAPED = '"%&/<>?'


def in_urn(text: str) -> str:
    return "".join(f"%{ord(letter):02X}" if letter in ESCAPED else letter for letter in text)


def in_link(text: str, everything: bool) -> str:
    return "".join(
        f"%{ord(letter):02x}" if everything or letter in "%/?#" else letter  #
        for letter in text
    )


@pytest.mark.parametrize(
    ("lot", "encoded"),
    [
        ("A/B", "A%2FB"),
        ("A%2FB", "A%252FB"),
        ("A+B", "A%2BB"),
        ("A B"[:1], "A"),
        ("a.b-c_d", "a.b-c_d"),
        ("?&", "%3F%26"),
    ],
)
def test_reserved_characters(lot: str, encoded: str) -> None:
    assert canonical(f"urn:epc:class:lgtin:4012345.012345.{in_urn(lot)}") == f"{GTIN}/10/{encoded}"
    assert canonical(f"https://x.example/01/04012345123456/10/{in_link(lot, False)}") == f"{GTIN}/10/{encoded}"
    assert canonical(f"(01)04012345123456(10){lot}") == f"{GTIN}/10/{encoded}"


def test_small_hexadecimal_digits_and_needless_escapes() -> None:
    assert canonical("urn:epc:class:lgtin:4012345.012345.a%2fb%41") == f"{GTIN}/10/a%2FbA"
    assert canonical(f"{GTIN}/10/a%2fb%41") == f"{GTIN}/10/a%2FbA"


def test_a_plus_in_a_path_is_a_plus() -> None:
    assert canonical(f"{GTIN}/10/A+B") == canonical(f"{GTIN}/10/A%2BB") == f"{GTIN}/10/A%2BB"


def test_a_part_number_with_slash_and_number_sign() -> None:
    key = "https://id.gs1.org/8010/4012345A%23B%2F-C/8011/7"
    assert canonical("urn:epc:id:cpi:4012345.A%23B%2F-C.7") == key
    assert canonical("(8010)4012345A#B/-C(8011)7") == key
    assert to_epc_urn(key, 7) == "urn:epc:id:cpi:4012345.A%23B%2F-C.7"


@given(st.text(LETTERS, min_size=1, max_size=20), st.booleans())
def test_every_lot_number_is_the_same_in_urn_and_link(lot: str, everything: bool) -> None:
    by_urn = parse(f"urn:epc:class:lgtin:4012345.012345.{in_urn(lot)}")
    by_link = parse(f"https://x.example/a/01/04012345123456/10/{in_link(lot, everything)}?10=Z")
    assert by_urn == by_link
    assert (by_urn.scheme, by_urn.problems) == ("lgtin", ())
    assert canonical(by_urn.key) == by_urn.key


@given(
    st.text(LETTERS, min_size=1, max_size=16),
    st.sampled_from(["giai:4012345.", "grai:4012345.66666.", "ginc:4012345."]),
)
def test_every_serial_number_at_the_end_of_a_key(serial: str, body: str) -> None:
    found = parse(f"urn:epc:id:{body}{in_urn(serial)}")
    assert found.problems == ()
    assert found.scheme == body.partition(":")[0]
    assert parse(found.key).problems == ()


@given(st.text(LETTERS, min_size=1, max_size=20), st.text(LETTERS, min_size=1, max_size=20))
def test_two_lot_numbers_are_two_keys(first: str, second: str) -> None:
    keys = {canonical(f"urn:epc:class:lgtin:4012345.012345.{in_urn(lot)}") for lot in (first, second)}
    assert len(keys) == len({first, second})
