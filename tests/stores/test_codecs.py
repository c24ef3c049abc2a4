"""Facts and record data survive their text form exactly."""

from __future__ import annotations

import json
from dataclasses import fields
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracegraph.contract.samples import rich_facts
from tracegraph.errors import UsageError
from tracegraph.model.facts import Alias, Document, EventFacts, Membership, NamedUnit, Role
from tracegraph.model.quantity import Quantity
from tracegraph.stores.facts_codec import decode_facts, encode_facts
from tracegraph.stores.record_codec import decode_data, decode_many, encode_data

#: Any text, half surrogate pairs and NUL included.
TEXT = st.text(max_size=8)
DECIMAL = st.decimals() | st.sampled_from([Decimal("1.00"), Decimal("-0"), Decimal("1E+999999"), Decimal("sNaN")])
QUANTITY = st.builds(Quantity, st.none() | DECIMAL, TEXT)
NAMED = st.builds(NamedUnit, TEXT, st.sampled_from(Role), st.booleans(), st.none() | QUANTITY)
FACTS = st.builds(
    EventFacts,
    documents=st.lists(st.builds(Document, TEXT, TEXT), max_size=2).map(tuple),
    named=st.lists(NAMED, max_size=4).map(tuple),
    memberships=st.lists(st.builds(Membership, TEXT, TEXT), max_size=2).map(tuple),
    aliases=st.lists(st.builds(Alias, TEXT, TEXT, TEXT, TEXT), max_size=2).map(tuple),
    **{
        field.name: {"str": TEXT, "int": st.integers(), "bool": st.booleans(), "str | None": st.none() | TEXT}[
            str(field.type)
        ]
        for field in fields(EventFacts)
        if not str(field.type).startswith("tuple")
    },
)
SCALARS = st.none() | st.booleans() | st.integers() | TEXT | DECIMAL
KEYS = TEXT | st.sampled_from(["$decimal", "$object"])
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3))


@given(FACTS)
def test_facts_survive(facts: EventFacts) -> None:
    text = encode_facts(facts)
    assert text.isascii()
    # repr: a NaN equals nothing, and equal Decimals may differ in digits
    assert repr(decode_facts(text)) == repr(facts)


def test_facts_are_compact() -> None:
    text = encode_facts(rich_facts())
    assert "\n" not in text
    assert json.loads(text)[0] == rich_facts().content_hash
    assert len(json.loads(text)) == len(fields(EventFacts))


@pytest.mark.parametrize("text", ["", "{}", "[]", "[1,2]", "null", '["a"' + ",null" * 22 + "]"])
def test_other_text_is_no_facts(text: str) -> None:
    with pytest.raises((LookupError, TypeError, ValueError, ArithmeticError)):
        decode_facts(text)


@given(st.dictionaries(KEYS, VALUES, max_size=3))
def test_record_data_survive(data: dict[str, Any]) -> None:
    text = encode_data(data)
    assert text.isascii()
    assert repr(decode_data(text)) == repr(data)


@pytest.mark.parametrize("value", [0.5, float("nan"), b"x", {1: "x"}, {"a": [object()]}, {None: 1}])
def test_what_is_no_record_data(value: object) -> None:
    with pytest.raises(UsageError, match="a record cannot hold"):
        encode_data({"key": value})


@given(st.lists(st.dictionaries(st.text(max_size=3), st.text(max_size=3) | st.decimals(allow_nan=False), max_size=3)))
def test_many_records_are_decoded_as_each_of_them(many: list[dict[str, Any]]) -> None:
    texts = [encode_data(one) for one in many]
    assert repr(decode_many(texts)) == repr([decode_data(text) for text in texts])


def test_a_damaged_text_never_shifts_those_after_it() -> None:
    with pytest.raises(ValueError, match="Extra data"):
        decode_many(['{"a":1},{"b":2}', '{"c":3}'])
