"""One unit's history -> holdings, legs, gaps: the event loop, run twice (custody-graph sections 1, 2, 8).

The first pass shows what is missing; the second runs the same loop with pseudo-events for it, each at the first instant
at which it could have happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tracegraph.model.custody import CONJECTURED_ROLES, Gap, PlaceKind, Timeline
from tracegraph.timeline.account import Account, Draws, Pool
from tracegraph.timeline.acts import Act, Kind, UnitFacts
from tracegraph.timeline.flows import Flows
from tracegraph.timeline.history import Histories, History, Stop, Travel
from tracegraph.timeline.matching import same_document
from tracegraph.timeline.places import Places
from tracegraph.timeline.schedule import Schedule
from tracegraph.timeline.steps import Settings
from tracegraph.timeline.supply import Stay


@dataclass(frozen=True, slots=True)
class Compiled:
    """A unit's contribution to the graph, and what its contents look up if it is a container."""

    timeline: Timeline
    history: History


@dataclass(frozen=True, slots=True)
class ContainerRole:
    """What the unit did as a container: when it was packed, and the acts that emptied it as a whole."""

    packings: tuple[int, ...] = ()
    empties: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True)
class Names:
    """Other numbers of the unit, and the lots that it is a member of."""

    aliases: tuple[str, ...] = ()
    lots: tuple[str, ...] = ()


def compile_unit(
    unit: UnitFacts,
    acts: Sequence[Act],
    histories: Histories,
    places: Places,
    settings: Settings,
    role: ContainerRole = ContainerRole(),
    names: Names = Names(),
) -> Compiled:
    """Compile one unit. `acts` in any order; `histories` must hold every container that the acts pack it into."""
    ordered = sorted(_shifted(acts, histories, settings), key=act_order)
    first = _run(unit, ordered, histories, places, settings, {})
    missing = [*_arrivals(first), *_leaks(first, histories)]
    last = _run(unit, sorted([*ordered, *missing], key=act_order), histories, places, settings, first.account.draws)
    _finish(last, ordered)
    timeline = replace(_timeline(last.account), aliases=names.aliases, lots=names.lots)
    return Compiled(timeline, _history(last.account, ordered, role))


def act_order(act: Act) -> tuple[int, str, str, str]:
    """Time, then what cannot depend on the order of arrival."""
    return (act.instant, act.event, act.kind, act.place.id if act.place else "")


def _run(
    unit: UnitFacts, acts: Sequence[Act], histories: Histories, places: Places, settings: Settings, later_draws: Draws
) -> Flows:
    flows = Flows.over(Account(unit, places, settings, later_draws), histories)
    Schedule(acts, flows).run()
    return flows


def _shifted(acts: Sequence[Act], histories: Histories, settings: Settings) -> Iterable[Act]:
    """Receipts dated before the shipment of their document, within the clock tolerance, count from the shipment on."""
    departures: dict[str, list[int]] = {}
    for act in acts:
        if act.kind is Kind.SHIP:
            for document in act.documents:
                departures.setdefault(document.id, []).append(act.instant)
    containers = sorted({act.container for act in acts if act.kind is Kind.PACK})
    for act in acts:
        later = _later_departure(act, departures, containers, histories, settings.clock_tolerance)
        yield act if later is None else replace(act, instant=later, shifted=True)


def _later_departure(
    act: Act, departures: dict[str, list[int]], containers: list[str], histories: Histories, tolerance: int
) -> int | None:
    if act.kind is not Kind.RECEIVE or not act.documents:
        return None
    known = [when for document in act.documents for when in departures.get(document.id, ())]
    latest = act.instant + tolerance
    for container in containers:
        travels = histories.of(container).travels
        known.extend(travel.departed for travel in travels if same_document(travel.documents, act.documents))
    if any(when <= act.instant for when in known):
        return None
    return min((when for when in known if when <= latest), default=None)


def _arrivals(first: Flows) -> Iterable[Act]:
    """Shipments not certainly received may have arrived at their destination from their departure on."""
    for place, pool in sorted(first.account.pools.items()):
        paper = pool.shipment
        if paper is None or not pool.holds or (paper.closed and paper.confirmed):
            continue
        holding = first.account.holdings[pool.current.id] if pool.current else None
        yield Act(
            kind=Kind.ARRIVE,
            event=paper.event,
            instant=paper.departed,
            place=paper.destination,
            source=paper.origin,
            quantity=holding.quantity if holding else None,
            container=place.id,
        )


def _leaks(first: Flows, histories: Histories) -> Iterable[Act]:
    """Loads that were packed over, or shown outside, without a recorded unpacking may have been unpacked at each stop
    of their container up to its last repacking; of several stops at one place the first stands for all."""
    for stay in first.supply.stays.values():
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
    for pool in list(account.pools.values()):
        _open_shipment(account, pool, acts)
    leaked = {leg.source: leg for leg in account.legs.values() if leg.rule == "never_unpacked"}
    for source, leg in sorted(leaked.items()):
        holding, stop = account.holdings[source], account.holdings[leg.target].place
        act = Act(Kind.LEAK, holding.event, holding.since, place=holding.place)
        account.gap("never_unpacked", act, leg.source, also=[stop])
    if last.afloat:
        newest = account.holdings[last.afloat]
        for spot in sorted({spot for act in acts for spot in (*act.origins, *((act.place,) if act.place else ()))}):
            last.wash_ashore(Act(Kind.ARRIVE, newest.event, newest.since), spot)
    _unit_gaps(account, acts)
    for pool in account.pools.values():
        account.settle(pool)


def _open_shipment(account: Account, pool: Pool, acts: Sequence[Act]) -> None:
    paper = pool.shipment
    if paper is None or not pool.holds or pool.current is None:
        return
    act = Act(
        Kind.SHIP,
        paper.event,
        paper.departed,
        place=paper.destination or paper.origin,
        source=paper.origin,
        destination=paper.destination,
    )
    if not paper.touched:
        account.gap("never_received", act, pool.current.id)
    elif paper.confirmed and not paper.closed:
        rest = pool.stock.balance()
        account.gap("partly_received", act, pool.current.id, detail=f"{rest.value} {rest.unit}".strip() if rest else "")


def _unit_gaps(account: Account, acts: Sequence[Act]) -> None:
    if not acts:
        return
    first = replace(acts[0], place=None, source=None, destination=None)
    if account.unit.conflicting:
        account.gap("conflicting_kind", first, None)
    if not account.unit.numbered:
        account.gap("no_lot_number", first, None)


def _timeline(account: Account) -> Timeline:
    return Timeline(
        owner=account.unit.key,
        kind=account.unit.kind.value,
        holdings=tuple(account.holdings[key] for key in sorted(account.holdings)),
        legs=tuple(account.legs[key] for key in sorted(account.legs)),
        gaps=tuple(sorted(account.gaps, key=gap_order)),
    )


def gap_order(gap: Gap) -> tuple[str, str, str, str, str]:
    """The order of a timeline's gaps."""
    return (gap.kind, gap.event, gap.place, gap.holding or "", gap.detail)


def _history(account: Account, acts: Sequence[Act], role: ContainerRole) -> History:
    kinds = (PlaceKind.SITE, PlaceKind.PARTY, PlaceKind.TRANSIT, PlaceKind.CONTAINER)
    stops = [
        Stop(
            holding.place,
            holding.since,
            holding.until,
            holding.event,
            implied=holding.role == "implied",
            shown=holding.role not in CONJECTURED_ROLES,
        )
        for holding in account.holdings.values()
        if holding.place.kind in kinds
    ]
    return History(
        stops=tuple(sorted(stops, key=lambda stop: (stop.since, stop.place, stop.event))),
        travels=tuple(sorted(_travels(account), key=lambda travel: (travel.departed, travel.event))),
        packings=role.packings,
        empties=tuple(sorted(role.empties, key=act_order)),
        ends=tuple(
            replace(act, kind=Kind.CONTAINER_END, container=account.unit.key)
            for act in acts
            if act.kind in (Kind.END, Kind.INPUT)
        ),
    )


def _travels(account: Account) -> Iterable[Travel]:
    for pool in account.pools.values():
        paper = pool.shipment
        if paper is not None and pool.current is not None:
            arrived = account.holdings[pool.current.id].until
            yield Travel(paper.event, paper.origin, paper.destination, paper.documents, paper.departed, arrived)
