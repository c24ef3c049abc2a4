"""A unit's compilation that grows: an event costs what it changes, not the unit's history.

Equal to `compile_unit` of the same acts, whatever the order in which they came and went. Both passes are kept with
their journals (`replay`); what the second pass inserts, and what the end of the records adds, is kept by pool and made
anew for the pools that changed (`shown`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from tracegraph.model.custody import Place, PlaceKind, Timeline
from tracegraph.timeline.acts import Act, Kind, UnitFacts
from tracegraph.timeline.dates import ALWAYS, Dates
from tracegraph.timeline.growing_history import GrowingHistory
from tracegraph.timeline.history import Histories, History
from tracegraph.timeline.places import Places
from tracegraph.timeline.replay import Replay, Touched, swap
from tracegraph.timeline.shown import Shown
from tracegraph.timeline.steps import Settings
from tracegraph.timeline.unit_timeline import (
    NO_NAMES,
    NO_ROLE,
    Compiled,
    ContainerRole,
    Names,
    act_order,
    arrival,
    gap_order,
    leaks,
    spots,
    unit_gaps,
    wash_up,
)

Since = Mapping[str, int]


class GrowingUnit:
    """One unit while events come and go. It must be told of every change to the unit and to its containers, and be
    given up where a change could not be made whole."""

    def __init__(
        self,
        unit: UnitFacts,
        acts: Sequence[Act],
        places: Places,
        settings: Settings,
        role: ContainerRole,
        names: Names,
    ) -> None:
        self.unit = unit
        self.places = places
        self.settings = settings
        self.names = names
        self.told_names = NO_NAMES
        self.acts = sorted(acts, key=act_order)
        self.shown = Shown()
        self.grown = GrowingHistory(unit.key)
        self.grown.acts_as(role)

    @classmethod
    def of(
        cls,
        unit: UnitFacts,
        acts: Sequence[Act],
        histories: Histories,
        places: Places,
        settings: Settings,
        role: ContainerRole = NO_ROLE,
        names: Names = NO_NAMES,
    ) -> GrowingUnit:
        """Compile from the beginning, as `compile_unit` does, but remember how to go back."""
        made = cls(unit, acts, places, settings, role, names)
        made._start(histories, [])
        return made

    def change(
        self,
        gone: Sequence[Act],
        come: Sequence[Act],
        histories: Histories,
        since: Since | None = None,
        role: ContainerRole | None = None,
        names: Names | None = None,
    ) -> None:
        """Acts that are no longer, and acts that are newly so (one that changes is in both).

        `since`: for every container that the unit was ever in, by any chain, and whose history differs from the one
        told before, the instant from which it does. `role`, `names`: None where they are the same. Where the change
        lies before all that is remembered, it costs the history.
        """
        swap(self.acts, gone, come)
        self.names = names or self.names
        if role is not None:
            self.grown.acts_as(role)
        dated = self.dates.swap(gone, come, histories, since or {})
        if not self._replay(*dated, histories, since or {}):
            self._start(histories, self.first.acts)

    def changes(self) -> tuple[Timeline, Timeline]:
        """What went and what came since last asked, as timelines of those parts."""
        old, new, self.told_names = self.told_names, self.names, self.names
        shown = self.shown
        holdings, legs, gaps = shown.holdings.take_changes(), shown.legs.take_changes(), shown.gaps.take_changes()
        gone, come = (
            Timeline(
                owner=self.unit.key,
                kind=self.unit.kind.value,
                holdings=tuple(holdings[side]),
                legs=tuple(legs[side]),
                gaps=tuple(gaps[side]),
                aliases=tuple(sorted({*one.aliases} - {*other.aliases})),
                lots=tuple(sorted({*one.lots} - {*other.lots})),
            )
            for side, one, other in ((0, old, new), (1, new, old))
        )
        return gone, come

    @property
    def compiled(self) -> Compiled:
        """The whole, as `compile_unit` gives it; costs the history."""
        holdings, legs, gaps = self.shown.holdings.now, self.shown.legs.now, self.shown.gaps.now
        timeline = Timeline(
            owner=self.unit.key,
            kind=self.unit.kind.value,
            holdings=tuple([holdings[key] for key in sorted(holdings)]),
            legs=tuple([legs[key] for key in sorted(legs)]),
            gaps=tuple(sorted(gaps, key=gap_order)),
            aliases=self.names.aliases,
            lots=self.names.lots,
        )
        history = self.history
        return Compiled(timeline, lambda: history)

    @property
    def history(self) -> History:
        """What the unit's contents look up, if it is a container."""
        return self.grown.history()

    def history_since(self) -> int | None:
        """The first instant from which `history` differs for the contents since last asked; None: it does not."""
        return self.grown.take_since()

    @property
    def applied(self) -> int:
        """How many groups of acts were applied since the beginning: the work done."""
        return self.first.applied + self.second.applied

    # from the beginning

    def _start(self, histories: Histories, ended: Sequence[Act]) -> None:
        """Both passes, after others over acts that have `ended`."""
        past = self.shown.everything()
        self.dates = Dates(self.settings.clock_tolerance)
        self.inserted: dict[Place, tuple[Act, ...]] = {}
        self.nested: set[str] = set()
        self.known: set[str] = set()
        self.washed: int | None = None
        _, acts = self.dates.swap((), self.acts, histories, {})
        acts.sort(key=act_order)
        self.recorded = Counter(spot for act in acts for spot in spots(act))
        self.first = Replay(self.unit, acts, histories, self.places, self.settings, {})
        self._know(acts, histories, {})
        inserted = self._insert(self.first.take_touched().pools, histories)[1]
        both = sorted([*acts, *inserted], key=act_order)
        self.second = Replay(self.unit, both, histories, self.places, self.settings, self.first.account.draws)
        self.grown.acts(ended, acts)
        self._finish(past)

    # from an instant on

    def _replay(self, gone: list[Act], come: list[Act], histories: Histories, since: Since) -> bool:
        """Take both passes back and on again; False: they do not remember that far."""
        if self.washed is not None:
            self.second.journal.undo(self.washed)
        instant = _earliest((*gone, *come), since)
        if instant is None:
            self._finish()
            return True
        if not (self.first.go_back(instant) and self.second.go_back(instant)):
            return False
        self._record(gone, come)
        self.first.swap(gone, come)
        self.first.look_anew(histories, since)
        self.first.run()
        touched = self.first.take_touched()
        self._know(come, histories, since)
        away, inserted = self._insert(touched.pools | self._leaking(since), histories)
        earlier = _earliest((*away, *inserted), {})
        if earlier is not None and not self.second.go_back(earlier):
            return False
        flipped = self.second.carried_otherwise(touched.draws)
        if flipped is not None and not self.second.go_back(flipped):
            return False
        self.second.swap((*gone, *away), (*come, *inserted))
        self.second.look_anew(histories, since)
        self.second.run()
        self._finish()
        return True

    def _record(self, gone: Iterable[Act], come: Iterable[Act]) -> None:
        """Where the unit is recorded, and what ended it."""
        for act in gone:
            self.recorded.subtract(spots(act))
        for act in come:
            self.recorded.update(spots(act))
        self.grown.acts(gone, come)

    def _know(self, come: Iterable[Act], histories: Histories, since: Since) -> None:
        """Which of its containers were ever in others: their look-ups differ where those do."""
        packed = {act.container for act in come if act.kind is Kind.PACK} - self.known
        for container, start in {**since, **dict.fromkeys(packed, ALWAYS)}.items():
            stops = histories.of(container).stops
            later = stops[bisect_left(stops, start, key=lambda stop: stop.since) :]
            if any(stop.place.kind is PlaceKind.CONTAINER for stop in later):
                self.nested.add(container)
        self.known |= packed

    def _leaking(self, since: Since) -> set[Place]:
        """Pools whose possible unpackings may differ, as containers' histories do."""
        if not since:
            return set()
        stays = self.first.flows.supply.stays.items() if self.nested else ()
        nested = {place for place, stay in stays if stay.container in self.nested}
        return nested | {Place(PlaceKind.CONTAINER, container) for container in since}

    def _insert(self, pools: Iterable[Place], histories: Histories) -> tuple[list[Act], list[Act]]:
        """What the second pass inserts for these pools: what goes, and what comes."""
        gone: list[Act] = []
        come: list[Act] = []
        for place in pools:
            before, after = self.inserted.pop(place, ()), self._inserted(place, histories)
            if after:
                self.inserted[place] = after
            if before != after:
                gone += before
                come += after
        return gone, come

    def _inserted(self, place: Place, histories: Histories) -> tuple[Act, ...]:
        pool = self.first.account.pools.get(place)
        act = arrival(self.first.account, pool) if pool is not None else None
        stay = self.first.flows.supply.stays.get(place)
        return (*((act,) if act else ()), *(leaks(stay, histories) if stay else ()))

    def _finish(self, past: Touched | None = None) -> None:
        """What is open at the end of the records; `past`: what books showed that are no more."""
        account = self.second.account
        self.washed = None
        if account.afloat:
            self.washed = self.second.journal.position
            wash_up(self.second.flows, [spot for spot, count in self.recorded.items() if count > 0])
        touched = self.second.take_touched()
        if past is not None:
            touched = touched.with_others(past)
        gone, come = self.shown.show(account, touched, tuple(unit_gaps(account, self.first.acts)))
        self.grown.holdings(gone, come)
        self.grown.travelled(*self.shown.travel(account, touched.pools))


def _earliest(acts: Iterable[Act], since: Since) -> int | None:
    return min((*(act.instant for act in acts), *since.values()), default=None)
