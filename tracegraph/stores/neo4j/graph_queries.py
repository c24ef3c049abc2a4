"""Questions to the custody graph: holdings, transformations, gaps and timelines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from tracegraph.model.custody import Gap, Holding, Joint, Place, PlaceKind, Timeline
from tracegraph.stores.neo4j.asking import Asking, distinct
from tracegraph.stores.neo4j.rows import (
    gap_order,
    leg_order,
    place_key,
    read_gap,
    read_holding,
    read_joint,
    read_leg,
    read_unit,
)
from tracegraph.stores.neo4j.unit_queries import query_keys, query_units
from tracegraph.stores.port import Described, HoldingQuery, HoldingRow, JointRow, Onwards

Part = TypeVar("Part")
Key = TypeVar("Key")

#: From one instant to another; None: open on that side.
Span = tuple[int | None, int | None]

#: Before and after every instant.
_BEGINNING, _END = -(2**63), 2**63 - 1


def query_timelines(asking: Asking, owners: Collection[str], at: int | None) -> dict[str, Timeline]:
    """What each owner contributes at a position: parts in canonical order."""
    if not owners:
        return {}
    known = asking.known(at)
    keys, numbers, kinds = asking.in_portions("timeline_kinds", "keys", distinct(owners), at=known)
    holdings = _told(asking, "holdings_told_by", numbers, known, lambda nodes: read_holdings(asking, nodes, known))
    joints = _told(asking, "joints_told_by", numbers, known, lambda nodes: _read_joints(asking, nodes, known))
    legs = _grouped((row[0], read_leg(row)) for row in asking.rows("legs_told_by", "owners", numbers, at=known))
    gaps = _grouped((row[0], read_gap(row)) for row in asking.rows("gaps_told_by", "owners", numbers, at=known))
    aliases = _pairs(asking, "aliases_told_by", numbers, known)
    lots = _pairs(asking, "memberships_told_by", numbers, known)
    return {
        owner: Timeline(
            owner,
            kind,
            tuple(sorted(holdings[number], key=lambda part: part.id)),
            tuple(sorted(joints[number], key=lambda part: part.id)),
            tuple(sorted(legs[number], key=leg_order)),
            tuple(sorted(gaps[number], key=gap_order)),
            tuple(sorted(aliases[owner])),
            tuple(sorted(lots[owner])),
        )
        for owner, number, kind in sorted(zip(keys, numbers, kinds, strict=True))
    }


def query_holdings(asking: Asking, query: HoldingQuery, at: int | None) -> list[HoldingRow]:
    """Holdings that meet every condition of the query: found by one of the conditions, held against the others."""
    known = asking.known(at)
    since = _BEGINNING if query.since is None else query.since
    until = _END if query.until is None else query.until
    nodes = set(_candidates(asking, query, known, since, until))
    found = read_holdings(asking, nodes, known, since, until)
    products = None if query.products is None else _units_of(asking, query.products, known)
    wanted = _quick(query)
    return _sorted_rows({node: one for node, one in found.items() if _meets(node, one, wanted, products)})


def query_held_during(asking: Asking, spans: Mapping[str, Span], at: int | None) -> list[HoldingRow]:
    """The holdings of each unit that touch its span of time."""
    known = asking.known(at)
    rows = ({"unit": unit, "begin": begin, "end": end} for unit, (begin, end) in spans.items())
    found = read_holdings(asking, set(asking.rows("nodes_held_during", "rows", rows, at=known)), known)
    return _sorted_rows(found)


def read_holdings(
    asking: Asking, nodes: Collection[int], known: int, since: int = _BEGINNING, until: int = _END
) -> dict[int, Holding]:
    """The holdings at the nodes that are there at a position and stay some time in [since, until)."""
    rows = asking.rows("holdings_at", "nodes", sorted(nodes), at=known, since=since, until=until)
    units = query_keys(asking, {row[2] for row in rows})
    return {row[0]: read_holding(row, units) for row in rows}


def query_joints(asking: Asking, nodes: Collection[int], at: int | None) -> list[JointRow]:
    """Transformations among the nodes."""
    found = _read_joints(asking, set(nodes), asking.known(at))
    return sorted((JointRow(node, joint) for node, joint in found.items()), key=lambda row: row.joint.id)


def query_joints_of(asking: Asking, events: Collection[str], at: int | None) -> list[JointRow]:
    """Transformations in which one of the events takes part at that position."""
    wanted = set(events)
    nodes = asking.rows("joints_of_events", "events", sorted(wanted))
    return [row for row in query_joints(asking, nodes, at) if not wanted.isdisjoint(row.joint.events)]


def query_gaps(
    asking: Asking, holdings: Collection[str] | None, units: Collection[str] | None, at: int | None
) -> list[Gap]:
    """Gaps of the holdings, and those of the units that concern no holding; all where neither is given."""
    known = asking.known(at)
    if holdings is None and units is None:
        rows = asking.column("all_gaps", at=known)
    else:
        nodes = asking.rows("nodes_by_id", "ids", distinct(holdings or ()))
        rows = asking.rows("gaps_of_nodes", "nodes", nodes, at=known)
        rows += asking.rows("gaps_of_units", "keys", distinct(units or ()), at=known)
    return sorted(map(read_gap, rows), key=gap_order)


def query_gaps_at(asking: Asking, nodes: Collection[int], units: Collection[str], at: int | None) -> list[Gap]:
    """Gaps of the holdings at the nodes, and those of their units and of `units` that concern no holding."""
    known, listed = asking.known(at), sorted(set(nodes))
    rows = asking.rows("gaps_of_nodes", "nodes", listed, at=known)
    rows += asking.rows("gaps_of_units_held", "nodes", listed, at=known)
    rows += asking.rows("gaps_of_units", "keys", distinct(units), at=known)
    single = {(row[0], read_gap(row)) for row in rows}
    return sorted((gap for _, gap in single), key=gap_order)


def query_described(asking: Asking, nodes: Collection[int], at: int | None) -> Described:
    """The holdings and joints at the nodes, and the rows of the units held there."""
    known, wanted = asking.known(at), set(nodes)
    rows = asking.rows("holdings_at", "nodes", sorted(wanted), at=known, since=_BEGINNING, until=_END)
    units = asking.rows("units_by_number", "numbers", {row[2] for row in rows}, at=known)
    keys = {row[0]: row[1] for row in units}
    holdings = {row[0]: read_holding(row, keys) for row in rows}
    told = {row[1]: read_unit(row[1:]) for row in units if row[2] is not None}
    return Described(holdings, _read_joints(asking, wanted - holdings.keys(), known), told)


def query_onwards(asking: Asking, nodes: Collection[int], at: int | None) -> Onwards:
    """What leads on from the nodes."""
    columns = asking.in_portions("onwards", "nodes", sorted(set(nodes)), at=asking.known(at))
    found = Onwards()
    for source, first, moved, consumed in zip(*columns, strict=True):
        found.first[source] = first
        if moved:
            found.moved.add(source)
        if consumed:
            found.consumed.add(source)
    return found


def query_links(asking: Asking, nodes: Collection[int], at: int | None) -> list[tuple[int, int, bool]]:
    """The legs that leave the nodes as (source, target, confirmed)."""
    columns = asking.in_portions("links", "nodes", sorted(set(nodes)), at=asking.known(at))
    return list(zip(*columns, strict=True))


def _sorted_rows(found: Mapping[int, Holding]) -> list[HoldingRow]:
    return sorted((HoldingRow(node, holding) for node, holding in found.items()), key=lambda row: row.holding.id)


def _told(
    asking: Asking, name: str, owners: Collection[int], known: int, read: Callable[[set[int]], dict[int, Part]]
) -> defaultdict[int, list[Part]]:
    """The parts at the nodes that a statement names for owners, by owner."""
    told_by, nodes = asking.in_portions(name, "owners", owners, at=known)
    parts = read(set(nodes))
    return _grouped((owner, parts[node]) for owner, node in zip(told_by, nodes, strict=True))


def _pairs(asking: Asking, name: str, owners: Collection[int], known: int) -> defaultdict[str, list[str]]:
    """What a statement gives for owners, by the owners' keys."""
    return _grouped(zip(*asking.in_portions(name, "owners", owners, at=known), strict=True))


def _read_joints(asking: Asking, nodes: Collection[int], known: int) -> dict[int, Joint]:
    return {row[0]: read_joint(row) for row in asking.rows("joints_at", "nodes", sorted(nodes), at=known)}


def _grouped(parts: Iterable[tuple[Key, Part]]) -> defaultdict[Key, list[Part]]:
    lists: defaultdict[Key, list[Part]] = defaultdict(list)
    for owner, part in parts:
        lists[owner].append(part)
    return lists


def _units_of(asking: Asking, products: Collection[str], known: int) -> set[str]:
    return {unit.key for unit in query_units(asking, None, products, known)}


def _candidates(asking: Asking, query: HoldingQuery, known: int, since: int, until: int) -> Iterable[int]:
    """Nodes found by the condition that few holdings meet; all where there is no condition."""
    if query.nodes is not None:
        return query.nodes
    if query.ids is not None:
        return asking.rows("nodes_by_id", "ids", distinct(query.ids))
    if query.units is not None:
        return asking.rows("nodes_of_units", "units", distinct(query.units))
    if query.events is not None:
        return asking.rows("nodes_of_events", "events", distinct(query.events))
    if query.products is not None:
        return asking.rows("nodes_of_units", "units", _units_of(asking, query.products, known))
    for kind, places in ((PlaceKind.CONTAINER, query.containers), (PlaceKind.SITE, query.sites)):
        if places is not None:
            keys = [place_key(Place(kind, place)) for place in distinct(places)]
            return asking.rows("nodes_at_places", "places", keys, at=known, since=since, until=until)
    if query.parties is not None:
        return asking.rows("nodes_of_parties", "parties", distinct(query.parties), at=known)
    nodes: list[int] = asking.column("all_holdings")
    return nodes


def _quick(query: HoldingQuery) -> HoldingQuery:
    """The same query, each of whose conditions is held against a holding at once, however much it names."""
    return replace(
        query,
        nodes=_set(query.nodes),
        ids=_set(query.ids),
        units=_set(query.units),
        sites=_set(query.sites),
        containers=_set(query.containers),
        parties=_set(query.parties),
        events=_set(query.events),
    )


def _set(values: Collection[Key] | None) -> frozenset[Key] | None:
    return None if values is None else frozenset(values)


def _meets(node: int, holding: Holding, query: HoldingQuery, products: set[str] | None) -> bool:
    """Whether a holding meets the conditions, the window apart; `products`: the units of the wanted ones."""
    place = holding.place
    return (
        (query.nodes is None or node in query.nodes)
        and (query.ids is None or holding.id in query.ids)
        and (query.units is None or holding.unit in query.units)
        and (products is None or holding.unit in products)
        and (query.sites is None or (place.kind is PlaceKind.SITE and place.id in query.sites))
        and (query.containers is None or (place.kind is PlaceKind.CONTAINER and place.id in query.containers))
        and (query.parties is None or holding.party in query.parties)
        and (query.events is None or holding.event in query.events)
    )
