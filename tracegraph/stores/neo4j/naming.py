"""Numbers of what is named within one change: looked up in bulk, given where missing, by a counter in the store."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from tracegraph.model.custody import Place, Timeline
from tracegraph.stores.neo4j.asking import Asking
from tracegraph.stores.neo4j.rows import Node, place_key
from tracegraph.stores.port import UnitRow

_PROCESS = "transformation:"

#: What is known of a name: a number, or a node.
Named = TypeVar("Named")

#: What a node is created with, beside number and id.
Properties = dict[str, int | str]


@dataclass(slots=True)
class Known:
    """Names that are in the store for certain: of changes that were committed."""

    owners: dict[str, int] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    places: set[str] = field(default_factory=set)
    others: set[tuple[str, str]] = field(default_factory=set)

    def keep(self, later: Known, most: int = 200_000) -> None:
        """Take over what a committed change knows; forget everything where that becomes too much."""
        if len(self.nodes) + len(self.owners) + len(self.places) > most:
            self.owners.clear()
            self.nodes.clear()
            self.places.clear()
        self.owners.update(later.owners)
        self.nodes.update(later.nodes)
        self.places.update(later.places)
        self.others.update(later.others)


class Naming:
    """Names within one change. `before`: what earlier changes know, only read here; `known`: what this one needed."""

    def __init__(self, asking: Asking, before: Known) -> None:
        self._asking = asking
        self._before = before
        self.known = Known()
        self._last_node, self._last_owner = asking.columns("counters")
        self._given = False

    def finish(self) -> None:
        """Keep the counters."""
        if self._given:
            self._asking.columns("count_on", nodes=self._last_node, owners=self._last_owner)

    def prepare_owners(self, keys: Iterable[str]) -> None:
        """Make sure that units and processes are there."""
        owners = self.known.owners
        missing = _recall(keys, owners, self._before.owners)
        if missing:
            owners.update(zip(*self._asking.in_portions("find_owners", "keys", missing), strict=True))
            self._create_owners([key for key in missing if key not in owners])

    def prepare_places(self, places: Iterable[Place]) -> None:
        """Make sure that places are there."""
        wanted = {place_key(place): place for place in places}
        rows = [
            {"key": key, "label": place.kind.value.capitalize(), "kind": place.kind.value, "id": place.id}
            for key, place in wanted.items()
            if key not in self.known.places and key not in self._before.places
        ]
        self._asking.send("merge_places", "rows", rows)
        self.known.places.update(wanted)

    def prepare_timelines(self, timelines: Collection[Timeline], units: Iterable[UnitRow] = ()) -> None:
        """Make sure that everything that timelines name is there."""
        self._prepare_units(list(units))
        self.prepare_owners(_owners_named(timelines))
        self.prepare_places(_places_named(timelines))
        self._prepare_others("kinds", {timeline.kind for timeline in timelines})
        self._prepare_nodes(timelines)

    def _prepare_units(self, units: Collection[UnitRow]) -> None:
        self.prepare_owners(unit.key for unit in units)
        self._prepare_others("products", {unit.product or "" for unit in units})

    def _prepare_others(self, what: str, keys: Collection[str]) -> None:
        """Make sure that kinds or products are there."""
        missing = sorted(
            key for key in keys if (what, key) not in self.known.others and (what, key) not in self._before.others
        )
        self._asking.send(f"merge_{what}", "keys", missing)
        self.known.others.update((what, key) for key in keys)

    def _prepare_nodes(self, timelines: Collection[Timeline]) -> None:
        """Make sure that holdings, transformations and whatever else legs and gaps name are there."""
        owners, nodes = self.known.owners, self.known.nodes
        holdings = {part.id: part for timeline in timelines for part in timeline.holdings}
        joints = {part.id: owners[timeline.owner] for timeline in timelines for part in timeline.joints}
        self._find_nodes(_nodes_named(timelines))
        wanted: dict[str, Properties] = {
            id: {"unit": owners[part.unit], "event": part.event} for id, part in holdings.items()
        }
        self._add("holdings", "unit", {id: row for id, row in wanted.items() if self._lacks(id)}, False)
        processes: dict[str, Properties] = {id: {"process": owner} for id, owner in joints.items() if self._lacks(id)}
        self._add("transformations", "process", processes, True)
        self._add("nodes", "", {id: {} for id in _nodes_named(timelines) if id not in nodes}, False)

    def _lacks(self, id: str) -> bool:
        """Whether a node is not there, or only its name."""
        node = self.known.nodes.get(id)
        return node is None or not node.owner

    def _find_nodes(self, ids: Iterable[str]) -> None:
        nodes = self.known.nodes
        missing = _recall(ids, nodes, self._before.nodes)
        if missing:
            for id, *rest in zip(*self._asking.in_portions("find_nodes", "ids", missing), strict=True):
                nodes[id] = Node(*rest)

    def _add(self, what: str, owned_by: str, wanted: Mapping[str, Properties], joint: bool) -> None:
        """Create nodes, or make of those that only had a name what they are."""
        named = {id: node.number for id in wanted if (node := self.known.nodes.get(id))}
        new = [id for id in wanted if id not in named]
        self._asking.send(f"adopt_{what}", "rows", _node_rows(named, wanted))
        if new:
            numbers = dict(zip(new, range(self._last_node + 1, self._last_node + 1 + len(new)), strict=True))
            self._last_node += len(new)
            self._given = True
            self._asking.send(f"create_{what}", "rows", _node_rows(numbers, wanted))
            named |= numbers
        for id, number in named.items():
            self.known.nodes[id] = Node(number, int(wanted[id].get(owned_by, 0)), joint)

    def _create_owners(self, keys: Collection[str]) -> None:
        if not keys:
            return
        numbered = dict(zip(keys, range(self._last_owner + 1, self._last_owner + 1 + len(keys)), strict=True))
        self._last_owner += len(keys)
        self._given = True
        rows = (
            {"label": "Process" if is_process(key) else "Unit", "key": key, "number": number}
            for key, number in numbered.items()
        )
        self._asking.send("create_owners", "rows", rows)
        self.known.owners.update(numbered)


def _recall(names: Iterable[str], known: dict[str, Named], before: Mapping[str, Named]) -> list[str]:
    """Make known what earlier changes knew of the names; returns those of which nobody knows, each once."""
    unknown = [name for name in dict.fromkeys(names) if name not in known]
    known.update((name, before[name]) for name in unknown if name in before)
    return [name for name in unknown if name not in known]


def is_process(owner: str) -> bool:
    """Whether an owner of timelines is what transforms, not a unit."""
    return owner.startswith(_PROCESS)


def _node_rows(numbers: Mapping[str, int], wanted: Mapping[str, Properties]) -> Iterator[Properties]:
    return ({"number": number, "id": id, **wanted[id]} for id, number in numbers.items())


def _owners_named(timelines: Iterable[Timeline]) -> Iterator[str]:
    for timeline in timelines:
        yield timeline.owner
        yield from (holding.unit for holding in timeline.holdings)
        yield from (gap.unit for gap in timeline.gaps)
        yield from timeline.aliases
        yield from timeline.lots


def _places_named(timelines: Iterable[Timeline]) -> Iterator[Place]:
    for timeline in timelines:
        yield from (holding.place for holding in timeline.holdings)
        yield from (joint.place for joint in timeline.joints)


def _nodes_named(timelines: Iterable[Timeline]) -> Iterator[str]:
    for timeline in timelines:
        yield from (holding.id for holding in timeline.holdings)
        yield from (joint.id for joint in timeline.joints)
        for leg in timeline.legs:
            yield leg.source
            yield leg.target
        yield from (gap.holding for gap in timeline.gaps if gap.holding is not None)
