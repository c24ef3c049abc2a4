"""From one contribution of an owner to the next: the parts that differ, to the letter."""

from __future__ import annotations

from typing import Any, TypeVar

from tracegraph.model.custody import Holding, Timeline, same_to_the_letter
from tracegraph.stores.port import Amendment

Part = TypeVar("Part")
Holdings = tuple[Holding, ...]


def amendment(before: Timeline | None, after: Timeline | None) -> Amendment:
    """From one whole timeline to another (None: nothing)."""
    if before is None or after is None:
        return Amendment(before, after)
    others = zip(_parts(before)[1:], _parts(after)[1:], strict=True)
    pairs = [_differing_holdings(before.holdings, after.holdings), *(_differing(*parts) for parts in others)]
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
    if before == after:
        return (), ()
    was, now = set(before), set(after)
    return tuple([part for part in before if part not in now]), tuple([part for part in after if part not in was])


def _differing_holdings(before: Holdings, after: Holdings) -> tuple[Holdings, Holdings]:
    """The same to the letter. Each is compared with the one of its id, which costs less than hashing all it says."""
    was, now = {holding.id: holding for holding in before}, {holding.id: holding for holding in after}
    gone = tuple([holding for holding in before if not same_to_the_letter(holding, now.get(holding.id))])
    return gone, tuple([holding for holding in after if not same_to_the_letter(holding, was.get(holding.id))])
