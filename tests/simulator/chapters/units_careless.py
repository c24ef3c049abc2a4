"""Section 3, where records are in doubt: clones, second births, bare product numbers, an id that is item and lot."""

from __future__ import annotations

from decimal import Decimal

from tests.simulator.chapters.register import careless
from tests.simulator.identifiers import Unit
from tests.simulator.physical import Portion
from tests.simulator.story import Story, at


@careless
def cloned_label(story: Story) -> None:
    """Two things carry one serial number; both are moved and used."""
    a, b, c = story.sites(3)
    item = story.made(a, 1, story.item())
    story.made(b, 1, item)
    story.move([item], b, c)
    story.used(item, a)
    story.used(item, c)
    story.met("3 item_at_two_places", "3 second_birth_item")


@careless
def clone_shipped_twice(story: Story) -> None:
    """One serial number leaves the same site twice, for two customers."""
    a, b, c = story.sites(3)
    item = story.made(a, 1, story.item())
    copy = story.goods.pools[item.key, at(a)]
    story.goods.put(Portion(item.key, Decimal(1), frozenset(copy.tags)), at(a))
    for customer in (b, c):
        story.move([(item, 1)], a, customer)
        story.used(item, customer)
    story.met("3 item_at_two_places")


@careless
def lot_born_elsewhere(story: Story) -> None:
    """A lot is made at one site and appears, as if made there, at another: new goods, or goods that moved unseen."""
    a, b = story.sites(2)
    lot = story.made(a, 20)
    if story.chance.random() < 0.5:
        story.born(lot, b, 6, "creating_class_instance")
    else:
        story.moved_unseen(lot, a, b, 6)
        story.later()
        story.write(
            "ObjectEvent",
            action="ADD",
            bizStep="creating_class_instance",
            **story.what([(lot, Decimal(6))]),
            readPoint={"id": b.written},
            bizLocation={"id": b.written},
        )
    story.used(lot, b)
    story.used(lot, a, 5)
    story.met("3 second_birth_lot")


@careless
def bare_product(story: Story) -> None:
    """Goods named by product only: two batches that cannot be told apart by name."""
    a, b = story.sites(2)
    product = story.know(story.names.bare_product())
    story.made(a, 10, product)
    story.used(product, a)
    story.made(b, 10, product)
    story.used(product, b)
    story.met("3 no_lot_number")


@careless
def item_or_class(story: Story) -> None:
    """An opaque id is given as an item first and as a class later: it is a lot."""
    a, b = story.sites(2)
    name = story.names.opaque("thing")
    story.made(a, 10, story.know(Unit(name, (name,), True)))
    as_item, as_lot = Unit(name, (name,), False), Unit(name, (name,), True)
    story.know(as_item)
    story.move([as_item], a, b)
    story.know(as_lot)
    story.used(as_lot, b)
    story.met("3 conflicting_kind")
