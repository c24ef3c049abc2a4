"""Which nodes a question reaches in one direction, with distance, certainty and, where wanted, steps.

Without a limit on time the store follows all legs in one call. With one, tracegraph follows them round by round,
nearest first, and stops when time is up; what was reached but not followed further is the frontier.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic

from tracegraph.errors import StoreDamaged
from tracegraph.model.custody import Gap, Holding, Joint
from tracegraph.stores.port import Direction, HoldingQuery, Legs, Onwards, UnitRow
from tracegraph.trace.distances import Onward, Steps, confirmed_nodes, distances, onward, steps
from tracegraph.trace.late import Late
from tracegraph.trace.snapshot import Snapshot

#: Nodes followed between two looks at the clock.
ROUND = 2_000

Node = Holding | Joint


@dataclass(frozen=True, slots=True)
class Starts:
    """Where a trace begins.

    `certain`: start nodes and whether they are confirmed. `early`: what left a start before this instant is not
    followed forward, because it was gone before the asked window opened; unless goods in scope came there by another
    way, which are then followed. `units`: keys that were asked for, listed even where no holding of theirs is known;
    those `unsure` are listed too, as possible. `nowhere`: units that were made, a record says, and no event says
    where they went. `conjectured`: stays that no record shows; what certainly left them is followed as confirmed, for a
    record shows that, but they are listed as possible.
    """

    certain: dict[int, bool] = field(default_factory=dict)
    early: dict[int, int] = field(default_factory=dict)
    units: frozenset[str] = frozenset()
    conjectured: frozenset[int] = frozenset()
    unsure: frozenset[str] = frozenset()
    nowhere: frozenset[str] = frozenset()

    @property
    def gaps(self) -> list[Gap]:
        """What the records do not say of the start units as such."""
        return [Gap("unknown_place", unit, "", "") for unit in sorted(self.nowhere)]


@dataclass(frozen=True, slots=True)
class Beyond:
    """What is followed otherwise than the records say. `keep`: the legs without those that are not followed.
    `contacts`: legs that are followed besides; forward, of what they lead to only what leaves it from the instant in
    `met` on."""

    keep: Callable[[Legs], Legs] | None = None
    contacts: Legs = field(default_factory=Legs)
    met: Mapping[int, int] = field(default_factory=dict)

    def kept(self, legs: Legs) -> Legs:
        """The legs that are followed."""
        return legs if self.keep is None else self.keep(legs)

    def entered(self, direction: Direction) -> list[int]:
        """Where contacts lead."""
        return self.contacts.target if direction == "forward" else self.contacts.source


@dataclass(slots=True)
class Reached:
    """One direction's result. `ways` index `legs`; `confirmed` are nodes with a chain of confirmed legs; `nodes` what
    each node is, with rows of their `units`; `unfollowed` nodes whose legs were not followed, because time was up;
    `every_leg`: all legs that leave a reached node are among `legs`; `late`: starts that count from an instant on, and
    that are reached by another way as well."""

    direction: Direction
    starts: frozenset[int]
    legs: Legs
    ways: Onward
    distance: dict[int, int]
    confirmed: set[int]
    nodes: dict[int, Node]
    units: dict[str, UnitRow]
    unfollowed: frozenset[int] = frozenset()
    every_leg: bool = False
    late: Late = field(default_factory=Late)

    def onwards(self) -> Onwards | None:
        """What leads on from the reached nodes, where the legs tell: forward, with every leg followed."""
        if not self.every_leg:
            return None
        joints = {number for number, node in self.nodes.items() if isinstance(node, Joint)}
        return Onwards.of(self.legs, joints)

    def steps(self) -> dict[int, Steps]:
        """Organisation boundaries to each node; computed when asked, as few questions need it."""
        party = {number: node.party for number, node in self.nodes.items() if isinstance(node, Holding)}
        party |= {~number: party[number] for number in self.late.since if number in party}
        return self.late.fewest(steps(self.late.starts(self.starts), self.late.ways(self.ways, self.legs), party))


def reach(
    snapshot: Snapshot,
    starts: Starts,
    direction: Direction,
    confirmed_only: bool = False,
    max_seconds: float | None = None,
    known: Collection[str] = (),
    beyond: Beyond | None = None,
) -> Reached:
    """Everything that the starts reach. `known` are holdings listed by an earlier answer, which are followed before
    the clock starts, so that resuming makes progress. `beyond`: what is followed otherwise than the records say."""
    begin = sorted(starts.certain)
    otherwise = beyond or Beyond()
    entered = sorted({*begin, *otherwise.entered(direction)})
    unfollowed: frozenset[int] = frozenset()
    if max_seconds is None:
        legs = otherwise.kept(snapshot.reach(entered, direction, confirmed_only)) if entered else Legs()
    else:
        legs, unfollowed = _rounds(snapshot, entered, direction, confirmed_only, max_seconds, known, otherwise.kept)
    append_legs(legs, otherwise.contacts)
    narrowed = direction == "forward" and bool(starts.early or otherwise.met)
    legs, late = from_their_time(legs, starts, otherwise.met) if narrowed else (legs, Late())
    ways = onward(legs, direction)
    searched = late.ways(ways, legs)
    distance = late.nearest(distances(late.starts(begin), searched, legs.cost))
    certain = late.starts([node for node in begin if starts.certain[node]])
    confirmed = late.real(confirmed_nodes(certain, searched, legs.confirmed)) - starts.conjectured
    nodes, units = _described(snapshot, distance)
    unfollowed &= distance.keys()
    every_leg = direction == "forward" and not (confirmed_only or narrowed or unfollowed or beyond)
    return Reached(
        direction, frozenset(begin), legs, ways, distance, confirmed, nodes, units, unfollowed, every_leg, late
    )


NEVER = -(2**63)


def from_their_time(legs: Legs, starts: Starts, met: Mapping[int, int] | None = None) -> tuple[Legs, Late]:
    """The legs, forward, without those that left a start before its time, unless goods in scope came there another way;
    and the starts for which that is so, with what was `met` since an instant."""
    late = Late.among(legs, starts.certain, starts.early, met)
    only = {node: since for node, since in starts.early.items() if node not in late.since}
    return select_legs(legs, lambda leg: legs.instant[leg] >= only.get(legs.source[leg], NEVER)), late


def fetch_nodes(snapshot: Snapshot, numbers: Iterable[int]) -> dict[int, Node]:
    """What each node number stands for."""
    found = snapshot.describe(set(numbers))
    return {**found.holdings, **found.joints}


def _described(snapshot: Snapshot, numbers: Collection[int]) -> tuple[dict[int, Node], dict[str, UnitRow]]:
    """What each node number stands for, and the rows of the units held there."""
    found = snapshot.describe(numbers)
    nodes: dict[int, Node] = {**found.holdings, **found.joints}
    if len(nodes) < len(numbers):
        raise StoreDamaged(
            f"the graph of the store leads to node {min(set(numbers) - nodes.keys())}, which it does not describe; "
            "restore a backup, or rebuild the store from its export"
        )
    return nodes, found.units


def select_legs(legs: Legs, wanted: Callable[[int], bool]) -> Legs:
    """The legs whose number is wanted, as new columns."""
    return pick_legs(legs, [number for number in range(len(legs.source)) if wanted(number)])


def pick_legs(legs: Legs, numbers: Sequence[int]) -> Legs:
    """The legs with these numbers, as new columns."""
    return Legs(
        [legs.source[number] for number in numbers],
        [legs.target[number] for number in numbers],
        [legs.event[number] for number in numbers],
        [legs.rule[number] for number in numbers],
        [legs.confirmed[number] for number in numbers],
        [legs.cost[number] for number in numbers],
        [legs.instant[number] for number in numbers],
    )


def append_legs(legs: Legs, more: Legs) -> None:
    """Add columns to columns."""
    legs.source += more.source
    legs.target += more.target
    legs.event += more.event
    legs.rule += more.rule
    legs.confirmed += more.confirmed
    legs.cost += more.cost
    legs.instant += more.instant


def _rounds(
    snapshot: Snapshot,
    begin: list[int],
    direction: Direction,
    confirmed_only: bool,
    max_seconds: float,
    known: Collection[str],
    kept: Callable[[Legs], Legs],
) -> tuple[Legs, frozenset[int]]:
    free = {row.node for row in snapshot.holdings(HoldingQuery(ids=known))} if known else set()
    legs, followed = Legs(), set[int]()
    waiting: dict[int, int] = dict.fromkeys(begin, 0)
    stop = None
    while waiting:
        unclocked = [node for node in waiting if node in free]
        if not unclocked and stop is None:
            stop = monotonic() + max_seconds
        elif not unclocked and stop is not None and monotonic() >= stop:
            break
        nodes = unclocked or _nearest(waiting)
        more = kept(snapshot.legs(nodes, direction, confirmed_only))
        append_legs(legs, more)
        followed.update(nodes)
        _advance(waiting, followed, nodes, more, direction)
    return legs, frozenset(waiting)


def _nearest(waiting: Mapping[int, int]) -> list[int]:
    level = min(waiting.values())
    return [node for node, distance in waiting.items() if distance == level][:ROUND]


def _advance(waiting: dict[int, int], followed: set[int], nodes: list[int], more: Legs, direction: Direction) -> None:
    """Take the followed nodes off the waiting list and put what they lead to on it, with its distance so far."""
    level = {node: waiting.pop(node) for node in nodes}
    tails, heads = (more.source, more.target) if direction == "forward" else (more.target, more.source)
    for tail, head, cost in zip(tails, heads, more.cost, strict=True):
        if head not in followed:
            waiting[head] = min(waiting.get(head, level[tail] + cost), level[tail] + cost)
