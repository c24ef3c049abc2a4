"""A supplier's own lot number as a key: a lot code is unique only within the records of its source.

So the key names both (21 CFR 1.1320 for the traceability lot code), as a URI of our own:
`urn:tracegraph:lot:<source>:<code>`, both percent-encoded.
"""

from __future__ import annotations

from tracegraph.errors import UsageError
from tracegraph.identifiers.keys import decoded, encoded

_PREFIX = "urn:tracegraph:lot:"


def supplier_lot(source: str, code: str) -> str:
    """The key of the lot that `source` (a canonical key, or empty where nobody knows it) calls `code`.

    The same pair always gives the same key, and different pairs different keys; white space around both is dropped.
    Errors: UsageError where the code is empty.
    """
    code = code.strip()
    if not code:
        raise UsageError(f"The lot number of {source!r} is empty; give the number that stands on the lot.")
    return f"{_PREFIX}{encoded(source.strip())}:{encoded(code)}"


def split_supplier_lot(key: str) -> tuple[str, str] | None:
    """The (source, code) of a key that `supplier_lot` made, None for every other text."""
    if not key.startswith(_PREFIX):
        return None
    source, colon, code = key.removeprefix(_PREFIX).partition(":")
    pair = (decoded(source), decoded(code))
    if not colon or not pair[1] or pair[0] is None or supplier_lot(pair[0], pair[1]) != key:
        return None
    return pair[0], pair[1]
