"""Units of one story: serial items that went through the same events together are compiled once and told again.

A compiled unit says its own key only in the ids of its holdings and in `unit`; everything else comes from the events,
so that the timeline of a sibling follows by renaming.
"""

from __future__ import annotations

from itertools import count
from typing import NamedTuple

from tracegraph.model.custody import Gap, Holding, Leg, Timeline
from tracegraph.model.facts import NamedUnit, Role
from tracegraph.model.values import value
from tracegraph.timeline.acts import unit_facts
from tracegraph.timeline.history import Histories
from tracegraph.timeline.live_events import LiveEvent
from tracegraph.timeline.nodes import node_id
from tracegraph.timeline.unit_timeline import Compiled, gap_order


@value
class HoldingName:
    """What the id of a holding is made of, beside the unit."""

    event: str
    role: str
    ordinal: int

    def id_for(self, unit: str) -> str:
        """The id of this holding of a unit."""
        parts = ("holding", unit, self.event, self.role)
        return node_id(*parts, str(self.ordinal)) if self.ordinal else node_id(*parts)


#: What makes two units' stories the same: kind, conflicts, numbered, how events name it, its containers' histories.
Signature = tuple[str, bool, bool, tuple[tuple[str, Role, tuple[str, str] | None], ...], tuple[tuple[str, int], ...]]


class Member(NamedTuple):
    """A unit with one number, the events that name it, and the histories of its containers."""

    unit: str
    events: list[LiveEvent]
    histories: Histories

    def signature(self) -> Signature | None:
        """All that the compilation of the unit depends on, beside its key; None for containers."""
        told = [(event.id, named) for event in self.events for named in event.by_unit.get(self.unit, ())]
        if any(named.role is Role.PARENT for _, named in told):
            return None
        facts = unit_facts(self.unit, [named for _, named in told])
        lines = tuple((id, named.role, _digits(named)) for id, named in told)
        histories = tuple((above, id(history)) for above, history in sorted(self.histories.by_unit.items()))
        return facts.kind, facts.conflicting, facts.numbered, lines, histories


def _digits(named: NamedUnit) -> tuple[str, str] | None:
    """A quantity to the letter: equal values of other digits are told otherwise."""
    return (named.quantity.digits, named.quantity.unit) if named.quantity else None


class Stories:
    """The stories of units that the same events name. Most of them are alone, so that the first one is only looked at
    when there is a second."""

    def __init__(self) -> None:
        self._by_signature: dict[Signature, Story] = {}
        self._unsigned: tuple[Member, Story] | None = None
        self._members: list[Member] = []  # keeps their histories, so that no other one gets the same identity

    def same_as(self, member: Member) -> Story | None:
        """The story that is this unit's too, if there is one."""
        if self._unsigned is not None:
            self._sign(*self._unsigned)
            self._unsigned = None
        signature = member.signature() if self._by_signature else None
        return self._by_signature.get(signature) if signature else None

    def add(self, member: Member, compiled: Compiled) -> None:
        """A unit that was compiled."""
        self._members.append(member)
        self._unsigned = (member, Story(compiled))

    def _sign(self, member: Member, story: Story) -> None:
        signature = member.signature()
        if signature is not None:
            self._by_signature[signature] = story


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
