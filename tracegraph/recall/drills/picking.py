"""Which lot a drill is about: drawn at random, the same again from the same seed and the same records.

Drawn in three steps, so that rare products and old goods come up as often as others: a product, the older or the newer
half of its lots, a lot. Who is drilled cannot choose an easy one.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from tracegraph.errors import UsageError
from tracegraph.model.custody import Holding
from tracegraph.model.values import value
from tracegraph.stores.port import HoldingQuery, UnitRow
from tracegraph.trace.envelope import Json
from tracegraph.trace.resolve import known_product, known_site
from tracegraph.trace.snapshot import Snapshot

LOT = "lot"
AGES = ("older", "newer")


@value
class Pick:
    """A unit, and how it was found: `seed` None: somebody chose it. `product`, `age`: from which stratum; `strata`: how
    many products there were to draw from, `among`: how many lots in the stratum."""

    unit: str
    seed: int | None = None
    product: str | None = None
    age: str = ""
    strata: int = 0
    among: int = 0

    def to_dict(self) -> Json:
        """As the ledger and answers have it."""
        if self.seed is None:
            return {"how": "chosen"}
        stratum = {"product": self.product, "age": self.age}
        return {"how": "random", "seed": self.seed, "products": self.strata, "stratum": stratum, "lots": self.among}


def drawn(snapshot: Snapshot, seed: int, product: str | None = None, site: str | None = None) -> Pick:
    """A lot drawn among those of a product or a site, which may be written in any form. Raises UnknownIdentifier."""
    known = None if product is None else known_product(product, snapshot)
    return pick(snapshot, seed, known, None if site is None else known_site(site, snapshot))


def pick(snapshot: Snapshot, seed: int, product: str | None = None, site: str | None = None) -> Pick:
    """A lot (an item where there are no lots) among those of a product, or of those that were at a site (canonical
    keys), or all. Raises UsageError where there is none."""
    by_product = _by_product(_candidates(snapshot, product, site))
    if not by_product:
        raise UsageError("there is no lot to draw from; capture events, or name another site or product")
    chance = random.Random(f"drill {seed}")
    chosen = chance.choice(sorted(by_product))
    halves = _by_age(snapshot, by_product[chosen])
    age = chance.choice([name for name in AGES if halves[name]])
    unit = chance.choice(halves[age])
    return Pick(unit, seed, chosen or None, age, len(by_product), len(halves[age]))


def _candidates(snapshot: Snapshot, product: str | None, site: str | None) -> list[UnitRow]:
    rows = snapshot.units(products=None if product is None else [product])
    if site is not None:
        held = {row.holding.unit for row in snapshot.holdings(HoldingQuery(sites=[site]))}
        rows = [row for row in rows if row.key in held]
    return [row for row in rows if row.kind == LOT] or rows


def _by_product(rows: Sequence[UnitRow]) -> dict[str, list[str]]:
    """The units of each product; those without one together under the empty name."""
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.product or "", []).append(row.key)
    return found


def _by_age(snapshot: Snapshot, units: Sequence[str]) -> dict[str, list[str]]:
    """The older and the newer half by when they were first somewhere, each sorted; what was nowhere is left out unless
    all were."""
    first: dict[str, int] = {}
    for row in snapshot.holdings(HoldingQuery(units=units)):
        _note(first, row.holding)
    order = sorted(first, key=lambda unit: (first[unit], unit)) or sorted(units)
    middle = (len(order) + 1) // 2
    return {"older": sorted(order[:middle]), "newer": sorted(order[middle:])}


def _note(first: dict[str, int], holding: Holding) -> None:
    known = first.get(holding.unit)
    if known is None or holding.since < known:
        first[holding.unit] = holding.since
