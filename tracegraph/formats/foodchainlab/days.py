"""Which day stands for each departure and arrival: as stated, or one that agrees with what is stated.

A delivery row has optional dates, which may be a month or a year; an event has a day. Where the day is not stated, one
is assumed that lets the stated order of things stand (a delivery arrives after it departs, and before what was made of
it departs), and the event says so. A stated day is never moved: where days contradict a relation, both stay.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracegraph.formats.foodchainlab.dates import Days

#: Stands for the day of a delivery that nothing dates, nor anything that it is connected with.
NO_DAY = 0


@dataclass(frozen=True, slots=True)
class Stated:
    """What is stated of a delivery (None: nothing)."""

    departure: Days | None
    arrival: Days | None


@dataclass(frozen=True, slots=True)
class Dated:
    """The days that stand for a delivery's departure and arrival."""

    departure: int
    arrival: int


def assumed_days(stated: Mapping[str, Stated], relations: Iterable[tuple[str, str]]) -> dict[str, Dated]:
    """The days of every delivery, by its id; `relations` are pairs of (ingredient, result)."""
    before, after = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for ingredient, result in relations:
        before[result].append(ingredient)
        after[ingredient].append(result)
    order = _in_order(sorted(stated), before, after)
    found: dict[str, Dated] = {}
    for identifier in order:
        earliest = [found[one].arrival for one in before[identifier] if one in found]
        dated = _not_before(stated[identifier], max(earliest, default=None))
        if dated is not None:
            found[identifier] = dated
    for identifier in reversed(order):
        if identifier not in found:
            latest = [found[one].departure for one in after[identifier] if one in found]
            found[identifier] = Dated(min(latest), min(latest)) if latest else Dated(NO_DAY, NO_DAY)
    return found


def _in_order(identifiers: Iterable[str], before: Mapping[str, list[str]], after: Mapping[str, list[str]]) -> list[str]:
    """Ingredients before results; where that goes round in a circle, the rest by id."""
    waiting = {identifier: len(before.get(identifier, ())) for identifier in identifiers}
    ready = [identifier for identifier, count in waiting.items() if count == 0]
    order = []
    while ready:
        identifier = ready.pop()
        order.append(identifier)
        for result in after.get(identifier, ()):
            waiting[result] -= 1
            if waiting[result] == 0:
                ready.append(result)
    ordered = set(order)
    return order + [identifier for identifier in waiting if identifier not in ordered]


def _not_before(stated: Stated, earliest: int | None) -> Dated | None:
    """The first days that are not before `earliest`, as far as what is stated allows; None where nothing tells."""
    departure, arrival = stated.departure, stated.arrival
    if departure is None and arrival is None:
        return None if earliest is None else Dated(earliest, earliest)
    if arrival is None:
        leaves = _within(departure, earliest)
        return Dated(leaves, leaves)
    if departure is None:
        comes = _within(arrival, earliest)
        return Dated(comes, comes)
    leaves = min(_within(departure, earliest), max(arrival.last, departure.first))
    return Dated(leaves, _within(arrival, leaves))


def _within(days: Days | None, earliest: int | None) -> int:
    """The first of the days that is not before `earliest`, else the last of them."""
    assert days is not None
    return days.first if earliest is None else min(max(days.first, earliest), days.last)
