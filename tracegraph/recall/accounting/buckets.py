"""Amounts in buckets, and how they move from one into another: no gram comes or goes on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

ZERO = Fraction(0)
#: What is neither here nor there: below zero, more was said to be there than there can be.
UNACCOUNTED = "unaccounted"
UNANSWERED = "unanswered"
#: What was sent and did not arrive.
SHORT = "short_received"
#: What a disposal recorded in the case made of goods.
DISPOSED = "disposed"

#: From which buckets goods are disposed of that were said to be of one: the first that has some.
_SOURCES = {
    "returned": ("returned",),
    "on_hand": ("held", "on_hand"),
    "destroyed": ("destroyed",),
}

Buckets = dict[str, Fraction]


def said_buckets(amounts: Mapping[str, Fraction], held: bool) -> Buckets:
    """What a reply states, by bucket: what is on hand is `held` where it is set aside."""
    on_hand = "held" if held else "on_hand"
    names = {"on_hand": on_hand, "sold": "sold", "returned": "returned", "destroyed": "destroyed"}
    names["distributed"] = "distributed"
    return {names[name]: amount for name, amount in amounts.items() if name in names and amount}


def divided(there: Fraction, said: Buckets, got: Fraction | None, known_short: Fraction, gone: Fraction) -> Buckets:
    """What is there, divided as a reply says: `said`, and what it does not add up to. `got`: what the reply says to
    have come, of which `gone` is not there any more; where it does not say, `known_short` of what was sent is known not
    to have come, as far as the reply leaves so much."""
    missing = there - total(said)
    short = min(known_short, missing) if got is None else there + gone - got
    buckets = {name: amount for name, amount in said.items() if amount}
    put(buckets, SHORT, max(ZERO, short))
    put(buckets, UNACCOUNTED, there - total(buckets))
    return buckets


def put(buckets: Buckets, name: str, amount: Fraction) -> None:
    """Add to a bucket; an empty one is none."""
    there = buckets.get(name, ZERO) + amount
    if there:
        buckets[name] = there
    else:
        buckets.pop(name, None)


def take(buckets: Buckets, names: Sequence[str], amount: Fraction) -> Fraction:
    """Take an amount out of the first of these buckets that have some; returns what was not there."""
    for name in names:
        part = min(amount, max(ZERO, buckets.get(name, ZERO)))
        put(buckets, name, -part)
        amount -= part
    return amount


def dispose(buckets: Buckets, out_of: str, amount: Fraction, also: Sequence[str] = ()) -> None:
    """Goods are disposed of: out of what they were said to be, then out of `also`. What was not there was more than
    anybody knew of."""
    missing = take(buckets, [*_SOURCES[out_of], *also], amount)
    put(buckets, DISPOSED, amount)
    put(buckets, UNACCOUNTED, -missing)


def total(buckets: Mapping[str, Fraction]) -> Fraction:
    """All that is in them."""
    return sum(buckets.values(), ZERO)
