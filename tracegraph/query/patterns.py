"""EPC patterns: which identifiers a text with wildcards means, told by canonical keys.

A pattern is an EPC URN (`urn:epc:idpat:`, `urn:epc:id:`, `urn:epc:class:`) whose last components are `*`, or a Digital
Link whose last qualifier is `*`. A key that names only a class, in either form, is the pattern of its members too:
`urn:epc:idpat:sgtin:4012345.011111.*` and the Digital Link of that GTIN mean the same. Source: EPCIS 2.0 section
8.2.7.1.1 (MATCH parameters), EPC Tag Data Standard section 8 (pure identity patterns).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tracegraph.identifiers import canonical, has_lot_number, parse
from tracegraph.identifiers.keys import GS1

_URN = re.compile(r"urn:epc:(?:id|class|idpat):([a-z]+):(.*)", re.IGNORECASE | re.DOTALL)
_LINK = re.compile(r"https?://.*/\*/?", re.IGNORECASE | re.DOTALL)
_DIGITS = re.compile(r"\d*", re.ASCII)
_ONE = "1"
_SOME = "[^/]+"


@dataclass(frozen=True, slots=True)
class _Scheme:
    """`parts`: components of the URN. `before`: the canonical key up to the company prefix, as a regular expression.
    `digits`: how many follow it, the prefix included (0: any text). `after`: the rest of the key. `member`: what
    follows the key of a class in that of its members."""

    parts: int
    before: str
    digits: int
    after: str = ""
    member: str = ""


_SCHEMES = {
    "sgtin": _Scheme(3, r"01/\d", 13, f"(?:/21/{_SOME})?", f"(?:/21/{_SOME})?"),
    "upui": _Scheme(3, r"01/\d", 13, f"(?:/235/{_SOME})?", f"(?:/235/{_SOME})?"),
    "lgtin": _Scheme(3, r"01/\d", 13, f"/10/{_SOME}"),
    "sscc": _Scheme(2, r"00/\d", 17),
    "sgln": _Scheme(3, "414/", 13, f"(?:/254/{_SOME})?", f"(?:/254/{_SOME})?"),
    "grai": _Scheme(3, "8003/0", 13, "[^/]*", "[^/]*"),
    "giai": _Scheme(2, "8004/", 0),
    "gsrn": _Scheme(2, "8018/", 18),
    "gsrnp": _Scheme(2, "8017/", 18),
    "gdti": _Scheme(3, "253/", 13, "[^/]*", "[^/]*"),
    "sgcn": _Scheme(3, "255/", 13, "[^/]*", "[^/]*"),
    "cpi": _Scheme(3, "8010/", 0, f"(?:/8011/{_SOME})?", f"(?:/8011/{_SOME})?"),
    "ginc": _Scheme(2, "401/", 0),
    "gsin": _Scheme(2, "402/", 17),
    "itip": _Scheme(5, r"8006/\d", 17, f"(?:/21/{_SOME})?", f"(?:/21/{_SOME})?"),
    "pgln": _Scheme(2, "417/", 13),
}

#: By the scheme of a class without serial number: what follows its key in those of its members.
_MEMBERS = {"gtin": _SCHEMES["sgtin"].member} | {
    name: _SCHEMES[name].member for name in ("grai", "gdti", "sgcn", "cpi", "itip")
}


class NoPattern(ValueError):
    """The text has wildcards where there can be none; the message is the end of a sentence."""


def pattern_of(text: str) -> str | None:
    """The regular expression (to be matched as a whole) of the canonical keys that a pattern means; None where the text
    names one thing. Raises NoPattern."""
    stripped = text.strip()
    urn = _URN.fullmatch(stripped)
    if urn is not None and "*" in urn[2].split("."):
        return _of_urn(stripped, urn[1].lower(), urn[2].split("."))
    if urn is not None and stripped.lower().startswith("urn:epc:idpat:") and "*" in urn[2]:
        raise NoPattern(f"has {text[:80]!r}, where * is part of a component")
    if _LINK.fullmatch(stripped):
        return _of_link(stripped)
    return _of_class(stripped)


def _of_urn(text: str, scheme: str, parts: list[str]) -> str:
    shape = _SCHEMES.get(scheme)
    fixed = parts[: parts.index("*")]
    if shape is None or len(parts) != shape.parts or set(parts[len(fixed) :]) != {"*"}:
        raise NoPattern(f"has the pattern {text[:80]!r}, which is none of its scheme")
    if len(fixed) <= 1:
        return _of_company(text, shape, fixed[0] if fixed else "")
    return _of_reference(text, scheme, shape, fixed)


def _of_company(text: str, shape: _Scheme, company: str) -> str:
    """Everything of one company prefix, or of all."""
    if not _DIGITS.fullmatch(company) or not (len(company) in range(6, 13) or not company):
        raise NoPattern(f"has the pattern {text[:80]!r}, whose company prefix has not 6 to 12 digits")
    rest = rf"\d{{{shape.digits - len(company)}}}" if shape.digits else _SOME
    return f"{re.escape(GS1)}/{shape.before}{company}{rest}{shape.after}"


def _of_reference(text: str, scheme: str, shape: _Scheme, fixed: list[str]) -> str:
    """Everything of one class: its key as read with a stand-in for the rest, which is then cut off again."""
    stand_ins = ["01"] * (shape.parts - len(fixed) - 1) + [_ONE]
    layer = "class" if scheme == "lgtin" else "id"
    key = canonical(f"urn:epc:{layer}:{scheme}:{'.'.join(fixed + stand_ins)}")
    if not key.startswith(GS1) or not key.endswith(_ONE) or len(stand_ins) > 1:
        raise NoPattern(f"has the pattern {text[:80]!r}, which is none of its scheme")
    if shape.member.startswith("(?:"):
        return re.escape(key.rsplit("/", 2)[0]) + shape.member
    return re.escape(key.removesuffix(_ONE)) + (shape.member or _SOME)


def _of_link(text: str) -> str:
    key = canonical(text.rstrip("/")[:-1] + _ONE)
    if not key.startswith(GS1) or key.count("/") < 6 or not key.endswith("/" + _ONE):
        raise NoPattern(f"has the pattern {text[:80]!r}, where * stands for no lot, serial number or extension")
    return re.escape(key.removesuffix(_ONE)) + _SOME


def _of_class(text: str) -> str | None:
    """The class itself and its members, where a key names no more than a class."""
    found = parse(text)
    if has_lot_number(found.key) or found.scheme not in _MEMBERS:
        return None
    return re.escape(found.key) + _MEMBERS[found.scheme]
