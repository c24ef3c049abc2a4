"""Whether a file is meant as FoodChain-Lab's, by what it begins with."""

from __future__ import annotations

import json
import re

#: Members with which FoodChain-Lab's documents begin, and no document or event of EPCIS does.
_FIRST = frozenset(
    {"version", "data", "tracing", "settings", "samples", "title", "investigator"}
    | {"stations", "deliveries", "deliveriesRelations"}
)
_BEGINNING = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*("(?:[^"\\]|\\.)*")\s*:')


def is_foodchainlab_json(beginning: bytes) -> bool:
    """Whether a text that begins so is meant as FoodChain-Lab JSON: by the name of its first member."""
    match = _BEGINNING.match(beginning)
    try:
        return match is not None and json.loads(match[1]) in _FIRST
    except ValueError:
        return False
