"""What is wrong with an identifier is reported, and nothing of it is dropped or corrected."""

from __future__ import annotations

import pytest

from tracegraph.errors import UsageError
from tracegraph.identifiers import canonical, location, parse, to_epc_urn, unit_kind
from tracegraph.model.custody import UnitKind

GS1 = "https://id.gs1.org"


def codes(text: str, kind: str | None = None) -> list[str]:
    return [problem.partition(":")[0] for problem in parse(text, kind).problems]


@pytest.mark.parametrize(
    ("text", "kind", "key"),
    [
        ("https://example.org/01/04012345123457/10/A", None, f"{GS1}/01/04012345123457/10/A"),
        (f"{GS1}/01/04012345123457/21/A", None, f"{GS1}/01/04012345123457/21/A"),
        ("(01)04012345123457(10)A", None, f"{GS1}/01/04012345123457/10/A"),
        ("04012345123457", None, f"{GS1}/01/04012345123457"),
        ("4012345123457", None, f"{GS1}/01/04012345123457"),
        ("12345671", "gtin", f"{GS1}/01/00000012345671"),
        ("040123450000003339", None, f"{GS1}/00/040123450000003339"),
        (f"{GS1}/00/040123450000003339", None, f"{GS1}/00/040123450000003339"),
        (f"{GS1}/414/4012345000116", None, f"{GS1}/414/4012345000116"),
        (f"{GS1}/414/4012345000116/254/X", None, f"{GS1}/414/4012345000116/254/X"),
        ("4012345000116", "gln", f"{GS1}/414/4012345000116"),
        (f"{GS1}/417/4012345000001", None, f"{GS1}/417/4012345000001"),
        (f"{GS1}/8003/0401234566666287", None, f"{GS1}/8003/0401234566666287"),
        (f"{GS1}/253/401234555555598", None, f"{GS1}/253/401234555555598"),
        (f"{GS1}/255/401234599999144", None, f"{GS1}/255/401234599999144"),
        (f"{GS1}/402/40123459999876548", None, f"{GS1}/402/40123459999876548"),
        (f"{GS1}/8006/040123451234570102/21/9", None, f"{GS1}/8006/040123451234570102/21/9"),
        (f"{GS1}/8017/401234500000987656", None, f"{GS1}/8017/401234500000987656"),
        (f"{GS1}/8018/401234598765400007", None, f"{GS1}/8018/401234598765400007"),
    ],
)
def test_a_wrong_check_digit_is_reported_and_kept(text: str, kind: str | None, key: str) -> None:
    assert parse(text, kind).key == key
    assert codes(text, kind) == ["bad_check_digit"]
    assert to_epc_urn(key, company_prefix_length=7) is None


def test_the_sentence_names_the_digits_and_the_right_check_digit() -> None:
    (problem,) = parse("(01)04012345123457").problems
    assert problem.startswith("bad_check_digit: 04012345123457 (AI 01) ends in 7 where its check digit is 6;")


@pytest.mark.parametrize("text", ["20160711", "123456789013"])
def test_few_digits_are_a_gtin_only_with_the_right_check_digit(text: str) -> None:
    assert (canonical(text), codes(text), unit_kind(text)) == (text, ["bad_check_digit"], None)
    assert canonical(f"https://shop.example/orders/01/{text}") == f"https://shop.example/orders/01/{text}"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("urn:epc:id:sgtin:4012345.01234.12", "wrong_length"),
        ("urn:epc:id:sgtin:40123.01234567.12", "wrong_length"),
        ("urn:epc:id:sscc:4012345.000000333", "wrong_length"),
        ("urn:epc:id:grai:4012345.66666.12345678901234567", "wrong_length"),
        ("urn:epc:id:sgtin:401234A.012345.12", "illegal_characters"),
        ("urn:epc:id:sgtin:401234٥.012345.12", "illegal_characters"),
        ("urn:epc:id:giai:4012345.箱", "illegal_characters"),
        ("urn:epc:id:sgtin:4012345.012345.%FF", "illegal_characters"),
        ("urn:epc:id:sgtin:4012345.012345.", "malformed"),
        ("urn:epc:id:sgtin:4012345.012345", "malformed"),
        ("urn:epc:id:pgln:4012345.00000.0", "malformed"),
        ("urn:epc:id:lgtin:4012345.012345.12", "malformed"),
        ("urn:epc:class:sgtin:4012345.012345.12", "malformed"),
        ("urn:epc:id:unheardof:4012345.1", "malformed"),
        ("urn:epc:id:bic:XX", "malformed"),
        (f"{GS1}/01/0401234512", "wrong_length"),
        (f"{GS1}/01/0401234512345A", "illegal_characters"),
        (f"{GS1}/00/04012345000000333٨", "illegal_characters"),
        (f"{GS1}/01/04012345123456/99/x", "malformed"),
        (f"{GS1}/01/04012345123456/10", "malformed"),
        (f"{GS1}/01/04012345123456/10/A/10/B", "malformed"),
        (f"{GS1}/8003/14012345666663", "malformed"),
        (f"{GS1}/401/ABC", "malformed"),
        ("(01)123", "wrong_length"),
        ("]C10104012345", "malformed"),
        ("A\x1dB", "malformed"),
        ("", "empty"),
        (" \n", "empty"),
        ("\x1d", "empty"),
    ],
)
def test_what_cannot_be_read_stays_as_it_is(text: str, code: str) -> None:
    found = parse(text)
    assert codes(text) == [code]
    assert (found.key, found.scheme) == (text.strip(), "opaque")


@pytest.mark.parametrize(
    ("text", "key", "code"),
    [
        ("urn:epc:class:lgtin:4012345.012345." + "L" * 21, f"{GS1}/01/04012345123456/10/" + "L" * 21, "wrong_length"),
        (f"{GS1}/01/04012345123456/10/" + "L" * 21, f"{GS1}/01/04012345123456/10/" + "L" * 21, "wrong_length"),
        ("(01)04012345123456(10)" + "L" * 21, f"{GS1}/01/04012345123456/10/" + "L" * 21, "wrong_length"),
        ("urn:epc:class:lgtin:4012345.012345.批", f"{GS1}/01/04012345123456/10/%E6%89%B9", "illegal_characters"),
        ("https://x.example/01/04012345123456/10/批", f"{GS1}/01/04012345123456/10/%E6%89%B9", "illegal_characters"),
        ("(01)04012345123456(10)a b", f"{GS1}/01/04012345123456/10/a%20b", "illegal_characters"),
        ("(8010)4012345ABC(8011)12A", f"{GS1}/8010/4012345ABC/8011/12A", "illegal_characters"),
        ("(01)4012345123456", f"{GS1}/01/04012345123456", "wrong_length"),
    ],
)
def test_a_readable_key_with_an_odd_qualifier_keeps_it(text: str, key: str, code: str) -> None:
    assert (parse(text).key, codes(text)) == (key, [code])


def test_the_layer_of_an_unreadable_urn_still_tells_the_kind() -> None:
    assert unit_kind("urn:epc:id:sscc:08600031303.0003") is UnitKind.ITEM
    assert unit_kind("urn:epc:class:lgtin:4012345.1.A") is UnitKind.LOT
    assert unit_kind("urn:epc:id:imovn:9176187") is UnitKind.ITEM
    assert codes("urn:epc:id:imovn:9176187") == []


def test_digits_asked_for_as_another_key() -> None:
    assert codes("4012345", "sscc") == ["wrong_length"]
    assert parse("4012345", "sscc").key == "4012345"
    assert parse("DOOR 5", "gln").problems == ()
    with pytest.raises(UsageError, match=r"'colour'.*gtin, sscc"):
        parse("4012345", "colour")


def test_a_location_with_a_wrong_check_digit_is_a_location() -> None:
    assert location("4012345000116") == f"{GS1}/414/4012345000116"
