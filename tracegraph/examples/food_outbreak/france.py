"""400 kg to England, packets of 50 g, a French garden chain, and the event at Bègles on 8 June 2011."""

from __future__ import annotations

from tracegraph.examples.food_outbreak import actors
from tracegraph.examples.food_outbreak.deliveries import Delivery, deliver
from tracegraph.examples.food_outbreak.names import Site, lot_name, opaque, sscc_name
from tracegraph.examples.food_outbreak.seed_trade import LOT_6832, TO_ENGLAND
from tracegraph.examples.food_outbreak.story import Evidence, Load, Story, container, kilos, local, lot

PACKETS = lot(lot_name(actors.REPACKER_PREFIX, "000010", "FEN1002"), measure="")
ROCKET = lot(lot_name(actors.REPACKER_PREFIX, "000011", "ROC1003"), measure="")
MUSTARD = lot(lot_name(actors.REPACKER_PREFIX, "000012", "MUS1003"), measure="")
PALLET = container(sscc_name(actors.REPACKER_PREFIX, "1000000077"))
GARNISH = lot(opaque("https://cases.example/fr-begles/garnish"))
#: 400 kg in packets of 50 g: at most so many.
MOST_PACKETS = kilos("8000")

REPACKED = Evidence("NYT (400 kg repacked in packets of 50 g; at most 8,000 by arithmetic)")
GROWN_AT_HOME = Evidence("EFSA 176e summary (fenugreek, rocket and mustard grown by the organiser)")
SERVED = Evidence("EFSA 176e summary (event of 8 June 2011)")


def tell_france(story: Story) -> None:
    """The whole leg from the repacker to the event."""
    story.made(
        actors.REPACKER, local("2010-02-10 15:00"), ((LOT_6832, TO_ENGLAND),), ((PACKETS, MOST_PACKETS),), REPACKED
    )
    story.born(actors.REPACKER, local("2010-03-03 10:00"), ((ROCKET, kilos("6000")), (MUSTARD, kilos("6000"))))
    cross_the_channel(story)
    supply_english_shops(story)
    supply_french_shops(story)
    hold_event(story)


def cross_the_channel(story: Story) -> None:
    """A mixed pallet for the garden chain."""
    load: tuple[Load, ...] = ((PACKETS, kilos("4500")), (ROCKET, kilos("3000")), (MUSTARD, kilos("3000")))
    sold = Evidence("NYT (sold through a French garden chain)")
    pallet = ((PALLET, None),)
    paper = story.paper("desadv", actors.REPACKER)
    story.packed(actors.REPACKER, local("2010-10-04 09:00"), PALLET, load, evidence=sold)
    story.passed(actors.REPACKER, actors.GARDEN_DEPOT, local("2010-10-06 08:00"), load)
    story.sent(actors.REPACKER, actors.GARDEN_DEPOT, local("2010-10-04 15:00"), pallet, paper, sold)
    story.got(actors.REPACKER, actors.GARDEN_DEPOT, local("2010-10-06 08:00"), pallet, paper, sold)
    story.packed(actors.GARDEN_DEPOT, local("2010-10-06 10:00"), PALLET, load, "DELETE", sold)


def supply_english_shops(story: Story) -> None:
    """The rest stays in England; neither shop has answered yet."""
    for month, shop in enumerate(actors.ENGLISH_SHOPS, start=4):
        paper = story.paper("desadv", actors.REPACKER)
        load = ((PACKETS, kilos("1500")),)
        leaves = local(f"2010-{month:02}-12 09:00")
        deliver(story, Delivery(actors.REPACKER, shop, leaves, load, paper, 24, received_written=False))


def supply_french_shops(story: Story) -> None:
    """Three shops; the second one's receipt is missing."""
    for number, shop in enumerate(actors.GARDEN_SHOPS):
        load: tuple[Load, ...] = ((PACKETS, kilos("400")), (ROCKET, kilos("200")), (MUSTARD, kilos("200")))
        paper = story.paper("desadv", actors.GARDEN_DEPOT)
        leaves = local(f"2010-11-{8 + number:02} 07:00")
        written = number != 1
        deliver(story, Delivery(actors.GARDEN_DEPOT, shop, leaves, load, paper, 26, received_written=written))
    story.noted(actors.GARDEN_SHOPS[2], local("2011-05-02 18:00"), ((PACKETS, kilos("70")),), "retail_selling")


def hold_event(story: Story) -> None:
    """Packets bought in the shop, sprouted at home, served at the event."""
    shop, event_site = actors.GARDEN_SHOPS[0], actors.BEGLES_SITE
    packets: tuple[Load, ...] = ((PACKETS, kilos("3")), (ROCKET, kilos("2")), (MUSTARD, kilos("2")))
    buy(story, shop, event_site, packets)
    story.made(event_site, local("2011-06-06 09:00"), packets, ((GARNISH, kilos("1.5")),), GROWN_AT_HOME)
    story.noted(event_site, local("2011-06-08 17:00"), ((GARNISH, kilos("1.5")),), "dispensing", SERVED)


def buy(story: Story, shop: Site, buyer: Site, packets: tuple[Load, ...]) -> None:
    """A purchase at the till, known by date."""
    paper = story.paper("inv", shop)
    deliver(story, Delivery(shop, buyer, local("2011-05-21 11:00"), packets, paper, 1, GROWN_AT_HOME))
