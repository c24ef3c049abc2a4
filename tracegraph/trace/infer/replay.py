"""The stock of one product at one site, replayed: which arrivals each departure without a lot number may be of.

Pure: no store, no node. Amounts are exact, of one measure; None is an amount that nobody knows. What is not known is
linked rather than passed over, so that no lot is missed: an unknown arrival may be in every later departure, and of an
unknown departure nobody knows what it left.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from tracegraph.errors import UsageError
from tracegraph.trace.infer.modes import FIFO, WEIGHTED, WINDOW, Mode

#: Links of one product at one site beyond which an answer would hold little else.
MOST_LINKS = 200_000


class Arrival(NamedTuple):
    """Goods of a unit that came to the site at an instant. `name` decides the order of what came at once; `shown`:
    records show it, rather than that later goods needed it."""

    instant: int
    name: str
    unit: str
    amount: Fraction | None
    shown: bool = True


class Departure(NamedTuple):
    """Goods of a unit that left."""

    instant: int
    name: str
    unit: str
    amount: Fraction | None


class Link(NamedTuple):
    """An arrival that may be in a departure, by their numbers; `amount`: how much of it the assumption says (None:
    nobody knows)."""

    arrival: int
    departure: int
    amount: Fraction | None


@dataclass(slots=True)
class _Layer:
    """What is left of an arrival (None: nobody knows)."""

    number: int
    unit: str
    shown: bool
    left: Fraction | None


@dataclass(slots=True)
class _Stock:
    """What is at the site, in the order in which it came: `known` amounts, empty ones passed over, and `unknown` ones;
    `by_unit` has both."""

    known: deque[_Layer] = field(default_factory=deque)
    unknown: list[_Layer] = field(default_factory=list)
    by_unit: dict[str, list[_Layer]] = field(default_factory=lambda: defaultdict(list))

    def put(self, layer: _Layer) -> None:
        """Something came; nothing at all is none."""
        if layer.left != 0:
            (self.unknown if layer.left is None else self.known).append(layer)
            self.by_unit[layer.unit].append(layer)

    def of(self, unit: str) -> list[_Layer]:
        """What there is of one unit."""
        found = self.by_unit[unit] = [layer for layer in self.by_unit[unit] if layer.left != 0]
        return found

    def all(self) -> list[_Layer]:
        """Everything."""
        return [*self.unknown, *(layer for layer in self.known if layer.left)]

    def forget(self, layers: Iterable[_Layer]) -> None:
        """Nobody knows any more what is left of these."""
        known = [layer for layer in layers if layer.left is not None]
        for layer in known:
            layer.left = None
        self.unknown += known
        self.known = deque(layer for layer in self.known if layer.left)

    def in_order(self, mode: Mode) -> Iterator[_Layer]:
        """What may leave, first what does by FIFO or LIFO. What is empty at that end is forgotten."""
        end, drop = (0, self.known.popleft) if mode.name == FIFO else (-1, self.known.pop)
        while self.known and not self.known[end].left:
            drop()
        return (layer for layer in (self.known if mode.name == FIFO else reversed(self.known)) if layer.left)


def replay(arrivals: Sequence[Arrival], departures: Sequence[Departure], mode: Mode, unnumbered: str) -> list[Link]:
    """The links that the assumption adds: between units only, where one of the two is `unnumbered`, the unit without a
    lot number. Raises UsageError where there are more than MOST_LINKS. A departure with a number is first of what is
    there of its own lot; what that cannot supply was there without a number. Everything at one instant arrives before
    anything leaves."""
    if mode.name == WINDOW:
        return _in_window(arrivals, departures, mode, unnumbered)
    coming = deque(sorted(range(len(arrivals)), key=lambda number: arrivals[number][:3]))
    stock = _Stock()
    links: list[Link] = []
    for number in sorted(range(len(departures)), key=lambda number: departures[number][:3]):
        leaving = departures[number]
        while coming and arrivals[coming[0]].instant <= leaving.instant:
            came = coming.popleft()
            stock.put(_Layer(came, arrivals[came].unit, arrivals[came].shown, arrivals[came].amount))
        links += [
            Link(layer.number, number, amount)
            for layer, amount in _taken(stock, leaving, mode, unnumbered)
            if layer.unit != leaving.unit
        ]
        _check(links, mode, unnumbered)
    return links


def _check(links: Sequence[Link], mode: Mode, unnumbered: str) -> None:
    if len(links) > MOST_LINKS:
        raise UsageError(
            f"infer is {mode.text!r}, by which goods of {unnumbered} at one site may be of too many lots (more than "
            f"{MOST_LINKS:,} links); choose fifo, lifo or a shorter window:DAYS"
        )


def _in_window(arrivals: Sequence[Arrival], departures: Sequence[Departure], mode: Mode, unnumbered: str) -> list[Link]:
    """Whatever had come by then, and not too long before. What leaves with a number is of its own lot where that was
    there."""
    came = sorted(range(len(arrivals)), key=lambda number: (arrivals[number].instant, number))
    instants = [arrivals[number].instant for number in came]
    first: dict[str, int] = {}
    for number in reversed(came):
        if arrivals[number].shown:
            first[arrivals[number].unit] = arrivals[number].instant
    links: list[Link] = []
    for number, leaving in enumerate(departures):
        begin = 0 if mode.span is None else bisect_left(instants, leaving.instant - mode.span)
        here = sorted(came[begin : bisect_right(instants, leaving.instant)])
        if leaving.unit == unnumbered:
            links += [Link(place, number, None) for place in here if arrivals[place].unit != unnumbered]
        elif first.get(leaving.unit, leaving.instant + 1) > leaving.instant:
            links += [Link(place, number, None) for place in here if arrivals[place].unit == unnumbered]
        _check(links, mode, unnumbered)
    return links


Taken = list[tuple[_Layer, Fraction | None]]


def _taken(stock: _Stock, leaving: Departure, mode: Mode, unnumbered: str) -> Taken:
    """What a departure takes of each layer."""
    if leaving.unit == unnumbered:
        return _take_any(stock, leaving.amount, mode)
    own = stock.of(leaving.unit)
    if leaving.amount is None:
        stock.forget(own)
        found: Taken = [(layer, None) for layer in own]
        if any(layer.shown for layer in own):
            return found
        missing = None
    else:
        found = _take(own, leaving.amount, mode)
        if any(layer.left is None and layer.shown for layer in own):
            return found
        missing = leaving.amount - sum((amount for _, amount in found if amount is not None), Fraction(0))
    return found + _take_numberless(stock, missing, mode, unnumbered)


def _take_numberless(stock: _Stock, wanted: Fraction | None, mode: Mode, unnumbered: str) -> Taken:
    """What was there without a number."""
    layers = stock.of(unnumbered)
    if wanted is None:
        stock.forget(layers)
        return [(layer, None) for layer in layers]
    return _take(layers, wanted, mode)


def _take_any(stock: _Stock, wanted: Fraction | None, mode: Mode) -> Taken:
    """Of everything there."""
    if wanted is None:
        layers = stock.all()
        stock.forget(layers)
        return [(layer, None) for layer in layers]
    if mode.name == WEIGHTED:
        return _take(stock.all(), wanted, mode)
    unknown: Taken = [(layer, None) for layer in stock.unknown] if wanted > 0 else []
    return unknown + _until(stock.in_order(mode), wanted)


def _take(layers: Sequence[_Layer], wanted: Fraction, mode: Mode) -> Taken:
    """Take so much of some layers, in the order of the mode; whatever may be left of unknown ones may be in it too."""
    known = [layer for layer in layers if layer.left is not None]
    unknown: Taken = [(layer, None) for layer in layers if layer.left is None] if wanted > 0 else []
    if mode.name == WEIGHTED:
        return unknown + _proportional(known, wanted)
    return unknown + _until(known if mode.name == FIFO else reversed(known), wanted)


def _until(layers: Iterable[_Layer], wanted: Fraction) -> Taken:
    """One after the other, as long as something is wanted."""
    found: Taken = []
    for layer in layers:
        if wanted <= 0:
            break
        amount = min(wanted, layer.left or Fraction(0))
        layer.left = (layer.left or Fraction(0)) - amount
        wanted -= amount
        found.append((layer, amount))
    return found


def _proportional(layers: Sequence[_Layer], wanted: Fraction) -> Taken:
    """Of everything the same part."""
    whole = sum((layer.left or Fraction(0) for layer in layers), Fraction(0))
    if wanted <= 0 or not whole:
        return []
    part = min(Fraction(1), wanted / whole)
    found: Taken = []
    for layer in layers:
        amount = (layer.left or Fraction(0)) * part
        layer.left = (layer.left or Fraction(0)) - amount
        found.append((layer, amount))
    return found
