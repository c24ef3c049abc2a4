"""A trace under assumptions: nothing is followed through what makes goods safe, and what met goods in scope may be in
scope too.

What an assumption of contamination adds are legs, always possible, of the rule `cross_contamination`: forward, from
what was in scope first at the place to everything that was there then or later in the window, of which only what left
it since then is followed. Backward, from everything that had come to the place of what was reached before that left it.
What is merely exposed exposes nothing further. Legs are added until nothing more joins.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tracegraph.model.custody import Holding, Joint
from tracegraph.model.grading import ScopeClass
from tracegraph.stores.port import Direction, Legs
from tracegraph.trace.assumptions.asked import CONTAMINATION, Assumptions, Contamination, Kill
from tracegraph.trace.assumptions.killing import ends_at
from tracegraph.trace.assumptions.presence import is_open, present, since_within
from tracegraph.trace.assumptions.resolving import named_kills
from tracegraph.trace.distances import confirmed_nodes, descendants
from tracegraph.trace.late import real
from tracegraph.trace.reach import NEVER, Beyond, Reached, Starts, reach, select_legs
from tracegraph.trace.register import Register
from tracegraph.trace.snapshot import Snapshot

#: After everything.
ALWAYS = 2**63
#: A contact is one step farther than what was met, though no event.
CONTACT_COST = 1


@dataclass(frozen=True, slots=True)
class Contact:
    """`joined` came in because it met `other`, which was in scope. `instant`: from when on that may have been. `bound`:
    forward, what left `joined` before it does not count; backward, the last instant at which the contact can have
    been."""

    assumption: int
    joined: int
    other: int
    instant: int
    bound: int


@dataclass(slots=True)
class Supposed:
    """What was reached under assumptions in one direction. `contacts`: what joined, and by what. `stopped`:
    transformations that nothing was followed through, by the node before each."""

    part: Reached
    contacts: list[Contact] = field(default_factory=list)
    stopped: dict[int, set[int]] = field(default_factory=dict)
    safe: dict[int, Joint] = field(default_factory=dict)


def suppose(
    register: Register,
    within: Snapshot,
    assumptions: Assumptions,
    starts: Starts,
    direction: Direction,
    confirmed_only: bool = False,
    max_seconds: float | None = None,
    known: Collection[str] = (),
) -> Supposed:
    """Everything that the starts reach under resolved assumptions. What is confirmed needs none of those that add."""
    kills = named_kills(assumptions.kills, register.snapshot)
    cutting = _Cutting(within, kills)
    adding = _Adding(register, () if confirmed_only else assumptions.cross_contamination, direction, starts)

    def again() -> Reached:
        beyond = Beyond(cutting.keep if kills else None, adding.legs(), adding.met())
        return reach(within, starts, direction, confirmed_only, max_seconds, known, beyond)

    part = again()
    while adding.more(part):
        part = again()
    return Supposed(part, adding.contacts, cutting.before(part, direction), cutting.safe)


class _Cutting:
    """Leaves out the legs into transformations that make safe, and remembers which."""

    def __init__(self, snapshot: Snapshot, kills: Sequence[Kill]) -> None:
        self.snapshot = snapshot
        self.kills = kills
        self.safe: dict[int, Joint] = {}
        self.cut: set[tuple[int, int]] = set()

    def keep(self, legs: Legs) -> Legs:
        """The legs that are followed."""
        rows = self.snapshot.joints(set(legs.target) - self.safe.keys())
        self.safe |= {row.node: row.joint for row in rows if any(ends_at(kill, row.joint) for kill in self.kills)}
        self.cut |= {pair for pair in zip(legs.source, legs.target, strict=True) if pair[1] in self.safe}
        return select_legs(legs, lambda leg: legs.target[leg] not in self.safe)

    def before(self, part: Reached, direction: Direction) -> dict[int, set[int]]:
        """The safe transformations that the reach came to, by the reached nodes next to them."""
        found: dict[int, set[int]] = defaultdict(set)
        for source, joint in self.cut:
            near = source if direction == "forward" else joint
            if near in part.distance:
                found[joint].add(near)
        return dict(found)


class _Adding:
    """What joins by contamination, round by round."""

    def __init__(
        self, register: Register, assumed: Sequence[Contamination], direction: Direction, starts: Starts
    ) -> None:
        self.register = register
        self.assumed = assumed
        self.direction = direction
        self.starts = starts
        self.contacts: list[Contact] = []
        self._here: dict[int, dict[int, Holding]] = {}
        self._since: dict[int, int] = {}
        self._joined: dict[int, int] = {}

    def legs(self) -> Legs:
        """Contacts as legs, from what contaminates to what is contaminated."""
        forward, many = self.direction == "forward", self.contacts
        joined, others = [one.joined for one in many], [one.other for one in many]
        return Legs(
            others if forward else joined,
            joined if forward else others,
            [f"assumption {one.assumption}" for one in many],
            [CONTAMINATION] * len(many),
            [False] * len(many),
            [CONTACT_COST] * len(many),
            [one.instant for one in many],
        )

    def met(self) -> dict[int, int]:
        """Forward, from which instant on what leaves the joined counts."""
        found: dict[int, int] = {}
        for one in self.contacts if self.direction == "forward" else ():
            found[one.joined] = min(one.bound, found.get(one.joined, one.bound))
        return found

    def more(self, part: Reached) -> bool:
        """Look what joins now; False: nothing more does."""
        scope = _InScope(part, self._exposing(part))
        find = self._contaminated if self.direction == "forward" else self._contaminating
        new = [contact for number in range(len(self.assumed)) for contact in find(scope, number)]
        self.contacts += new
        return bool(new)

    def _exposing(self, part: Reached) -> set[int]:
        """The numbers of the legs behind which everything is merely exposed."""
        exposing = {
            f"assumption {number}" for number, one in enumerate(self.assumed) if one.declared is ScopeClass.EXPOSED
        }
        rules, events = part.legs.rule, part.legs.event
        return {leg for leg, rule in enumerate(rules) if rule == CONTAMINATION and events[leg] in exposing}

    def _at_place(self, number: int) -> dict[int, Holding]:
        if number not in self._here:
            one = self.assumed[number]
            self._here[number] = present(self.register, one, one.since)
        return self._here[number]

    def _contaminated(self, scope: _InScope, number: int) -> Iterator[Contact]:
        """Forward: everything at the place since something was there that was in scope by then."""
        one, here = self.assumed[number], self._at_place(number)
        bounds = self._bounds()
        since = {
            node: max(since_within(one, held), bounds.get(node, NEVER) if scope.only_late(node) else NEVER)
            for node, held in here.items()
            if scope.is_source(node)
        }
        times = {node: instant for node, instant in since.items() if is_open(one, instant)}
        if not times or self._since.get(number, ALWAYS) <= min(times.values()):
            return
        source = min(times, key=lambda node: (times[node], here[node].id))
        first = self._since[number] = times[source]
        for node in _in_order(present(self.register, one, first)):
            bounded = bounds.get(node, NEVER) > first
            if node != source and (scope.rank(node) < one.declared.rank or bounded):
                yield Contact(number, node, source, first, first)

    def _bounds(self) -> dict[int, int]:
        """From which instant on starts and contacts count, where that is not always."""
        met = self.met()
        return {**self.starts.early, **{n: min(s, self.starts.early.get(n, s)) for n, s in met.items()}}

    def _contaminating(self, scope: _InScope, number: int) -> Iterator[Contact]:
        """Backward: everything that had come to the place before something in scope left it for the last time."""
        one, here = self.assumed[number], self._at_place(number)
        lasts = {
            node: min(self._last(scope, node, held), _end(held.until), _end(one.until))
            for node, held in here.items()
            if scope.is_source(node)
        }
        if not lasts or self._since.get(number, NEVER) >= max(lasts.values()):
            return
        target = min(lasts, key=lambda node: (-lasts[node], here[node].id))
        last = self._since[number] = lasts[target]
        for node in _in_order(here):
            since = since_within(one, here[node])
            if node != target and since <= last and scope.rank(node) < one.declared.rank:
                instant = max(since, since_within(one, here[target]))
                bound = min(last, _end(here[node].until))
                self._joined[node] = max(bound, self._joined.get(node, NEVER))
                yield Contact(number, node, target, instant, bound)

    def _last(self, scope: _InScope, node: int, held: Holding) -> int:
        """Until when goods of a stay can have been contaminated, so that it matters to what was reached."""
        if node in self.starts.certain:
            return _end(held.until)
        return max(self._joined.get(node, NEVER), scope.left.get(node, NEVER))


def _end(until: int | None) -> int:
    """The last instant of a stay or window."""
    return ALWAYS if until is None else until - 1


def _in_order(stays: Mapping[int, Holding]) -> list[int]:
    return sorted(stays, key=lambda node: stays[node].id)


class _InScope:
    """What a round reached: as more than merely exposed, or at all."""

    def __init__(self, part: Reached, exposing: Collection[int]) -> None:
        ways = part.late.ways(part.ways, part.legs)
        begin = part.late.starts(part.starts)
        allowed = [leg not in exposing for leg in range(len(part.legs.source))]
        self._any = descendants(begin, ways)
        self._late = part.late.since.keys()
        self._sources = {real(number) for number in confirmed_nodes(begin, ways, allowed)}
        #: Backward, when goods that were reached last left each stay.
        self.left: dict[int, int] = {}
        for leg, target in enumerate(part.legs.target if part.direction == "backward" else ()):
            if target in part.distance and part.legs.rule[leg] != CONTAMINATION:
                source, instant = part.legs.source[leg], part.legs.instant[leg]
                self.left[source] = max(instant, self.left.get(source, instant))

    def is_source(self, node: int) -> bool:
        """Is it more than merely exposed?"""
        return node in self._sources

    def only_late(self, node: int) -> bool:
        """Of what counts from an instant on: did nothing in scope come to it by another way?"""
        return node not in self._late or node not in self._any

    def rank(self, node: int) -> int:
        """That of the class which it has at least."""
        if node in self._sources:
            return ScopeClass.POSSIBLE.rank
        return (ScopeClass.EXPOSED if node in self._any or ~node in self._any else ScopeClass.CLEARED).rank
