"""Section 8, what is needed but not recorded."""

from __future__ import annotations

from tests.simulator.chapters.register import careless
from tests.simulator.chapters.steps import start
from tests.simulator.clerk import without_quantities
from tests.simulator.story import Story


@careless
def used_before_receipt(story: Story) -> None:
    """A load is used at its destination; its receipt was never written."""
    a, b, lot = start(story)
    load = story.ship([(lot, 12)], a, b)
    story.clerk.forget(story.receive(load))
    story.used(lot, b, 7)
    story.used(lot, b)
    story.used(lot, a)
    story.met("8 implied_open")


@careless
def used_without_move(story: Story) -> None:
    """Goods are used, shipped, packed or destroyed at a site to which nothing brought them."""
    a, b, lot = start(story)
    c, item = story.site(), story.made(a, 1, story.item())
    story.moved_unseen(lot, a, b, 8)
    story.moved_unseen(item, a, b)
    story.move([(lot, 3), item], b, c)
    story.used(item, c)
    story.used(lot, c)
    story.used(lot, b)
    story.used(lot, a)
    story.met("8 implied_held")


@careless
def seen_elsewhere(story: Story) -> None:
    """An item is seen where no record put it, then used there."""
    a, b, _ = start(story)
    item = story.made(a, 1, story.item())
    story.moved_unseen(item, a, b)
    story.see([item], b)
    story.used(item, b)
    story.met("8 implied_sight")


@careless
def stamped_at_the_end(story: Story) -> None:
    """A run is stamped at its end, after its first product has left."""
    a, b, lot = start(story)
    product = story.lot()
    run = story.turn([(lot, 12)], [(product, 10)], a)
    story.move([(product, 6)], a, b)
    story.clerk.restamp(run, story.later())
    story.used(product, b)
    story.used(product, a)
    story.used(lot, a)
    story.met("8 born_late")


@careless
def more_than_there(story: Story) -> None:
    """More goes out of a site than was recorded to be there: some came from another site unseen."""
    a, b, lot = start(story)
    story.move([(lot, 12)], a, b)
    story.rework(lot, b)
    story.moved_unseen(lot, b, a, 5)
    story.used(lot, a, 13)
    story.used(lot, b)
    story.met("8 overdraft")


@careless
def quantities_unknown(story: Story) -> None:
    """Nobody weighs anything; goods of one lot come and go."""
    a, b, lot = start(story)
    first = len(story.clerk.book)
    story.move([(lot, 8)], a, b)
    story.used(lot, b)
    story.rework(lot, a)
    story.move([(lot, 8)], a, b)
    story.used(lot, b)
    story.used(lot, a)
    for page in story.clerk.book[first:]:
        if story.chance.random() < 0.6:
            without_quantities(page.event)


@careless
def shipment_forgotten(story: Story) -> None:
    """The shipment of a load was never written, its receipt was."""
    a, b, lot = start(story)
    load = story.ship([(lot, 12)], a, b)
    story.clerk.forget(load.event)
    story.receive(load)
    story.used(lot, b)
    story.used(lot, a)
