"""From one contribution of an owner to the next: the parts that differ, to the letter."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable
from typing import Any, TypeVar

from tracegraph.model.custody import Timeline, to_the_letter
from tracegraph.stores.port import Amendment

Part = TypeVar("Part")


def amendment(before: Timeline | None, after: Timeline | None) -> Amendment:
    """From one whole timeline to another (None: nothing)."""
    if before is None or after is None:
        return Amendment(before, after)
    pairs = [_differing(*parts) for parts in zip(_parts(before), _parts(after), strict=True)]
    gone, come = zip(*pairs, strict=True)
    return Amendment(Timeline(before.owner, before.kind, *gone), Timeline(after.owner, after.kind, *come))


def changes_nothing(amended: Amendment) -> bool:
    """Whether nothing goes and nothing comes."""
    return amended.gone == amended.come and (amended.come is None or not any(_parts(amended.come)))


def _parts(timeline: Timeline) -> tuple[tuple[Any, ...], ...]:
    """All parts by kind, in the order in which a timeline is made of them."""
    return (timeline.holdings, timeline.joints, timeline.legs, timeline.gaps, timeline.aliases, timeline.lots)


def _differing(before: tuple[Part, ...], after: tuple[Part, ...]) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """The parts that only one of the two has."""
    if not before or not after:
        return before, after
    was = [to_the_letter(part) for part in before]
    now = [to_the_letter(part) for part in after]
    return _other_than(set(now), before, was), _other_than(set(was), after, now)


def _other_than(known: Collection[Hashable], parts: tuple[Part, ...], letters: Iterable[Hashable]) -> tuple[Part, ...]:
    return tuple([part for part, letter in zip(parts, letters, strict=True) if letter not in known])
