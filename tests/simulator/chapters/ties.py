"""Section 2, ties: events of one instant, and data that know only the date."""

from __future__ import annotations

from datetime import timedelta

from tests.simulator.chapters.register import careless, recorded
from tests.simulator.story import START, Story


def _chain(story: Story) -> None:
    a, b = story.sites(2)
    tote = story.tote(a)
    lot, item = story.made(a, 20), story.made(a, 1, story.item())
    story.pack(tote, [(lot, 8), item], a)
    story.move([(lot, 12)], a, b)
    story.move([tote], a, b)
    story.unpack(tote, b)
    product = story.used(item, b)
    if product.is_lot:
        story.used(product, b)
    story.used(lot, b)


@recorded
def one_instant(story: Story) -> None:
    """Everything from birth to use is stamped with one second."""
    story.still = True
    _chain(story)
    story.met("2 tie_instant")


@recorded
def one_date(story: Story) -> None:
    """Everything from birth to use is known by its date only; each outflow needs all that came before."""
    story.now = START + timedelta(days=story.chance.randrange(20))
    story.still = story.day = True
    _chain(story)
    story.met("2 tie_date")


@recorded
def inflow_of_the_second(story: Story) -> None:
    """Two lots of goods come in and some goes out in one second: the clock orders inflows first."""
    a = story.site()
    lot = story.made(a, 10)
    story.later()
    story.still = True
    story.made(a, 10, lot)
    story.used(lot, a, 5)
    story.still = False
    story.used(lot, a)
    story.met("2 tie_inflow_of_day")


@careless
def inflow_of_the_date(story: Story) -> None:
    """Goods come in and go out on one date, in an order that the date does not tell."""
    a = story.site()
    lot = story.made(a, 10)
    story.now = START + timedelta(days=40)
    story.still = story.day = True
    steps = [lambda: story.made(a, 10, lot), lambda: story.used(lot, a, 5)]
    story.chance.shuffle(steps)
    for step in steps:
        step()
    story.still = story.day = False
    story.used(lot, a)
    story.met("2 tie_date_inflow")


@careless
def circle(story: Story) -> None:
    """Each of two runs of one second takes what the other makes: stock was there before that nobody wrote down."""
    a = story.site()
    first, second = story.lot(), story.lot()
    for unit in (first, second):
        story.born(unit, a, 10)
        story.clerk.forget(story.clerk.book[-1].event)
    story.still = True
    for one, other in ((first, second), (second, first)):
        story.turn([(one, 10)], [(other, 10)], a)
    story.still = False
    story.used(first, a) if story.goods.amount(first.key, ("site", a.key)) else story.used(second, a)
    story.met("2 tie_circular")
