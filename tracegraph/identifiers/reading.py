"""From any text to what it identifies: the fast path first, then the readers of URNs, links, labels and digits."""

from __future__ import annotations

from functools import lru_cache

from tracegraph.identifiers.fast import read_fast
from tracegraph.identifiers.keys import OPAQUE, SUPPLIER_LOT, Identified
from tracegraph.identifiers.labels import SEPARATOR, checked_kind, read_element_string, read_plain
from tracegraph.identifiers.links import read_link
from tracegraph.identifiers.suppliers import split_supplier_lot
from tracegraph.identifiers.urns import read_urn
from tracegraph.model.custody import UnitKind

#: No GS1 key, however wrapped, is longer (characters); longer texts are opaque, and not worth a closer look.
LONGEST = 4096
#: Longer texts are not remembered, so that the memory of the cache is bounded (32,768 texts, some 20 MB).
_LONGEST_REMEMBERED = 200
_EMPTY = "empty: the identifier is empty; give one, or leave the field out"


def canonical(text: str) -> str:
    """The canonical key of an identifier: the constrained Digital Link of a GS1 key, any other text as it is.

    Two texts that say the same GS1 key in different forms have the same canonical key; an opaque text matches only
    itself. White space around the text is dropped. Never fails: what is wrong with a text, `parse` says.
    """
    if len(text) <= _LONGEST_REMEMBERED:
        return _remembered(text, None).key
    return _parsed(text, None).key


def parse(text: str, kind: str | None = None) -> Identified:
    """What an identifier identifies, and what is wrong with it.

    `kind` says what a text of digits only is: `gtin`, `sscc`, `gln` or `sgln`, `pgln`, `gsrn`, `gsrnp`, `gsin` or
    `itip`; without it 8, 12, 13 and 14 digits are a GTIN (never a GLN), 18 an SSCC. Every other text says so itself. A
    wrong check digit is a problem, and stays. Errors: UsageError for an unknown `kind`.
    """
    if len(text) <= _LONGEST_REMEMBERED:
        return _remembered(text, kind)
    return _parsed(text, kind)


def unit_kind(key: str) -> UnitKind | None:
    """Whether a key names an item or a lot by its scheme alone; None for an opaque key, which does not say."""
    return parse(key).kind


def has_lot_number(key: str) -> bool:
    """False for a key that names only a class of goods (bare GTIN, asset type ...), of which any lot could be meant.

    True for every other key: a lot with number, an item, and an opaque key, which stands for itself.
    """
    if key.startswith("urn:epc:idpat:"):
        return False
    return not _is_bare_class(parse(key))


def product_of(key: str) -> str | None:
    """The key of the product (GTIN) of a unit, None where the key does not tell."""
    return parse(key).product


def parse_once(text: str) -> Identified:
    """As `parse`, but not remembered: for whoever remembers what follows from it."""
    return _parsed(text, None)


def parse_slowly(text: str, kind: str | None = None) -> Identified:
    """As `parse`, without fast path and memory: biip and epcpy decide. The fast path is tested against it."""
    stripped = text.strip()
    checked_kind(kind)
    if not stripped:
        return Identified("", OPAQUE, problems=(_EMPTY,))
    if len(stripped) > LONGEST:
        return Identified(stripped, OPAQUE)
    found = (
        read_plain(stripped, kind)
        or read_urn(stripped)
        or read_link(stripped)
        or read_element_string(_with_separator(text, stripped))
        or _read_supplier_lot(stripped)
    )
    return found or Identified(stripped, OPAQUE)


@lru_cache(maxsize=32_768)
def _remembered(text: str, kind: str | None) -> Identified:
    return _parsed(text, kind)


def _parsed(text: str, kind: str | None) -> Identified:
    if kind is None and len(text) <= LONGEST:
        found = read_fast(text)
        if found is not None:
            return _read_supplier_lot(text) or found if found.scheme == OPAQUE else found
    return parse_slowly(text, kind)


def _with_separator(text: str, stripped: str) -> str:
    """Python takes a scanner's separator for white space; at the beginning it says that an element string follows."""
    leading = text.lstrip(" \t\r\n")
    return SEPARATOR + stripped if leading.startswith(SEPARATOR) else stripped


def _read_supplier_lot(text: str) -> Identified | None:
    if split_supplier_lot(text) is None:
        return None
    return Identified(text, SUPPLIER_LOT, kind=UnitKind.LOT)


def _is_bare_class(identified: Identified) -> bool:
    if identified.kind is not UnitKind.LOT or identified.scheme in (OPAQUE, SUPPLIER_LOT):
        return False
    return "/10/" not in identified.key
