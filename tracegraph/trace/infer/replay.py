"""The stock of one product at one site, replayed: which arrivals each departure without a lot number may be of.

Pure: no store, no node. Amounts are exact, of one measure; None is an amount that nobody knows. What is not known is
linked rather than passed over, so that no lot is missed: an unknown arrival may be in every later departure, and of an
unknown departure nobody knows what it left.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from tracegraph.trace.infer.modes import FIFO, LIFO, WEIGHTED, WINDOW, Mode


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
    """What is left of an arrival."""

    number: int
    arrival: Arrival
    left: Fraction | None


def replay(arrivals: Sequence[Arrival], departures: Sequence[Departure], mode: Mode, unnumbered: str) -> list[Link]:
    """The links that the assumption adds: between units only, where one of the two is `unnumbered`, the unit without a
    lot number. A departure with a number is first of what is there of its own lot; what that cannot supply was there
    without a number. Everything at one instant arrives before anything leaves."""
    if mode.name == WINDOW:
        return _in_window(arrivals, departures, mode, unnumbered)
    coming = deque(sorted(range(len(arrivals)), key=lambda number: arrivals[number][:3]))
    layers: list[_Layer] = []
    links: list[Link] = []
    for number in sorted(range(len(departures)), key=lambda number: departures[number][:3]):
        leaving = departures[number]
        while coming and arrivals[coming[0]].instant <= leaving.instant:
            came = coming.popleft()
            layers.append(_Layer(came, arrivals[came], arrivals[came].amount))
        links += [
            Link(layer.number, number, amount)
            for layer, amount in _taken(layers, leaving, mode, unnumbered)
            if layer.arrival.unit != leaving.unit
        ]
    return links


def _in_window(arrivals: Sequence[Arrival], departures: Sequence[Departure], mode: Mode, unnumbered: str) -> list[Link]:
    """Whatever had come by then, and not too long before. What leaves with a number is of its own lot where that was
    there."""
    links = []
    for number, leaving in enumerate(departures):
        since = None if mode.span is None else leaving.instant - mode.span
        here = [
            (place, came)
            for place, came in enumerate(arrivals)
            if came.instant <= leaving.instant and (since is None or came.instant >= since)
        ]
        if leaving.unit == unnumbered:
            links += [Link(place, number, None) for place, came in here if came.unit != unnumbered]
        elif not any(came.unit == leaving.unit and came.shown and came.instant <= leaving.instant for came in arrivals):
            links += [Link(place, number, None) for place, came in here if came.unit == unnumbered]
    return links


Taken = list[tuple[_Layer, Fraction | None]]


def _taken(layers: Sequence[_Layer], leaving: Departure, mode: Mode, unnumbered: str) -> Taken:
    """What a departure takes of each layer."""
    there = [layer for layer in layers if layer.left is None or layer.left > 0]
    if leaving.unit == unnumbered:
        return _take(there, leaving.amount, mode)
    own = [layer for layer in there if layer.arrival.unit == leaving.unit]
    found = _take(own, leaving.amount, mode)
    if any(layer.left is None and layer.arrival.shown for layer, _ in found):
        return found
    missing = None
    if leaving.amount is not None:
        missing = leaving.amount - sum((amount for _, amount in found if amount is not None), Fraction(0))
    elif any(layer.arrival.shown for layer in own):
        return found
    return found + _take([layer for layer in there if layer.arrival.unit == unnumbered], missing, mode)


def _take(there: Sequence[_Layer], wanted: Fraction | None, mode: Mode) -> Taken:
    """Take so much (None: nobody knows how much) of the layers, in the order of the mode."""
    if wanted is None:
        for layer in there:
            layer.left = None
        return [(layer, None) for layer in there]
    known = [layer for layer in there if layer.left is not None]
    unknown: Taken = [(layer, None) for layer in there if layer.left is None] if wanted > 0 else []
    return unknown + (_proportional(known, wanted) if mode.name == WEIGHTED else _in_order(known, wanted, mode))


def _in_order(layers: Iterable[_Layer], wanted: Fraction, mode: Mode) -> Taken:
    """The first to come first (FIFO), or the last."""
    assert mode.name in (FIFO, LIFO), mode
    found: Taken = []
    for layer in layers if mode.name == FIFO else reversed(list(layers)):
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
