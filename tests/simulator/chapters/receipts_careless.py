"""Section 6, where a receipt fits several ways, or none."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from tests.simulator.chapters.register import careless
from tests.simulator.chapters.steps import start
from tests.simulator.clerk import Event, miscounted, without, without_quantities
from tests.simulator.identifiers import Site, Unit
from tests.simulator.story import Load, Story, at, here, papers


def two_loads(story: Story, *, same_document: bool) -> tuple[Site, Site, Unit, list[Load]]:
    """Two open loads of one lot on one route; the second has something in it that the first has not."""
    a, b, lot = start(story)
    first = story.ship([(lot, 6)], a, b)
    story.rework(lot, a)
    second = story.ship([(lot, 6)], a, b, document=first.document if same_document else None)
    return a, b, lot, [first, second]


def _use_both(story: Story, a: Site, b: Site, lot: Unit, loads: list[Load], spoil: str) -> None:
    """They arrive in any order and are used one after the other; sometimes the second never arrives."""
    story.chance.shuffle(loads)
    for load in loads[: story.chance.choice((1, 2))]:
        without(story.receive(load), spoil)
        story.used(lot, b)
    story.used(lot, a)


@careless
def one_document_either_load(story: Story) -> None:
    """Two shipments on one document; receipts that could be either."""
    a, b, lot, loads = two_loads(story, same_document=True)
    _use_both(story, a, b, lot, loads, "nothing")
    story.met("6 several")


@careless
def no_document_either_load(story: Story) -> None:
    """Two shipments without documents; receipts that could be either."""
    a, b, lot, loads = two_loads(story, same_document=False)
    for load in loads:
        without(load.event, "bizTransactionList")
    _use_both(story, a, b, lot, loads, "bizTransactionList")
    story.met("6 ambiguous")


@careless
def slow_clock(story: Story) -> None:
    """A receipt is stamped before its shipment, by less than a day or by more."""
    for row, hours in (("6 clock", (1, 23)), ("6 clock_beyond", (25, 60))):
        a, b, lot = start(story)
        load = story.ship([(lot, 12)], a, b)
        left = story.now
        story.clerk.restamp(story.receive(load), left - timedelta(hours=story.chance.randrange(*hours)))
        story.met(row)
        story.used(lot, b)
        story.used(lot, a)


@careless
def other_document(story: Story) -> None:
    """The receipt names another document than the only open shipment."""
    a, b, lot = start(story)
    load = story.ship([(lot, 12)], a, b)
    story.receive(load)["bizTransactionList"] = papers(story.names.opaque("despatch"))
    story.used(lot, b)
    story.used(lot, a)
    story.met("6 other_document")


@careless
def diverted(story: Story) -> None:
    """A load goes to another site than declared."""
    a, b, lot = start(story)
    c = story.site()
    load = story.ship([(lot, 12)], a, b)
    arrival = story.receive(load, c)
    if story.chance.random() < 0.5:
        without(arrival, "destinationList")
    story.used(lot, c)
    story.used(lot, a)
    story.met("6 other_destination")


@careless
def document_lost_beside_other(story: Story) -> None:
    """Two open shipments; the receipts fit the one without any document better than the one with another."""
    a, b, lot, loads = two_loads(story, same_document=False)
    without(loads[1].event, "bizTransactionList")
    story.receive(loads[1])
    story.used(lot, b)
    story.receive(loads[0])
    story.used(lot, b)
    story.used(lot, a)
    story.met("6 other_document_beaten")


@careless
def more_than_sent(story: Story) -> None:
    """A receipt says more than the shipment: a wrong count, or goods that came along unrecorded."""
    a, b, lot = start(story)
    load = story.ship([(lot, 12)], a, b)
    if story.chance.random() < 0.5:
        story.goods.put(story.take((lot, Decimal(3)), at(a)), load.place)
    miscounted(story.receive(load), Decimal(15))
    story.used(lot, b)
    story.used(lot, a)
    story.met("6 too_much")


@careless
def less_than_sent(story: Story) -> None:
    """A receipt says less than arrived; the rest is thought to be on the road."""
    a, b, lot = start(story)
    load = story.ship([(lot, 12)], a, b)
    miscounted(story.receive(load), Decimal(9))
    story.used(lot, b, 9)
    story.rework(lot, b)
    story.used(lot, b)
    story.used(lot, a)


@careless
def contents_by_name(story: Story) -> None:
    """A tote is shipped; the receipt names what was in it."""
    for standing in (True, False):
        a, b, lot = start(story)
        tote, item = story.tote(a), story.made(a, 1, story.item())
        story.pack(tote, [(lot, 8), item], a)
        load = story.ship([tote], a, b)
        arrival = story.receive(load)
        story.clerk.forget(story.unpack(tote, b))
        if not standing:
            story.clerk.forget(arrival)
        load.lines = [(lot, Decimal(8)), (item, Decimal(1))]
        story.receiving(load, b)
        story.used(lot, b)
        story.used(item, b)
        story.used(lot, a)
        story.met("6 container_stands" if standing else "6 contents_received")


def _arrives(story: Story, unit: Unit, amount: Decimal, site: Site) -> Event:
    """A receipt with nothing before it."""
    story.later()
    return story.write(
        "ObjectEvent", action="OBSERVE", bizStep="receiving", **story.what([(unit, amount)]), **here(site)
    )


@careless
def from_nowhere_held(story: Story) -> None:
    """A receipt without any shipment, of a unit that other places still hold."""
    a, b, lot = start(story)
    story.move([(lot, 6)], a, b)
    story.rework(lot, b)
    c = story.site()
    story.moved_unseen(lot, story.chance.choice((a, b)), c, 5)
    _arrives(story, lot, Decimal(5), c)
    story.used(lot, c)
    story.met("6 unmatched_held")
    story.used(lot, a)
    story.used(lot, b)


@careless
def from_nowhere_gone(story: Story) -> None:
    """A receipt without any shipment, of a unit that by the records was used up: it was not."""
    a, b, lot = start(story)
    story.used(lot, a, 16)
    miscounted_use = story.clerk.book[-1].event
    for element in miscounted_use["inputQuantityList"]:
        element["quantity"] = Decimal(20)
    story.moved_unseen(lot, a, b)
    _arrives(story, lot, Decimal(4), b)
    story.used(lot, b)
    story.met("6 unmatched_held_before")


@careless
def rest_lost(story: Story) -> None:
    """A part of a load is received; the rest is lost, or comes later and nobody writes it down."""
    a, b, lot = start(story)
    load = story.ship([(lot, 12)], a, b)
    came_later = story.chance.random() < 0.5
    story.goods.put(story.take((lot, Decimal(7)), load.place), at(b))
    load.lines = [(lot, Decimal(7))]
    story.later()
    story.receiving(load, b)
    story.used(lot, b)
    if came_later:
        story.goods.put(story.take(lot, load.place), at(b))
        story.used(lot, b)
    story.met("6 rest_lost")
    story.used(lot, a)


@careless
def uncounted(story: Story) -> None:
    """A receipt without quantity, then another load."""
    a, b, lot = start(story)
    load = story.ship([(lot, 8)], a, b)
    without_quantities(story.receive(load))
    story.used(lot, b, 5)
    story.rework(lot, a)
    story.move([(lot, 4)], a, b)
    story.used(lot, b)
    story.used(lot, a)
    story.met("6 no_quantity")


@careless
def lost_on_the_road(story: Story) -> None:
    """A shipment is never received: it was lost, or it arrived, and nobody wrote it down."""
    a, b, lot = start(story)
    story.move([(lot, 4)], a, b)
    load = story.ship([(lot, 8)], a, b)
    if story.chance.random() < 0.6:
        story.clerk.forget(story.receive(load))
        story.rework(lot, b)
    story.used(lot, b)
    story.used(lot, a)
    story.met("6 never_received")


@careless
def lost_without_destination(story: Story) -> None:
    """A shipment that says no destination is never received; the lot is used at two sites."""
    a, b, lot = start(story)
    c = story.site()
    story.move([(lot, 4)], a, b)
    story.move([(lot, 4)], a, c)
    story.rework(lot, a)
    load = story.ship([(lot, 8)], a, b)
    without(load.event, "destinationList")
    if story.chance.random() < 0.6:
        story.clerk.forget(story.receive(load, story.chance.choice((b, c))))
    for site in (b, c, a):
        story.used(lot, site)
    story.met("6 never_received_anywhere")


@careless
def papers_forgotten(story: Story) -> None:
    """A load whose shipment or receipt lacks document, source, destination or quantity."""
    a, b, lot = start(story)
    load = story.ship([(lot, 12)], a, b)
    arrival = story.receive(load)
    for event in (load.event, arrival):
        without(event, *story.chance.sample(("bizTransactionList", "sourceList", "destinationList", "readPoint"), 2))
        if story.chance.random() < 0.4:
            without_quantities(event)
    story.used(lot, b)
    story.used(lot, a)
