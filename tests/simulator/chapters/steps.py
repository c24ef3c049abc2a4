"""Section 5, fully recorded: every step, and the same load written twice."""

from __future__ import annotations

from decimal import Decimal

from tests.simulator.chapters.register import recorded
from tests.simulator.clerk import without
from tests.simulator.identifiers import Site, Unit
from tests.simulator.story import Load, Story, Wanted, at, here, papers, route

OUT = ("shipping", "departing", "consigning")
IN = ("receiving", "arriving", "accepting")


def start(story: Story) -> tuple[Site, Site, Unit]:
    """Two sites, and a lot at the first: made there, or brought there, by itself or in a tote."""
    a, b = story.sites(2)
    luck = story.chance.random()
    if luck < 0.5:
        return a, b, story.made(a, 20)
    maker = story.site()
    lot = story.made(maker, 20)
    if luck < 0.75:
        story.move([lot], maker, a)
    else:
        tote = story.tote(maker)
        story.pack(tote, [lot], maker)
        story.move([tote], maker, a)
        story.unpack(tote, a)
    return a, b, lot


def finish(story: Story, lot: Unit, *places: Site) -> None:
    """What is left of a lot is used, then the lot is made again of something else: a trace must keep both apart."""
    for place in places:
        if story.goods.amount(lot.key, at(place)):
            story.used(lot, place)
    if not any(unit == lot.key for unit, where in story.goods.pools if where[0] != "gone"):
        again = places[0]
        story.made(again, 10, lot)
        story.used(lot, again)


@recorded
def every_step_of_a_journey(story: Story) -> None:
    """One load with each step that moves goods out or in, alone; staging and loading in between flow nothing."""
    for out, into in zip(story.chance.sample(OUT, 3), IN, strict=True):
        a, b, lot = start(story)
        story.see([lot], a, story.chance.choice(("staging_outbound", "loading")))
        story.met("5 staging")
        load = story.ship([(lot, 12)], a, b, out)
        story.receive(load, step=into)
        finish(story, lot, b, a)


@recorded
def grouped_run(story: Story) -> None:
    """A run in several events: inputs in two, outputs in two, of one transformationID."""
    a, _, lot = start(story)
    other = story.made(a, 8)
    products = [story.lot(), story.item()]
    batch = story.names.opaque("batch")
    took = []
    for unit, amount in ((lot, Decimal(12)), (other, Decimal(8))):
        story.later()
        took.append(story.take((unit, amount), at(a)))
        story.transformation([(unit, amount)], [], a, batch)
    for product in products:
        story.later()
        amount = Decimal(9 if product.is_lot else 1)
        story.goods.make(product.key, at(a), amount, took)
        story.transformation([], [(product, amount)], a, batch)
    story.met("5 grouped")
    for product in products:
        story.used(product, a)
    story.used(lot, a)


@recorded
def one_batch_number_two_sites(story: Story) -> None:
    """Two sites use the same transformationID for runs of their own."""
    batch = story.names.opaque("batch")
    products = []
    for _ in range(2):
        a, _, lot = start(story)
        product = story.lot()
        story.turn([(lot, 12)], [(product, 9)], a, batch)
        products.append((product, a))
    for product, a in products:
        story.used(product, a)
    story.met("5 grouped_two_sites")


@recorded
def sensor_fitted(story: Story) -> None:
    """A sensor is fitted to an item, and moves on with another: goods do not follow it."""
    a, b, _ = start(story)
    sensor, first, second = story.item(), story.made(a, 1, story.item()), story.made(a, 1, story.item())
    story.born(sensor, a)
    for item in (first, second):
        for action in ("ADD", "DELETE"):
            story.later()
            story.write(
                "AssociationEvent",
                action=action,
                bizStep="installing" if action == "ADD" else "removing",
                parentID=item.say(story.chance),
                childEPCs=[sensor.say(story.chance)],
                **here(a),
            )
    story.move([second], a, b)
    story.used(first, a)
    story.used(second, b)
    story.met("5 association")


@recorded
def shipped_by_order(story: Story) -> None:
    """A shipment written as a TransactionEvent."""
    a, b, lot = start(story)
    load = story.ship([(lot, 12)], a, b, type="TransactionEvent", action="ADD")
    story.receive(load)
    story.met("5 ship_transaction")
    story.used(lot, b)
    story.used(lot, a)


@recorded
def born_on_the_ramp(story: Story) -> None:
    """The first record of a unit is an ADD with shipping, or an ADD with receiving."""
    a, b = story.sites(2)
    item, lot = story.item(), story.lot()
    for unit, amount in ((item, Decimal(1)), (lot, Decimal(9))):
        story.goods.make(unit.key, at(a), amount)
    load = story.ship([item, lot], a, b, action="ADD")
    story.receive(load)
    story.used(item, b)
    story.used(lot, b)
    story.met("5 ship_add_unseen")
    grown = story.lot()
    story.goods.make(grown.key, at(b), Decimal(9))
    story.later()
    story.write("ObjectEvent", action="ADD", bizStep="receiving", **story.what([(grown, Decimal(9))]), **here(b))
    story.used(grown, b)
    story.met("5 receive_add_unseen")


def _aggregated(story: Story, action: str, tote: Unit, lines: list[tuple[Unit, Decimal]], a: Site, b: Site) -> Load:
    """The tote leaves, said by an AggregationEvent with a shipping step."""
    story.later()
    document, place = story.names.opaque("despatch"), ("road", story.names.opaque("load"))
    event = story.packing(action, "shipping", tote, lines, a, bizTransactionList=papers(document), **route(a, b))
    story.goods.put(story.goods.take(tote.key, at(a)), place)
    story.met(f"5 aggregation_ship_{action.lower()}")
    return Load(place, [(tote, Decimal(1))], a, b, document, without(event, "bizLocation"))


@recorded
def packed_and_gone(story: Story) -> None:
    """One event packs a tote and ships it."""
    a, b, lot = start(story)
    tote = story.tote(a)
    story.goods.put(story.take((lot, 8), at(a)), ("inside", tote.key))
    story.receive(_aggregated(story, "ADD", tote, [(lot, Decimal(8))], a, b))
    story.unpack(tote, b)
    story.used(lot, b)
    story.used(lot, a)


@recorded
def seen_and_gone(story: Story) -> None:
    """An event sees a packed tote and ships it; its children stay in it."""
    a, b, lot = start(story)
    tote = story.tote(a)
    story.pack(tote, [(lot, 8)], a)
    story.receive(_aggregated(story, "OBSERVE", tote, [(lot, Decimal(8))], a, b))
    story.unpack(tote, b)
    story.used(lot, b)
    story.used(lot, a)


@recorded
def emptied_and_gone(story: Story) -> None:
    """One event empties a tote and ships it; its children stay behind."""
    a, b, lot = start(story)
    tote, item = story.tote(a), story.made(a, 1, story.item())
    story.pack(tote, [item], a)
    story.goods.put(story.take(item, ("inside", tote.key)), at(a))
    story.receive(_aggregated(story, "DELETE", tote, [(item, Decimal(1))], a, b))
    story.used(item, a)
    other = story.made(b)
    story.pack(tote, [other], b)
    story.unpack(tote, b)
    story.used(other, b)
    story.used(lot, a)


@recorded
def voided(story: Story) -> None:
    """A shipment is cancelled by its document; another of the same lot, with a document of its own, goes on."""
    a, b, lot = start(story)
    kept = story.ship([(lot, 5)], a, b)
    _void(story, story.ship([(lot, 9)], a, b), a)
    story.receive(kept)
    story.met("5 void_document")
    finish(story, lot, b, a)


@recorded
def voided_without_paper(story: Story) -> None:
    """The only open shipment is cancelled without a document."""
    a, b, lot = start(story)
    without(_void(story, story.ship([(lot, 9)], a, b), a), "bizTransactionList")
    story.met("5 void_one")
    finish(story, lot, a)


def _void(story: Story, load: Load, a: Site) -> dict[str, object]:
    story.later()
    for unit in story.goods.at(load.place):
        story.goods.put(story.goods.take(unit, load.place), at(a))
    return story.write(
        "ObjectEvent",
        action="OBSERVE",
        bizStep="void_shipping",
        bizTransactionList=papers(load.document),
        **story.what(load.lines),
        **here(a),
    )


@recorded
def voided_too_late(story: Story) -> None:
    """A shipment is cancelled after it has been received: that is noted and moves nothing."""
    a, b, lot = start(story)
    load = story.move([(lot, 9)], a, b)
    story.later()
    story.write(
        "ObjectEvent",
        action="OBSERVE",
        bizStep="void_shipping",
        bizTransactionList=papers(load.document),
        **story.what(load.lines),
        **here(a),
    )
    story.used(lot, b)
    story.used(lot, a)
    story.met("5 void_after_receipt")


@recorded
def said_twice(story: Story) -> None:
    """One load is written as shipping and departing, and as arriving and accepting."""
    a, b, lot = start(story)
    load = story.ship([(lot, 12)], a, b)
    story.later()
    story.shipping(load.lines, a, b, load.document, story.chance.choice(("departing", "consigning")))
    story.receive(load, step="arriving")
    story.later()
    story.receiving(load, b, story.chance.choice(("accepting", "receiving")))
    story.met("5 same_load_departing", "5 same_load_accepting")
    finish(story, lot, b, a)


@recorded
def not_the_same_load(story: Story) -> None:
    """Two loads on one route: the second leaves by another step, with another document, and has more in it."""
    a, b, lot = start(story)
    first = story.ship([(lot, 5)], a, b)
    story.rework(lot, a)
    second = story.ship([(lot, 9)], a, b, "departing")
    story.receive(first)
    story.used(lot, b)
    story.receive(second)
    story.met("5 not_the_same_load")
    finish(story, lot, b, a)


@recorded
def said_again_by_order(story: Story) -> None:
    """A TransactionEvent repeats the shipment and the receipt that ObjectEvents told."""
    a, b, lot = start(story)
    load = story.ship([(lot, 12)], a, b)
    story.later()
    story.shipping(load.lines, a, b, load.document, "shipping", type="TransactionEvent")
    story.receive(load)
    story.later()
    story.receiving(load, b, type="TransactionEvent")
    story.met("5 same_load_transaction")
    finish(story, lot, b, a)


@recorded
def more_of_the_same(story: Story) -> None:
    """A lot is commissioned and added to."""
    a, lot = story.site(), story.lot()
    story.born(lot, a, 10)
    story.born(lot, a, 10, "creating_class_instance")
    story.used(lot, a, 15)
    story.used(lot, a)


@recorded
def every_end(story: Story) -> None:
    """Goods end by each step; then the lot is made again of something else, which knows nothing of what ended."""
    for step in ("destroying", "decommissioning", "killing", "retail_selling", "dispensing", "sampling", "DELETE"):
        a, _, lot = start(story)
        item = story.made(a, 1, story.item())
        wanted: list[Wanted] = [(lot, 12)] if step == "sampling" else [(lot, 12), item]
        if step == "DELETE":
            without(story.end("destroying", wanted, a, "DELETE"), "bizStep")
        else:
            story.end(step, wanted, a, story.chance.choice(("OBSERVE", "DELETE")))
        story.met({"sampling": "5 sampling_lot", "DELETE": "5 delete"}.get(step, f"5 {step}"))
        finish(story, lot, a)


@recorded
def looked_at(story: Story) -> None:
    """Goods are inspected, stored, counted, named in an invoice: nothing moves."""
    a, b, lot = start(story)
    story.see([lot], a, story.chance.choice(("inspecting", "storing", "stocking", "cycle_counting", "holding")))
    story.move([(lot, 12)], a, b)
    story.later()
    story.write(
        "TransactionEvent",
        action="ADD",
        bizTransactionList=[{"type": "inv", "bizTransaction": story.names.opaque("invoice")}],
        **story.what([(lot, Decimal(12))]),
        **here(b),
    )
    story.met("5 observe", "5 transaction")
    finish(story, lot, b, a)


@recorded
def fed_back(story: Story) -> None:
    """A lot goes into a run and comes out of it again; the run's outflow precedes its inflow."""
    a, b, lot = start(story)
    story.used(lot, a, 4)
    story.rework(lot, a)
    story.met("2 tie_in_event")
    story.move([(lot, 10)], a, b)
    finish(story, lot, b, a)


@recorded
def there_and_back(story: Story) -> None:
    """Goods are returned: sent, received, sent back, received, used."""
    a, b, lot = start(story)
    story.move([(lot, 12)], a, b)
    story.rework(lot, b)
    story.move([(lot, 10)], b, a)
    finish(story, lot, b, a)
