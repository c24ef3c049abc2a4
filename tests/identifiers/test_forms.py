"""Every GS1 key in its three written forms has one canonical key, and what that key says is right."""

from __future__ import annotations

import pytest

from tracegraph.identifiers import canonical, has_lot_number, parse, product_of, to_epc_urn, unit_kind
from tracegraph.model.custody import UnitKind

GS1 = "https://id.gs1.org"
PRODUCT = f"{GS1}/01/04012345123456"
ITEM, LOT = UnitKind.ITEM, UnitKind.LOT

# scheme, EPC URN, Digital Link, element string, kind, product
FORMS = [
    ("sgtin", "id:sgtin:4012345.012345.12", "01/04012345123456/21/12", "(01)04012345123456(21)12", ITEM, PRODUCT),
    ("lgtin", "class:lgtin:4012345.012345.998877", "01/04012345123456/10/998877", None, LOT, PRODUCT),
    ("gtin", "idpat:sgtin:4012345.012345.*", "01/04012345123456", "(01)04012345123456", LOT, PRODUCT),
    ("upui", "id:upui:4012345.012345.AB12", "01/04012345123456/235/AB12", None, ITEM, PRODUCT),
    ("itip", "id:itip:4012345.012345.01.02.999", "8006/040123451234560102/21/999", None, ITEM, PRODUCT),
    ("itip", "idpat:itip:4012345.012345.01.02.*", "8006/040123451234560102", None, LOT, PRODUCT),
    ("sscc", "id:sscc:4012345.0000000333", "00/040123450000003338", "(00)040123450000003338", ITEM, None),
    ("sgln", "id:sgln:4012345.00011.987", "414/4012345000115/254/987", "(414)4012345000115(254)987", ITEM, None),
    ("sgln", "id:sgln:4012345.00011.0", "414/4012345000115", "(414)4012345000115", ITEM, None),
    ("pgln", "id:pgln:4012345.00000", "417/4012345000009", "(417)4012345000009", ITEM, None),
    ("grai", "id:grai:4012345.66666.87", "8003/0401234566666387", None, ITEM, None),
    ("grai", "idpat:grai:4012345.66666.*", "8003/04012345666663", None, LOT, None),
    ("giai", "id:giai:4012345.AAbb", "8004/4012345AAbb", "(8004)4012345AAbb", ITEM, None),
    ("gsrn", "id:gsrn:4012345.9876540000", "8018/401234598765400000", None, ITEM, None),
    ("gsrnp", "id:gsrnp:4012345.0000098765", "8017/401234500000987658", None, ITEM, None),
    ("gdti", "id:gdti:4012345.55555.98", "253/401234555555498", "(253)401234555555498", ITEM, None),
    ("gdti", "idpat:gdti:4012345.55555.*", "253/4012345555554", None, LOT, None),
    ("sgcn", "id:sgcn:4012345.99999.44", "255/401234599999044", "(255)401234599999044", ITEM, None),
    ("sgcn", "idpat:sgcn:4012345.99999.*", "255/4012345999990", None, LOT, None),
    ("cpi", "id:cpi:4012345.ABC.123", "8010/4012345ABC/8011/123", "(8010)4012345ABC(8011)123", ITEM, None),
    ("cpi", "idpat:cpi:4012345.ABC.*", "8010/4012345ABC", "(8010)4012345ABC", LOT, None),
    ("ginc", "id:ginc:4012345.333", "401/4012345333", "(401)4012345333", ITEM, None),
    ("gsin", "id:gsin:4012345.999987654", "402/40123459999876541", "(402)40123459999876541", ITEM, None),
]


def element_string(path: str) -> str:
    segments = path.split("/")
    return "".join(f"({ai}){value}" for ai, value in zip(segments[::2], segments[1::2], strict=True))


@pytest.mark.parametrize(("scheme", "urn", "path", "written", "kind", "product"), FORMS)
def test_all_forms_of_a_key_are_one(
    scheme: str, urn: str, path: str, written: str | None, kind: UnitKind, product: str | None
) -> None:
    key = f"{GS1}/{path}"
    forms = [
        f"urn:epc:{urn}",
        key,
        f"http://example.com/{path}",
        f"HTTPS://Shop.Example.COM:8443/de/some/{path}/?linkType=all&10=other#top",
        written or element_string(path),
    ]
    for form in forms:
        found = parse(form)
        assert (found.key, found.scheme, found.kind, found.product, found.problems) == (key, scheme, kind, product, ())
    assert unit_kind(key) is kind
    assert product_of(key) == product
    assert has_lot_number(key) == (kind is ITEM or scheme == "lgtin")
    assert to_epc_urn(key, company_prefix_length=7) == f"urn:epc:{urn}"


def test_scheme_letters_of_a_urn_may_be_capitals() -> None:
    assert canonical("URN:EPC:ID:SGTIN:4012345.012345.aB") == f"{PRODUCT}/21/aB"
    assert canonical("urn:EPC:class:LGTIN:4012345.012345.aB") == f"{PRODUCT}/10/aB"


def test_a_pattern_without_star_is_the_instance() -> None:
    assert canonical("urn:epc:idpat:sgtin:4012345.012345.12") == f"{PRODUCT}/21/12"


@pytest.mark.parametrize("body", ["sgtin:4012345.*.*", "sgtin:*.*.*", "sscc:4012345.*", "giai:4012345.*"])
def test_a_pattern_wider_than_a_class_has_no_key(body: str) -> None:
    found = parse(f"urn:epc:idpat:{body}")
    assert (found.key, found.scheme) == (f"urn:epc:idpat:{body}", "opaque")
    assert not has_lot_number(found.key)


@pytest.mark.parametrize(
    ("text", "key", "lot"),
    [
        ("https://example.org/01/04012345123456/10/L1/21/S1", f"{PRODUCT}/21/S1", f"{PRODUCT}/10/L1"),
        ("https://example.org/01/04012345123456/22/V/10/L%2F1/21/S1", f"{PRODUCT}/21/S1", f"{PRODUCT}/10/L%2F1"),
        ("(01)04012345123456(10)L1(21)S1", f"{PRODUCT}/21/S1", f"{PRODUCT}/10/L1"),
        ("(01)04012345123456(17)261231(21)S1(10)L1", f"{PRODUCT}/21/S1", f"{PRODUCT}/10/L1"),
        ("(01)04012345123456(10)L1(235)T1", f"{PRODUCT}/235/T1", f"{PRODUCT}/10/L1"),
        (
            "https://example.org/8006/040123451234560102/10/L1/21/S1",
            f"{GS1}/8006/040123451234560102/21/S1",
            f"{PRODUCT}/10/L1",
        ),
        ("https://example.org/01/04012345123456/10/L1", f"{PRODUCT}/10/L1", None),
        ("(00)040123450000003338(02)04012345123456(10)L1(37)20", f"{GS1}/00/040123450000003338", None),
    ],
)
def test_the_lot_beside_a_serial_number_is_a_membership(text: str, key: str, lot: str | None) -> None:
    found = parse(text)
    assert (found.key, found.lot, found.problems) == (key, lot, ())


def test_a_variant_says_nothing_about_the_lot() -> None:
    assert canonical(f"{PRODUCT}/22/2A") == PRODUCT
    assert canonical(f"{GS1}/414/4012345000115/7040/1ABC") == f"{GS1}/414/4012345000115"


@pytest.mark.parametrize(
    ("text", "kind", "key"),
    [
        ("04012345123456", None, PRODUCT),
        ("4012345123456", None, PRODUCT),
        ("614141123452", None, f"{GS1}/01/00614141123452"),
        ("12345670", None, f"{GS1}/01/00000012345670"),
        ("4012345000115", None, f"{GS1}/01/04012345000115"),
        ("4012345000115", "gln", f"{GS1}/414/4012345000115"),
        ("4012345000115", "sgln", f"{GS1}/414/4012345000115"),
        ("4012345000009", "pgln", f"{GS1}/417/4012345000009"),
        ("040123450000003338", None, f"{GS1}/00/040123450000003338"),
        ("401234598765400000", "gsrn", f"{GS1}/8018/401234598765400000"),
        ("401234500000987658", "gsrnp", f"{GS1}/8017/401234500000987658"),
        ("40123459999876541", "gsin", f"{GS1}/402/40123459999876541"),
        ("040123451234560102", "itip", f"{GS1}/8006/040123451234560102"),
        ("https://example.com/01/4012345123456", None, PRODUCT),
        ("https://example.com/01/12345670/10/A", None, f"{GS1}/01/00000012345670/10/A"),
    ],
)
def test_plain_keys(text: str, kind: str | None, key: str) -> None:
    found = parse(text, kind)
    assert (found.key, found.problems) == (key, ())


@pytest.mark.parametrize(
    "text",
    [
        "0104012345123456\x1d10AB/1\x1d21s+1",
        "010401234512345610AB/1\x1d21s+1",
        "\x1d010401234512345610AB/1\x1d21s+1",
        "]C1010401234512345610AB/1\x1d21s+1",
        "]d2010401234512345621s+1\x1d10AB/1\x1d",
        " (01) 04012345123456 (10) AB/1 (21) s+1 ",
    ],
)
def test_element_strings_with_and_without_brackets(text: str) -> None:
    found = parse(text)
    assert (found.key, found.lot) == (f"{PRODUCT}/21/s%2B1", f"{PRODUCT}/10/AB%2F1")
    assert found.problems == ()


def test_element_strings_without_any_mark_need_the_right_check_digit() -> None:
    assert canonical("010401234512345610AB1") == f"{PRODUCT}/10/AB1"
    assert canonical("00040123450000003338") == f"{GS1}/00/040123450000003338"
    assert canonical("010401234512345710AB1") == "010401234512345710AB1"


def test_brackets_within_a_lot_number_stay_in_it() -> None:
    assert canonical("(01)04012345123456(10)A(1)B") == f"{PRODUCT}/10/A%281%29B"
