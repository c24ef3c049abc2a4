"""Cells and identifiers: whatever stands in a cell comes back from its identifier."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tracegraph.formats.epcis.context import is_uri
from tracegraph.formats.fsma204 import naming

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=12)


@given(TEXTS)
def test_places_documents_and_types(text: str) -> None:
    for key, back in (
        (naming.place_key, naming.place_text),
        (naming.document_key, naming.document_text),
        (naming.document_type_key, naming.document_type_text),
    ):
        again = back(key(text))
        assert key(again) == key(text)


@given(TEXTS, st.sampled_from(["", "09521000123458", "own product"]), st.sampled_from(["", "urn:tracegraph:place:A"]))
def test_lots(code: str, product: str, source: str) -> None:
    key = naming.lot_key(code, product, source)
    again = naming.lot_key(naming.lot_text(key), naming.product_text(key), naming.lot_source(key))
    assert again == key
    assert is_uri(key)
