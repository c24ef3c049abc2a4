"""The distributor's 70 customers: 54 in Germany, the sprout grower among them, and 16 in 11 other countries."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from tracegraph.examples.food_outbreak import actors
from tracegraph.examples.food_outbreak.deliveries import SAME_PAPER, Delivery, deliver
from tracegraph.examples.food_outbreak.names import Site, opaque
from tracegraph.examples.food_outbreak.seed_trade import LOT_6832, LOT_8266, LOT_48088
from tracegraph.examples.food_outbreak.story import Evidence, Paper, Story, kilos, local, lot

TO_GROWER = kilos("75")
SEVENTY = "NYT (70 companies: 54 in Germany, 16 in 11 other countries)"
GROWERS_SHARE = "NYT (about 75 kg to the sprout grower; perhaps the same 75 kg that the importer is said to have kept)"
#: Which of the customers, in the order of shipping, recorded what otherwise than they should have.
NO_PAPER = frozenset({7, 18, 29, 33, 41, 52, 60, 66})
UNTYPED_PAPER = frozenset({11, 24, 47})
SHORT_RECEIPT = frozenset({15, 38})
WITHOUT_AMOUNT = frozenset({9, 44, 57})
OLD_NUMBER = frozenset({5, 13, 21, 36, 49, 63})


def tell_distribution(story: Story) -> None:
    """The 70 shipments, an order that was cancelled, a return, and the second lot."""
    send_second_lot(story)
    customers = [*actors.GERMAN_CUSTOMERS, *actors.FOREIGN_CUSTOMERS]
    order = story.dice.several(customers, len(customers))
    for place, (customer, amount) in enumerate(zip(order, shares(story, len(order)), strict=True)):
        sell_seed(story, place, customer, amount)
    supply_grower(story)
    cancel_an_order(story)
    take_back(story, order[30])
    make_spice(story, order[2], order[45])


def shares(story: Story, count: int) -> list[Decimal]:
    """An invented split: 25 kg each, and the rest of 10,275 kg in bags of 25 kg as the dice fall."""
    bags = [1] * count
    for _ in range(10275 // 25 - count):
        bags[story.dice.below(count)] += 1
    return [Decimal(25 * number) for number in bags]


def sell_seed(story: Story, place: int, customer: Site, amount: Decimal) -> None:
    """One of the 69 sales to others than the grower, about one a week."""
    leaves = local("2010-01-25 10:00") + timedelta(days=6 * place)
    unit = LOT_48088 if place in OLD_NUMBER else LOT_6832
    paper = None if place in NO_PAPER else story.paper("desadv", actors.DISTRIBUTOR)
    answered = story.dice.chance(82 if customer.town.country == "DE" else 60)
    written = amount - 5 if place in SHORT_RECEIPT else None if place in WITHOUT_AMOUNT else amount
    deliver(
        story,
        Delivery(
            actors.DISTRIBUTOR,
            customer,
            leaves,
            ((LOT_6832, amount),),
            paper,
            30,
            Evidence(SEVENTY),
            received_as=((unit, written),),
            received_written=answered,
            receipt_paper=Paper("", paper.id) if paper and place in UNTYPED_PAPER else SAME_PAPER,
        ),
    )


def send_second_lot(story: Story) -> None:
    """A part of 8266 goes to the distributor and to a few of the same customers (quantities invented)."""
    second = Evidence("efoodalert (second lot arrived in October 2010)")
    for origin, customer, when, amount in (
        (actors.IMPORTER, actors.DISTRIBUTOR, local("2010-11-08 09:00"), "4000"),
        (actors.DISTRIBUTOR, actors.GERMAN_CUSTOMERS[3], local("2010-12-06 09:00"), "200"),
        (actors.DISTRIBUTOR, actors.GERMAN_CUSTOMERS[17], local("2010-12-20 09:00"), "150"),
        (actors.DISTRIBUTOR, actors.FOREIGN_CUSTOMERS[13], local("2011-01-17 09:00"), "300"),
        (actors.DISTRIBUTOR, actors.GROWER, local("2011-03-07 09:00"), "50"),
    ):
        paper = story.paper("desadv", origin)
        deliver(story, Delivery(origin, customer, when, ((LOT_8266, kilos(amount)),), paper, 24, second))


def supply_grower(story: Story) -> None:
    """The delivery that mattered."""
    paper = story.paper("desadv", actors.DISTRIBUTOR)
    leaves = local("2011-02-14 09:00")
    load = ((LOT_6832, TO_GROWER),)
    deliver(story, Delivery(actors.DISTRIBUTOR, actors.GROWER, leaves, load, paper, 5, Evidence(GROWERS_SHARE)))


def cancel_an_order(story: Story) -> None:
    """A shipment that was announced and never left: a 71st customer who is none."""
    paper = story.paper("desadv", actors.DISTRIBUTOR)
    load = ((LOT_6832, kilos("100")),)
    story.meet(actors.CANCELLED_CUSTOMER)
    story.sent(actors.DISTRIBUTOR, actors.CANCELLED_CUSTOMER, local("2010-06-01 09:00"), load, paper)
    story.sent(
        actors.DISTRIBUTOR, actors.CANCELLED_CUSTOMER, local("2010-06-02 09:00"), load, paper, step="void_shipping"
    )


def take_back(story: Story, customer: Site) -> None:
    """A customer returns a bag, unopened."""
    paper = story.paper("rma", customer)
    load = ((LOT_6832, kilos("25")),)
    deliver(story, Delivery(customer, actors.DISTRIBUTOR, local("2010-12-01 09:00"), load, paper))


def make_spice(story: Story, *customers: Site) -> None:
    """Two customers grind it into spice blends, sold in packs."""
    for number, customer in enumerate(customers, start=1):
        blend = lot(opaque(f"https://customers.example/spice/{number}"))
        when = local(f"2011-01-{10 + number} 10:00")
        story.made(customer, when, ((LOT_6832, kilos("20")),), ((blend, kilos("60")),))
        story.noted(customer, when + timedelta(days=20), ((blend, kilos("45")),), "retail_selling")
