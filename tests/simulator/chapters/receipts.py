"""Section 6, fully recorded: receipts that fit exactly one way."""

from __future__ import annotations

from decimal import Decimal

from tests.simulator.chapters.register import recorded
from tests.simulator.chapters.steps import finish, start
from tests.simulator.clerk import without
from tests.simulator.story import Story, at, here


@recorded
def by_document(story: Story) -> None:
    """Several loads of one lot on one route, each with its document; they arrive in another order."""
    a, b, lot = start(story)
    loads = [story.ship([(lot, amount)], a, b) for amount in (3, 4, 5)]
    story.chance.shuffle(loads)
    for load in loads:
        story.receive(load)
        story.used(lot, b)
    story.met("6 one")
    finish(story, lot, b, a)


@recorded
def one_document_two_loads(story: Story) -> None:
    """Two shipments on one document, different things in them; one receipt that needs both."""
    a, b, lot = start(story)
    first = story.ship([(lot, 6)], a, b)
    story.rework(lot, a)
    second = story.ship([(lot, 7)], a, b, document=first.document)
    story.goods.put(story.goods.take(lot.key, first.place), second.place)
    second.lines = [(lot, Decimal(13))]
    story.receive(second)
    story.met("6 all_needed")
    finish(story, lot, b, a)


@recorded
def document_without_type(story: Story) -> None:
    """One side does not say what kind of document it names."""
    a, b, lot = start(story)
    load = story.ship([(lot, 12)], a, b)
    arrival = story.receive(load)
    story.chance.choice((load.event, arrival))["bizTransactionList"][0].pop("type")
    story.met("6 missing_type")
    finish(story, lot, b, a)


@recorded
def without_document(story: Story) -> None:
    """No documents at all; one load is open on the route."""
    a, b, lot = start(story)
    for amount in (5, 6):
        load = story.ship([(lot, amount)], a, b)
        without(load.event, "bizTransactionList")
        without(story.receive(load), "bizTransactionList")
        story.used(lot, b)
    story.met("6 no_document")
    finish(story, lot, b, a)


@recorded
def in_two_parts(story: Story) -> None:
    """A load arrives in two parts, both under its document."""
    a, b, lot = start(story)
    load = story.ship([(lot, 12)], a, b)
    for amount in (Decimal(7), Decimal(5)):
        story.later()
        story.goods.put(story.take((lot, amount), load.place), at(b))
        load.lines = [(lot, amount)]
        story.receiving(load, b)
        story.used(lot, b)
    story.met("6 partial", "5 receiving")
    finish(story, lot, b, a)


@recorded
def received_again(story: Story) -> None:
    """A receipt is written once more, a day later, by the same document, with the same step."""
    a, b, lot = start(story)
    load = story.move([(lot, 12)], a, b)
    story.later()
    story.receiving(load, b)
    story.met("6 again")
    story.used(lot, b, 5)
    story.used(lot, b)
    story.used(lot, a)


@recorded
def unknown_origin(story: Story) -> None:
    """The first record of a lot is its receipt."""
    b, lot = story.site(), story.lot()
    story.goods.make(lot.key, at(b), Decimal(12))
    story.later()
    story.write("ObjectEvent", action="OBSERVE", bizStep="receiving", **story.what([(lot, Decimal(12))]), **here(b))
    story.used(lot, b)
    story.met("6 unknown_origin")
