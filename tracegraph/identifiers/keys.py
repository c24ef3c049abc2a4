"""The GS1 identification keys as data, and how a key with its qualifiers becomes one canonical text.

The canonical key is the constrained GS1 Digital Link of the CBV 2.0 standard (section 8): the domain id.gs1.org, the
application identifier (AI) of the key, and at most the finest qualifier. Sources of the table: GS1 General
Specifications (section 3, lengths and check digits), GS1 Digital Link URI syntax (key qualifiers), EPC Tag Data
Standard (which keys are classes and which are instances).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

from tracegraph.model.custody import UnitKind
from tracegraph.model.values import value

#: The domain of canonical Digital Links.
GS1_HOST = "id.gs1.org"
GS1 = f"https://{GS1_HOST}"

OPAQUE = "opaque"
SUPPLIER_LOT = "supplier_lot"


@value
class Identified:
    """What one text identifies.

    `key`: the canonical key. `scheme`: `sgtin`, `lgtin`, `gtin`, `upui`, `sscc`, `sgln`, `pgln`, `grai`, `giai`,
    `gsrn`, `gsrnp`, `gdti`, `sgcn`, `cpi`, `ginc`, `gsin`, `itip`, `gmn`, `supplier_lot` or `opaque`. `lot`: the key of
    the lot of which it is a member (AI 10 beside a serial number). `product`: the key of its GTIN. `problems`: each
    `code: sentence`; the codes are `bad_check_digit`, `wrong_length`, `illegal_characters`, `malformed` and `empty`.
    `kind`: what the scheme says about the kind of unit, None where it says nothing.
    """

    key: str
    scheme: str
    lot: str | None = None
    product: str | None = None
    problems: tuple[str, ...] = ()
    kind: UnitKind | None = None


@dataclass(frozen=True, slots=True)
class KeyType:
    """One GS1 key that can begin a Digital Link.

    `finer`: AIs of qualifiers that belong to the canonical key, finest first (only the first present is kept), each
    with the scheme of the key that has it. `dropped`: qualifiers that say nothing about which goods these are. `shape`:
    a regular expression of the value. `checked`: where the digits with the check digit at their end stand.
    `instance`: whether the key without qualifiers names one thing and not a class.
    """

    scheme: str
    shape: str
    finer: tuple[tuple[str, str], ...] = ()
    dropped: tuple[str, ...] = ()
    checked: tuple[int, int] | None = None
    instance: bool = True


#: By AI. A value longer than `checked` is a serial number within the class (GRAI, GDTI, GCN).
KEY_TYPES: Mapping[str, KeyType] = {
    "00": KeyType("sscc", "18 digits", checked=(0, 18)),
    "01": KeyType(
        "gtin",
        "14 digits",
        finer=(("21", "sgtin"), ("235", "upui"), ("10", "lgtin")),
        dropped=("22",),
        checked=(0, 14),
        instance=False,
    ),
    "253": KeyType("gdti", "13 digits and up to 17 characters", checked=(0, 13), instance=False),
    "255": KeyType("sgcn", "13 to 25 digits", checked=(0, 13), instance=False),
    "401": KeyType("ginc", "up to 30 characters that begin with a company prefix"),
    "402": KeyType("gsin", "17 digits", checked=(0, 17)),
    "414": KeyType("sgln", "13 digits", finer=(("254", "sgln"),), dropped=("7040",), checked=(0, 13)),
    "417": KeyType("pgln", "13 digits", dropped=("7040",), checked=(0, 13)),
    "8003": KeyType("grai", "14 digits, the first of them 0, and up to 16 characters", checked=(1, 14), instance=False),
    "8004": KeyType("giai", "up to 30 characters that begin with a company prefix", dropped=("7040",)),
    "8006": KeyType(
        "itip",
        "18 digits",
        finer=(("21", "itip"), ("10", "itip")),
        dropped=("22",),
        checked=(0, 14),
        instance=False,
    ),
    "8010": KeyType(
        "cpi",
        "5 to 30 digits, capital letters and #-/ that begin with a company prefix",
        finer=(("8011", "cpi"),),
        instance=False,
    ),
    "8013": KeyType("gmn", "up to 25 characters that begin with a company prefix", instance=False),
    "8017": KeyType("gsrnp", "18 digits", finer=(("8019", "gsrnp"),), checked=(0, 18)),
    "8018": KeyType("gsrn", "18 digits", finer=(("8019", "gsrn"),), checked=(0, 18)),
}

#: Keys whose value is not all digits; they begin with a GS1 company prefix and have no check digit that biip checks.
WITH_COMPANY_PREFIX = frozenset({"401", "8004", "8010", "8013"})

_SERIAL_NUMBERS = ("21", "235", "8011")
_WITH_GTIN = ("01", "8006")


def encoded(value: str) -> str:
    """The value as one segment of a Digital Link: everything but RFC 3986's unreserved characters percent-encoded.

    Half a surrogate pair, which JSON can carry, is encoded too, so that no text is refused.
    """
    return quote(value, safe="", errors="surrogatepass")


def decoded(segment: str) -> str | None:
    """The inverse of `encoded`, for any percent-encoding; None where it is no UTF-8 text."""
    if "%" not in segment:
        return segment
    try:
        return unquote_to_bytes(segment.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None


def gtin_key(gtin: str) -> str:
    """The key of a product, from 14 digits."""
    return f"{GS1}/01/{gtin}"


def assembled(ai: str, value: str, qualifiers: Mapping[str, str], problems: tuple[str, ...] = ()) -> Identified:
    """The identity that a key (AI and value, decoded) has together with its qualifiers (by AI, decoded)."""
    key_type = KEY_TYPES[ai]
    base = f"{GS1}/{ai}/{encoded(value)}"
    finest, scheme = _finest(key_type, qualifiers)
    key = f"{base}/{finest}/{encoded(qualifiers[finest])}" if finest else base
    product = gtin_key(value[:14]) if ai in _WITH_GTIN else None
    lot = f"{product}/10/{encoded(qualifiers['10'])}" if finest in _SERIAL_NUMBERS and "10" in qualifiers else None
    return Identified(key, scheme, lot, product, problems, _kind(key_type, value, finest))


def _finest(key_type: KeyType, qualifiers: Mapping[str, str]) -> tuple[str, str]:
    for ai, scheme in key_type.finer:
        # Extension 0 of a location is the Tag Data Standard's way to say that there is none.
        if ai in qualifiers and not (ai == "254" and qualifiers[ai] == "0"):
            return ai, scheme
    return "", key_type.scheme


def _kind(key_type: KeyType, value: str, finest: str) -> UnitKind:
    has_serial = finest in _SERIAL_NUMBERS or (
        not key_type.finer and key_type.checked is not None and len(value) > key_type.checked[1]
    )
    return UnitKind.ITEM if key_type.instance or has_serial else UnitKind.LOT
