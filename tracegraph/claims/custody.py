"""What rules ask of the custody graph: where a unit comes from, what it was made of, where lots met, what stood by it.

Everything follows from one backward reach of a unit, up to the instant at which claims are judged. Source of the
meaning: docs/custody-graph. A node is a holding (a unit at a place) or a joint (a transformation).
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from tracegraph.model.custody import INCOMPLETE_GAPS, Gap, Holding, Joint, PlaceKind, UnitKind
from tracegraph.model.facts import Role
from tracegraph.model.instants import instant_text
from tracegraph.model.quantity import Quantity
from tracegraph.stores.port import HoldingQuery, HoldingRow
from tracegraph.trace.distances import descendants, onward
from tracegraph.trace.reach import Node, Reached, Starts, reach
from tracegraph.trace.register import Register
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.trail import source_nodes, trail_of

#: Gaps that tell of goods that did not arrive where they were sent; they hide nothing of where goods come from.
ONWARD_GAPS = frozenset({"never_received", "partly_received"})


@dataclass(frozen=True, slots=True)
class Origin:
    """Where goods begin: `unit` (empty: a transformation without recorded inputs), the place and party, the event, the
    instant; `confirmed`: whether the records show that it leads to the unit that was asked for; `hidden`: whether the
    records say that something is missing there, so that the goods may begin elsewhere."""

    unit: str
    place: str
    party: str
    event: str
    instant: int
    confirmed: bool
    hidden: bool
    node: int

    def shown(self) -> dict[str, str]:
        """As evidence names it."""
        told = {"unit": self.unit, "place": self.place, "event": self.event, "time": instant_text(self.instant)}
        return {"kind": "origin", "id": self.unit or self.event, **{name: text for name, text in told.items() if text}}


@dataclass(frozen=True, slots=True)
class Input:
    """What went into a transformation: the unit, the transformation, its event, and how much (None: not said)."""

    unit: str
    transformation: str
    event: str
    quantity: Quantity | None

    def shown(self) -> dict[str, str]:
        """As evidence names it."""
        return {"kind": "input", "id": self.unit, "transformation": self.transformation, "event": self.event}


@dataclass(frozen=True, slots=True)
class Upstream:
    """All that leads to a unit: `made_of`, the inputs of each unit on the way that was made of others; the `origins` by
    instant; and the nearest gap that hides something (None: the records are complete)."""

    unit: str
    part: Reached
    made_of: dict[str, tuple[Input, ...]]
    origins: tuple[Origin, ...]
    gap: Gap | None

    @property
    def units(self) -> frozenset[str]:
        """The unit and all that it comes from."""
        return frozenset({self.unit} | {node.unit for node in self.part.nodes.values() if isinstance(node, Holding)})

    def meeting(self, one: Origin, other: Origin) -> dict[str, str]:
        """Where goods of two origins first came together, as evidence names it."""
        ways = onward(self.part.legs, "forward")
        common = descendants([one.node], ways) & descendants([other.node], ways)
        nodes = [self.part.nodes[number] for number in common if number in self.part.nodes]
        first = min(nodes, key=lambda node: (_began(node), node.id), default=None)
        return {} if first is None else {"kind": "event", "id": _event(first), "time": instant_text(_began(first))}

    def path(self, origin: Origin) -> dict[str, str]:
        """The events on a shortest way from an origin to the unit, as evidence names it."""
        came = self._ways_from(origin.node)
        ends = [node for node in came if node in self.part.starts]
        node = ends[0] if ends else origin.node
        events: list[str] = []
        while node != origin.node:
            node, event = came[node]
            events.append(event)
        return {"kind": "path", "id": self.unit, "events": "; ".join(dict.fromkeys([origin.event, *reversed(events)]))}

    def _ways_from(self, first: int) -> dict[int, tuple[int, str]]:
        """For each node that follows, nearest first, by which node and event it is reached: of equal ways the one by
        the smallest names, for the numbers of nodes differ from store to store."""
        nodes, events, ways = self.part.nodes, self.part.legs.event, onward(self.part.legs, "forward")
        came: dict[int, tuple[int, str]] = {first: (first, "")}
        waiting = deque([first])
        while waiting:
            node = waiting.popleft()
            for leg, head in sorted(ways.get(node, ()), key=lambda way: (nodes[way[1]].id, events[way[0]])):
                if head not in came:
                    came[head] = (node, events[leg])
                    waiting.append(head)
        return came


class Custody:
    """The graph at one snapshot. `until`: nothing later is looked at (None: no bound)."""

    def __init__(self, snapshot: Snapshot, until: int | None = None) -> None:
        self.snapshot = snapshot
        self.until = until
        self._known: dict[str, Upstream | None] = {}
        self._numbers: dict[str, frozenset[str]] = {}

    @cached_property
    def _register(self) -> Register:
        return Register(self.snapshot)

    def upstream(self, unit: str) -> Upstream | None:
        """All that leads to a unit; None where the graph knows no such unit."""
        if unit not in self._known:
            self._known[unit] = self._upstream(unit)
        return self._known[unit]

    def inputs(self, unit: str) -> tuple[Input, ...]:
        """What a unit was directly made of, by unit and transformation."""
        found = self.upstream(unit)
        return () if found is None else found.made_of.get(found.unit, ())

    def nearest(self, unit: str, stop: Callable[[str], bool]) -> tuple[str, ...]:
        """The first units on each way back from a unit for which `stop` holds, sorted."""
        found = self.upstream(unit)
        if found is None:
            return ()
        stopped: set[str] = set()
        seen, waiting = {found.unit}, [found.unit]
        while waiting:
            for one in found.made_of.get(waiting.pop(), ()):
                if one.unit not in seen:
                    seen.add(one.unit)
                    (stopped.add if stop(one.unit) else waiting.append)(one.unit)
        return tuple(sorted(stopped))

    def stays(self, units: Iterable[str]) -> list[Holding]:
        """Where units were, by time."""
        return [row.holding for row in self._rows(units)]

    def beside(self, container: str, since: int, until: int | None) -> list[Holding]:
        """What else was inside a container, at any time from `since` on before `until`, by time."""
        asked = HoldingQuery(containers=[container], since=since, until=until)
        return sorted((row.holding for row in self.snapshot.holdings(asked)), key=lambda held: (held.since, held.id))

    def before(self, container: str, instant: int) -> Holding | None:
        """What was inside a container last before an instant; None where nothing was."""
        rows = self.snapshot.holdings(HoldingQuery(containers=[container], until=instant))
        gone = [row.holding for row in rows if row.holding.until is not None and row.holding.until <= instant]
        return max(gone, key=lambda held: (held.until or 0, held.id), default=None)

    def lots(self, units: Iterable[str]) -> set[str]:
        """Those of the units that are loose goods in a quantity, which only separation keeps apart; an item bears its
        number."""
        return {row.key for row in self.snapshot.units(keys=sorted(units)) if row.kind == UnitKind.LOT}

    def numbers(self, unit: str) -> frozenset[str]:
        """All by which a claim may call a unit: its numbers, and the lots that it belongs to."""
        if unit not in self._numbers:
            key = self.representative(unit)
            timeline = self.snapshot.timeline(key) if not self.lots([key]) else None
            lots = () if timeline is None else timeline.lots
            self._numbers[unit] = frozenset({unit, key, *self._register.aliases(key), *lots})
        return self._numbers[unit]

    def representative(self, unit: str) -> str:
        """The unit that a number means."""
        return self._register.representative(unit)

    def _rows(self, units: Iterable[str]) -> list[HoldingRow]:
        rows = self.snapshot.holdings(HoldingQuery(units=sorted(units)))
        known = [row for row in rows if self.until is None or row.holding.since <= self.until]
        return sorted(known, key=lambda row: (row.holding.since, row.holding.id))

    def _upstream(self, unit: str) -> Upstream | None:
        key = self.representative(unit)
        rows = self._rows({key, *self._register.members(key)})
        if not rows:
            return None
        starts = Starts({row.node: True for row in rows}, units=frozenset({key}))
        part = reach(self.snapshot, starts, "backward")
        gaps = self._gaps(part)
        return Upstream(key, part, self._made_of(part), _origins(part, gaps), gaps[0] if gaps else None)

    def _made_of(self, part: Reached) -> dict[str, tuple[Input, ...]]:
        """The inputs of each unit, through the transformations that it came out of."""
        into: dict[int, set[tuple[str, str]]] = defaultdict(set)
        out: dict[str, set[int]] = defaultdict(set)
        for source, target, event in zip(part.legs.source, part.legs.target, part.legs.event, strict=True):
            left, right = part.nodes[source], part.nodes[target]
            if isinstance(left, Holding) and isinstance(right, Joint):
                into[target].add((left.unit, event))
            elif isinstance(left, Joint) and isinstance(right, Holding):
                out[right.unit].add(source)
        amounts = self._amounts({event for told in into.values() for _, event in told})
        inputs = {joint: _inputs(part.nodes[joint], told, amounts) for joint, told in into.items()}
        return {unit: _sorted(one for joint in joints for one in inputs.get(joint, ())) for unit, joints in out.items()}

    def _amounts(self, events: set[str]) -> dict[tuple[str, str], Quantity]:
        """How much of each unit an event says went in; of an item nothing is said."""
        stored = self.snapshot.events(hashes={event.partition("#")[0] for event in events}) if events else []
        named = [
            (one.facts.content_hash, told)
            for one in stored
            for told in one.facts.named
            if told.role is Role.INPUT and told.quantity is not None
        ]
        units = {told.unit for _, told in named}
        meant = {alias: unit for unit, alias in self.snapshot.aliases(units)} if units else {}
        return {(content, meant.get(told.unit, told.unit)): told.quantity for content, told in named if told.quantity}

    def _gaps(self, part: Reached) -> list[Gap]:
        """The gaps that hide something of the way, nearest first."""
        far = {node.id: part.distance[number] for number, node in part.nodes.items()}
        gaps = [gap for gap in self.snapshot.gaps_at(part.nodes, []) if gap.kind in INCOMPLETE_GAPS - ONWARD_GAPS]
        return sorted(gaps, key=lambda gap: (far.get(gap.holding or "", 0), gap.kind, gap.unit, gap.event))


def _inputs(joint: Node, told: Iterable[tuple[str, str]], amounts: Mapping[tuple[str, str], Quantity]) -> list[Input]:
    name = joint.transformation if isinstance(joint, Joint) else ""
    return [Input(unit, name, event, amounts.get((event.partition("#")[0], unit))) for unit, event in told]


def _sorted(inputs: Iterable[Input]) -> tuple[Input, ...]:
    return tuple(sorted(set(inputs), key=lambda one: (one.unit, one.transformation, one.event)))


def _origins(part: Reached, gaps: Iterable[Gap]) -> tuple[Origin, ...]:
    hiding = {gap.holding or gap.unit for gap in gaps}
    trail = trail_of([part], [frozenset(part.distance)])
    found = [_origin(part, number, trail.nodes[number], hiding) for number in source_nodes(trail)]
    return tuple(sorted(found, key=lambda origin: (origin.instant, origin.unit, origin.event)))


def _origin(part: Reached, number: int, node: Node, hiding: set[str]) -> Origin:
    confirmed = number in part.confirmed
    if isinstance(node, Joint):
        return Origin("", node.place.id, "", _event(node), node.instant, confirmed, False, number)
    hidden = bool({node.id, node.unit} & hiding)
    return Origin(node.unit, node.place.id, node.party or "", node.event, node.since, confirmed, hidden, number)


def _began(node: Node) -> int:
    return node.instant if isinstance(node, Joint) else node.since


def _event(node: Node) -> str:
    return node.event if isinstance(node, Holding) else (node.events[0] if node.events else "")


def in_container(held: Holding) -> bool:
    """Whether a stay is inside a container."""
    return held.place.kind is PlaceKind.CONTAINER
