"""Everything that events say, compiled in memory at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from tracegraph.model.custody import Gap, Timeline
from tracegraph.model.facts import EventFacts
from tracegraph.model.master_data import MasterData
from tracegraph.timeline.acts import unit_facts
from tracegraph.timeline.aliases import Aliases
from tracegraph.timeline.compiler import Compiler
from tracegraph.timeline.live_events import LiveEvent, LiveSet, live_events
from tracegraph.timeline.places import Places
from tracegraph.timeline.steps import Settings
from tracegraph.timeline.transformations import owner_of
from tracegraph.timeline.unit_timeline import gap_order


@dataclass(slots=True)
class Facts:
    """A FactsSource over facts in memory."""

    live: LiveSet
    by_unit: dict[str, list[LiveEvent]] = field(default_factory=lambda: defaultdict(list))
    by_owner: dict[str, list[LiveEvent]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, stored: Iterable[EventFacts]) -> Facts:
        """Index the live ones among all events."""
        facts = cls(live_events(stored))
        for event in facts.live.events:
            for unit in event.facts.numbers():
                facts.by_unit[unit].append(event)
            if event.facts.type == "TransformationEvent":
                facts.by_owner[owner_of(event)].append(event)
        return facts

    def naming(self, units: Collection[str]) -> list[LiveEvent]:
        """See FactsSource."""
        found = {event.id: event for unit in units for event in self.by_unit.get(unit, ())}
        return [found[key] for key in sorted(found)]

    def sharing(self, owner: str) -> list[LiveEvent]:
        """See FactsSource."""
        return self.by_owner.get(owner, [])


def compile_world(
    events: Iterable[EventFacts], master: Iterable[MasterData] = (), settings: Settings | None = None
) -> dict[str, Timeline]:
    """Everything that the events say, in memory: owner -> timeline. Any order of the events gives the same."""
    stored = list(events)
    facts = Facts.of(stored)
    aliases = Aliases.of(alias for event in facts.live.events for alias in event.facts.aliases)
    compiler = Compiler(facts, Places.of(master), aliases, settings or Settings())
    owners = sorted({aliases.unit(unit) for unit in facts.by_unit})
    world = {owner: compiler.unit(owner).timeline for owner in owners}
    world.update({owner: compiler.transformation(owner).timeline for owner in sorted(facts.by_owner)})
    for timeline in lost_retractions(facts.live, aliases):
        known = world.get(timeline.owner, Timeline(timeline.owner, timeline.kind))
        world[timeline.owner] = add_gaps(known, timeline.gaps)
    return world


def lost_retractions(live: LiveSet, aliases: Aliases) -> list[Timeline]:
    """Declarations that retract nothing known, as gaps of the units that they name."""
    gaps: dict[str, list[Gap]] = defaultdict(list)
    kinds = {aliases.unit(n.unit): unit_facts(n.unit, [n]).kind for lost in live.lost for n in lost.facts.named}
    for lost in live.lost:
        for unit in sorted({aliases.unit(named.unit) for named in lost.facts.named}):
            gaps[unit].append(
                Gap("retraction_without_original", unit, "", lost.facts.content_hash, detail=lost.facts.event_id)
            )
    return [Timeline(unit, kinds[unit].value, gaps=tuple(found)) for unit, found in sorted(gaps.items())]


def add_gaps(timeline: Timeline, gaps: tuple[Gap, ...]) -> Timeline:
    """The timeline with more gaps, sorted."""
    return replace(timeline, gaps=tuple(sorted({*timeline.gaps, *gaps}, key=gap_order)))
