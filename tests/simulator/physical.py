"""What happened to the goods themselves, known portion by portion, without any event.

A pool is the goods of one unit in one place. Whatever is taken from it contains part of everything that was put in
since it was last empty. Each pool carries tags: the units whose goods are in it, and the carriers in which they lay.
The truth of a trace is read from the tags that ever came together with a unit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

Place = tuple[str, str]  # ("site", id), ("road", load id), ("inside", carrier key), ("gone", step)


@dataclass(frozen=True, slots=True)
class Portion:
    """Goods in the hand: of which unit, how much, and what is in them."""

    unit: str
    amount: Decimal
    tags: frozenset[str]


@dataclass(slots=True)
class Pool:
    """Goods of one unit in one place."""

    amount: Decimal = Decimal(0)
    tags: set[str] = field(default_factory=set)


def lay_in(carrier: str) -> str:
    """The tag of goods that lay in this carrier."""
    return f"in {carrier}"


class Goods:
    """All goods of one world."""

    def __init__(self) -> None:
        self.pools: dict[tuple[str, Place], Pool] = {}
        self.ever: dict[str, set[str]] = defaultdict(set)  # unit -> every tag that any of its goods ever carried
        self.held: dict[str, set[str]] = defaultdict(set)  # carrier -> every tag of goods that lay in it

    def take(self, unit: str, place: Place, amount: Decimal | None = None) -> Portion:
        """Take an amount (all, unless said) of the goods of a unit out of a place; it must be there."""
        pool = self.pools[unit, place]
        taken = pool.amount if amount is None else amount
        if not 0 < taken <= pool.amount:
            raise ValueError(f"{taken} of {unit} at {place}: only {pool.amount} there")
        pool.amount -= taken
        portion = Portion(unit, taken, frozenset(pool.tags))
        if not pool.amount:
            del self.pools[unit, place]
        return portion

    def put(self, portion: Portion, place: Place) -> None:
        """Put goods into a place; inside a carrier they learn of it and of every carrier around it."""
        pool = self.pools.setdefault((portion.unit, place), Pool())
        pool.amount += portion.amount
        around = frozenset(lay_in(carrier) for carrier in self._carriers_around(place))
        self._tag(portion.unit, place, portion.tags | around)
        self._tell_contents(portion.unit, around)

    def make(self, unit: str, place: Place, amount: Decimal, sources: Iterable[Portion] = ()) -> None:
        """New goods of a unit, made of the sources."""
        tags = frozenset({unit}).union(*(source.tags for source in sources))
        self.put(Portion(unit, amount, tags), place)

    def amount(self, unit: str, place: Place) -> Decimal:
        """How much of a unit is in a place."""
        pool = self.pools.get((unit, place))
        return pool.amount if pool else Decimal(0)

    def at(self, place: Place) -> list[str]:
        """The units in a place, in the order of their arrival."""
        return [unit for unit, where in self.pools if where == place]

    def tags_elsewhere(self, unit: str, place: Place) -> set[str]:
        """What is in the goods of a unit in all other places where somebody holds them."""
        others = (
            pool.tags
            for (name, where), pool in self.pools.items()
            if name == unit and where != place and where[0] != "gone"
        )
        return set().union(*others)

    def forward(self, unit: str) -> set[str]:
        """The units that goods of this unit, or goods that lay in it, went into; itself included."""
        mine = {unit, lay_in(unit)}
        return {unit} | {other for other, tags in self.ever.items() if tags & mine}

    def backward(self, unit: str) -> set[str]:
        """The units whose goods went into this unit, or into goods that lay in it; itself included."""
        tags = self.ever[unit] | self.held[unit]
        return {unit} | {tag for tag in tags if not tag.startswith("in ")}

    def _tag(self, unit: str, place: Place, tags: Iterable[str]) -> None:
        pool = self.pools[unit, place]
        pool.tags.update(tags)
        self.ever[unit].update(tags)
        for carrier in self._carriers_around(place):
            self.held[carrier].update(pool.tags)

    def _carriers_around(self, place: Place) -> list[str]:
        carriers: list[str] = []
        while place[0] == "inside":
            carriers.append(place[1])
            place = next((where for unit, where in self.pools if unit == place[1]), ("gone", "nowhere"))
        return carriers

    def _tell_contents(self, carrier: str, tags: frozenset[str]) -> None:
        for unit in self.at(("inside", carrier)):
            self._tag(unit, ("inside", carrier), tags)
            self._tell_contents(unit, tags)
