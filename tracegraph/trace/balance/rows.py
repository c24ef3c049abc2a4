"""One line of an account."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from tracegraph.model.custody import Place

BUCKETS = (
    "on_hand", "held", "packed", "in_transit", "short_received", "sold", "consumed", "sampled", "destroyed", "lost",
    "unaccounted", "undetermined",
)  # fmt: skip
#: Buckets of goods that are there to be recalled.
AFFECTED = frozenset({"on_hand", "held", "packed", "in_transit", "sold"})
#: Buckets of goods that nobody has bought or used yet.
RECOVERABLE = ("on_hand", "held", "packed", "in_transit")


class Row(NamedTuple):
    """Goods in one bucket. `amount`: what derives from the set; `whole`: the goods that it is in (None: there are none
    any more, or nobody knows how much)."""

    bucket: str
    unit: str
    place: Place
    party: str
    node: str
    amount: Fraction
    whole: Fraction | None = None
