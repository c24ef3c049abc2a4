"""The fast path agrees with biip and epcpy wherever it answers, and needs neither of them."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracegraph.identifiers import canonical, parse
from tracegraph.identifiers.fast import check_digit, read_fast
from tracegraph.identifiers.keys import KEY_TYPES
from tracegraph.identifiers.reading import parse_slowly

COMMON = [
    "urn:epc:id:sgtin:4012345.012345.12",
    "urn:epc:class:lgtin:4012345.012345.998877",
    "urn:epc:idpat:sgtin:4012345.012345.*",
    "urn:epc:id:sscc:4012345.0000000333",
    "urn:epc:id:sgln:4012345.00011.0",
    "urn:epc:id:sgln:4012345.00011.987",
    "urn:epc:id:sgln:401234500011..987",
    "urn:epc:id:pgln:4012345.00000",
    "urn:epc:id:grai:4012345.66666.87",
    "urn:epc:id:gdti:4012345.55555.98",
    "urn:epc:id:giai:4012345.scanner-021",
    "urn:epc:id:giai:401234.012345678901234567890123",
    "https://id.gs1.org/01/04012345123456/10/L1/21/S1",
    "https://id.gs1.org/01/04012345123456/10/L1",
    "https://id.gs1.org/01/04012345123456",
    "https://id.gs1.org/00/040123450000003338",
    "https://id.gs1.org/414/4012345000115/254/0",
    "https://id.gs1.org/417/4012345000009",
    "https://example.com/systems/9520006/journal/01",
    "urn:x-lot:12",
    "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
    "urn:gdst:example.org:party:processor.2u",
    "urn:epcglobal:cbv:bt:4012345000009:ASN1099",
]

digits = st.text("0123456789", max_size=14)
serials = st.one_of(st.text("0aZ-._", max_size=22), st.text("0a%/2F+:(*é", max_size=6))
schemes = st.sampled_from(
    [
        "id:sgtin",
        "class:lgtin",
        "id:sscc",
        "id:sgln",
        "id:pgln",
        "id:grai",
        "id:gdti",
        "id:giai",
        "idpat:sgtin",
        "id:lgtin",
        "id:upui",
    ]
)


@st.composite
def urns(draw: st.DrawFn) -> str:
    """URNs most of which have the right number of digits, with the company prefix ending anywhere."""
    scheme = draw(schemes)
    total = {"id:sscc": 17, "id:sgtin": 13, "class:lgtin": 13, "idpat:sgtin": 13}.get(scheme, 12)
    total += draw(st.sampled_from([0, 0, 0, 0, 0, 0, -1, 1]))
    number = draw(st.text("0123456789", min_size=total, max_size=total))
    cut = draw(st.integers(5, 13) if draw(st.integers(0, 4)) == 0 else st.integers(6, 12))
    usual = {"id:sscc": st.just(""), "id:pgln": st.just(""), "idpat:sgtin": st.just(".*")}.get(
        scheme, st.text("0aZ-._", min_size=1, max_size=20).map(lambda text: "." + text)
    )
    unusual = st.one_of(st.just(""), serials.map(lambda text: "." + text), st.just(".*"), st.just(".0"))
    ending = draw(unusual if draw(st.integers(0, 4)) == 0 else usual)
    return f"urn:epc:{scheme}:{number[:cut]}.{number[cut:]}{ending}"


@st.composite
def links(draw: st.DrawFn) -> str:
    """Links most of which have the right length and check digit."""
    ai, length = draw(st.sampled_from([("01", 14), ("00", 18), ("414", 13), ("417", 13), ("8018", 18), ("02", 14)]))
    body = draw(st.text("0123456789", min_size=length - 1, max_size=length - 1))
    last = draw(st.sampled_from([*[check_digit(body)] * 6, "0", "", "00"]))
    usual = {"01": [["10"], ["21"], ["10", "21"], []], "414": [["254"], []]}.get(ai, [[]])
    names = draw(st.sampled_from([*usual, *usual, ["21", "10"], ["254"], ["22", "10"], ["10", "10"]]))
    plain = st.text("0aZ-._", min_size=1, max_size=20)
    qualifiers = [(name, draw(serials if draw(st.integers(0, 4)) == 0 else plain)) for name in names]
    host = draw(st.sampled_from(["id.gs1.org", "example.com", "example.com/a", "EXAMPLE.com:80", ""]))
    return f"https://{host}/{ai}/{body}{last}" + "".join(f"/{ai}/{value}" for ai, value in qualifiers)


@pytest.mark.parametrize("text", COMMON)
def test_common_identifiers_are_read_fast(text: str) -> None:
    assert read_fast(text) == parse_slowly(text)


segments = st.sampled_from(
    [f"/{ai}" for ai in KEY_TYPES] + ["/a", "/b c", "/", "//", "/7", "?x=/01/1", "#/01/1", "/%30%31"]
)
addresses = st.builds(
    lambda host, path: f"https://{host}{''.join(path)}",
    st.sampled_from(["id.gs1.org", "example.com", "ID.gs1.org:80", "a@id.gs1.org", "", "example.com "]),
    st.lists(segments | digits.map(lambda text: "/" + text), max_size=5),
)


@given(st.one_of(urns(), links(), addresses, digits, st.text(max_size=30), serials))
def test_the_fast_path_agrees_with_the_slow_one(text: str) -> None:
    slow = parse_slowly(text)
    assert parse(text) == slow
    assert canonical(text) == slow.key
    assert read_fast(text) in (None, slow)


@given(st.text("0123456789", min_size=11, max_size=17))
def test_the_check_digit_is_that_of_biip(number: str) -> None:
    from biip.checksums import gs1_standard_check_digit

    assert check_digit(number) == str(gs1_standard_check_digit(number))


@given(st.text("0123456789", min_size=13, max_size=13), st.integers(6, 12), st.text("aZ09-_.", min_size=1, max_size=20))
def test_every_company_prefix_is_read_as_epcpy_reads_it(number: str, cut: int, serial: str) -> None:
    from epcpy.epc_schemes.sgtin import SGTIN

    urn = f"urn:epc:id:sgtin:{number[:cut]}.{number[cut:]}.{serial}"
    assert canonical(urn) == f"https://id.gs1.org/01/{SGTIN(urn).gtin()}/21/{serial}"


def test_common_identifiers_load_neither_biip_nor_epcpy() -> None:
    program = (
        "import sys; from tracegraph.identifiers import canonical\n"
        f"for text in {COMMON!r}: canonical(text)\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'biip', 'epcpy', 'pydantic', 'pandas'}))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
