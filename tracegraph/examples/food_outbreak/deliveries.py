"""A delivery: one truth, and up to two records of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tracegraph.examples.food_outbreak.names import Site
from tracegraph.examples.food_outbreak.story import INVENTED, Event, Evidence, Load, Paper, Story

SAME_PAPER = Paper("", "")


@dataclass(frozen=True, slots=True)
class Delivery:
    """Goods that went from one site to another.

    `paper`: the document that both sides write (None: neither does); `received_as`: the loads as the recipient wrote
    them where that differs; `sent_written`, `received_written`: whether the sides kept a record at all;
    `receipt_paper`: the recipient's document where that differs.
    """

    origin: Site
    destination: Site
    leaves: datetime
    loads: tuple[Load, ...]
    paper: Paper | None
    hours: int = 24
    evidence: Evidence = INVENTED
    received_as: tuple[Load, ...] | None = None
    sent_written: bool = True
    received_written: bool = True
    receipt_paper: Paper | None = SAME_PAPER

    @property
    def arrives(self) -> datetime:
        """When it came, by the sender's clock."""
        return self.leaves + timedelta(hours=self.hours)


def deliver(story: Story, delivery: Delivery) -> Event | None:
    """Tell a delivery; returns the sender's event (None: not written)."""
    origin, destination, loads = delivery.origin, delivery.destination, delivery.loads
    by_day = origin.by_day or destination.by_day
    story.passed(origin, destination, delivery.arrives, loads)
    event = None
    if delivery.sent_written:
        leaves = delivery.leaves
        event = story.sent(origin, destination, leaves, loads, delivery.paper, delivery.evidence, by_day=by_day)
    else:
        story.forgot("shipment not recorded", loads, origin)
    if delivery.received_written:
        receive(story, delivery, by_day)
    else:
        story.forgot("receipt not recorded", loads, destination)
    return event


def receive(story: Story, delivery: Delivery, by_day: bool) -> None:
    """The recipient's half of a delivery."""
    paper = delivery.paper if delivery.receipt_paper is SAME_PAPER else delivery.receipt_paper
    loads = delivery.loads if delivery.received_as is None else delivery.received_as
    origin, destination = delivery.origin, delivery.destination
    story.got(origin, destination, delivery.arrives, loads, paper, delivery.evidence, by_day=by_day)
    if paper is None:
        story.forgot("no document", loads, destination)
