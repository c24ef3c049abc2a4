"""Units of measure: exact within a dimension, refused across dimensions."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracegraph.errors import UsageError
from tracegraph.model.measures import compare, convert, convert_difference, dimension, in_base, measures
from tracegraph.model.quantity import Quantity

CODES = sorted(measures())
AMOUNTS = st.decimals(min_value=0, max_value=10**12, allow_nan=False, allow_infinity=False, places=6)


def amount(text: str, code: str) -> Quantity:
    return Quantity(Decimal(text), code)


@pytest.mark.parametrize(
    ("quantity", "code", "expected"),
    [
        (amount("1.5", "TNE"), "KGM", "1500"),
        (amount("1", "LBR"), "GRM", "453.59237"),
        (amount("16", "ONZ"), "LBR", "1"),
        (amount("2", "STN"), "LBR", "4000"),
        (amount("20", "CWI"), "LTN", "1"),
        (amount("1000", "CTM"), "GRM", "200"),
        (amount("8", "PTI"), "GLI", "1"),
        (amount("42", "GLL"), "BLL", "1"),
        (amount("1", "GLL"), "LTR", "3.785411784"),
        (amount("128", "OZA"), "GLL", "1"),
        (amount("160", "OZI"), "GLI", "1"),
        (amount("27", "FTQ"), "YDQ", "1"),
        (amount("3", "DZN"), "", "36"),
        (amount("1", "GRO"), "DZN", "12"),
        (amount("1760", "YRD"), "SMI", "1"),
        (amount("1", "MIK"), "YDK", "3097600"),
        (amount("212", "FAH"), "CEL", "100"),
        (amount("-40", "CEL"), "FAH", "-40"),
        (amount("0", "CEL"), "KEL", "273.15"),
        (amount("18", "KMH"), "MTS", "5"),
        (amount("36", "KNT"), "KMH", "66.672"),
        (amount("491.67", "A48"), "CEL", "0"),
        (amount("101.325", "KPA"), "ATM", "1"),
        (amount("90", "DD"), "A91", "100"),
        (amount("5", "C38"), "M33", "5000"),
        (amount("1", "KWH"), "3B", "3.6"),
        (amount("5.50", "KGM"), "KGM", "5.50"),
        (amount("7", "made up"), "made up", "7"),
    ],
)
def test_conversion_is_exact(quantity: Quantity, code: str, expected: str) -> None:
    assert convert(quantity, code) == Quantity(Decimal(expected), code)


def test_a_difference_of_temperatures_has_no_zero() -> None:
    assert convert_difference(amount("9", "FAH"), "CEL") == Quantity(Decimal(5), "CEL")
    assert convert_difference(amount("5", "CEL"), "KEL") == Quantity(Decimal(5), "KEL")
    assert convert_difference(amount("5", "TNE"), "KGM") == Quantity(Decimal(5000), "KGM")
    with pytest.raises(UsageError, match="cannot be converted"):
        convert_difference(amount("5", "CEL"), "KGM")


def test_what_has_no_finite_decimal_is_rounded_to_fifty_digits() -> None:
    pounds = convert(amount("1", "KGM"), "LBR").value
    assert pounds is not None
    assert len(pounds.as_tuple().digits) == 50
    assert abs(pounds * Decimal("0.45359237") - 1) < Decimal("1e-27")


@pytest.mark.parametrize(("one", "other"), [("KGM", "LTR"), ("KGM", ""), ("made up", "KGM"), ("odd", "even")])
def test_other_dimensions_are_refused(one: str, other: str) -> None:
    with pytest.raises(UsageError, match="cannot be converted to"):
        convert(amount("1", one), other)
    assert compare(amount("1", one), amount("1", other)) is None


def test_unknown_values_stay_unknown() -> None:
    assert convert(Quantity(None, "KGM"), "TNE") == Quantity(None, "TNE")
    assert compare(Quantity(None, "KGM"), amount("1", "KGM")) is None
    assert in_base(Quantity(None, "KGM")) is None


def test_comparison_is_across_units_of_one_dimension() -> None:
    assert compare(amount("1", "TNE"), amount("1000", "KGM")) == 0
    assert compare(amount("999", "GRM"), amount("1", "KGM")) == -1
    assert compare(amount("1", "DZN"), amount("11", "EA")) == 1


def test_a_count_without_unit_is_of_pieces() -> None:
    assert dimension("") == dimension("EA") == dimension("H87") == "count"


@given(AMOUNTS, st.sampled_from(CODES))
def test_to_the_base_unit_and_back_loses_nothing(value: Decimal, code: str) -> None:
    for other in (known.code for known in measures().values() if known.dimension == dimension(code)):
        there = convert(Quantity(value, code), other)
        back = convert(there, code).value
        assert back is not None
        assert abs(back - value) <= Decimal("1e-25") * max(value, Decimal(1))


@given(AMOUNTS, AMOUNTS, st.sampled_from(CODES), st.sampled_from(CODES))
def test_comparison_agrees_with_the_amounts_in_the_base_unit(one: Decimal, two: Decimal, a: str, b: str) -> None:
    order, other_order = compare(Quantity(one, a), Quantity(two, b)), compare(Quantity(two, b), Quantity(one, a))
    if dimension(a) != dimension(b):
        assert order is other_order is None
        return
    first, second = in_base(Quantity(one, a)), in_base(Quantity(two, b))
    assert first is not None
    assert second is not None
    assert order == (first > second) - (first < second)
    assert other_order is not None
    assert order == -other_order
