"""Units of one story: serial items that went through the same events together are compiled once and told again.

A compiled unit says its own key only in the ids of its holdings and in `unit`; everything else comes from the events,
so that the timeline of a sibling follows by renaming.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from tracegraph.model.custody import Gap, Holding, Leg, Timeline
from tracegraph.timeline.nodes import node_id
from tracegraph.timeline.unit_timeline import Compiled, gap_order


@dataclass(frozen=True, slots=True)
class HoldingName:
    """What the id of a holding is made of, beside the unit."""

    event: str
    role: str
    ordinal: int

    def id_for(self, unit: str) -> str:
        """The id of this holding of a unit."""
        parts = ("holding", unit, self.event, self.role)
        return node_id(*parts, str(self.ordinal)) if self.ordinal else node_id(*parts)


class Story:
    """A compiled unit, to be told of others that did the same."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self._names: dict[str, HoldingName] | None = None

    def told_of(self, unit: str, lots: tuple[str, ...]) -> Compiled:
        """The same of another unit, which is a member of these lots."""
        timeline = self.compiled.timeline
        names = self._holding_names()
        ids = {old: name.id_for(unit) for old, name in names.items()}
        holdings = [_renamed(holding, ids[holding.id], unit) for holding in timeline.holdings]
        legs = [_reconnected(leg, ids) for leg in timeline.legs]
        gaps = [_asked_of(gap, ids, unit) for gap in timeline.gaps]
        told = Timeline(
            unit,
            timeline.kind,
            holdings=tuple(sorted(holdings, key=lambda holding: holding.id)),
            legs=tuple(sorted(legs, key=lambda leg: (leg.source, leg.target, leg.event))),
            gaps=tuple(sorted(gaps, key=gap_order)),
            lots=lots,
        )
        return Compiled(told, lambda: self.compiled.history)

    def _holding_names(self) -> dict[str, HoldingName]:
        if self._names is None:
            self._names = {holding.id: _name_of(holding) for holding in self.compiled.timeline.holdings}
        return self._names


def _name_of(holding: Holding) -> HoldingName:
    """Found by trying: of holdings of one event and role, the ordinals are few."""
    names = (HoldingName(holding.event, holding.role, ordinal) for ordinal in count())
    return next(name for name in names if name.id_for(holding.unit) == holding.id)


def _renamed(holding: Holding, id: str, unit: str) -> Holding:
    return Holding(
        id,
        unit,
        holding.place,
        holding.since,
        holding.until,
        holding.event,
        holding.role,
        holding.party,
        holding.owner,
        holding.quantity,
        holding.remaining,
        holding.sublocation,
        holding.destination,
    )


def _reconnected(leg: Leg, ids: dict[str, str]) -> Leg:
    """Joints keep their ids."""
    source, target = ids.get(leg.source, leg.source), ids.get(leg.target, leg.target)
    return Leg(source, target, leg.event, leg.certainty, leg.rule, leg.cost, leg.instant)


def _asked_of(gap: Gap, ids: dict[str, str], unit: str) -> Gap:
    holding = None if gap.holding is None else ids.get(gap.holding, gap.holding)
    return Gap(gap.kind, unit, gap.place, gap.event, holding, gap.ask, gap.detail)
