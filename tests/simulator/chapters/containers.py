"""Section 7, fully recorded: loads, nesting, emptying, and what a start at a container includes."""

from __future__ import annotations

from tests.simulator.chapters.register import recorded
from tests.simulator.chapters.steps import finish, start
from tests.simulator.identifiers import Site, Unit
from tests.simulator.story import ONE, Story


@recorded
def reused_tote(story: Story) -> None:
    """A tote goes round with one load after another; no load knows of another, nor do siblings."""
    a, b, lot = start(story)
    tote = story.tote(a)
    places = [a, b]
    for _ in range(story.chance.choice((2, 3, 6))):
        item, other = story.made(places[0], 1, story.item()), story.made(places[0], 6)
        story.pack(tote, [item, (other, 4)], places[0])
        story.move([tote], *places)
        story.unpack(tote, places[1])
        story.used(item, places[1])
        story.used(other, places[1])
        places.reverse()
    story.used(lot, a)
    story.met("7 reused", "7 start_container")


def _pallet(story: Story, a: Site) -> tuple[Unit, list[Unit], list[Unit]]:
    """A pallet with two packed totes: the pallet, the totes, the item in each."""
    pallet, totes = story.tote(a), [story.tote(a), story.tote(a)]
    items = [story.made(a, 1, story.item()) for _ in totes]
    for tote, item in zip(totes, items, strict=True):
        story.pack(tote, [item], a)
    story.pack(pallet, totes, a)
    story.met("7 nested", "7 start_container")
    return pallet, totes, items


@recorded
def pallet_emptied(story: Story) -> None:
    """A pallet of totes is moved and emptied; the totes stay packed, move on, and are emptied elsewhere."""
    a, b, c = story.sites(3)
    pallet, totes, items = _pallet(story, a)
    story.move([pallet], a, b)
    story.unpack(pallet, b, named=False)
    story.move(totes[:1], b, c)
    story.unpack(totes[0], c)
    story.unpack(totes[1], b)
    story.used(items[0], c)
    story.used(items[1], b)
    story.met("7 delete_all_nested")


@recorded
def tote_out_of_a_pallet(story: Story) -> None:
    """One tote is taken off a pallet on the way; its item is used there, the other's at the end."""
    a, b, c = story.sites(3)
    pallet, totes, items = _pallet(story, a)
    story.move([pallet], a, b)
    story.unpack(pallet, b, totes[:1])
    story.move([pallet], b, c)
    story.unpack(totes[0], b)
    story.unpack(pallet, c)
    story.unpack(totes[1], c)
    story.used(items[0], b)
    story.used(items[1], c)
    story.met("7 part_unpacked")


@recorded
def totes_in_turns(story: Story) -> None:
    """One tote rides in another, is taken out, and later carries the other beside an item."""
    a, b, lot = start(story)
    totes = [story.tote(a, "opaque"), story.tote(a, "opaque")]
    story.chance.shuffle(totes)
    outer, inner = totes
    story.pack(outer, [inner, (lot, 5)], a)
    story.move([outer], a, b)
    story.unpack(outer, b, named=False)
    item = story.made(b, 1, story.item())
    story.pack(inner, [outer, item], b)
    story.move([inner], b, a)
    story.unpack(inner, a, named=False)
    story.used(item, a)
    story.used(lot, b)
    story.used(lot, a)
    story.met("7 nested", "7 nested_in_turns", "7 start_container")


@recorded
def part_of_a_content(story: Story) -> None:
    """Some kilos come out of a tote at one site, the rest at another."""
    a, b, lot = start(story)
    c = story.site()
    tote = story.tote(a)
    story.pack(tote, [(lot, 12)], a)
    story.move([tote], a, b)
    story.unpack(tote, b, [(lot, 5)])
    story.used(lot, b)
    story.move([tote], b, c)
    story.unpack(tote, c)
    story.used(lot, c)
    story.met("7 part_unpacked")
    finish(story, lot, a)


@recorded
def turned_over_at_once(story: Story) -> None:
    """A tote that has held a load before is emptied and packed at one instant."""
    a, b, lot = start(story)
    tote, first, second = story.tote(a), story.made(a, 1, story.item()), story.made(b, 1, story.item())
    story.pack(tote, [first], a)
    story.move([tote], a, b)
    story.unpack(tote, b, named=False)
    story.still = True
    story.pack(tote, [second], b)
    story.still = False
    story.move([tote], b, a)
    story.unpack(tote, a)
    story.used(first, b)
    story.used(second, a)
    story.used(lot, a)
    story.met("7 repacked_same_instant")


@recorded
def unpacked_by_use(story: Story) -> None:
    """A packed item is used where its tote stands; the use is the only record that it came out."""
    a, b, lot = start(story)
    tote, item = story.tote(a), story.made(a, 1, story.item())
    story.pack(tote, [item], a)
    story.move([tote], a, b)
    story.clerk.forget(story.unpack(tote, b))
    story.used(item, b)
    story.used(lot, a)
    story.met("7 implied_there")


@recorded
def seen_through_the_lid(story: Story) -> None:
    """A packed item is scanned where its tote stands, and stays in it."""
    a, b, lot = start(story)
    tote, item = story.tote(a), story.made(a, 1, story.item())
    story.pack(tote, [item, (lot, 6)], a)
    story.see([item, lot], a)
    story.move([tote], a, b)
    story.see([item], b)
    story.unpack(tote, b)
    story.used(item, b)
    story.used(lot, b)
    story.used(lot, a)
    story.met("7 exception_seen")


@recorded
def tote_and_contents_named(story: Story) -> None:
    """The shipment and the receipt name the tote and the item in it."""
    a, b, lot = start(story)
    tote, item = story.tote(a), story.made(a, 1, story.item())
    story.pack(tote, [item], a)
    load = story.ship([tote], a, b)
    both = story.clerk.items([*load.lines, (item, ONE)])
    load.event["epcList"] = both
    story.receive(load)["epcList"] = both
    story.unpack(tote, b)
    story.used(item, b)
    story.used(lot, a)
    story.met("7 exception_both")


@recorded
def loose_beside_packed(story: Story) -> None:
    """Some kilos are packed, others loose beside them: what is used is the loose part."""
    a, b, lot = start(story)
    tote = story.tote(a)
    story.pack(tote, [(lot, 8)], a)
    story.used(lot, a)
    story.move([tote], a, b)
    story.unpack(tote, b)
    story.rework(lot, b)
    story.used(lot, b)
    story.met("7 exception_loose", "7 start_container")


@recorded
def emptied_and_scrapped(story: Story) -> None:
    """A tote is emptied, then destroyed; what was in it lives on."""
    a, b, lot = start(story)
    tote = story.tote(a)
    story.pack(tote, [(lot, 8)], a)
    story.move([tote], a, b)
    story.unpack(tote, b)
    story.end("destroying", [tote], b)
    story.met("5 destroying")
    finish(story, lot, b, a)
