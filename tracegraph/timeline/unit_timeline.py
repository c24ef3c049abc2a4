"""One unit's history -> holdings, legs, gaps: the event loop, run twice (custody-graph sections 1, 2, 8).

The first pass shows what is missing; the second runs the same loop with pseudo-events for it, each at the first instant
at which it could have happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from tracegraph.model.custody import CONJECTURED_ROLES, Gap, Holding, Place, PlaceKind, Timeline
from tracegraph.model.values import value
from tracegraph.timeline.account import Account, Draws, Pool, Shipment
from tracegraph.timeline.acts import Act, Kind, UnitFacts
from tracegraph.timeline.departures import Departures
from tracegraph.timeline.flows import Flows
from tracegraph.timeline.history import Histories, History, Stop, Travel
from tracegraph.timeline.places import Places
from tracegraph.timeline.schedule import Schedule
from tracegraph.timeline.steps import Settings
from tracegraph.timeline.supply import Stay


@value
class ContainerRole:
    """What the unit did as a container: when it was packed, and the acts that emptied it as a whole."""

    packings: tuple[int, ...] = ()
    empties: tuple[Act, ...] = ()


@value
class Names:
    """Other numbers of the unit, and the lots that it is a member of."""

    aliases: tuple[str, ...] = ()
    lots: tuple[str, ...] = ()


NO_ROLE, NO_NAMES = ContainerRole(), Names()


class Compiled:
    """A unit's contribution to the graph, and what its contents look up if it is a container: most units are none, so
    that is made when it is asked for; so is the whole timeline of a long history, of which mostly the changes do."""

    __slots__ = ("_history", "_make_history", "_timeline")

    def __init__(self, timeline: Timeline | Callable[[], Timeline], history: Callable[[], History]) -> None:
        self._timeline = timeline
        self._make_history: Callable[[], History] | None = history
        self._history: History | None = None

    @property
    def timeline(self) -> Timeline:
        """All that the unit contributes."""
        return self._timeline if isinstance(self._timeline, Timeline) else self._timeline()

    @property
    def history(self) -> History:
        """Where the unit was, what it did and when it was emptied."""
        if self._history is None:
            assert self._make_history is not None
            self._history, self._make_history = self._make_history(), None
        return self._history


def compile_unit(
    unit: UnitFacts,
    acts: Sequence[Act],
    histories: Histories,
    places: Places,
    settings: Settings,
    role: ContainerRole = NO_ROLE,
    names: Names = NO_NAMES,
) -> Compiled:
    """Compile one unit. `acts` in any order; `histories` must hold every container that the acts pack it into."""
    ordered = sorted(_dated(acts, histories, settings), key=act_order)
    first = _run(unit, ordered, histories, places, settings, {})
    missing = [*_arrivals(first), *(act for stay in first.supply.stays.values() for act in leaks(stay, histories))]
    last = first
    if missing or first.account.draws:
        both = sorted([*ordered, *missing], key=act_order) if missing else ordered
        last = _run(unit, both, histories, places, settings, first.account.draws)
    _finish(last, ordered)
    account = last.account
    kept = (tuple(account.holdings.values()), tuple(travels(account)), ordered, role)
    return Compiled(_timeline(account, names), partial(_history, unit.key, *kept))


def act_order(act: Act) -> tuple[int, str, str, str, str, bool]:
    """Time, then what cannot depend on the order of arrival."""
    spot = act.place.id if act.place else ""
    return (act.instant, act.event, act.kind, spot, act.container, act.quantity is not None)


def _run(
    unit: UnitFacts, acts: Sequence[Act], histories: Histories, places: Places, settings: Settings, later_draws: Draws
) -> Flows:
    flows = Flows.over(Account(unit, places, settings, later_draws), histories)
    Schedule(acts, flows).run()
    return flows


def _dated(acts: Sequence[Act], histories: Histories, settings: Settings) -> Sequence[Act]:
    """The acts, receipts that are dated before their shipment at the instant of that."""
    if not any(act.documents and act.kind is Kind.RECEIVE for act in acts):
        return acts
    departures = Departures(settings.clock_tolerance)
    departures.add(acts)
    for container in sorted({act.container for act in acts if act.kind is Kind.PACK}):
        departures.add_travels(histories.of(container).travels)
    return [departures.dated(act) for act in acts]


def _arrivals(first: Flows) -> Iterable[Act]:
    """Shipments not certainly received may have arrived at their destination from their departure on."""
    for pool in first.account.pools.values():
        if pool.shipment is not None and (act := arrival(first.account, pool)):
            yield act


def arrival(account: Account, pool: Pool) -> Act | None:
    """The arrival that a shipment may have had, None where it was certainly received."""
    paper = pool.shipment
    if paper is None or not pool.holds or (paper.closed and paper.confirmed):
        return None
    holding = account.holdings[pool.current.id] if pool.current else None
    return Act(
        kind=Kind.ARRIVE,
        event=paper.event,
        instant=paper.departed,
        place=paper.destination,
        source=paper.origin,
        quantity=holding.quantity if holding else None,
        container=pool.place.id,
    )


def leaks(stay: Stay, histories: Histories) -> Iterable[Act]:
    """A load that was packed over, or shown outside, without a recorded unpacking may have been unpacked at each stop
    of its container up to its last repacking; of several stops at one place the first stands for all."""
    for stop in _leak_stops(stay, histories):
        yield Act(
            kind=Kind.LEAK,
            event=stop.event,
            instant=max(stop.since, stay.since),
            place=stop.place,
            container=stay.container,
        )


def _leak_stops(stay: Stay, histories: Histories) -> list[Stop]:
    repacked = histories.of(stay.container).repacked_after(stay.since)
    if repacked is None and not stay.left_possibly:
        return []
    later = histories.site_stops(stay.container, stay.since, repacked)
    here = histories.standing(stay.container, stay.since) if later else []
    return list({stop.place: stop for stop in reversed([*here, *later])}.values())


def _finish(last: Flows, acts: Sequence[Act]) -> None:
    """What is still open at the end: shipments to be found, loads without unpacking, sites not yet washed ashore."""
    account = last.account
    for pool in account.pools.values():
        if pool.shipment is not None and (gap := open_shipment(account, pool)):
            account.gaps[gap] = None
    for source in sorted(account.leaks):
        account.gaps[never_unpacked(account, source)] = None
    wash_up(last, {spot for act in acts for spot in spots(act)})
    for gap in unit_gaps(account, acts):
        account.gaps[gap] = None
    for pool in account.pools.values():
        account.settle(pool)


def wash_up(last: Flows, recorded: Iterable[Place]) -> None:
    """What is afloat at the end may be wherever the unit is recorded."""
    if last.account.afloat:
        newest = last.account.holdings[last.account.afloat]
        for spot in sorted(recorded):
            last.wash_ashore(Act(Kind.ARRIVE, newest.event, newest.since), spot)


def spots(act: Act) -> tuple[Place, ...]:
    """The places that the act names for the unit itself."""
    return (*act.origins, *((act.place,) if act.place else ()))


def never_unpacked(account: Account, source: str) -> Gap:
    """That a load may have been unpacked at a stop, as nothing says when it was."""
    holding, stop = account.holdings[source], account.holdings[account.leaks[source]].place
    act = Act(Kind.LEAK, holding.event, holding.since, place=holding.place)
    return account.gap_of("never_unpacked", act, source, also=[stop])


def open_shipment(account: Account, pool: Pool) -> Gap | None:
    """What of a shipment is still to be found, if anything."""
    paper = pool.shipment
    if paper is None or pool.current is None or not pool.holds:
        return None
    if paper.touched and (paper.closed or not paper.confirmed):
        return None
    act = Act(
        Kind.SHIP,
        paper.event,
        paper.departed,
        place=paper.destination or paper.origin,
        source=paper.origin,
        destination=paper.destination,
    )
    if not paper.touched:
        return account.gap_of("never_received", act, pool.current.id)
    rest = pool.stock.balance()
    return account.gap_of(
        "partly_received", act, pool.current.id, detail=f"{rest.value} {rest.unit}".strip() if rest else ""
    )


def unit_gaps(account: Account, acts: Sequence[Act]) -> Iterable[Gap]:
    """What is wrong with the unit as such, told of its first event."""
    if acts and (account.unit.conflicting or not account.unit.numbered):
        first = acts[0]._replace(place=None, source=None, destination=None)
        if account.unit.conflicting:
            yield account.gap_of("conflicting_kind", first, None)
        if not account.unit.numbered:
            yield account.gap_of("no_lot_number", first, None)


def _timeline(account: Account, names: Names) -> Timeline:
    return Timeline(
        owner=account.unit.key,
        kind=account.unit.kind.value,
        holdings=tuple([account.holdings[key] for key in sorted(account.holdings)]),
        legs=tuple([account.legs[key] for key in sorted(account.legs)]),
        gaps=tuple(sorted(account.gaps, key=gap_order)),
        aliases=names.aliases,
        lots=names.lots,
    )


def gap_order(gap: Gap) -> tuple[str, str, str, str, str]:
    """The order of a timeline's gaps."""
    return (gap.kind, gap.event, gap.place, gap.holding or "", gap.detail)


STOPS = frozenset({PlaceKind.SITE, PlaceKind.PARTY, PlaceKind.TRANSIT, PlaceKind.CONTAINER})


def _history(
    unit: str, holdings: Iterable[Holding], travels: Iterable[Travel], acts: Iterable[Act], role: ContainerRole
) -> History:
    stops = [stop_of(holding) for holding in holdings if holding.place.kind in STOPS]
    return History(
        stops=tuple(sorted(stops, key=stop_order)),
        travels=tuple(sorted(travels, key=travel_order)),
        packings=role.packings,
        empties=tuple(sorted(role.empties, key=act_order)),
        ends=tuple([end_of(act, unit) for act in acts if act.kind in ENDS]),
    )


ENDS = frozenset({Kind.END, Kind.INPUT})


def stop_of(holding: Holding) -> Stop:
    """A holding as its contents see it."""
    shown = holding.role not in CONJECTURED_ROLES
    return Stop(holding.place, holding.since, holding.until, holding.event, holding.role == "implied", shown)


def stop_order(stop: Stop) -> tuple[int, Place, str, bool, bool, bool, int]:
    """The order of a history's stops."""
    return (stop.since, stop.place, stop.event, stop.implied, stop.shown, stop.until is None, stop.until or 0)


def travel_order(travel: Travel) -> tuple[int, str]:
    """The order of a history's travels."""
    return (travel.departed, travel.event)


def end_of(act: Act, unit: str) -> Act:
    """What ends a container, for its contents."""
    return act._replace(kind=Kind.CONTAINER_END, container=unit)


def travels(account: Account) -> Iterable[Travel]:
    """The unit's shipments."""
    for pool in account.pools.values():
        if pool.shipment is not None and pool.current is not None:
            yield travel_of(account, pool, pool.shipment)


def travel_of(account: Account, pool: Pool, paper: Shipment) -> Travel:
    """A shipment as its contents see it."""
    arrived = account.holdings[pool.current.id].until if pool.current else None
    return Travel(paper.event, paper.origin, paper.destination, paper.documents, paper.departed, arrived)
