"""Identifiers: every form of a GS1 key to one canonical key, everything else to itself.

`canonical` gives the key, `parse` also scheme, lot, product and problems, `location` and `party` read what stands in a
place or party field. See docs/architecture.md.
"""

from __future__ import annotations

from tracegraph.identifiers.exports import PrefixLengths, to_epc_urn
from tracegraph.identifiers.keys import Identified
from tracegraph.identifiers.places import is_sublocation, location, party, site_without_extension
from tracegraph.identifiers.reading import canonical, has_lot_number, parse, parse_once, product_of, unit_kind
from tracegraph.identifiers.suppliers import split_supplier_lot, supplier_lot

__all__ = [
    "Identified",
    "PrefixLengths",
    "canonical",
    "has_lot_number",
    "is_sublocation",
    "location",
    "parse",
    "parse_once",
    "party",
    "product_of",
    "site_without_extension",
    "split_supplier_lot",
    "supplier_lot",
    "to_epc_urn",
    "unit_kind",
]
