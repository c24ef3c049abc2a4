"""A supplier's own lot numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracegraph.errors import UsageError
from tracegraph.identifiers import canonical, has_lot_number, parse, split_supplier_lot, supplier_lot, unit_kind
from tracegraph.model.custody import UnitKind

PARTY = "https://id.gs1.org/417/4012345000009"
stripped = st.text().map(str.strip)


def test_the_key_names_source_and_code() -> None:
    key = supplier_lot(PARTY, " L 7:a ")
    assert key == "urn:tracegraph:lot:https%3A%2F%2Fid.gs1.org%2F417%2F4012345000009:L%207%3Aa"
    assert split_supplier_lot(key) == (PARTY, "L 7:a")
    assert (parse(key).scheme, parse(key).problems, unit_kind(key)) == ("supplier_lot", (), UnitKind.LOT)
    assert canonical(key) == key
    assert has_lot_number(key)


def test_a_lot_number_must_be_given() -> None:
    with pytest.raises(UsageError, match="lot number of 'urn:x-party:1' is empty"):
        supplier_lot("urn:x-party:1", "  ")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "urn:x-lot:1",
        "urn:tracegraph:lot:a",
        "urn:tracegraph:lot:a:",
        "urn:tracegraph:lot:a/b:c",
        "urn:tracegraph:lot:%FF:c",
    ],
)
def test_other_texts_are_none(text: str) -> None:
    assert split_supplier_lot(text) is None


@given(stripped, stripped.filter(bool), stripped, stripped.filter(bool))
def test_every_pair_comes_back_and_has_its_own_key(source: str, code: str, source2: str, code2: str) -> None:
    key = supplier_lot(source, code)
    assert split_supplier_lot(key) == (source, code)
    assert (supplier_lot(source2, code2) == key) == ((source2, code2) == (source, code))
