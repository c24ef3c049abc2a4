"""The fast path: well-formed common identifiers, read by regular expressions alone.

It answers only where it is certain to agree with the other readers (property-tested), and None otherwise: wrong check
digits, escaped characters, unusual lengths and rare keys are not its business. It imports neither biip nor epcpy.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from tracegraph.identifiers.keys import GS1, KEY_TYPES, OPAQUE, Identified
from tracegraph.model.custody import UnitKind

# Characters that need no percent-encoding in a Digital Link.
_PLAIN = r"[A-Za-z0-9._-]"
_URN_WITH_TEXT = re.compile(
    rf"urn:epc:(?:id:(sgtin|sgln|grai|gdti)|class:(lgtin)):([0-9]{{6,12}})\.([0-9]{{0,7}})\.({_PLAIN}{{1,20}})"
)
_URN_OF_DIGITS = re.compile(r"urn:epc:id:(sscc|pgln):([0-9]{6,12})\.([0-9]{0,11})")
_ASSET = re.compile(rf"urn:epc:id:giai:([0-9]{{6,12}})\.({_PLAIN}{{1,24}})")
_CLASS_PATTERN = re.compile(r"urn:epc:idpat:sgtin:([0-9]{6,12})\.([0-9]{1,7})\.\*")
_LINK = re.compile(
    r"https?://[A-Za-z0-9.-]+/"
    rf"(?:(01)/([0-9]{{14}})(?:/10/({_PLAIN}{{1,20}}))?(?:/21/({_PLAIN}{{1,20}}))?"
    rf"|(00)/([0-9]{{18}})|(414)/([0-9]{{13}})(?:/254/({_PLAIN}{{1,20}}))?|(417)/([0-9]{{13}}))"
)
# A web address, and what it must have in it to be a Digital Link: a segment that names a key, and one after it.
_ADDRESS = re.compile(r"https?://[!-~]+")
_KEY_IN_PATH = re.compile(f"/(?:{'|'.join(KEY_TYPES)})/")
_MAY_BE_A_KEY = re.compile(r"urn:epc:|https?://|[(\]]|[0-9]+\Z|0[01][0-9]", re.IGNORECASE)


def read_fast(text: str) -> Identified | None:
    """What a common, well-formed identifier is; None where this reader does not know, whatever the others say."""
    if text.startswith("urn:epc:"):
        return _read_urn(text)
    if text.startswith("http"):
        return _read_link(text)
    return None if _may_be_a_key(text) else Identified(text, OPAQUE)


def _may_be_a_key(text: str) -> bool:
    """Whether the other readers should see the text: it begins like a GS1 key, or is not trimmed."""
    return not text or text != text.strip() or _MAY_BE_A_KEY.match(text) is not None or "\x1d" in text


def check_digit(digits: str) -> str:
    """The check digit of 11 to 17 digits (GS1 General Specifications, section 7.9): weights 3 and 1 from the right."""
    codes = digits.encode()
    odd, even = codes[::-2], codes[-2::-2]
    # 48 is the code of the digit 0.
    total = 3 * (sum(odd) - 48 * len(odd)) + sum(even) - 48 * len(even)
    return str(-total % 10)


def _read_urn(text: str) -> Identified | None:
    if match := _URN_WITH_TEXT.fullmatch(text):
        scheme = match[1] or match[2]
        return _WITH_TEXT[scheme](match[3], match[4], match[5])
    if match := _URN_OF_DIGITS.fullmatch(text):
        return _read_digits(match[1], match[2], match[3])
    if match := _ASSET.fullmatch(text):
        return _giai(match[1], match[2])
    if match := _CLASS_PATTERN.fullmatch(text):
        return _gtin(match[1], match[2], "", "", "gtin", UnitKind.LOT)
    return None


def _gtin(prefix: str, reference: str, ai: str, text: str, scheme: str, kind: UnitKind) -> Identified | None:
    if len(prefix) + len(reference) != 13:
        return None
    product = _product(prefix, reference)
    return Identified(f"{product}/{ai}/{text}" if ai else product, scheme, None, product, (), kind)


@lru_cache(maxsize=4096)
def _product(prefix: str, reference: str) -> str:
    digits = reference[0] + prefix + reference[1:]
    return f"{GS1}/01/{digits}{check_digit(digits)}"


def _sgtin(prefix: str, reference: str, serial: str) -> Identified | None:
    return _gtin(prefix, reference, "21", serial, "sgtin", UnitKind.ITEM)


def _lgtin(prefix: str, reference: str, lot: str) -> Identified | None:
    return _gtin(prefix, reference, "10", lot, "lgtin", UnitKind.LOT)


def _sgln(prefix: str, reference: str, extension: str) -> Identified | None:
    digits = prefix + reference
    if len(digits) != 12:
        return None
    site = f"{GS1}/414/{digits}{check_digit(digits)}"
    return Identified(site if extension == "0" else f"{site}/254/{extension}", "sgln", kind=UnitKind.ITEM)


def _grai(prefix: str, reference: str, serial: str) -> Identified | None:
    return _appended(prefix, reference, serial, "8003/0", "grai", 16)


def _gdti(prefix: str, reference: str, serial: str) -> Identified | None:
    return _appended(prefix, reference, serial, "253/", "gdti", 17)


def _giai(prefix: str, reference: str) -> Identified | None:
    if len(prefix) + len(reference) > 30:
        return None
    return Identified(f"{GS1}/8004/{prefix}{reference}", "giai", kind=UnitKind.ITEM)


def _appended(prefix: str, reference: str, serial: str, path: str, scheme: str, longest: int) -> Identified | None:
    digits = prefix + reference
    if len(digits) != 12 or len(serial) > longest:
        return None
    return Identified(f"{GS1}/{path}{digits}{check_digit(digits)}{serial}", scheme, kind=UnitKind.ITEM)


_WITH_TEXT: dict[str, Callable[[str, str, str], Identified | None]] = {
    "sgtin": _sgtin,
    "lgtin": _lgtin,
    "sgln": _sgln,
    "grai": _grai,
    "gdti": _gdti,
}


def _read_digits(scheme: str, prefix: str, reference: str) -> Identified | None:
    if scheme == "pgln":
        digits, path = prefix + reference, "417"
    else:
        digits, path = reference[:1] + prefix + reference[1:], "00"
    if len(digits) != (12 if scheme == "pgln" else 17):
        return None
    return Identified(f"{GS1}/{path}/{digits}{check_digit(digits)}", scheme, kind=UnitKind.ITEM)


def _read_link(text: str) -> Identified | None:
    match = _LINK.fullmatch(text)
    if match is None:
        return Identified(text, OPAQUE) if _ADDRESS.fullmatch(text) and not _KEY_IN_PATH.search(text) else None
    digits = match[2] or match[6] or match[8] or match[11]
    if check_digit(digits[:-1]) != digits[-1]:
        return None
    if match[1]:
        return _trade_item(digits, match[3], match[4])
    if match[5]:
        return Identified(f"{GS1}/00/{digits}", "sscc", kind=UnitKind.ITEM)
    if match[10]:
        return Identified(f"{GS1}/417/{digits}", "pgln", kind=UnitKind.ITEM)
    site = f"{GS1}/414/{digits}"
    extension = match[9]
    return Identified(f"{site}/254/{extension}" if extension and extension != "0" else site, "sgln", kind=UnitKind.ITEM)


def _trade_item(gtin: str, lot: str | None, serial: str | None) -> Identified:
    product = f"{GS1}/01/{gtin}"
    lot_key = f"{product}/10/{lot}" if lot else None
    if serial:
        return Identified(f"{product}/21/{serial}", "sgtin", lot_key, product, (), UnitKind.ITEM)
    if lot_key:
        return Identified(lot_key, "lgtin", None, product, (), UnitKind.LOT)
    return Identified(product, "gtin", None, product, (), UnitKind.LOT)
