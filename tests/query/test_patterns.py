"""Which identifiers an EPC pattern means."""

from __future__ import annotations

import re

import pytest

from tracegraph.identifiers import canonical
from tracegraph.query.patterns import NoPattern, pattern_of

ITEM = "urn:epc:id:sgtin:4012345.011111.22"
LOT = "urn:epc:class:lgtin:4012345.011111.1"
ELSEWHERE = "urn:epc:id:sgtin:4012346.011111.1"


def means(pattern: str, identifier: str) -> bool:
    expression = pattern_of(pattern)
    assert expression is not None
    return re.fullmatch(expression, canonical(identifier)) is not None


@pytest.mark.parametrize(
    ("pattern", "inside", "outside"),
    [
        ("urn:epc:idpat:sgtin:4012345.011111.*", ITEM, "urn:epc:id:sgtin:4012345.022222.22"),
        ("urn:epc:id:sgtin:4012345.011111.*", ITEM, "urn:epc:class:lgtin:4012345.011111.22"),
        ("https://id.gs1.org/01/04012345111118", ITEM, "urn:epc:class:lgtin:4012345.011111.22"),
        ("https://any.example/x/01/04012345111118/21/*", ITEM, "urn:epc:idpat:sgtin:4012345.011111.*"),
        ("https://any.example/01/04012345111118/10/*", "urn:epc:class:lgtin:4012345.011111.A%2FB", ITEM),
        ("urn:epc:idpat:sgtin:4012345.*.*", "https://x.example/01/04012345222227/21/9", ELSEWHERE),
        ("urn:epc:idpat:sgtin:4012345.*.*", "urn:epc:idpat:sgtin:4012345.011111.*", LOT),
        ("urn:epc:idpat:sgtin:*.*.*", ITEM, "urn:epc:id:sscc:4012345.1234567890"),
        ("urn:epc:class:lgtin:4012345.*.*", "urn:epc:class:lgtin:4012345.022222.B", ITEM),
        ("urn:epc:idpat:lgtin:4012345.011111.*", "urn:epc:class:lgtin:4012345.011111.B", ITEM),
        ("urn:epc:idpat:upui:4012345.011111.*", "urn:epc:id:upui:4012345.011111.7", ITEM),
        ("urn:epc:idpat:sscc:4012345.*", "urn:epc:id:sscc:4012345.1234567890", ELSEWHERE),
        ("urn:epc:idpat:sgln:4012345.00001.*", "urn:epc:id:sgln:4012345.00001.0", "urn:epc:id:sgln:4012345.00002.0"),
        ("urn:epc:idpat:sgln:4012345.*.*", "urn:epc:id:sgln:4012345.00001.dock", "urn:epc:id:pgln:4012345.00001"),
        ("urn:epc:idpat:grai:9521000.01234.*", "urn:epc:id:grai:9521000.01234.7", "urn:epc:id:grai:9521000.01235.7"),
        ("urn:epc:idpat:grai:9521000.*.*", "urn:epc:id:grai:9521000.01235.7", "urn:epc:id:grai:9521001.01235.7"),
        ("https://id.gs1.org/8003/09521000012349", "urn:epc:id:grai:9521000.01234.7", ELSEWHERE),
        ("urn:epc:idpat:giai:4000001.*", "urn:epc:id:giai:4000001.111", "urn:epc:id:giai:4000002.111"),
        ("urn:epc:idpat:gdti:4012345.00001.*", "urn:epc:id:gdti:4012345.00001.7", "urn:epc:id:gdti:4012345.00002.7"),
        ("urn:epc:idpat:cpi:4012345.AB.*", "urn:epc:id:cpi:4012345.AB.7", "urn:epc:id:cpi:4012345.ABC.7"),
        ("urn:epc:idpat:cpi:4012345.*.*", "urn:epc:id:cpi:4012345.ABC.7", "urn:epc:id:cpi:4012346.ABC.7"),
        ("urn:epc:idpat:itip:4012345.011111.01.02.*", "urn:epc:id:itip:4012345.011111.01.02.9", ITEM),
        ("urn:epc:idpat:gsrn:4012345.*", "urn:epc:id:gsrn:4012345.0000000123", "urn:epc:id:gsrnp:4012345.0000000123"),
        ("urn:epc:idpat:pgln:4012345.*", "urn:epc:id:pgln:4012345.00001", "urn:epc:id:sgln:4012345.00001.0"),
    ],
)  # fmt: skip
def test_pattern(pattern: str, inside: str, outside: str) -> None:
    assert means(pattern, inside)
    assert not means(pattern, outside)


@pytest.mark.parametrize(
    "text",
    [
        ITEM,
        "urn:epc:id:sgtin:4012345.011111.2*2",
        "urn:epc:class:lgtin:4012345.011111.L1",
        "https://id.gs1.org/414/4012345000016",
        "https://id.gs1.org/8004/4000001111",
        "https://plant.example/hall/*name",
        "lot *",
        "urn:uuid:0b7c1d52-0000-4000-8000-000000000001",
    ],
)
def test_what_names_one_thing_is_no_pattern(text: str) -> None:
    assert pattern_of(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "urn:epc:idpat:sgtin:*.011111.22",
        "urn:epc:idpat:sgtin:4012345.*.22",
        "urn:epc:idpat:sgtin:4012345.*",
        "urn:epc:idpat:sgtin:4012345.011111.2*",
        "urn:epc:idpat:sgtin:40.*.*",
        "urn:epc:idpat:sgtin:prefix.*.*",
        "urn:epc:idpat:sgtin:4012345.1.*",
        "urn:epc:idpat:imaginary:1.*",
        "https://id.gs1.org/01/*",
        "https://plant.example/hall/*",
    ],
)
def test_wildcards_where_there_can_be_none(text: str) -> None:
    with pytest.raises(NoPattern, match=r"^has "):
        pattern_of(text)
