"""The network of a chain: which sites (or organisations) goods moved between, and what holds it together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

from tracegraph.model.custody import Holding, Joint, PlaceKind
from tracegraph.trace.envelope import Json
from tracegraph.trace.metrics.chain import Chain
from tracegraph.trace.metrics.choice import Choice
from tracegraph.trace.metrics.figures import Table
from tracegraph.trace.metrics.network import smallest_cut, weak_points

Labels = Mapping[int, frozenset[str]]
NONE: frozenset[str] = frozenset()
#: Groups whose ways are found in one pass: each takes a bit of every node.
_AT_ONCE = 1024


class Move(NamedTuple):
    """Goods came from one place to another. `node`: where they arrived."""

    one: str
    other: str
    node: int


def labels_of(chain: Chain, by: str) -> Labels:
    """The sites, or the organisations, of each node; of goods on the way none."""
    return chain.parties if by == "party" else chain.sites


def moves(chain: Chain, labels: Labels) -> Iterator[Move]:
    """Every move between two places of the chain, goods on the way being where they were last."""
    was = last_places(chain, labels)
    for number in chain.order:
        own = labels.get(number, NONE)
        for source in chain.sources.get(number, ()) if own else ():
            for one in sorted(was[source] - own):
                yield from (Move(one, other, number) for other in sorted(own))


def last_places(chain: Chain, labels: Labels) -> dict[int, frozenset[str]]:
    """Where the goods of each node were last."""
    found: dict[int, frozenset[str]] = {}
    for number in chain.order:
        before = (found.get(source, NONE) for source in chain.sources.get(number, ()))
        found[number] = labels.get(number, NONE) or NONE.union(*before)
    return found


def weak_places(chain: Chain, choice: Choice) -> Table:
    """A row for each place without which the network of moves falls apart, whatever their direction and time, the one
    that cuts off most first; `bridges`: links without which it does."""
    links = {(move.one, move.other) for move in moves(chain, labels_of(chain, choice.rows_by))}
    points, bridges = weak_points(links)
    partners = _partners(links)
    rows: list[Json] = [
        {"id": name, "parts": point.parts, "cut_off": point.cut_off, "partners": partners[name]}
        for name, point in sorted(points.items(), key=lambda pair: (-pair[1].cut_off, -pair[1].parts, pair[0]))
    ]
    told = [{"one": one.one, "other": one.other, "cut_off": one.cut_off} for one in bridges]
    told.sort(key=lambda row: -int(str(row["cut_off"])))
    return Table(rows, {"places": len(partners), "bridges": told})


def _partners(links: Collection[tuple[str, str]]) -> dict[str, int]:
    found: dict[str, set[str]] = defaultdict(set)
    for one, other in links:
        found[one].add(other)
        found[other].add(one)
    return {name: len(others) for name, others in found.items()}


def smallest_cuts(chain: Chain, choice: Choice) -> Table:
    """A row for each product (or country) of what ended: the fewest sites without which nothing of it gets to where it
    ended, the origins included, the ends themselves not. `size` None: it never moved."""
    ends: dict[str, list[int]] = defaultdict(list)
    for number in chain.ends:
        for key in _keys(chain, choice, number):
            ends[key].append(number)
    arrivals = _arrivals(chain)
    rows = []
    names = sorted(ends)
    for first in range(0, len(names), _AT_ONCE):
        keys = names[first : first + _AT_ONCE]
        ways = _Ways.of(chain, arrivals, [ends[key] for key in keys])
        rows += [_cut(chain, key, ends[key], ways.of_group(number)) for number, key in enumerate(keys)]
    rows.sort(key=lambda row: (row["size"] is None, row["size"] or 0, row["id"]))
    return Table(rows)


def _keys(chain: Chain, choice: Choice, number: int) -> Collection[str]:
    if choice.rows_by == "product":
        return (chain.product(chain.units[number]),) if number in chain.units else ()
    return sorted({chain.countries[site] for site in chain.sites.get(number, NONE) if site in chain.countries})


def _arrivals(chain: Chain) -> dict[tuple[str, str], list[int]]:
    """The nodes at which goods arrived from one site at another."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for move in moves(chain, chain.sites):
        found[move.one, move.other].append(move.node)
    return found


class _Group(NamedTuple):
    """Where the goods of one group began, and between which sites they moved."""

    origins: frozenset[str]
    links: frozenset[tuple[str, str]]


class _Ways(NamedTuple):
    """Sites where goods began and links between sites, each with the groups whose goods they were of as bits."""

    origins: Mapping[str, int]
    links: Mapping[tuple[str, str], int]

    @staticmethod
    def of(
        chain: Chain, arrivals: Mapping[tuple[str, str], Collection[int]], groups: Sequence[Collection[int]]
    ) -> _Ways:
        """All groups in one pass."""
        behind = _behind(chain, groups)
        origins: dict[str, int] = defaultdict(int)
        for number, bits in behind.items():
            if not chain.sources.get(number):
                for name in chain.sites.get(number, NONE):
                    origins[name] |= bits
        links = {link: reduce(or_, (behind.get(node, 0) for node in nodes)) for link, nodes in arrivals.items()}
        return _Ways(origins, links)

    def of_group(self, number: int) -> _Group:
        """Those of one group."""
        bit = 1 << number
        return _Group(
            frozenset(name for name, bits in self.origins.items() if bits & bit),
            frozenset(link for link, bits in self.links.items() if bits & bit),
        )


def _behind(chain: Chain, groups: Sequence[Collection[int]]) -> dict[int, int]:
    """The nodes that the ends of each group may have come from, the ends included, with the groups as bits. One round
    is enough where there are no circles."""
    found: dict[int, int] = defaultdict(int)
    for number, ends in enumerate(groups):
        for end in ends:
            found[end] |= 1 << number
    changed = True
    while changed:
        changed = False
        seen: set[int] = set()
        for node in reversed(chain.order):
            seen.add(node)
            for source in chain.sources.get(node, ()):
                if found[node] & ~found[source]:
                    found[source] |= found[node]
                    changed = changed or source in seen
    return found


def _cut(chain: Chain, key: str, ends: Collection[int], group: _Group) -> Json:
    """One row. The ways are those of sites that the goods of the group passed: two moves that were a way for other
    goods only are one here too, so that the cut of ways in time may be smaller, never larger."""
    ended = NONE.union(*(chain.sites.get(number, NONE) for number in ends))
    last = {one for one, other in group.links if other in ended}
    cut = smallest_cut(group.links, group.origins, last) if last else []
    told: Json = {"id": key, "origins": len(group.origins), "ends": len(ended)}
    return {**told, "size": len(cut) if last else None, "cut": cut}


def degrees(chain: Chain, choice: Choice) -> Table:
    """A row for each organisation, site, lot or container: from how many its goods came (`fan_in`), to how many they
    went (`fan_out`), and of how many lots they were; the one that passes on to most first."""
    into: dict[str, set[str]] = defaultdict(set)
    onto: dict[str, set[str]] = defaultdict(set)
    lots: dict[str, set[str]] = defaultdict(set)
    for one, other, lot in _contacts(chain, choice.rows_by):
        lots[other].add(lot)
        if one:
            into[other].add(one)
            onto[one].add(other)
    names = sorted({*lots, *onto})
    rows: list[Json] = [
        {"id": name, "fan_in": len(into[name]), "fan_out": len(onto[name]), "units": len(lots[name])} for name in names
    ]
    rows.sort(key=lambda row: (-row["fan_out"], -row["fan_in"], -row["units"], row["id"]))
    return Table(rows)


def _contacts(chain: Chain, by: str) -> Iterator[tuple[str, str, str]]:
    """(from, to, lot), `from` empty where goods were first."""
    if by in ("unit", "container"):
        yield from _made_of(chain) if by == "unit" else _in_containers(chain)
        return
    labels = labels_of(chain, by)
    for number, unit in chain.units.items():
        yield from (("", name, unit) for name in labels.get(number, NONE))
    for move in moves(chain, labels):
        yield move.one, move.other, chain.units.get(move.node, "")


def _made_of(chain: Chain) -> Iterator[tuple[str, str, str]]:
    """Lots and those that they were made of, through a transformation."""
    for number, unit in chain.units.items():
        yield "", unit, unit
        for joint in chain.sources.get(number, ()):
            if isinstance(chain.nodes[joint], Joint):
                used = {chain.units[source] for source in chain.sources.get(joint, ()) if source in chain.units}
                yield from ((one, unit, unit) for one in used)


def _in_containers(chain: Chain) -> Iterator[tuple[str, str, str]]:
    """Containers and vehicles with the lots that they had in them."""
    for number, unit in chain.units.items():
        node = chain.nodes[number]
        if isinstance(node, Holding) and node.place.kind is PlaceKind.CONTAINER:
            yield "", node.place.id, unit
