"""From what stands in a cell to the identifiers of an event, and back: places, documents, lots.

What is no GS1 key and no URI is kept in a URI of our own, percent-encoded, so that the same text is the same thing.
"""

from __future__ import annotations

import re

from tracegraph.formats.epcis.context import is_uri
from tracegraph.formats.fsma204.columns import document_labels, document_type_of
from tracegraph.identifiers import canonical, has_lot_number, location, split_supplier_lot, supplier_lot
from tracegraph.identifiers.keys import GS1, decoded, encoded

#: How the identifier of a place begins that is known by what a cell says only.
OWN_PLACE = "urn:tracegraph:place:"
_DOCUMENT = "urn:tracegraph:document:"
_DOCUMENT_TYPE = "urn:tracegraph:document-type:"
_GLN = re.compile(rf"{re.escape(GS1)}/414/([0-9]{{13}})")
_GTIN_LOT = re.compile(rf"{re.escape(GS1)}/01/([0-9]{{14}})/10/([^/]+)")
_GTIN = re.compile(rf"{re.escape(GS1)}/01/([0-9]{{14}})(?:/.*)?")
#: What a lot number of GS1 may hold (AI 10): 1 to 20 characters of the table of GS1 that are safe in a path.
_GS1_LOT = re.compile(r"[A-Za-z0-9._-]{1,20}")


def place_key(text: str) -> str:
    """The identifier of a place: a GLN, URI or other known key as it is known everywhere, else one of our own."""
    key = location(text)
    return key if is_uri(key) else f"{OWN_PLACE}{encoded(text)}"


def place_text(key: str) -> str:
    """A place as it stands in a cell: a GLN as its digits, a text of ours as it was."""
    if gln := _GLN.fullmatch(key):
        return gln[1]
    return _ours(key, OWN_PLACE) or key


def document_key(number: str) -> str:
    """The identifier of a document by its number."""
    return number if is_uri(number) else f"{_DOCUMENT}{encoded(number)}"


def document_text(key: str) -> str:
    """A document's number as it stands in a cell."""
    return _ours(key, _DOCUMENT) or key


def document_type_key(text: str) -> str:
    """The type of a document: a word of the CBV where the text names one, else a URI of our own."""
    return document_type_of(text) or (text if is_uri(text) else f"{_DOCUMENT_TYPE}{encoded(text)}")


def document_type_text(key: str) -> str:
    """The type of a document as it stands in a cell."""
    return document_labels().get(key) or _ours(key, _DOCUMENT_TYPE) or key


def lot_key(code: str, product: str, source: str) -> str:
    """The identifier of a lot: the code where it is one by itself (a URI, a GS1 key), GTIN and lot number where the
    product is a GTIN, else the code within the records of its source (21 CFR 1.1320)."""
    key = canonical(code)
    if is_uri(key) and not code.isdigit() and has_lot_number(key):
        return key
    gtin = _GTIN.fullmatch(canonical(product)) if product else None
    if gtin and _GS1_LOT.fullmatch(code):
        return f"{GS1}/01/{gtin[1]}/10/{code}"
    return supplier_lot(source, code)


def lot_text(key: str) -> str:
    """A lot's code as it stands in a cell: the lot number in a GS1 key, what its source calls it, or the key."""
    if (gs1 := _GTIN_LOT.fullmatch(key)) and _GS1_LOT.fullmatch(gs1[2]):
        return gs1[2]
    supplier = split_supplier_lot(key)
    return supplier[1] if supplier else key


def lot_source(key: str) -> str:
    """In whose records a lot has its code; empty where the key does not say."""
    supplier = split_supplier_lot(key)
    return supplier[0] if supplier else ""


def product_text(key: str) -> str:
    """The GTIN of a lot or product; empty where the key has none."""
    gtin = _GTIN.fullmatch(key)
    return gtin[1] if gtin else ""


def _ours(key: str, prefix: str) -> str:
    return (decoded(key.removeprefix(prefix)) or "") if key.startswith(prefix) else ""
