"""Who got goods in scope: the deliveries to others than the owner, read off the custody graph.

A unit in scope is in scope wherever it is: who finds its number on a shelf cannot tell one part of a lot from another.
A delivery is a stop to which goods came from somebody else, recorded or not. Shipments are told with it only where
nobody else can have got the same, so that what one receiver is told never tells of another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cached_property

from tracegraph.model.custody import Holding, PlaceKind, UnitKind
from tracegraph.model.facts import Document
from tracegraph.model.quantity import Quantity
from tracegraph.recall.consignees.delivery import Astray, Delivery, Distribution, Made
from tracegraph.recall.consignees.happenings import Happenings, rest, total
from tracegraph.recall.consignees.parties import NOBODY_ELSE, Sameness, gln
from tracegraph.recall.consignees.stops import Stop, network
from tracegraph.stores.port import UnitRow
from tracegraph.timeline.steps import Effect
from tracegraph.trace.answering import answering
from tracegraph.trace.distances import Steps
from tracegraph.trace.envelope import Json
from tracegraph.trace.snapshot import Snapshot

#: Sinks by which goods come to consumers.
SOLD = frozenset({"retail_selling", "dispensing"})

ONE = Decimal(1)
Told = Mapping[str, tuple[Holding, int]]


def distribution(
    snapshot: Snapshot, units: Mapping[str, bool], owners: Collection[str] = (), same: Sameness = NOBODY_ELSE
) -> Distribution:
    """The deliveries of `units` (whether each is confirmed to be affected) to others than the `owners` (keys of parties
    or sites). Where no owner is given, those who had the goods first in the scope count as the owners. `same`: parties
    that are one; what went from one of them to another is no delivery."""
    with answering(snapshot.store):
        return _Distributing(snapshot, units, owners, same).whole()


class _Distributing:
    def __init__(self, snapshot: Snapshot, units: Mapping[str, bool], owners: Collection[str], same: Sameness) -> None:
        self._units = units
        self._same = same
        self._network = network(snapshot, units)
        self._rows = {row.key: row for row in snapshot.units(keys=list(units))} if units else dict[str, UnitRow]()
        stays = [*self._network.holdings.values(), *(stop.where for stop in self._network.stops.values())]
        stays += [stop.shipment for stop in self._network.stops.values() if stop.shipment]
        events = {stay.event for stay in (*stays, *(sent for _, _, sent in self._network.under_way))}
        events |= {one.event for stop in self._network.stops.values() for one in stop.taken}
        self._happenings = Happenings(snapshot, events, units)
        self._into = self._network.ways.into()
        self._out = self._network.ways.out()
        self._known_steps: dict[bool, Mapping[int, Steps]] = {}
        run_by = self._run_by()
        self._network.stops = {node: self._as_told(node, stop, run_by) for node, stop in self._network.stops.items()}
        self._behind = self._network.senders()
        sure = all(self._network.ways.confirmed)
        self._certainly_behind = self._behind if sure else self._network.senders(confirmed_only=True)
        self.owners = self._owners(frozenset(owners)) if owners else self._first()

    def whole(self) -> Distribution:
        """All of it."""
        came = {node: one for node, stop in self._theirs if (one := self._delivery(node, stop)) is not None}
        made = {node: self._made(stop) for node, stop in self._theirs if self._is_first(node, stop)}
        for node, stop in self._forgotten({*came, *made}):
            if stop.recorded and not self._is_receipt(stop):
                made[node] = self._made(stop)
            else:
                came[node] = self._written(node, stop, frozenset())
        kept = self._kept(came)
        return Distribution(
            tuple(sorted(self.owners)),
            tuple(sorted(self.owners - {stop.holder for stop in self._network.stops.values()})),
            tuple(sorted(kept, key=lambda one: (one.receiver, one.unit, _at(one), one.id))),
            tuple(sorted(made.values(), key=lambda one: (one.holder, one.unit, one.event))),
            tuple(sorted(self._astray(kept), key=lambda one: (one.unit, one.event))),
            self._sites(),
            *self._roles(kept),
        )

    def _forgotten(self, told: Collection[int]) -> Iterator[tuple[int, Stop]]:
        """Of everybody who had goods of a unit that are neither delivered nor made by what the records say, as where
        they seem to have come from where they are: the first stop."""
        stops = self._network.stops
        known = {(stops[node].goods.unit, stops[node].holder) for node in told}
        for node, stop in sorted(
            self._theirs, key=lambda pair: (not pair[1].recorded, pair[1].where.since, pair[1].id)
        ):
            if (pair := (stop.goods.unit, stop.holder)) not in known:
                known.add(pair)
                yield node, stop

    def _kept(self, came: Mapping[int, Delivery]) -> list[Delivery]:
        """The deliveries without those that no record and no shipment of their own speak for, where who may have got
        them certainly got others of that unit."""
        recorded = {node for node in came if self._network.stops[node].recorded}
        known = {(came[node].unit, came[node].receiver) for node in recorded}
        return [
            one
            for node, one in came.items()
            if node in recorded or one.shipments or (one.unit, one.receiver) not in known
        ]

    def _run_by(self) -> dict[str, str]:
        """Sites of which no record says whose they are, and at which all events that name anybody name the same."""
        named = self._happenings.run_by()
        for stop in self._network.stops.values():
            if stop.where.party and stop.where.place.kind is PlaceKind.SITE:
                named.setdefault(stop.where.place.id, set()).add(stop.where.party)
        return {site: min(parties) for site, parties in named.items() if len(parties) == 1}

    def _as_told(self, node: int, stop: Stop, run_by: Mapping[str, str]) -> Stop:
        """A stop with what events say of it. One at one of several places that an event leaves open is not recorded:
        the event names none of them."""
        who = run_by.get(stop.holder, stop.holder) if stop.holder == stop.where.place.id else stop.holder
        entered = self._into.get(node, ())
        sure = stop.packed or not entered or any(self._network.ways.confirmed[way] for way, _ in entered)
        recorded = stop.recorded and (sure or self._happenings.names(stop.where.event, stop.where.place))
        return replace(stop, holder=self._same.of(who), recorded=recorded)

    # owners

    def _owners(self, given: frozenset[str]) -> frozenset[str]:
        """The owners, and who is recorded as having goods at their sites: those given, and those of the same GLN."""
        numbers = {gln(one) for one in given} - {None}
        at_theirs = {
            stop.holder
            for stop in self._network.stops.values()
            if stop.where.place.id in given or (stop.holder == stop.where.place.id and gln(stop.holder) in numbers)
        }
        return frozenset(at_theirs | {self._same.of(one) for one in given})

    def _first(self) -> frozenset[str]:
        """Who had goods that came from nowhere in the scope."""
        return frozenset(stop.holder for node, stop in self._network.stops.items() if self._began(node, stop))

    def _began(self, node: int, stop: Stop) -> bool:
        """Whether goods are first recorded at a stop, or were made there of nothing in scope."""
        joints = [joint for _, joint in self._into.get(node, ()) if joint in self._network.joints]
        return self._is_first(node, stop) and not any(self._into.get(joint) for joint in joints)

    def _is_first(self, node: int, stop: Stop) -> bool:
        """Whether no record says that goods came to a stop: they were made there, or are first recorded there."""
        if not stop.recorded or self._is_receipt(stop) or node in self._stayed:
            return False
        return not any(self._had(source) for source in self._came_from(node))

    def _came_from(self, node: int) -> list[int]:
        """From where goods came to a stop otherwise than by being made there."""
        return [source for _, source in self._into.get(node, ()) if source not in self._network.joints]

    @cached_property
    def _stayed(self) -> frozenset[int]:
        ways = self._network.ways
        return frozenset(target for target, stayed in zip(ways.target, ways.carried, strict=True) if stayed)

    @cached_property
    def _theirs(self) -> list[tuple[int, Stop]]:
        """The stops with others, in an order that is the same on every store."""
        others = [pair for pair in self._network.stops.items() if pair[1].holder not in self.owners]
        return sorted(others, key=lambda pair: pair[1].id)

    # one delivery

    def _delivery(self, node: int, stop: Stop) -> Delivery | None:
        """What came to a stop from somebody else; None where nothing did."""
        senders = frozenset[str]().union(*map(self._had, self._came_from(node)))
        came_unsent = self._is_receipt(stop) or not stop.recorded
        if not (senders - {stop.holder} if senders else came_unsent):
            return None
        return self._written(node, stop, senders - {stop.holder})

    def _had(self, node: int, certainly: bool = False) -> frozenset[str]:
        """Who had the goods at a node, or before they came there."""
        stop = self._network.stops.get(node)
        behind = self._certainly_behind if certainly else self._behind
        return frozenset((stop.holder,)) if stop else behind.get(node, frozenset())

    def _is_receipt(self, stop: Stop) -> bool:
        return stop.recorded and self._happenings.effect(stop.where.event) is Effect.RECEIVE

    def _told_shipments(self, node: int, stop: Stop) -> Told:
        """The shipments that certainly led to a stop, were sent to it, or can have led to nobody else, by event; each
        with the node behind which its senders are."""
        if stop.packed:
            return self._told_container(node, stop)
        found = {}
        for way, source in self._into.get(node, ()):
            sent = self._network.holdings.get(source)
            if sent is None or sent.place.kind is not PlaceKind.TRANSIT:
                continue
            if self._network.ways.confirmed[way] or self._is_for(sent, stop) or self._only_to(source, stop.holder):
                found[sent.event] = (sent, source)
        return found

    def _told_container(self, node: int, stop: Stop) -> Told:
        sent = stop.shipment
        if sent is None or not (stop.recorded or self._is_for(sent, stop)):
            return {}
        return {
            sent.event: (sent, self._into[node][0][1])
        }  # a stop in a container follows on one other stop, or its start

    def _is_for(self, shipment: Holding, stop: Stop) -> bool:
        goal = shipment.destination
        return goal is not None and {goal, self._happenings.site(goal)} & {stop.holder, stop.where.place.id} != set()

    def _only_to(self, shipment: int, name: str) -> bool:
        """Whether nobody else can have got a shipment."""
        targets = [target for _, target in self._out.get(shipment, ())]
        return all(target in self._network.stops and self._network.stops[target].holder == name for target in targets)

    def _sent_by(self, node: int, stop: Stop, told: Told) -> set[str]:
        """Of whom it is certain that they sent it, or whom papers of the receiver name."""
        certain = self._network.ways.confirmed
        sources = [source for way, source in self._into.get(node, ()) if certain[way]]
        sources = [source for source in sources if source not in self._network.joints]
        sources += [source for _, source in told.values()]
        found = set[str]().union(*(self._had(source, certainly=True) for source in sources))
        if self._is_receipt(stop) and (named := self._happenings.sender(stop.where.event)):
            found.add(self._holders.get(named) or self._same.of(named))
        return found - {stop.holder}

    @cached_property
    def _holders(self) -> dict[str, str]:
        """Who has goods at each place."""
        return {stop.where.place.id: stop.holder for stop in self._network.stops.values()}

    def _written(self, node: int, stop: Stop, senders: frozenset[str]) -> Delivery:
        goods, where, told = stop.goods, stop.where, self._told_shipments(node, stop)
        shipped = [sent for sent, _ in told.values()]
        received = self._received(stop)
        sent = self._sent(stop, shipped)
        return Delivery(
            id=stop.id,
            unit=goods.unit,
            product=self._product(goods.unit),
            numbers=self._numbers(goods, [goods.event, *told]),
            receiver=stop.holder,
            site=where.place.id if where.place.kind is PlaceKind.SITE else None,
            senders=tuple(sorted(senders)),
            sent_by=tuple(sorted(self._sent_by(node, stop, told))),
            tier=self._tier(node, stop),
            confirmed=stop.recorded and self._units[goods.unit],
            event=where.event if stop.recorded else None,
            shipments=tuple(sorted(told)),
            shipped=self._shipped(shipped),
            arrived=self._arrived(stop) if stop.recorded else None,
            documents=self._documents(stop, told),
            quantity=received or self._left(stop, shipped) or (sent if stop.recorded else None),
            quantity_shipped=sent,
            quantity_received=received,
            container=goods.place.id if stop.packed else None,
        )

    def _tier(self, node: int, stop: Stop) -> int | None:
        """Through how many hands the goods came that arrived (not those that were there already): by certain ways,
        where there are any; None where they did not come from the owner."""
        sources = self._came_from(node)
        for confirmed_only in (True, False):
            steps = self._steps(confirmed_only)
            counts = [
                known.count + (known.parties != {stop.holder})
                for one in sources
                if (known := steps.get(one)) is not None
            ]
            if counts:
                return min(counts)
        return None

    def _steps(self, confirmed_only: bool) -> Mapping[int, Steps]:
        """By certain ways, or by all."""
        if confirmed_only not in self._known_steps:
            self._known_steps[confirmed_only] = self._network.steps(self.owners, confirmed_only)
        return self._known_steps[confirmed_only]

    # what events say

    def _product(self, unit: str) -> str | None:
        row = self._rows.get(unit)
        return row.product if row else None

    def _numbers(self, stay: Holding, events: Iterable[str]) -> tuple[str, ...]:
        """Under which numbers the receiver's events name the unit; the unit's own where they do not."""
        found = {number for event in events for number in self._happenings.numbers(event, stay.unit)}
        return tuple(sorted(found)) or (stay.unit,)

    def _received(self, stop: Stop) -> Quantity | None:
        """What a receipt says that it is of; of goods in a container what was in it."""
        if not self._is_receipt(stop):
            return None
        if stop.packed:
            return self._inside(stop)
        return self._piece(stop.goods, self._happenings.amount(stop.where.event, stop.goods.unit))

    def _sent(self, stop: Stop, shipments: Iterable[Holding]) -> Quantity | None:
        if stop.packed:
            return self._inside(stop)
        return total([self._piece(one, one.quantity) for one in shipments])

    def _left(self, stop: Stop, shipments: Collection[Holding]) -> Quantity | None:
        """Of a shipment that may have arrived, what nobody else received."""
        if stop.recorded or len(shipments) != 1:
            return None
        (sent,) = shipments
        if stop.packed:
            return self._inside(stop)
        return sent.remaining or (self._piece(sent, sent.quantity) if sent.until is None else None)

    def _inside(self, stop: Stop) -> Quantity | None:
        """How much was in a container at a stop; None where more or less may have been taken out before."""
        whole = self._piece(stop.goods, stop.goods.quantity)
        taken = [self._happenings.amount(one.event, stop.goods.unit) if one.certain else None for one in stop.taken]
        return rest(whole, taken)

    def _piece(self, stay: Holding, amount: Quantity | None) -> Quantity | None:
        """An item is one piece."""
        row = self._rows.get(stay.unit)
        return Quantity(ONE) if amount is None and row is not None and row.kind == UnitKind.ITEM else amount

    def _shipped(self, shipments: Iterable[Holding]) -> Json | None:
        first = min(shipments, key=lambda one: (one.since, one.event), default=None)
        return self._happenings.moment(first.event, first.since) if first else None

    def _arrived(self, stop: Stop) -> Json:
        meaning = "received" if self._is_receipt(stop) else "first_seen"
        return {**self._happenings.moment(stop.where.event, stop.where.since), "meaning": meaning}

    def _documents(self, stop: Stop, told: Iterable[str]) -> tuple[Document, ...]:
        """Those of the shipment and of the receipt."""
        events = [*told, stop.where.event] if self._is_receipt(stop) else list(told)
        found = {one for event in events for one in self._happenings.documents(event)}
        return tuple(sorted(found, key=lambda one: (one.type, one.id)))

    # what is no delivery

    def _made(self, stop: Stop) -> Made:
        """Goods that began at a stop, as far as anybody knows."""
        goods = stop.goods
        return Made(
            goods.unit,
            self._product(goods.unit),
            self._numbers(goods, [goods.event]),
            stop.holder,
            stop.where.place.id if stop.where.place.kind is PlaceKind.SITE else None,
            goods.event,
            self._happenings.moment(goods.event, goods.since),
            self._piece(goods, goods.quantity),
        )

    def _astray(self, deliveries: Iterable[Delivery]) -> Iterator[Astray]:
        """Shipments that no record shows to have come to anybody, and that no delivery tells of."""
        told = {(one.unit, event) for one in deliveries for event in one.shipments}
        direct = [
            (node, stay, stay)
            for node, stay in self._network.holdings.items()
            if stay.place.kind is PlaceKind.TRANSIT and not self._arrives(node)
        ]
        for node, goods, sent in [*direct, *self._network.under_way]:
            if (goods.unit, sent.event) not in told:
                yield Astray(
                    goods.unit,
                    sent.event,
                    tuple(sorted(self._had(node))),
                    self._happenings.moment(sent.event, sent.since),
                    self._happenings.documents(sent.event),
                    self._piece(goods, goods.remaining or goods.quantity),
                )

    def _arrives(self, shipment: int) -> bool:
        """Whether a record shows that it came to somebody, the owner included."""
        stops = self._network.stops
        return any(target in stops and stops[target].recorded for _, target in self._out.get(shipment, ()))

    def _sites(self) -> Mapping[str, Collection[str]]:
        """Where each of the others had goods in scope."""
        found: dict[str, set[str]] = defaultdict(set)
        for _, stop in self._theirs:
            if stop.where.place.kind is PlaceKind.SITE:
                found[stop.holder].add(stop.where.place.id)
        return {name: sorted(sites) for name, sites in found.items()}

    def _roles(self, deliveries: Iterable[Delivery]) -> tuple[Collection[str], ...]:
        """Who passed goods on, sold them, used them, and kept them for the owner."""
        onward = {name for one in deliveries for name in one.sent_by}
        sold, used = set[str](), set[str]()
        for node, names in self._behind.items():
            stay = self._network.holdings.get(node)
            if stay is None:
                used |= names
            elif stay.place.kind is PlaceKind.SINK and stay.place.id in SOLD:
                sold |= names
        kept = {stop.holder for _, stop in self._theirs if stop.where.owner in self.owners}
        return onward, sold, used, kept


def _at(one: Delivery) -> str:
    told = one.arrived or one.shipped
    return str(told["at"]) if told else ""
