"""From a canonical key back to an EPC URN, for partners who know no Digital Link. epcpy writes it.

A URN shows where the company prefix ends, which a key does not: it is asked for, or looked up in biip's list of
prefixes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tracegraph.identifiers.keys import GS1, OPAQUE, WITH_COMPANY_PREFIX, decoded
from tracegraph.identifiers.reading import canonical, parse
from tracegraph.identifiers.urns import STAND_IN, epc_class, refusal

_DIGITS = re.compile(r"[0-9]+")
#: Digits before the company prefix: indicator of a GTIN, extension digit of an SSCC, the leading zero of a GRAI.
_BEFORE_PREFIX = {"00": 1, "01": 1, "8003": 1, "8006": 1}
#: GS1's prefix for examples: the list names lengths for it, but who makes up an example follows no list.
_EXAMPLES = "952"
_COMPANY_PREFIX = re.compile(r"urn:epc:(?:id|class|idpat):[a-z]+:([0-9]{6,12})\.", re.IGNORECASE)
_LENGTHS = range(6, 13)
#: Digits before the serial number, of keys whose value has both.
_WITH_SERIAL = {"253": 13, "255": 13, "8003": 14}
_ESCAPED = frozenset('"#%&/<>?')
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


class PrefixLengths:
    """The company prefixes that EPC URNs have shown, to tell from a key where its own one ends.

    Called with a canonical key it gives the length, or None where no prefix was seen with which the key begins, or
    several of different lengths.
    """

    def __init__(self, urns: Iterable[str] = ()) -> None:
        self._seen: set[str] = set()
        for urn in urns:
            self.learn(urn)

    def learn(self, text: str) -> None:
        """Remember the company prefix of an EPC URN; any other text shows none. A malformed URN is not believed."""
        shown = _COMPANY_PREFIX.match(text)
        if shown is not None and shown[1] not in self._seen and canonical(text).startswith(f"{GS1}/"):
            self._seen.add(shown[1])

    def __call__(self, key: str) -> int | None:
        """The length of the company prefix of a canonical key."""
        ai, value, *_ = (decoded(segment) or "" for segment in key.removeprefix(f"{GS1}/").split("/"))
        digits = _prefixed(ai, value)
        lengths = [length for length in _LENGTHS if length <= len(digits) and digits[:length] in self._seen]
        return lengths[0] if len(lengths) == 1 else None


def _prefixed(ai: str, value: str) -> str:
    """The digits of a value that begin with the company prefix."""
    digits = _DIGITS.match(value, _BEFORE_PREFIX.get(ai, 0))
    return digits[0] if digits else ""


def _known_prefix_length(ai: str, value: str) -> int | None:
    from biip.gs1_prefixes import GS1CompanyPrefix

    digits = _prefixed(ai, value)
    if not digits or digits.startswith(_EXAMPLES) or (ai == "01" and value.startswith("000000")):
        # Of a GTIN-8 the digits are allotted one by one, so the list of company prefixes says nothing about them.
        return None
    prefix = GS1CompanyPrefix.extract(digits)
    return len(prefix.value) if prefix is not None and len(prefix.value) >= 6 else None


def _instance(scheme: str, ai: str, value: str, qualifier: list[str], length: int) -> str | None:
    """The URN of one thing: the digits as epcpy writes them, the free text after them as the standard escapes it."""
    if ai == "8010":
        return _part(value, qualifier, length)
    digits, free = _split(ai, value, qualifier, length)
    if free is None:
        return _written(scheme, f"({ai}){digits}", length)
    ending = f"({qualifier[0]})" if qualifier else "(254)" if ai == "414" else ""
    urn = _written(scheme, f"({ai}){digits}{ending}{STAND_IN}", length) if free else None
    return None if urn is None else urn.removesuffix(STAND_IN) + _escaped(free)


def _split(ai: str, value: str, qualifier: list[str], length: int) -> tuple[str, str | None]:
    """The digits of a key, and the text that may be any: a qualifier, or what follows the digits; None for keys of
    digits alone."""
    if qualifier:
        return value, qualifier[1]
    if ai == "414":
        return value, "0"
    if ai in _WITH_SERIAL:
        return value[: _WITH_SERIAL[ai]], value[_WITH_SERIAL[ai] :]
    if ai in WITH_COMPANY_PREFIX:
        return value[:length], value[length:]
    return value, None


def _part(value: str, qualifier: list[str], length: int) -> str | None:
    """The URN of a component or part, of which two parts are free text."""
    if not qualifier or _written("cpi", f"(8010){value[:length]}{STAND_IN}(8011){STAND_IN}", length) is None:
        return None
    return f"urn:epc:id:cpi:{value[:length]}.{_escaped(value[length:])}.{_escaped(qualifier[1])}"


def _escaped(text: str) -> str:
    """Free text as it stands in an EPC URN (Tag Data Standard, table of escape sequences)."""
    return "".join(f"%{ord(letter):02X}" if letter in _ESCAPED else letter for letter in text)


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
