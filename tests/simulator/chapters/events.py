"""Section 2, which events count. All recorded but the lot that was scanned twice."""

from __future__ import annotations

from decimal import Decimal

from tests.simulator.chapters.register import careless, recorded
from tests.simulator.clerk import Event
from tests.simulator.story import Story


@recorded
def sent_twice(story: Story) -> None:
    """Events arrive again, with their eventID or without it, and change nothing."""
    a, b = story.sites(2)
    lot = story.made(a, 20)
    load = story.ship([(lot, 12)], a, b)
    arrival = story.receive(load)
    story.page(load.event).copies = 2
    story.clerk.repeat(arrival, with_id=None)
    story.used(lot, b)
    story.used(lot, a)
    story.made(a, 20, story.lot())
    story.met("2 duplicate", "2 copy_without_id")


@recorded
def one_id_two_events(story: Story) -> None:
    """Two different events share an eventID; both count."""
    a = story.site()
    lots = [story.made(a), story.made(a)]
    uses = []
    for lot in lots:
        story.used(lot, a)
        uses.append(story.clerk.book[-1].event)
    uses[1]["eventID"] = uses[0]["eventID"]
    story.met("2 conflicting_id")


def _mistake(story: Story) -> Event:
    """A lot, and an event about its use that never took place."""
    a = story.site()
    lot, other = story.made(a), story.made(a)
    story.later()
    wrong = story.transformation([(lot, Decimal(20))], [(other, Decimal(20))], a, None)
    story.used(lot, a)
    story.used(other, a)
    return wrong


@recorded
def taken_back(story: Story) -> None:
    """An event that did not occur is retracted, by a declaration that may arrive before it."""
    before = story.chance.random() < 0.5
    story.clerk.retract(_mistake(story), first=before)
    story.met("2 retracted", *(["2 retracted_before"] if before else []))


@recorded
def taken_back_by_id(story: Story) -> None:
    """The declaration repeats the eventID, but not all of the content."""
    story.clerk.retract(_mistake(story), dropped=["bizStep"])
    story.met("2 retracted_by_id")


@recorded
def taken_back_by_content(story: Story) -> None:
    """The declaration repeats the content, but has no eventID."""
    story.clerk.retract(_mistake(story), dropped=["eventID"])
    story.met("2 retracted_by_content")


@recorded
def nothing_to_take_back(story: Story) -> None:
    """A declaration whose event never arrives."""
    wrong = _mistake(story)
    story.clerk.retract(wrong)
    story.page(wrong).sent = False
    story.met("2 retraction_alone")


@recorded
def made_twice_alike(story: Story) -> None:
    """Equal amounts of one lot are made in the same second: one content, two eventIDs, twice the goods."""
    a = story.site()
    lot = story.lot()
    story.met("2 repeated_content")
    event = story.born(lot, a, 10)
    story.still = True
    story.born(lot, a, 10)
    story.still = False
    story.clerk.book.pop()
    story.clerk.repeat(event, with_id=story.names.opaque("event"))
    story.used(lot, a, 15)
    story.used(lot, a, 5)


@careless
def received_twice_alike(story: Story) -> None:
    """One receipt is written twice, under two eventIDs."""
    a, b = story.sites(2)
    lot = story.made(a, 20)
    load = story.ship([(lot, 12)], a, b)
    arrival = story.receive(load)
    story.clerk.repeat(arrival, with_id=story.names.opaque("event"))
    story.used(lot, b)
    story.used(lot, a)
    story.met("2 repeated_content")
