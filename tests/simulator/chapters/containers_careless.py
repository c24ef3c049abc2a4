"""Section 7, where unpacking is not recorded, or happens where the container is not known to be."""

from __future__ import annotations

from tests.simulator.chapters.register import careless
from tests.simulator.chapters.steps import start
from tests.simulator.clerk import without_quantities
from tests.simulator.identifiers import Site, Unit
from tests.simulator.story import Story, at


def _packed(story: Story) -> tuple[Site, Site, Unit, list[Unit]]:
    """A tote with two items and some kilos."""
    a, b, lot = start(story)
    tote, items = story.tote(a), [story.made(a, 1, story.item()) for _ in range(2)]
    story.pack(tote, [*items, (lot, 8)], a)
    return a, b, tote, [*items, lot]


@careless
def never_unpacked(story: Story) -> None:
    """Nobody writes that a tote was emptied; it is packed again, later somewhere else."""
    a, b, tote, units = _packed(story)
    c = story.site()
    story.move([tote], a, b)
    story.clerk.forget(story.unpack(tote, b))
    if story.chance.random() < 0.5:
        story.move([tote], b, c)
        place = c
    else:
        place = b
    again = story.made(place, 1, story.item())
    story.pack(tote, [again], place)
    for unit in units:
        story.used(unit, b)
    story.move([tote], place, a)
    story.unpack(tote, a)
    story.used(again, a)
    story.used(units[2], a)
    story.met("7 never_unpacked", "7 start_container")


@careless
def emptied_elsewhere(story: Story) -> None:
    """A tote moves unseen and is emptied at a site where no record put it: the unpacking itself is certain."""
    a, b, tote, units = _packed(story)
    story.moved_unseen(tote, a, b)
    story.unpack(tote, b)
    for unit in units[:2]:
        product = story.used(unit, b)
        story.must_confirm.append((unit.key, product.key))
    story.used(units[2], b)
    story.met("7 elsewhere")


@careless
def used_out_of_a_tote(story: Story) -> None:
    """One of two packed items is used where the tote stands, or where it does not stand; the other is unpacked."""
    for there in (True, False):
        a, b, tote, units = _packed(story)
        if there:
            story.move([tote], a, b)
        else:
            story.moved_unseen(tote, a, b)
        story.goods.put(story.take(units[0], ("inside", tote.key)), at(b))
        product = story.used(units[0], b)
        if there:
            story.must_confirm.append((units[0].key, product.key))
        story.met("7 implied_there" if there else "7 implied_elsewhere")
        story.unpack(tote, b)
        story.used(units[1], b)
        story.used(units[2], b)


@careless
def kilos_out_of_a_tote(story: Story) -> None:
    """Some of the packed kilos are used where the tote stands and no loose ones are; the rest travels on."""
    a, b, lot = start(story)
    c = story.site()
    tote = story.tote(a)
    story.pack(tote, [lot], a)
    story.move([tote], a, b)
    story.clerk.forget(story.unpack(tote, b, [(lot, 8)]))
    story.used(lot, b)
    story.move([tote], b, c)
    story.unpack(tote, c)
    story.used(lot, c)
    story.met("7 implied_there")


@careless
def consumed_with_contents(story: Story) -> None:
    """A drum goes into a run as it is, with what is in it."""
    a, b, tote, units = _packed(story)
    story.carriers.discard(tote.key)
    story.move([tote], a, b)
    product = story.lot()
    story.later()
    took = [story.take(unit, ("inside", tote.key)) for unit in units] + [story.take(tote, at(b))]
    story.goods.make(product.key, at(b), story.lines_of(took)[0][1] * 9, took)
    story.transformation([story.lines_of(took)[-1]], [(product, story.goods.amount(product.key, at(b)))], b, None)
    story.used(product, b)
    story.used(units[2], a)
    story.met("7 container_consumed", "7 start_container")


@careless
def ended_with_contents(story: Story) -> None:
    """A packed tote is destroyed or sold with what is in it, or so the record says: sometimes one item was saved."""
    for step, row in (("destroying", "7 container_destroyed"), ("retail_selling", "7 container_sold")):
        a, b, tote, units = _packed(story)
        story.move([tote], a, b)
        saved = story.chance.random() < 0.5
        if saved:
            story.goods.put(story.take(units[0], ("inside", tote.key)), at(b))
        story.end(step, [tote], b)
        story.met(f"5 {step}", row)
        if saved:
            story.used(units[0], b)
        story.used(units[2], a)


@careless
def pallet_lost_on_paper(story: Story) -> None:
    """A pallet of totes is shipped; the receipt, and the emptying of the pallet, are not written."""
    a, b, c = story.sites(3)
    pallet, tote, item = story.tote(a), story.tote(a), story.made(a, 1, story.item())
    story.pack(tote, [item], a)
    story.pack(pallet, [tote], a)
    load = story.ship([pallet], a, b)
    arrival = story.receive(load)
    emptied = story.unpack(pallet, b)
    for event in (arrival, emptied):
        if story.chance.random() < 0.6:
            story.clerk.forget(event)
    story.move([tote], b, c)
    story.unpack(tote, c)
    story.used(item, c)


@careless
def uncounted_and_emptied(story: Story) -> None:
    """A tote is packed without quantities; all is taken out, by quantity; then the tote itself rides in another."""
    a, b, lot = start(story)
    tote, outer = story.tote(a), story.tote(a)
    without_quantities(story.pack(tote, [(lot, 8)], a))
    story.unpack(tote, a, [(lot, 8)])
    story.pack(outer, [tote], a)
    story.move([outer], a, b)
    story.unpack(outer, b)
    story.used(lot, a)
    story.met("7 nested", "7 start_container")


@careless
def nested_and_never_unpacked(story: Story) -> None:
    """A tote came in another, nobody wrote that it was taken out; both are packed again, the tote with an item."""
    a, b, lot = start(story)
    tote, outer = story.tote(a), story.tote(a)
    item, other = story.made(b, 1, story.item()), story.made(b, 1, story.item())
    story.pack(outer, [tote], a)
    story.move([outer], a, b)
    story.clerk.forget(story.unpack(outer, b))
    steps = [lambda: story.pack(tote, [item], b), lambda: story.pack(outer, [other], b)]
    story.chance.shuffle(steps)
    for step in steps:
        step()
    story.unpack(tote, b)
    story.unpack(outer, b)
    for unit, place in ((item, b), (other, b), (lot, a)):
        story.used(unit, place)
    story.met("7 nested", "7 never_unpacked", "7 start_container")
