"""Places and parties: locations by GLN (AI 414, with extension AI 254), parties by GLN (AI 417), `geo:` points.

Source: CBV 2.0, sections 8.3 and 8.7; RFC 5870 for `geo:`.
"""

from __future__ import annotations

import re
from decimal import Decimal

from tracegraph.identifiers.keys import GS1
from tracegraph.identifiers.reading import canonical, parse

_GLN = re.compile(r"[0-9]{13}")
_EXTENDED = re.compile(rf"({re.escape(GS1)}/414/[0-9]{{13}})/254/[^/]+")
_COORDINATE = r"[+-]?[0-9]{1,40}(?:\.[0-9]{0,40})?"
_POINT = re.compile(rf"geo:({_COORDINATE}(?:,{_COORDINATE}){{1,2}})((?:;[^;]*)*)", re.IGNORECASE)
_DEFAULT_PARAMETERS = ("", "crs=wgs84")


def location(text: str) -> str:
    """The canonical key of a place: a GLN of 13 digits, SGLN, Digital Link or `geo:` URI; any other text unchanged."""
    stripped = text.strip()
    if _GLN.fullmatch(stripped):
        return parse(stripped, "sgln").key
    if stripped[:4].lower() == "geo:":
        return _point(stripped)
    return canonical(stripped)


def party(text: str) -> str:
    """The canonical key of a party: a GLN of 13 digits, PGLN or Digital Link; any other text unchanged.

    A location that stands where a party should (AI 414) stays a location: nobody said whose it is.
    """
    stripped = text.strip()
    return parse(stripped, "pgln").key if _GLN.fullmatch(stripped) else canonical(stripped)


def site_without_extension(key: str) -> str:
    """The site of an extended GLN (`/414/…/254/…` without its end); any other key unchanged."""
    match = _EXTENDED.fullmatch(key)
    return match[1] if match else key


def is_sublocation(key: str) -> bool:
    """Whether the canonical key names a spot within some site: a GLN with extension or a `geo:` point."""
    return key.startswith("geo:") or _EXTENDED.fullmatch(key) is not None


def _point(text: str) -> str:
    """The point with plain coordinates (no plus sign, no zeros at the ends), without the default reference system."""
    match = _POINT.fullmatch(text)
    if match is None:
        return "geo:" + text[4:]
    coordinates = ",".join(_plain(number) for number in match[1].split(","))
    parameters = [part for part in match[2].split(";") if part.lower() not in _DEFAULT_PARAMETERS]
    return ";".join([f"geo:{coordinates}", *parameters])


def _plain(number: str) -> str:
    plain = f"{Decimal(number):f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if Decimal(plain) == 0 else plain
