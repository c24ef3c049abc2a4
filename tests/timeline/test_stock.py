"""How much is there: the bounds of custody-graph section 9, by small books."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tracegraph.model.quantity import Quantity
from tracegraph.timeline.stock import Stock

TONNE = Quantity(Decimal(1), "TNE")
UNKNOWN = Quantity(None, "KGM")


def kilos(number: int) -> Quantity:
    return Quantity(Decimal(number), "KGM")


def stock(*entries: tuple[str, Quantity | None]) -> Stock:
    """`+` certain inflow, `(+)` possible inflow, `-` certain outflow, `(-)` possible outflow, `owe`."""
    found = Stock()
    for sign, quantity in entries:
        if sign == "owe":
            found.owe(quantity)
        elif "+" in sign:
            found.add(quantity, sign == "+")
        else:
            found.take(quantity, sign == "-")
    return found


def bounds(found: Stock) -> tuple[float, float | None, bool]:
    """Small whole numbers, so that they can be written down."""
    return float(found.low), None if found.high is None else float(found.high), found.exact


@pytest.mark.parametrize(
    ("entries", "low", "high", "exact"),
    [
        ([], 0, 0, True),
        ([("+", kilos(5))], 5, 5, True),
        ([("(+)", kilos(5))], 0, 5, True),
        ([("+", kilos(5)), ("(+)", kilos(2)), ("+", kilos(1))], 6, 8, True),
        ([("+", None)], 0, None, False),
        ([("+", UNKNOWN)], 0, None, False),
        ([("+", kilos(5)), ("+", TONNE)], 5, None, False),
        ([("+", None), ("+", kilos(5))], 5, None, False),
        ([("+", kilos(5)), ("-", kilos(2))], 3, 3, True),
        ([("+", kilos(5)), ("(-)", kilos(2))], 3, 5, True),
        ([("+", kilos(5)), ("-", kilos(7))], 0, 0, True),
        ([("+", kilos(5)), ("-", None)], 0, 5, False),
        ([("+", kilos(5)), ("(-)", None)], 0, 5, True),
        ([("+", kilos(5)), ("-", TONNE)], 0, 5, False),
        ([("+", None), ("+", kilos(5)), ("-", kilos(2))], 3, None, False),
        ([("+", None), ("-", kilos(2))], 0, None, False),
        ([("+", None), ("(-)", None)], 0, None, False),
        ([("owe", kilos(3)), ("+", kilos(5))], 2, 2, True),
        ([("owe", kilos(3)), ("+", kilos(2)), ("+", kilos(5))], 4, 4, True),
        ([("owe", kilos(3)), ("owe", kilos(1)), ("(+)", kilos(5))], 0, 1, True),
        ([("owe", None), ("+", kilos(5))], 5, 5, False),
        ([("owe", UNKNOWN), ("+", kilos(5))], 5, 5, False),
    ],
)
def test_bounds(entries: list[tuple[str, Quantity | None]], low: int, high: int | None, exact: bool) -> None:
    assert bounds(stock(*entries)) == (low, high, exact)


def test_what_can_be_compared() -> None:
    empty, some = Stock(), stock(("+", kilos(5)))
    assert (empty.unit, some.unit) == (None, "KGM")
    assert (empty.comparable(TONNE), some.comparable(TONNE)) == (Decimal(1), None)
    assert some.comparable(kilos(2)) == Decimal(2)
    assert (some.comparable(None), some.comparable(UNKNOWN)) == (None, None)


@pytest.mark.parametrize(
    ("entries", "wanted", "missing"),
    [
        ([("+", kilos(5))], kilos(7), 2),
        ([("+", kilos(5))], kilos(5), 0),
        ([("+", kilos(5))], kilos(4), 0),
        ([("(+)", kilos(5))], kilos(7), 2),
        ([("+", None)], kilos(7), 0),
        ([("+", kilos(5))], None, 0),
        ([("+", kilos(5))], TONNE, 0),
        ([], kilos(7), 7),
    ],
)
def test_shortage(entries: list[tuple[str, Quantity | None]], wanted: Quantity | None, missing: int) -> None:
    assert stock(*entries).shortage(wanted) == missing


@pytest.mark.parametrize(
    ("entries", "empty"),
    [
        ([], True),
        ([("+", kilos(5)), ("-", kilos(5))], True),
        ([("+", kilos(5)), ("-", kilos(4))], False),
        ([("+", kilos(5)), ("(-)", kilos(5))], False),
        ([("+", kilos(5)), ("-", None)], False),
        ([("+", None), ("-", kilos(5))], False),
    ],
)
def test_a_clean_break(entries: list[tuple[str, Quantity | None]], empty: bool) -> None:
    found = stock(*entries)
    assert found.empty is empty
    found.overdrawn = True
    assert found.empty is False


def test_everything_leaves() -> None:
    found = stock(("+", kilos(5)), ("+", None))
    found.overdrawn = True
    found.take_all()
    assert bounds(found) == (0, 0, True)
    assert (found.overdrawn, found.untouched, found.empty) == (False, False, True)


@pytest.mark.parametrize(
    ("entries", "sure"),
    [
        ([], False),
        ([("+", kilos(1))], True),
        ([("+", None)], True),
        ([("(+)", kilos(1))], False),
        ([("(+)", None)], False),
        ([("+", None), ("(-)", kilos(1))], False),
        ([("+", kilos(2)), ("-", kilos(1))], True),
        ([("+", kilos(2)), ("-", kilos(2))], False),
        ([("+", kilos(2)), ("-", kilos(2)), ("(+)", kilos(1))], True),
    ],
)
def test_goods_are_certainly_there(entries: list[tuple[str, Quantity | None]], sure: bool) -> None:
    assert stock(*entries).sure is sure


@pytest.mark.parametrize(
    ("entries", "draws", "remains"),
    [
        ([("+", kilos(5))], 0, True),
        ([("+", kilos(5))], 4, True),
        ([("+", kilos(5))], 5, False),
        ([("+", kilos(5))], None, False),
        ([("+", None)], 0, True),
        ([("+", None)], 1, False),
        ([("+", None), ("-", kilos(1))], 0, False),
        ([("+", kilos(5)), ("-", kilos(4))], 0, True),
        ([("+", kilos(5)), ("-", kilos(5))], 0, False),
        ([("+", kilos(5)), ("-", None)], 0, False),
    ],
)
def test_goods_certainly_remain(entries: list[tuple[str, Quantity | None]], draws: int | None, remains: bool) -> None:
    found = stock(*entries)
    later = None if draws is None else Decimal(draws)
    assert found.remains(later) is remains
    found.overdrawn = True
    assert found.remains(later) is False


@pytest.mark.parametrize(
    ("entries", "balance"),
    [
        ([], Quantity(Decimal(0), "")),
        ([("+", kilos(5)), ("-", kilos(2))], kilos(3)),
        ([("+", Quantity(Decimal(2), ""))], Quantity(Decimal(2), "")),
        ([("+", kilos(5)), ("(+)", kilos(2))], None),
        ([("+", kilos(5)), ("-", None)], None),
        ([("+", None)], None),
        ([("owe", None), ("+", kilos(5))], None),
    ],
)
def test_balance(entries: list[tuple[str, Quantity | None]], balance: Quantity | None) -> None:
    found = stock(*entries)
    assert found.balance() == balance
    found.overdrawn = True
    assert found.balance() is None
