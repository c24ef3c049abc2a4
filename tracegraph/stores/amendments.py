"""From one contribution of an owner to the next: the parts that differ, to the letter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from tracegraph.model.custody import Timeline, to_the_letter
from tracegraph.stores.port import Amendment

Part = TypeVar("Part")


def amendment(before: Timeline | None, after: Timeline | None) -> Amendment:
    """From one whole timeline to another (None: nothing)."""
    return Amendment(_without(before, after), _without(after, before))


def changes_nothing(amended: Amendment) -> bool:
    """Whether nothing goes and nothing comes."""
    return amended.gone == amended.come and (amended.come is None or not any(_parts(amended.come)))


def _parts(timeline: Timeline) -> Iterable[tuple[object, ...]]:
    return (timeline.holdings, timeline.joints, timeline.legs, timeline.gaps, timeline.aliases, timeline.lots)


def _without(timeline: Timeline | None, other: Timeline | None) -> Timeline | None:
    """The parts of a timeline that the other does not have."""
    if timeline is None or other is None:
        return timeline
    return Timeline(
        timeline.owner,
        timeline.kind,
        holdings=_apart(timeline.holdings, other.holdings),
        joints=_apart(timeline.joints, other.joints),
        legs=_apart(timeline.legs, other.legs),
        gaps=_apart(timeline.gaps, other.gaps),
        aliases=_apart(timeline.aliases, other.aliases),
        lots=_apart(timeline.lots, other.lots),
    )


def _apart(parts: tuple[Part, ...], others: tuple[Part, ...]) -> tuple[Part, ...]:
    known = {to_the_letter(part) for part in others}
    return tuple(part for part in parts if to_the_letter(part) not in known)
