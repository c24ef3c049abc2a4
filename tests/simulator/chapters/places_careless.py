"""Section 4, where places are missing or wrong."""

from __future__ import annotations

from tests.simulator.chapters.register import careless
from tests.simulator.clerk import without
from tests.simulator.story import ONE, Story, at


@careless
def nowhere(story: Story) -> None:
    """A lot is made, no record says where."""
    a, b = story.sites(2)
    lot = story.made(a, 20)
    without(story.clerk.book[-1].event, "readPoint", "bizLocation")
    story.move([(lot, 12)], a, b)
    story.used(lot, b)
    story.met("4 unknown_place")


@careless
def used_somewhere(story: Story) -> None:
    """A use without a place; one place holds the goods."""
    a, b = story.sites(2)
    lot = story.made(a, 20)
    story.move([lot], a, b)
    story.used(lot, b, 6)
    without(story.clerk.book[-1].event, "readPoint", "bizLocation")
    story.used(lot, b)
    story.met("4 leaves_unsaid")


@careless
def used_at_one_of_several(story: Story) -> None:
    """A use without a place; two places hold goods of the lot, with different things in them."""
    a, b = story.sites(2)
    lot = story.made(a, 20)
    story.move([(lot, 10)], a, b)
    story.rework(lot, b)
    story.used(lot, story.chance.choice((a, b)), 6)
    without(story.clerk.book[-1].event, "readPoint", "bizLocation")
    story.used(lot, a)
    story.used(lot, b)
    story.met("4 leaves_unsaid_several")


@careless
def unpacked_on_the_road(story: Story) -> None:
    """A tote is emptied while it is in transit, no record says where: at its destination, or on the way."""
    a, b, c = story.sites(3)
    tote, lot = story.tote(a), story.made(a, 20)
    story.pack(tote, [(lot, 8)], a)
    load = story.ship([tote], a, b)
    place = story.chance.choice((b, b, c))
    story.goods.put(story.goods.take(tote.key, load.place), at(place))
    without(story.unpack(tote, place), "readPoint", "bizLocation")
    story.used(lot, b if place is b else c)
    story.used(lot, a)
    story.met("4 unpack_in_transit")


@careless
def tote_sighted(story: Story) -> None:
    """A tote whose receipt nobody wrote is seen at a site, and emptied there without a place."""
    a, b = story.sites(2)
    tote, item = story.tote(a), story.made(a, 1, story.item())
    story.pack(tote, [item], a)
    load = story.ship([tote], a, b)
    story.clerk.forget(story.receive(load))
    story.later()
    story.packing("OBSERVE", "inspecting", tote, [(item, ONE)], b)
    without(story.unpack(tote, b), "readPoint", "bizLocation")
    story.used(item, b)
    story.met("4 parent_sighted")
