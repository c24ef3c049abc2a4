"""Places and parties."""

from __future__ import annotations

import pytest

from tracegraph.identifiers import canonical, is_sublocation, location, party, site_without_extension

SITE = "https://id.gs1.org/414/4012345000115"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("urn:epc:id:sgln:4012345.00011.0", SITE),
        ("urn:epc:id:sgln:4012345.00011.987", f"{SITE}/254/987"),
        ("urn:epc:id:sgln:4012345.00011.a%2Fb", f"{SITE}/254/a%2Fb"),
        ("4012345000115", SITE),
        (" 4012345000115 ", SITE),
        ("https://maps.example/414/4012345000115/254/987?x=1", f"{SITE}/254/987"),
        ("(414)4012345000115(254)987", f"{SITE}/254/987"),
        ("(414)4012345000115 (254)12", f"{SITE}/254/12"),
        ("urn:x-site:12", "urn:x-site:12"),
        ("Dock door 5", "Dock door 5"),
        ("", ""),
        ("urn:epc:id:pgln:4012345.00000", "https://id.gs1.org/417/4012345000009"),
        ("geo:47.506694,11.104301", "geo:47.506694,11.104301"),
        ("GEO:+47.5060,-011.10;crs=WGS84", "geo:47.506,-11.1"),
        ("geo:-0.0,0,20.;u=35", "geo:0,0,20;u=35"),
        ("geo:47.5", "geo:47.5"),
        ("Geo:north", "geo:north"),
    ],
)
def test_locations(text: str, key: str) -> None:
    assert location(text) == key
    assert location(key) == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("urn:epc:id:pgln:4012345.00000", "https://id.gs1.org/417/4012345000009"),
        ("4012345000009", "https://id.gs1.org/417/4012345000009"),
        ("https://x.example/417/4012345000009", "https://id.gs1.org/417/4012345000009"),
        ("(417)4012345000009", "https://id.gs1.org/417/4012345000009"),
        ("urn:epc:id:sgln:4012345.00011.0", SITE),
        ("urn:gdst:example.org:party:processor.2u", "urn:gdst:example.org:party:processor.2u"),
    ],
)
def test_parties(text: str, key: str) -> None:
    assert party(text) == key
    assert party(key) == key


def test_sublocations_and_their_sites() -> None:
    assert site_without_extension(f"{SITE}/254/987") == SITE
    assert site_without_extension(SITE) == SITE
    assert site_without_extension("urn:x-site:1/254/2") == "urn:x-site:1/254/2"
    assert is_sublocation(f"{SITE}/254/987")
    assert is_sublocation("geo:47.5,11.1")
    assert not is_sublocation(SITE)
    assert not is_sublocation("urn:x-site:1/254/2")


def test_a_point_stays_as_written_where_it_is_no_place() -> None:
    assert canonical("geo:47.50,11.1") == "geo:47.50,11.1"
