"""GS1 Digital Links of any domain, with or without a path prefix, qualifiers and a query string.

Source: GS1 Digital Link URI syntax 1.4. Domain, prefix, query and fragment say who answers, not which goods these
are, and are dropped. Numeric application identifiers only: the alphabetic ones (`/gtin/`) were withdrawn.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tracegraph.identifiers.checks import check_digit_problem, has_right_check_digit, is_valid, padded, value_problem
from tracegraph.identifiers.keys import GS1_HOST, KEY_TYPES, OPAQUE, WITH_COMPANY_PREFIX, Identified, assembled, decoded

_LINK = re.compile(r"https?://([^/?#]*)([^?#]*)(?:[?#].*)?", re.IGNORECASE | re.DOTALL)
_SIX_DIGITS = re.compile(r"[0-9]{6}")


def read_link(text: str) -> Identified | None:
    """What a Digital Link identifies, None where a web address is none.

    On GS1's own domain a key of a wrong shape is a problem; elsewhere the address just means something else.
    """
    match = _LINK.fullmatch(text)
    if match is None:
        return None
    own = match[1].lower().rpartition("@")[2].partition(":")[0] == GS1_HOST
    segments = match[2].removesuffix("/").split("/")
    starts = [index for index, segment in enumerate(segments[:-1]) if segment in KEY_TYPES]
    for start in starts:
        found = _read_pairs(segments[start:], own)
        if found is not None:
            return found
    return _not_a_key(text, segments[starts[0] :]) if own and starts else None


def _read_pairs(segments: Sequence[str], own: bool) -> Identified | None:
    pairs = _pairs(segments)
    if pairs is None:
        return None
    (ai, written), *qualifiers = pairs
    value = padded(ai, written)
    if not is_valid(ai, value) or not _may_be_a_key(ai, written, own):
        return None
    problems = check_digit_problem(ai, value)
    for qualifier, its_value in qualifiers:
        problems += value_problem(qualifier, its_value)
    return assembled(ai, value, dict(qualifiers), problems)


def _pairs(segments: Sequence[str]) -> list[tuple[str, str]] | None:
    """AI and decoded value of each pair of segments; None unless all are qualifiers of the first, each once."""
    key_type = KEY_TYPES[segments[0]]
    allowed = {ai for ai, _ in key_type.finer} | set(key_type.dropped)
    pairs: list[tuple[str, str]] = []
    if len(segments) % 2:
        return None
    for ai, written in zip(segments[::2], segments[1::2], strict=True):
        value = decoded(written)
        if not value or (pairs and ai not in allowed):
            return None
        allowed.discard(ai)
        pairs.append((ai, value))
    return pairs


def _may_be_a_key(ai: str, written: str, own: bool) -> bool:
    """Addresses of other people contain numbers too: what is no more than digits there must be convincing."""
    if own:
        return True
    if ai in WITH_COMPANY_PREFIX:
        return _SIX_DIGITS.match(written) is not None
    return ai != "01" or len(written) == 14 or has_right_check_digit(written)


def _not_a_key(text: str, segments: Sequence[str]) -> Identified:
    ai, value = segments[0], decoded(segments[1])
    problems = () if value is None else value_problem(ai, padded(ai, value))
    if not problems:
        reason = f"what follows the key of AI {ai} are not its qualifiers in pairs of AI and value"
        problems = (f"malformed: {text[:120]!r} is not followed as a GS1 key because {reason}; correct it",)
    return Identified(text, OPAQUE, problems=problems)
