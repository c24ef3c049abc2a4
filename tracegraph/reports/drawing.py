"""What of an answer is drawn: boxes and the lines between them, one box for each node or, for many, one for each place.

More than some 150 boxes cannot be read by anybody. Then boxes stand for places by distance, each column shows its
largest ones, and one more box stands for the others.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from tracegraph.model.custody import Holding, Joint, Place, PlaceKind
from tracegraph.trace.reach import Node
from tracegraph.trace.trail import Trail

MOST_BOXES = 150
MOST_IN_COLUMN = 12
MOST_DRAWN_SINGLY = 16
MOST_COLUMNS = 24

#: Distance and place in the order of events at that distance.
Column = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Box:
    """One box. `column` orders left to right; `number` of holdings and transformations in it, `units` their units,
    `node` where it is a single one. `others` counts the places behind the last box of a column.
    `furthest` is its last distance. `told`: its lines, where they are others than those of its holdings."""

    key: str
    column: Column
    place: Place
    confirmed: bool
    start: bool
    more: bool
    number: int
    units: frozenset[str]
    node: Node | None = None
    others: int = 0
    furthest: int = 0
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """Legs from box to box: confirmed if any of them is; the rules that made them."""

    source: str
    target: str
    confirmed: bool
    number: int
    rules: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Drawing:
    """Boxes sorted by (column, key), lines by their ends; `grouped`: boxes stand for places."""

    boxes: list[Box]
    lines: list[Line]
    grouped: bool = False


#: Distance, kind of place, place: what is drawn as one box.
Group = tuple[int, str, str]


def drawing(trail: Trail) -> Drawing:
    """One box for each node where there are few enough, in all and in each column, else one for each place."""
    if len(trail.nodes) <= MOST_BOXES:
        ranks = _ranks(trail)
        columns = {number: (signed_distance(trail, number), ranks[number]) for number in trail.nodes}
        if max(Counter(columns.values()).values(), default=0) <= MOST_DRAWN_SINGLY:
            return _node_by_node(trail, columns)
    return _by_place(trail)


def _node_by_node(trail: Trail, columns: Mapping[int, Column]) -> Drawing:
    boxes = {number: _box(trail, node.id, columns[number], [number]) for number, node in trail.nodes.items()}
    return _assembled(trail, {number: box.key for number, box in boxes.items()}, list(boxes.values()), grouped=False)


def _by_place(trail: Trail) -> Drawing:
    far = {number: signed_distance(trail, number) for number in trail.nodes}
    low, high = min(far.values()), max(far.values())
    width = max(1, -(-(high - low + 1) // MOST_COLUMNS))
    groups: dict[Group, list[int]] = defaultdict(list)
    for number, node in trail.nodes.items():
        step = (far[number] - low) // width * width + low
        groups[step, node.place.kind.value, _place_id(node.place)].append(number)
    boxes: list[Box] = []
    key_of: dict[int, str] = {}
    for step in sorted({group[0] for group in groups}):
        column = {group: nodes for group, nodes in groups.items() if group[0] == step}
        for name, nodes, others in _largest(column):
            box = _box(trail, f"{step} {name}", (step, 0), nodes)
            boxes.append(replace(box, node=None, others=others, furthest=min(step + width - 1, high)))
            key_of.update(dict.fromkeys(nodes, box.key))
    return _assembled(trail, key_of, boxes, grouped=True)


def _place_id(place: Place) -> str:
    """What keeps places apart in a picture: shipments are one place, whatever their event."""
    return "" if place.kind is PlaceKind.TRANSIT else place.id


def _largest(column: Mapping[Group, list[int]]) -> list[tuple[str, list[int], int]]:
    """(name, nodes, how many places it stands for beyond one) of the largest groups, the rest together."""
    ordered = sorted(column.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    fits = len(ordered) <= MOST_IN_COLUMN
    kept = ordered if fits else ordered[: MOST_IN_COLUMN - 1]
    rest = ordered[len(kept) :]
    found = [(f"{kind} {place}", nodes, 0) for (_, kind, place), nodes in kept]
    if rest:
        found.append(("~", [node for _, nodes in rest for node in nodes], len(rest)))
    return found


def signed_distance(trail: Trail, number: int) -> int:
    """Upstream is negative, so that goods flow from left to right whatever was asked."""
    sides = trail.sides.get(number, frozenset())
    return -trail.distance[number] if sides == {"backward"} else trail.distance[number]


def _ranks(trail: Trail) -> dict[int, int]:
    """The order of nodes at one distance along the legs between them; in a circle, by time."""
    before: dict[int, list[int]] = defaultdict(list)
    for source, target in zip(trail.legs.source, trail.legs.target, strict=True):
        if signed_distance(trail, source) == signed_distance(trail, target):
            before[target].append(source)
    ranks: dict[int, int] = {}
    for number in sorted(trail.nodes, key=lambda number: _when(trail.nodes[number])):
        ranks[number] = max((ranks[earlier] + 1 for earlier in before[number] if earlier in ranks), default=0)
    return ranks


def _when(node: Node) -> tuple[int, bool, str]:
    if isinstance(node, Joint):
        return (node.instant, False, node.id)
    return (node.since, True, node.id)


def _box(trail: Trail, key: str, column: Column, numbers: list[int]) -> Box:
    nodes = [trail.nodes[number] for number in numbers]
    return Box(
        key=key,
        column=column,
        place=nodes[0].place,
        confirmed=any(number in trail.confirmed for number in numbers),
        start=any(number in trail.starts for number in numbers),
        more=any(node.id in trail.frontier for node in nodes),
        number=len(nodes),
        units=frozenset(node.unit for node in nodes if isinstance(node, Holding)),
        node=nodes[0],
        furthest=column[0],
    )


def _assembled(trail: Trail, key_of: Mapping[int, str], boxes: list[Box], grouped: bool) -> Drawing:
    legs = trail.legs
    found: dict[tuple[str, str], Line] = {}
    for number, (source, target) in enumerate(zip(legs.source, legs.target, strict=True)):
        ends = (key_of[source], key_of[target])
        if ends[0] == ends[1]:
            continue
        line = found.get(ends, Line(*ends, confirmed=False, number=0))
        found[ends] = Line(
            *ends, line.confirmed or legs.confirmed[number], line.number + 1, line.rules | {legs.rule[number]}
        )
    ordered = sorted(boxes, key=lambda box: (box.column, box.key))
    return Drawing(ordered, [found[ends] for ends in sorted(found)], grouped)
