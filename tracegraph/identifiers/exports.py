"""From a canonical key back to an EPC URN, for partners who know no Digital Link. epcpy writes it.

A URN shows where the company prefix ends, which a key does not: it is asked for, or looked up in biip's list of
prefixes.
"""

from __future__ import annotations

import re

from tracegraph.identifiers.keys import GS1, OPAQUE, decoded
from tracegraph.identifiers.reading import canonical, parse
from tracegraph.identifiers.urns import epc_class, refusal

_DIGITS = re.compile(r"[0-9]+")
#: Digits before the company prefix: indicator of a GTIN, extension digit of an SSCC, the leading zero of a GRAI.
_BEFORE_PREFIX = {"00": 1, "01": 1, "8003": 1, "8006": 1}
#: What ends a class pattern, by AI: the scheme and the stand-in element that epcpy needs.
_CLASSES = {
    "01": ("sgtin", "(21)0"),
    "8006": ("itip", "(21)0"),
    "8010": ("cpi", "(8011)0"),
    "8003": ("grai", "0"),
    "253": ("gdti", "0"),
    "255": ("sgcn", "0"),
}


def to_epc_urn(key: str, company_prefix_length: int | None = None) -> str | None:
    """The EPC URN of a canonical key; None for an opaque key, one that has no URN, or an unknown prefix length.

    `company_prefix_length`: 6 to 12 digits. A key with a wrong check digit has no URN, because a URN could not say it.
    """
    identified = parse(key)
    if not key.startswith(f"{GS1}/") or identified.scheme == OPAQUE or identified.problems:
        return None
    ai, value, *qualifier = (decoded(segment) or "" for segment in key.removeprefix(f"{GS1}/").split("/"))
    length = company_prefix_length or _known_prefix_length(ai, value)
    if length is None:
        return None
    urn = _instance(identified.scheme, ai, value, qualifier, length) or _class(ai, value, qualifier, length)
    return urn if urn is not None and canonical(urn) == key else None


def _known_prefix_length(ai: str, value: str) -> int | None:
    from biip.gs1_prefixes import GS1CompanyPrefix

    if ai == "01" and value.startswith("000000"):
        # A GTIN-8: its digits are allotted one by one, so the list of company prefixes says nothing about them.
        return None
    digits = _DIGITS.match(value, _BEFORE_PREFIX.get(ai, 0))
    prefix = GS1CompanyPrefix.extract(digits[0]) if digits else None
    return len(prefix.value) if prefix is not None and len(prefix.value) >= 6 else None


def _instance(scheme: str, ai: str, value: str, qualifier: list[str], length: int) -> str | None:
    ending = f"({qualifier[0]}){qualifier[1]}" if qualifier else "(254)0" if ai == "414" else ""
    return _written(scheme, f"({ai}){value}{ending}", length)


def _class(ai: str, value: str, qualifier: list[str], length: int) -> str | None:
    if qualifier or ai not in _CLASSES:
        return None
    scheme, stand_in = _CLASSES[ai]
    urn = _written(scheme, f"({ai}){value}{stand_in}", length)
    return None if urn is None else urn.replace("urn:epc:id:", "urn:epc:idpat:", 1).removesuffix("0") + "*"


def _written(scheme: str, element_string: str, length: int) -> str | None:
    try:
        return str(epc_class(scheme).from_gs1_element_string(element_string, length).epc_uri)
    except (refusal(), AttributeError, IndexError, ValueError):
        return None
