"""Section 5, where records leave something open."""

from __future__ import annotations

from decimal import Decimal

from tests.simulator.chapters.register import careless
from tests.simulator.chapters.steps import start
from tests.simulator.clerk import without
from tests.simulator.story import Story, at, here, papers


@careless
def late_input(story: Story) -> None:
    """A kettle is topped up after the first product left it; all events share a transformationID."""
    a, _, lot = start(story)
    other, batch = story.made(a, 8), story.names.opaque("batch")
    kettle = []
    for unit, amount in ((lot, Decimal(12)), (other, Decimal(8))):
        story.later()
        kettle.append(story.take((unit, amount), at(a)))
        story.transformation([(unit, amount)], [], a, batch)
        product = story.lot()
        story.later()
        story.goods.make(product.key, at(a), Decimal(9), kettle)
        story.transformation([], [(product, Decimal(9))], a, batch)
        story.used(product, a)
    story.met("5 grouped_late_input")


@careless
def voided_among_several(story: Story) -> None:
    """Two shipments are open, one is cancelled without a document; the other is never received or received."""
    a, b, lot = start(story)
    first = story.ship([(lot, 6)], a, b)
    story.rework(lot, a)
    second = story.ship([(lot, 6)], a, b)
    void, kept = story.chance.sample((first, second), 2)
    story.later()
    story.goods.put(story.goods.take(lot.key, void.place), at(a))
    story.write("ObjectEvent", action="OBSERVE", bizStep="void_shipping", **story.what(void.lines), **here(a))
    without(story.receive(kept), *story.chance.choice(((), ("bizTransactionList",))))
    story.used(lot, b)
    story.used(lot, a)
    story.met("5 void_several")


@careless
def sold_and_returned(story: Story) -> None:
    """Items and kilos are sold; a part comes back to another shop, received without any shipment."""
    a, b, lot = start(story)
    item = story.made(a, 1, story.item())
    story.end("retail_selling", [item, lot], a)
    story.met("5 retail_selling")
    for unit, amount in ((item, Decimal(1)), (lot, Decimal(3))):
        story.goods.put(story.take((unit, amount), ("gone", "retail_selling")), at(b))
        story.later()
        story.write("ObjectEvent", action="OBSERVE", bizStep="receiving", **story.what([(unit, amount)]), **here(b))
        story.used(unit, b)
    story.met("5 returned", "6 unmatched_sold")


@careless
def said_twice_without_paper(story: Story) -> None:
    """One load is written twice without documents: shipping and departing, arriving and accepting."""
    a, b, lot = start(story)
    load = story.ship([(lot, 12)], a, b)
    story.later()
    again = story.shipping(load.lines, a, b, load.document, "departing")
    events = [load.event, again, story.receive(load, step="arriving")]
    story.later()
    events.append(story.receiving(load, b, "accepting"))
    for event in events:
        without(event, "bizTransactionList")
    story.used(lot, b)
    story.used(lot, a)


@careless
def emptied_on_arrival(story: Story) -> None:
    """A tote is received and emptied by one AggregationEvent with a receiving step."""
    a, b, lot = start(story)
    tote = story.tote(a)
    story.pack(tote, [(lot, 8)], a)
    load = story.ship([tote], a, b)
    story.clerk.forget(story.receive(load))
    story.clerk.forget(story.unpack(tote, b))
    story.packing("DELETE", "receiving", tote, [(lot, Decimal(8))], b, bizTransactionList=papers(load.document))
    story.used(lot, b)
    story.used(lot, a)
