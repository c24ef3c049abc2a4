"""EPC URNs: instances (`urn:epc:id:`), classes (`urn:epc:class:lgtin:`) and patterns (`urn:epc:idpat:`).

epcpy decides what the digits mean. It is asked with a stand-in for the free text (serial, lot, extension), because it
counts and cuts escaped characters there (0.1.8); biip judges the real text afterwards. Source: EPC Tag Data Standard,
section 6, and CBV 2.0, section 8.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from functools import cache
from typing import Any

from tracegraph.identifiers.checks import has_gs1_characters, is_valid, value_problem
from tracegraph.identifiers.keys import OPAQUE, Identified, assembled, decoded
from tracegraph.model.custody import UnitKind

_URN = re.compile(r"urn:epc:(id|class|idpat):([a-z]+):(.*)", re.IGNORECASE | re.DOTALL)
_ELEMENT = re.compile(r"\(([0-9]{2,4})\)([^(]*)")
#: What epcpy is given in place of free text.
STAND_IN = "1"
_KINDS = {"id": UnitKind.ITEM, "class": UnitKind.LOT, "idpat": UnitKind.LOT}

#: Instance schemes of the Tag Data Standard that are no GS1 keys and so have no Digital Link.
_WITHOUT_LINK = frozenset({"gid", "usdod", "adi", "bic", "imovn"})


@dataclass(frozen=True, slots=True)
class _Scheme:
    """`parts`: dotted parts before the free text. `free`: whether there is free text. `appended`: whether it is the
    end of the key's value and not a qualifier. `has_class`: whether the pattern `.*` names a class that has a key."""

    parts: int
    free: bool = True
    appended: bool = False
    has_class: bool = True


_SCHEMES = {
    "sgtin": _Scheme(2),
    "lgtin": _Scheme(2, has_class=False),
    "upui": _Scheme(2),
    "sgln": _Scheme(2),
    "cpi": _Scheme(2),
    "itip": _Scheme(4),
    "grai": _Scheme(2, appended=True),
    "gdti": _Scheme(2, appended=True),
    "sgcn": _Scheme(2, appended=True),
    "giai": _Scheme(1, appended=True, has_class=False),
    "ginc": _Scheme(1, appended=True, has_class=False),
    "sscc": _Scheme(2, free=False, has_class=False),
    "gsrn": _Scheme(2, free=False, has_class=False),
    "gsrnp": _Scheme(2, free=False, has_class=False),
    "gsin": _Scheme(2, free=False, has_class=False),
    "pgln": _Scheme(2, free=False, has_class=False),
}


def read_urn(text: str) -> Identified | None:
    """What an EPC URN identifies, None where the text is none. One that is malformed stays as it is, with a problem."""
    match = _URN.fullmatch(text)
    if match is None:
        return None
    layer, scheme, body = match[1].lower(), match[2].lower(), match[3]
    if layer == "idpat" and "*" in body.removesuffix(".*"):
        return Identified(text, OPAQUE, kind=UnitKind.LOT)
    if scheme in _WITHOUT_LINK and layer == "id":
        return _without_link(text, scheme, body)
    if scheme not in _SCHEMES or (scheme == "lgtin") != (layer == "class"):
        return _malformed(text, layer, "malformed", f"urn:epc:{layer}:{scheme} is no scheme of the Tag Data Standard")
    as_class = layer == "idpat" and body.endswith(".*")
    return _read_body(text, layer, scheme, body.removesuffix(".*") if as_class else body, as_class)


def _read_body(text: str, layer: str, scheme: str, body: str, as_class: bool) -> Identified:
    shape = _SCHEMES[scheme]
    parts = body.split(".", shape.parts if shape.free and not as_class else -1)
    free = parts.pop() if shape.free and not as_class and len(parts) > shape.parts else None
    if len(parts) != shape.parts or (as_class and not shape.has_class) or (shape.free and not as_class and not free):
        return _malformed(text, layer, "malformed", "it has too few or too many parts between its dots")
    real = None if free is None else decoded(free)
    if free is not None and real is None:
        return _malformed(text, layer, "illegal_characters", "its percent-encoding is no UTF-8 text")
    elements = _elements(scheme, parts)
    if elements is None:
        return _refused(text, layer, scheme, parts)
    return _identified(elements, shape, real) or _unfit(text, layer, real or "")


def _identified(elements: list[tuple[str, str]], shape: _Scheme, real: str | None) -> Identified | None:
    (ai, value), *rest = elements
    if shape.appended:
        value = value.removesuffix(STAND_IN) + (real or "")
    if not is_valid(ai, value):
        return None
    qualifiers = {rest[0][0]: real} if rest and real is not None else {}
    problems: tuple[str, ...] = ()
    for qualifier, its_value in qualifiers.items():
        problems += value_problem(qualifier, its_value)
    return assembled(ai, value, qualifiers, problems)


def _elements(scheme: str, parts: list[str]) -> list[tuple[str, str]] | None:
    """The element strings that epcpy makes of the digits, the free text being the stand-in; None if it refuses."""
    company_prefix, *others = parts
    if not (6 <= len(company_prefix) <= 12 and _are_digits(company_prefix)):
        return None
    if scheme == "cpi":
        others = [_escaped_part_reference(others[0])]
    elif not all(_are_digits(part) or not part for part in others):
        return None
    layer = "class" if scheme == "lgtin" else "id"
    body = ".".join([company_prefix, *others, STAND_IN] if _SCHEMES[scheme].free else [company_prefix, *others])
    made = _element_string(scheme, f"urn:epc:{layer}:{scheme}:{body}")
    return None if made is None else _ELEMENT.findall(made)


def _element_string(scheme: str, urn: str) -> str | None:
    try:
        return str(epc_class(scheme)(urn).gs1_element_string())
    except (refusal(), ValueError, IndexError):
        return None


def _escaped_part_reference(reference: str) -> str:
    return (decoded(reference) or reference).replace("#", "%23").replace("/", "%2F")


def _without_link(text: str, scheme: str, body: str) -> Identified:
    try:
        epc_class(scheme)(f"urn:epc:id:{scheme}:{body}")
    except (refusal(), ValueError, IndexError):
        return _malformed(text, "id", "malformed", f"the Tag Data Standard writes {scheme} in another way")
    return Identified(text, OPAQUE, kind=UnitKind.ITEM)


def _refused(text: str, layer: str, scheme: str, parts: list[str]) -> Identified:
    if scheme == "cpi" or all(_are_digits(part) or not part for part in parts):
        return _malformed(
            text, layer, "wrong_length", "its company prefix and reference have too few or too many digits"
        )
    return _malformed(text, layer, "illegal_characters", "its company prefix or reference is not made of digits")


def _unfit(text: str, layer: str, free: str) -> Identified:
    if has_gs1_characters(free):
        return _malformed(text, layer, "wrong_length", "its serial number or reference is too long or no number")
    return _malformed(text, layer, "illegal_characters", "its serial number or reference has characters GS1 lacks")


def _malformed(text: str, layer: str, code: str, reason: str) -> Identified:
    problem = f"{code}: {text[:120]!r} is not followed as a GS1 key because {reason}; correct it where it was recorded"
    return Identified(text, OPAQUE, problems=(problem,), kind=_KINDS[layer])


def _are_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def epc_class(scheme: str) -> Any:
    """epcpy's class of one scheme (it has no useful types)."""
    return getattr(_epcpy(), scheme.upper())


def refusal() -> type[Exception]:
    """The exception by which epcpy refuses a URN or an element string."""
    refused: type[Exception] = _epcpy().base_scheme.ConvertException
    return refused


@cache
def _epcpy() -> Any:
    with warnings.catch_warnings():
        # Its regular expressions are no raw strings, of which Python warns when it first compiles the package.
        warnings.simplefilter("ignore")
        from epcpy import epc_schemes
    return epc_schemes
