"""What is knowable to some organisations at one ledger position, as node numbers, before anything is shown.

Knowable are the holdings of the organisations themselves, everything on a trace from or to these by legs of the
certainty that is followed, and where a container was while such goods were in it. Whoever claims to have received a
stranger's lot makes possible legs only, and so learns nothing of it. Four more rules keep claims from being proofs:

- a stay that no record shows (goods that may have come to rest there) is none of theirs, unless a shipment was declared
  for them;
- goods unpacked from a container lead back, and show where nobody named them, only where the container itself is proven
  to have come to them;
- what such a container holds counts as theirs while it is there, and goes on from then only;
- possible legs are followed for one step: by an event in which the organisations take part, from their own goods on,
  and from a stay that a shipment declared for them may have begun, back to the shipment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast

from tracegraph.access.ground import Ground
from tracegraph.access.proof import BIRTHS, Proof
from tracegraph.access.rights import Distance
from tracegraph.formats.epcis import facts_of_payload
from tracegraph.model.custody import CONJECTURED_ROLES, Holding, Joint, PlaceKind
from tracegraph.stores.port import Direction, EntryKind, HoldingQuery, HoldingRow, Legs, Reading, UnitRow
from tracegraph.trace.answering import answering
from tracegraph.trace.containers import Stay, contents
from tracegraph.trace.reach import Node, select_legs
from tracegraph.trace.snapshot import Snapshot

_PLACES = frozenset({PlaceKind.SITE, PlaceKind.PARTY})
#: The role of stays that a declared shipment may have begun.
ARRIVAL = "arrive"
_NEVER = -(2**63)


@dataclass(slots=True)
class Sight:
    """`levels`: how far each knowable node is from the organisations; `numbers`: the nodes of knowable holdings by id;
    `joints`: ids of knowable transformations; `left`: when goods last left a node by a knowable leg; `told`: by public
    event id the units that it moved as far as knowable; `shared`: ids of events in which the organisations take part;
    `units`, `products`, `places`: what may be named; `watched`: units and transformations that a new event must not
    name if all of this is to stay as it is; `unproven`: own holdings of which no certain source is known."""

    position: int
    ground: Ground
    levels: dict[int, Distance] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    joints: set[str] = field(default_factory=set)
    left: dict[int, int] = field(default_factory=dict)
    told: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    shared: frozenset[str] = frozenset()
    units: set[str] = field(default_factory=set)
    products: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    watched: set[str] = field(default_factory=set)
    unproven: set[int] = field(default_factory=set)

    def until(self, node: int, holding: Holding) -> int | None:
        """When a stay ended, as far as knowable: of other organisations when goods last left for a knowable place."""
        return holding.until if self.levels[node] is Distance.OWN else self.left.get(node)

    def units_told(self, event: str, event_id: str) -> set[str]:
        """The knowable units that an event moved, by its content hash and eventID."""
        found = self.told.get(event, set())
        return found | self.told.get(f"{event}#{event_id}", set()) if event_id else found

    def names(self, key: str) -> bool:
        """Whether something of that name is knowable: a place or party, a unit, a product, an event."""
        return key in self.places or key in self.units or key in self.products or key in self.told

    def tells(self, event: str) -> bool:
        """Whether a public event id may be named."""
        return not event or event in self.told


#: So many new ledger entries are looked at before everything is found anew.
MOST_NEW = 2_000


def still_holds(store: Reading, sight: Sight, position: int) -> bool:
    """Whether the same is knowable at a later position: nothing that was recorded since can concern it. (What is
    recorded of a unit changes the unit, what is in it, and transformations that it takes part in.)"""
    if not sight.position <= position <= sight.position + MOST_NEW:
        return False
    new = list(store.entries(sight.position, position))
    if any(entry.kind is not EntryKind.EVENT for entry in new):
        return False
    events = [facts_of_payload(entry.payload) for entry in new]
    numbers = {number for facts in events for number in facts.numbers()}
    meant = {unit for unit, _ in store.aliases(numbers, position)} if numbers else set()
    return sight.watched.isdisjoint(numbers | meant) and not any(
        facts.retracts or facts.transformation in sight.watched or sight.ground.takes_part(facts) for facts in events
    )


def look(store: Reading, organisations: frozenset[str], confirmed_only: bool, position: int) -> Sight:
    """What the organisations may know of the store at a ledger position."""
    snapshot = Snapshot(store, position, "", None)
    sight = Sight(position, Ground.of(store, organisations, position))
    with answering(store):
        _Looking(snapshot, sight, confirmed_only).run()
    return sight


class _Looking:
    """Gathers the knowable nodes, then notes what they may name."""

    def __init__(self, snapshot: Snapshot, sight: Sight, confirmed_only: bool) -> None:
        self.snapshot = snapshot
        self.sight = sight
        self.ground = sight.ground
        self.confirmed_only = confirmed_only
        self.own: dict[int, Holding] = {}
        self.boxed: dict[int, int] = {}
        self.nodes: dict[int, Node] = {}
        self.rows: dict[str, UnitRow] = {}
        self.legs = Legs()
        self.sharing: dict[str, bool] = {}

    def run(self) -> None:
        """Everything, in the order in which one depends on the other."""
        self.own = self.find_own()
        if not self.own:
            return
        proof = Proof.of(self.snapshot, self.own)
        for node in self.unnamed(proof.claims - proof.certain):
            del self.own[node]
        self.boxed = self.find_boxed(proof)
        back, back_legs = self.behind(proof)
        forth, forth_legs = self.ahead()
        found = self.snapshot.describe({*self.own, *self.boxed, *back, *forth})
        self.nodes = {**found.holdings, **found.joints}
        self.rows = found.units
        self.rate(back_legs, forth_legs)
        self.learn_legs()
        self.add_containers()
        self.note()

    # which nodes

    def find_own(self) -> dict[int, Holding]:
        """The holdings of the organisations: of which they are possessor or owner, or that are at a place of theirs."""
        organisations = self.ground.organisations
        rows = self.snapshot.holdings(HoldingQuery(parties=organisations))
        rows += self.snapshot.holdings(HoldingQuery(sites=self.ground.sites))
        mentioned = HoldingQuery(units=self.snapshot.store.units_at(organisations))
        rows += [row for row in self.snapshot.holdings(mentioned) if _is_of(row.holding, organisations)]
        shared = self.shared(row.holding.event for row in rows if row.holding.role == ARRIVAL)
        return {row.node: row.holding for row in rows if _is_recorded(row.holding) or row.holding.event in shared}

    def unnamed(self, claims: Iterable[int]) -> set[int]:
        """Those of the claimed holdings of which the claim did not name the unit: who empties a pallet does not have to
        know what is in it."""
        claimed = {node: self.own[node] for node in claims}
        hashes = {holding.event.partition("#")[0] for holding in claimed.values()}
        stored = self.snapshot.events(hashes=hashes) if hashes else []
        named = {(one.facts.content_hash, number) for one in stored for number in one.facts.numbers()}
        return {
            node for node, holding in claimed.items() if (holding.event.partition("#")[0], holding.unit) not in named
        }

    def shared(self, events: Iterable[str]) -> set[str]:
        """Those of the events (public ids) in which the organisations take part."""
        wanted = set(events) - {""}
        new = wanted - self.sharing.keys()
        self.sharing.update(dict.fromkeys(new, False))
        hashes = {event.partition("#")[0] for event in new}
        for stored in self.snapshot.events(hashes=hashes) if hashes else ():
            if self.ground.takes_part(stored.facts):
                names = (stored.facts.content_hash, f"{stored.facts.content_hash}#{stored.facts.event_id}")
                self.sharing.update(dict.fromkeys(names, True))
        return {event for event in wanted if self.sharing[event]}

    def find_boxed(self, proof: Proof) -> dict[int, int]:
        """What is inside own containers that are proven to be there, with the instant from which it is there."""
        stays = [
            Stay(holding.unit, holding.since, holding.until)
            for node, holding in self.own.items()
            if node in proof.certain and holding.place.kind in _PLACES
        ]
        found = contents(self.snapshot, stays) if stays else {}
        return {node: content.stay.since or _NEVER for node, content in found.items() if node not in self.own}

    def behind(self, proof: Proof) -> tuple[set[int], Legs]:
        """Where own goods came from, and the shipments that are on their way to the organisations."""
        arriving = {node: holding.event for node, holding in self.own.items() if holding.role == ARRIVAL}
        coming = self.snapshot.legs(sorted(arriving), "backward")
        ends = zip(coming.source, coming.target, coming.event, strict=True)
        expected = {source for source, target, event in ends if event == arriving[target]}
        starts = {*self.own, *self.boxed, *expected}
        legs = self.snapshot.reach(sorted(starts), "backward", self.confirmed_only)
        kept = followed(legs, starts, "backward", lambda number: proof.trusts(legs, number))
        return expected.union(kept.source, kept.target), kept

    def ahead(self) -> tuple[set[int], Legs]:
        """Where own goods went, and for one step where they may be after an event of the organisations."""
        starts = {*self.own, *self.boxed}
        legs = self.snapshot.reach(sorted(starts), "forward", self.confirmed_only)
        begin = self.boxed
        kept = followed(
            legs, starts, "forward", lambda number: legs.instant[number] >= begin.get(legs.source[number], _NEVER)
        )
        return self.handed_on().union(kept.source, kept.target), kept

    def handed_on(self) -> set[int]:
        """Nodes to which own goods moved, certainly or possibly, by events of the organisations themselves."""
        found: set[int] = set()
        pending = sorted(self.own)
        while pending:
            legs = self.snapshot.legs(pending, "forward")
            shared = self.shared(legs.event)
            ahead = {target for target, event in zip(legs.target, legs.event, strict=True) if event in shared}
            pending = sorted(ahead - found - self.own.keys())
            found.update(pending)
        return found

    # how far, and what they name

    def rate(self, back: Legs, forth: Legs) -> None:
        """How far each node is: organisation boundaries count, and a site of which nobody says who runs it is one."""
        near = {*self.boxed, *self.near(back.target, back.source), *self.near(forth.source, forth.target)}
        levels = self.sight.levels
        levels.update((node, Distance.ADJACENT if node in near else Distance.BEYOND) for node in self.nodes)
        levels.update(dict.fromkeys(self.own, Distance.OWN))

    def near(self, tails: Sequence[int], heads: Sequence[int]) -> set[int]:
        """The nodes behind at most one organisation boundary. A node that nobody holds (in transit, in a container, a
        transformation) belongs to whom the goods came from."""
        ways: dict[int, list[int]] = defaultdict(list)
        for tail, head in zip(tails, heads, strict=True):
            ways[tail].append(head)
        seen: set[tuple[int, str | None]] = {(node, None) for node in (*self.own, *self.boxed)}
        pending = list(seen)
        while pending:
            node, holder = pending.pop()
            for head in ways.get(node, ()):
                taker = None if head in self.own else _holder(self.nodes[head]) or holder
                if (holder is None or taker == holder) and (head, taker) not in seen:
                    seen.add((head, taker))
                    pending.append((head, taker))
        return {node for node, _ in seen}

    def learn_legs(self) -> None:
        """All legs between knowable nodes, and when goods last left by one."""
        legs = self.snapshot.legs(sorted(self.nodes), "forward")
        self.legs = select_legs(legs, lambda number: legs.target[number] in self.nodes)
        left = self.sight.left
        for source, instant in zip(self.legs.source, self.legs.instant, strict=True):
            left[source] = max(instant, left.get(source, instant))

    def add_containers(self) -> None:
        """Where containers were while knowable goods were in them, and the containers of these."""
        known, stays = len(self.sight.levels), self.packed(self.nodes)
        while stays:
            found = {row.node: row.holding for row in self.during(stays) if row.node not in self.nodes}
            self.nodes.update(found)
            self.sight.levels.update(dict.fromkeys(found, Distance.BEYOND))
            stays = self.packed(found, stays)
        if len(self.sight.levels) > known:
            self.learn_legs()

    def packed(self, nodes: Iterable[int], within: Iterable[Stay] = ()) -> list[Stay]:
        """The stays in containers among the nodes, for as long as knowable goods were in them; `within`: those that the
        nodes are the containers of."""
        outer: dict[str, list[Stay]] = defaultdict(list)
        for stay in within:
            outer[stay.unit].append(stay)
        found: set[Stay] = set()
        for node in nodes:
            holding = self.nodes[node]
            if not isinstance(holding, Holding) or holding.place.kind is not PlaceKind.CONTAINER:
                continue
            if outer:
                common = [stay.within(holding) for stay in outer[holding.unit] if stay.overlaps(holding)]
            else:
                common = [Stay(holding.unit, holding.since, self.sight.until(node, holding))]
            found.update(Stay(holding.place.id, stay.since, stay.until) for stay in common)
        return sorted(found, key=str)

    def during(self, stays: Iterable[Stay]) -> list[HoldingRow]:
        """The holdings of the containers that overlap one of the stays."""
        by_unit: dict[str, list[Stay]] = defaultdict(list)
        for stay in stays:
            by_unit[stay.unit].append(stay)
        rows = self.snapshot.holdings(HoldingQuery(units=by_unit.keys()))
        return [row for row in rows if any(stay.overlaps(row.holding) for stay in by_unit[row.holding.unit])]

    def note(self) -> None:
        """What may be named, and which own holdings have no certain source."""
        sight = self.sight
        for node, found in self.nodes.items():
            if isinstance(found, Joint):
                sight.joints.add(found.id)
                sight.watched.add(found.transformation)
                sight.places.add(found.place.id)
            else:
                sight.numbers[found.id] = node
                sight.units.add(found.unit)
                sight.places.update(_places_of(found))
        sight.places |= self.ground.keys
        missing = sight.units - self.rows.keys()
        rows = [*self.rows.values(), *(self.snapshot.units(keys=missing) if missing else ())]
        sight.products.update(row.product for row in rows if row.product)
        self.note_events()
        self.note_doubts()

    def note_events(self) -> None:
        """The units that each event moved, and the containers that they were in."""
        moved = {
            node: (found.unit, found.place.id) if found.place.kind is PlaceKind.CONTAINER else (found.unit,)
            for node, found in self.nodes.items()
            if isinstance(found, Holding)
        }
        told = self.sight.told
        for node, units in moved.items():
            told[cast(Holding, self.nodes[node]).event].update(units)
        for source, target, event in zip(self.legs.source, self.legs.target, self.legs.event, strict=True):
            told[event].update(moved.get(source, ()), moved.get(target, ()))
        told.pop("", None)
        self.sight.watched.update(*moved.values())

    def note_doubts(self) -> None:
        """Own holdings without a certain source, and the shipments from and to the organisations."""
        entered = {target for target, sure in zip(self.legs.target, self.legs.confirmed, strict=True) if sure}
        born = {node for node, holding in self.own.items() if holding.role in BIRTHS}
        self.sight.unproven = self.own.keys() - entered - born
        near = [
            node.event
            for number, node in self.nodes.items()
            if isinstance(node, Holding)
            and node.place.kind is PlaceKind.TRANSIT
            and self.sight.levels[number] is Distance.ADJACENT
        ]
        self.sight.shared = frozenset(self.shared(near))


def followed(legs: Legs, starts: Iterable[int], direction: Direction, taken: Callable[[int], bool]) -> Legs:
    """The legs on paths from the starts of which every leg is taken (by its number among the legs)."""
    tails, heads = (legs.source, legs.target) if direction == "forward" else (legs.target, legs.source)
    ways: dict[int, list[int]] = defaultdict(list)
    for number, tail in enumerate(tails):
        if taken(number):
            ways[tail].append(number)
    seen, kept = set(starts), set[int]()
    pending = list(seen)
    while pending:
        for number in ways.get(pending.pop(), ()):
            kept.add(number)
            if heads[number] not in seen:
                seen.add(heads[number])
                pending.append(heads[number])
    return legs if len(kept) == len(legs.source) else select_legs(legs, kept.__contains__)


def _is_of(holding: Holding, organisations: Collection[str]) -> bool:
    return holding.owner in organisations or (
        holding.place.kind is PlaceKind.PARTY and holding.place.id in organisations
    )


def _is_recorded(holding: Holding) -> bool:
    """Whether a record shows the stay itself; none shows a pool of what no time tells apart."""
    return holding.role not in CONJECTURED_ROLES and not holding.role.startswith("pool ")


def _holder(node: Node) -> str | None:
    """Who has it: the possessor, else whoever is at that site."""
    if isinstance(node, Joint):
        return None
    return node.party or (node.place.id if node.place.kind in _PLACES else None)


def _places_of(holding: Holding) -> set[str]:
    """Sites and organisations that a shown holding names at least."""
    named = {holding.party} if holding.party else set()
    return named | {holding.place.id} if holding.place.kind in _PLACES else named
