"""Shipments as a picture: a box for each site, those where cases were on the right, origins on the left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from tracegraph.messages import Language, words
from tracegraph.model.custody import Place, PlaceKind
from tracegraph.reports.documents.recall.known import Known
from tracegraph.reports.documents.recall.shipments import Shipment
from tracegraph.reports.drawing import Box, Drawing, Line
from tracegraph.trace.distances import finishing_order

#: Boxes in one column; the sites beyond are one box.
MOST_IN_COLUMN = 12
#: Lots that are named in a box; of more the number.
MOST_NAMED = 1


def stations(links: Iterable[Shipment], ends: Iterable[str], known: Known, language: Language) -> Drawing:
    """The picture of some shipments. `ends`: the sites where the trace began."""
    ways = list(links)
    tiers = _tiers(ways, set(ends))
    lots: dict[str, set[str]] = defaultdict(set)
    for one in ways:
        lots[one.supplier].add(one.unit)
        lots[one.recipient].add(one.unit)
    drawn = _drawn(tiers, lots)
    sure = {site for one in ways if one.confirmed for site in (one.supplier, one.recipient)} | set(ends)
    boxes = [
        _box(box, -tiers[sites[0]], sites, set().union(*(lots[site] for site in sites)), known, language, sure, ends)
        for box, sites in sorted(_members(drawn).items())
    ]
    return Drawing(sorted(boxes, key=lambda box: (box.column, box.key)), _lines(ways, drawn), grouped=True)


def _tiers(links: Iterable[Shipment], ends: set[str]) -> dict[str, int]:
    """How many shipments lie at most between each site and an end; where goods go round in a circle, at least."""
    recipients: dict[str, set[str]] = defaultdict(set)
    for one in links:
        recipients[one.supplier].add(one.recipient)
    sites = sorted({*ends, *recipients, *(site for found in recipients.values() for site in found)})
    numbers = {site: number for number, site in enumerate(sites)}
    ways = {numbers[one]: [(0, numbers[other]) for other in sorted(found)] for one, found in recipients.items()}
    tiers: dict[str, int] = {}
    for number in finishing_order(range(len(sites)), ways):
        further = [tiers[sites[head]] for _, head in ways.get(number, ()) if sites[head] in tiers]
        tiers[sites[number]] = max(further, default=-1) + 1
    return tiers


def _drawn(tiers: dict[str, int], lots: dict[str, set[str]]) -> dict[str, str]:
    """The box of each site: its own, or the one of its column that stands for all others."""
    columns: dict[int, list[str]] = defaultdict(list)
    for site in sorted(tiers, key=lambda one: (-len(lots[one]), one)):
        columns[tiers[site]].append(site)
    own = {site for sites in columns.values() for site in sites[: _room(len(sites))]}
    return {site: site if site in own else f"~{tier}" for site, tier in tiers.items()}


def _room(sites: int) -> int:
    return sites if sites <= MOST_IN_COLUMN else MOST_IN_COLUMN - 1


def _members(drawn: dict[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for site, box in sorted(drawn.items()):
        found[box].append(site)
    return found


def _box(
    key: str,
    column: int,
    sites: list[str],
    units: set[str],
    known: Known,
    language: Language,
    sure: set[str],
    ends: Iterable[str],
) -> Box:
    alone = key in sites
    lots = sorted(known.lot(unit) for unit in units)
    named = ", ".join(lots) if len(lots) <= MOST_NAMED else words("doc_lots_counted", language).format(count=len(lots))
    name = (known.short(key) or key) if alone else words("other", language).format(count=len(sites))
    certain = not sure.isdisjoint(sites)
    return Box(
        key=key,
        column=(column, 0),
        place=Place(PlaceKind.SITE, key),
        confirmed=certain,
        start=not set(ends).isdisjoint(sites),
        more=False,
        number=len(sites),
        units=frozenset(units),
        others=0 if alone else len(sites),
        furthest=column,
        told=(name, named, (known.country(key) if alone else None) or ""),
    )


def _lines(links: Iterable[Shipment], drawn: dict[str, str]) -> list[Line]:
    found: dict[tuple[str, str], Line] = {}
    for one in links:
        ends = drawn[one.supplier], drawn[one.recipient]
        if ends[0] != ends[1]:
            before = found.get(ends, Line(*ends, confirmed=False, number=0))
            found[ends] = Line(*ends, before.confirmed or one.confirmed, before.number + 1)
    return [found[ends] for ends in sorted(found)]
