"""Accounts kept as a person with a pencil would: fractions, lot by lot, everything anew for every question.

Shares no code with tracegraph. Postings are dictionaries: id, day, direction, quantity (Fraction, in the account's
unit), and where credits of their own date come in, `expires` (a day).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

Posting = dict[str, Any]
INCOMING = ("opening", "in", "correction_in")


def balances(postings: list[Posting], life: int | None = None) -> list[tuple[str, Fraction]]:
    """The balance after each posting that stands, in order. `life`: days that credits live."""
    kept = in_order(unreversed(postings))
    return [(one["id"], balance_at(kept[: place + 1], one["day"], life)) for place, one in enumerate(kept)]


def unreversed(postings: list[Posting]) -> list[Posting]:
    """Without postings that were reversed, and without the reversals."""
    reversed_ids = {one["reverses"] for one in postings if "reverses" in one}
    return [one for one in postings if "reverses" not in one and one["id"] not in reversed_ids]


def in_order(postings: list[Posting]) -> list[Posting]:
    return sorted(postings, key=lambda one: (one["day"], one["direction"] != "opening", one["id"]))


def balance_at(postings: list[Posting], day: int, life: int | None) -> Fraction:
    """What is there on a day after these postings: valid credits, less what was taken beyond them."""
    lots: list[list[Any]] = []
    debt = Fraction(0)
    for one in postings:
        strike_expired(lots, one["day"])
        if one["direction"] in INCOMING:
            paid = min(debt, one["quantity"])
            debt -= paid
            lots.append([one["quantity"] - paid, expiry(one, life)])
        else:
            debt += taken(lots, one["quantity"])
    strike_expired(lots, day)
    return sum((lot[0] for lot in lots), Fraction(0)) - debt


def expiry(one: Posting, life: int | None) -> int | None:
    ends = [one["expires"]] if "expires" in one else []
    if life is not None and one["direction"] != "opening":
        ends.append(one["day"] + life)
    return min(ends) if ends else None


def strike_expired(lots: list[list[Any]], day: int) -> None:
    lots[:] = [lot for lot in lots if lot[1] is None or lot[1] > day]


def taken(lots: list[list[Any]], quantity: Fraction) -> Fraction:
    """Takes from the oldest lots; what is lacking."""
    for lot in lots:
        part = min(lot[0], quantity)
        lot[0] -= part
        quantity -= part
    return quantity


def segregated(postings: list[tuple[int, str, Fraction]], factor: Fraction) -> list[Fraction]:
    """What a plant that keeps certified goods apart could have delivered until each step, all in all: (day, `in` or
    `out`, quantity)."""
    made = delivered = Fraction(0)
    possible = []
    for _, direction, quantity in sorted(postings):
        if direction == "in":
            made += quantity * factor
        else:
            delivered += min(quantity, made - delivered)
        possible.append(made - delivered)
    return possible
