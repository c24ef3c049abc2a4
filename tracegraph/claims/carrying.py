"""Which goods carry a characteristic set: by a claim or by a verification of them; and which inputs of goods do not.

Source: ISO 22095:2020, 3.3.2 and 5.3.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tracegraph.claims.backing import Backing, about_goods, backings
from tracegraph.claims.custody import Custody, Upstream
from tracegraph.claims.finding import Evidence
from tracegraph.claims.models import Model
from tracegraph.claims.row import Row
from tracegraph.claims.world import World
from tracegraph.model.quantity import Quantity


@dataclass(frozen=True, slots=True)
class Ingredient:
    """What went into claimed goods: its name, how much (None: not said), whether it carries the same characteristic set
    (None: the record that would tell is absent), and the evidence."""

    name: str
    quantity: Quantity | None
    carries: bool | None
    evidence: tuple[Row | Evidence, ...]


def carriers(world: World, unit: str, claim: Row) -> tuple[Row, ...]:
    """The other claims on a unit, and the verifications of it, that say the characteristic set of a claim. A claim that
    does not hold of every part of the goods (controlled blending, mass balance, book and claim) carries nothing."""
    claims = [row for row in about_goods(world, "claim", unit) if row.id != claim.id and is_of_all(row) is not False]
    rows = [*claims, *about_goods(world, "verification", unit)]
    return tuple(row for row in rows if row.text("charset") == claim.text("charset"))


def is_of_all(claim: Row) -> bool | None:
    """Whether a claim holds of every part of its goods; None where it names no model."""
    model = claim.text("model")
    return Model(model).rank >= Model.SEGREGATED.rank if model else None


def ingredients(world: World, claim: Row) -> tuple[Ingredient, ...]:
    """What support records name, and what the custody graph shows that the goods were made of; sorted by name."""
    found = [_supporting(world, claim, one) for one in backings(world, claim) if one.support is not None]
    upstream = world.upstream(claim)
    if world.custody is not None and upstream is not None:
        found += list(_made_of(world, claim, world.custody, upstream))
    return tuple(sorted(found, key=lambda one: (one.name, one.carries is not False, str(one.quantity))))


def _supporting(world: World, claim: Row, backing: Backing) -> Ingredient:
    """An account and a credit are no goods; goods carry what they carry, and a claim what it says."""
    quantity = _quantity(backing.support)
    evidence = (claim, *backing.evidence)
    if backing.by == "claim" and backing.row is None:
        return Ingredient(backing.name, quantity, None, evidence)
    if backing.by == "goods" and backing.row is None:
        said = carriers(world, backing.reference, claim)
        return Ingredient(backing.name, quantity, bool(said), (*evidence, *said))
    goods = backing.row is not None and backing.row.kind == "claim"
    if not goods or backing.row is None or backing.row.text("charset") != claim.text("charset"):
        return Ingredient(backing.name, quantity, False, evidence)
    return Ingredient(backing.name, quantity, is_of_all(backing.row), evidence)


def _quantity(support: Row | None) -> Quantity | None:
    value = support.number("quantity") if support is not None else None
    return None if support is None or value is None else Quantity(value, support.text("unit"))


def _made_of(world: World, claim: Row, custody: Custody, upstream: Upstream) -> Iterator[Ingredient]:
    """The inputs on the way back: each way ends at what carries the characteristic set, or where goods begin."""
    seen, waiting = {upstream.unit}, list(upstream.made_of.get(upstream.unit, ()))
    while waiting:
        one = waiting.pop()
        behind = upstream.made_of.get(one.unit, ())
        said = carriers(world, one.unit, claim)
        if said or not behind:
            yield Ingredient(one.unit, one.quantity, bool(said), (claim, one.shown(), *said))
        elif one.unit not in seen:
            waiting += behind
        seen.add(one.unit)
