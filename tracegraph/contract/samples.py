"""Small made-up events, records, units and timelines for the contract."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import TypeVar

from tracegraph.model.custody import Certainty, Gap, Holding, Joint, Leg, Place, PlaceKind, Timeline
from tracegraph.model.facts import Alias, Document, EventFacts, Membership, NamedUnit, Role
from tracegraph.model.quantity import Quantity
from tracegraph.model.record import Record
from tracegraph.stores.port import NewEntry, Store

ACTOR = "clerk"

Part = TypeVar("Part")

#: A text with everything that a careless store might lose: quotes, a NUL, a line break, other scripts, an emoji.
AWKWARD = "lot 'x' \"y\" \\ \x00 \n 批次 é \U0001f33e %_"


def facts(content_hash: str, *units: str, **others: object) -> EventFacts:
    """Facts of a simple event that names these units as objects."""
    named = tuple(NamedUnit(unit, Role.OBJECT) for unit in units)
    plain = EventFacts(content_hash, "", False, "ObjectEvent", 1_000, named=named)
    return replace(plain, **others)  # type: ignore[arg-type]


def event(content_hash: str, *units: str, **others: object) -> NewEntry:
    """The entry of such an event."""
    return NewEntry(f'{{"event": "{content_hash}"}}'.encode(), facts=facts(content_hash, *units, **others))


def record(kind: str, id: str, **others: object) -> NewEntry:
    """The entry of a record."""
    made = replace(Record(kind, id), **others)  # type: ignore[arg-type]
    return NewEntry(f"{kind} {id}".encode(), record=made)


def rich_facts() -> EventFacts:
    """Facts with every field set, and texts and numbers that are easy to spoil."""
    return EventFacts(
        content_hash="hash:" + AWKWARD,
        event_id="id:" + AWKWARD,
        retracts=True,
        type="TransformationEvent",
        instant=-62_135_596_800_000_000,
        offset="+05:30",
        day=True,
        assumed="month",
        action="ADD",
        step="commissioning",
        disposition="active",
        read_point="point",
        biz_location="location",
        source_place="source place",
        destination_place="destination place",
        source_party="source party",
        destination_party="destination party",
        source_owner="source owner",
        destination_owner="destination owner",
        transformation="transformation " + AWKWARD,
        documents=(Document("desadv", "D1"), Document("", AWKWARD)),
        named=(
            NamedUnit(AWKWARD, Role.INPUT, True, Quantity(Decimal("1.00"), "KGM")),
            NamedUnit("unit b", Role.OUTPUT, False, Quantity(Decimal("1E+3"))),
            NamedUnit("unit c", Role.PARENT, False, Quantity(None, "LTR")),
            NamedUnit("unit c", Role.CHILD),
        ),
        memberships=(Membership("unit b", AWKWARD),),
        aliases=(Alias("unit b", "other", "D1", "2026-01-01"),),
    )


def holding(id: str, unit: str, site: str = "site", **others: object) -> Holding:
    """A holding of a unit at a site from instant 10 to 20."""
    plain = Holding(id, unit, Place(PlaceKind.SITE, site), since=10, until=20, event="event", role="object")
    return plain._replace(**others)  # type: ignore[arg-type]


def rich_timeline(owner: str) -> Timeline:
    """A timeline with every field set, in the order in which a store gives it back."""
    first = Holding(
        id=f"{owner} 1",
        unit=AWKWARD,
        place=Place(PlaceKind.CONTAINER, AWKWARD),
        since=-5,
        until=None,
        event="event " + AWKWARD,
        role="output",
        party="party",
        owner="goods owner",
        quantity=Quantity(Decimal("10.500"), "KGM"),
        remaining=Quantity(Decimal("-0.00"), ""),
        sublocation="geo:1.5,2",
        destination="destination",
    )
    second = first._replace(id=f"{owner} 2", place=Place(PlaceKind.UNKNOWN), until=7, quantity=Quantity(None, "LTR"))
    third = second._replace(id=f"{owner} 3", party=None, owner=None, quantity=None, remaining=None, sublocation=None)
    joint = Joint(f"{owner} 4", "transformation", ("e2", "e1", AWKWARD), Place(PlaceKind.SITE, "site"), 99)
    legs = (
        Leg(f"{owner} 1", f"{owner} 2", "e1", Certainty.CONFIRMED, "carried", 0, 5),
        Leg(f"{owner} 1", f"{owner} 4", "e1", Certainty.CONFIRMED, "input", 1, 6),
        Leg(f"{owner} 4", f"{owner} 3", "e2", Certainty.POSSIBLE, "output", 0, 6),
    )
    gaps = (
        Gap("never_received", AWKWARD, "site", "e1", None, ("a", AWKWARD), "detail " + AWKWARD),
        Gap("never_received", AWKWARD, "site", "e2", f"{owner} 2"),
    )
    return Timeline(owner, "lot", (first, second, third), (joint,), legs, gaps, ("alias 1", AWKWARD), ("lot",))


def graph_timeline(owner: str, edges: Iterable[tuple[str, str, bool]], nodes: Collection[str] = ()) -> Timeline:
    """A timeline whose holdings are the ends of these legs (source, target, confirmed), and the other nodes."""
    listed = sorted(set(edges))
    ends = {end for source, target, _ in listed for end in (source, target)} | set(nodes)
    legs = [
        Leg(source, target, "event", Certainty.CONFIRMED if confirmed else Certainty.POSSIBLE, "rule", 1, 7)
        for source, target, confirmed in listed
    ]
    return Timeline(owner, "lot", tuple(holding(end, owner) for end in sorted(ends)), legs=tuple(legs))


def put(store: Store, *timelines: Timeline) -> int:
    """Append one event and make these timelines known at its position, which is returned."""
    with store.write() as writing:
        position = writing.append([event(f"event {store.head().count}")], 1_000, ACTOR)[0]
        writing.replace(position, {timeline.owner: timeline for timeline in timelines})
    return position


def random_timeline(random: Random, owner: str) -> Timeline:
    """A timeline of a few of the owner's nodes, in which anything may be missing, in the order a store gives back."""
    plain = rich_timeline(owner)
    others = [
        holding._replace(id=f"{owner} {number}", until=random.choice([None, 7, 8]))
        for number, holding in enumerate((*plain.holdings, plain.holdings[0]), start=5)
    ]
    holdings = _some(random, (*plain.holdings, *others))
    joints = [replace(joint, instant=random.choice([99, 100])) for joint in _some(random, plain.joints)]
    nodes = [holding.id for holding in holdings] + [joint.id for joint in joints]
    legs = {
        (source, target): Leg(source, target, "e1", random.choice(list(Certainty)), "rule", 1, random.randrange(3))
        for source, target in zip(_some(random, nodes), _some(random, nodes), strict=False)
    }
    gaps = [replace(gap, holding=gap.holding and random.choice(nodes or [None])) for gap in _some(random, plain.gaps)]
    return Timeline(
        owner,
        random.choice(["lot", "item"]),
        tuple(holdings),
        tuple(joints),
        tuple(legs[ends] for ends in sorted(legs)),
        tuple(gaps),
        tuple(_some(random, plain.aliases)),
        tuple(_some(random, plain.lots)),
    )


def _some(random: Random, parts: Sequence[Part]) -> list[Part]:
    """Some of the parts, in their order."""
    return [part for part in parts if random.random() < 0.6]
