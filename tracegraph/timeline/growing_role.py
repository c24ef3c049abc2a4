"""What a unit does as a container, while events come and go: one told in order costs what it says."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping

from tracegraph.timeline.acts import Act
from tracegraph.timeline.history import Cargo, handles, load_order
from tracegraph.timeline.live_events import LiveEvent
from tracegraph.timeline.unit_timeline import ContainerRole, act_order


class GrowingRole:
    """The same as `loads` of the events that name the unit as parent, and the acts that emptied it as a whole.

    `emptyings` are those acts by public id of their event, as recorded. An event that comes before others, or goes,
    costs the container's history."""

    def __init__(self) -> None:
        self.events: list[LiveEvent] = []
        self.emptyings: dict[str, Act] = {}
        self.cargo = Cargo()
        self.empties: list[Act] = []

    def change(
        self, gone: Iterable[LiveEvent], come: Iterable[LiveEvent], emptyings: Mapping[str, Act]
    ) -> ContainerRole:
        """Events that are no longer, and events that are newly so, with the acts of those that empty the container."""
        removed = [event for event in gone if handles(event)]
        for event in removed:
            self.events.pop(bisect_left(self.events, load_order(event), key=load_order))
            self.emptyings.pop(event.id, None)
        self.emptyings.update(emptyings)
        added = sorted((event for event in come if handles(event)), key=load_order)
        in_order = not removed and not (added and self.events and load_order(added[0]) < load_order(self.events[-1]))
        for event in added:
            insort(self.events, event, key=load_order)
        if not in_order:
            self.cargo, self.empties = Cargo(), []
        for event in added if in_order else self.events:
            self._tell(event)
        return ContainerRole(tuple(self.cargo.packings), tuple(self.empties))

    def _tell(self, event: LiveEvent) -> None:
        earlier = self.cargo.held_earlier(event)
        act = self.emptyings.get(event.id)
        if act is not None:
            insort(self.empties, act._replace(held_earlier=bool(earlier)), key=act_order)
