"""From the field in Egypt to the importer's customers: 48088, 8266 and the lot without a number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from tracegraph.examples.food_outbreak import actors
from tracegraph.examples.food_outbreak.deliveries import Delivery, deliver
from tracegraph.examples.food_outbreak.names import Site, Unit, lot_name, opaque, product_name, sscc_name
from tracegraph.examples.food_outbreak.story import INVENTED, Evidence, Story, container, kilos, local, lot

LOT_48088 = lot(lot_name(actors.EXPORTER_PREFIX, "000001", "48088"))
LOT_6832 = lot(lot_name(actors.IMPORTER_PREFIX, "011001", "6832"), same_as=LOT_48088.key)
LOT_8266 = lot(lot_name(actors.EXPORTER_PREFIX, "000001", "8266"))
#: Other numbers of the lots: as printed on the bags, and in the exporter's own system.
EXPORTERS_CODE, IMPORTERS_CODE, SECOND_CODE = "48088", "6832", "8266"
EXPORTERS_OWN_NUMBER = "https://exporter.example/lots/48088"
ALIASES: dict[str, list[str]] = {LOT_48088.key: [EXPORTERS_CODE, EXPORTERS_OWN_NUMBER], LOT_8266.key: [SECOND_CODE]}
LOT_WITHOUT_NUMBER = lot(product_name(actors.EXPORTER_PREFIX, "000001"))
HARVEST_2009 = lot(opaque("https://farm.example/harvest/2009-field-1"))
HARVEST_2010 = lot(opaque("https://farm.example/harvest/2010-field-2"))
HARVEST_2010_THIRD = lot(opaque("https://farm.example/harvest/2010-field-3"))
SEALED_CONTAINER = container(sscc_name(actors.EXPORTER_PREFIX, "1000000001"))
SECOND_CONTAINER = container(opaque("https://exporter.example/containers/2010-2"))

SHIPPED = kilos("15000")
KEPT = kilos("75")
#: What the importer sold (published); the split of the 3,550 kg among the nine is invented.
TO_DISTRIBUTOR = kilos("10500")
TO_NINE = tuple(kilos(text) for text in ("900", "650", "500", "400", "350", "300", "200", "150", "100"))
TO_ENGLAND = kilos("400")
TO_SPAIN = kilos("375")
TO_AUSTRIA = kilos("250")
SOLD = TO_DISTRIBUTOR + sum(TO_NINE, Decimal(0)) + TO_ENGLAND + TO_SPAIN + TO_AUSTRIA

SALES = "ecoli-uk (quantity, country)"
ARRIVED = "efoodalert (second lot arrived in October 2010)"
CONFLICT = "ecoli-uk and efoodalert (15,075 kg sold and 75 kg kept of 15,000 kg; the statements conflict)"


@dataclass(frozen=True, slots=True)
class Voyage:
    """A container's way: what is in it, when it is packed, and whether its coming to Rotterdam was written down."""

    box: Unit
    goods: Unit
    amount: Decimal
    packed: datetime
    source: str
    rotterdam_written: bool = True


def tell_seed_trade(story: Story) -> None:
    """Everything up to the importer's customers."""
    grow_and_export(story)
    sail(story, Voyage(SEALED_CONTAINER, LOT_48088, SHIPPED, local("2009-11-22 09:00"), "efoodalert; NYT"))
    second = Voyage(SECOND_CONTAINER, LOT_8266, kilos("12000"), local("2010-09-20 09:00"), ARRIVED, False)
    sail(story, second)
    lose_the_number(story)
    sell(story)


def grow_and_export(story: Story) -> None:
    """Three fields, three export lots (published: three implicated lots, one farmer, separate farms)."""
    farm = Evidence("qfood (three lots, same farmer, separate farms)")
    published = Evidence("ecoli-uk, AFP/Arab Today (lot number, 15,000 kg, organic, one container)")
    second = Evidence("efoodalert (lot number, exporter)")
    unnamed = Evidence("qfood (a third lot; its number is not published)")
    years = (
        (HARVEST_2009, LOT_48088, "15400", "15000", local("2009-06-10 08:00"), published),
        (HARVEST_2010, LOT_8266, "12300", "12000", local("2010-06-12 08:00"), second),
        (HARVEST_2010_THIRD, LOT_WITHOUT_NUMBER, "5100", "5000", local("2010-06-20 08:00"), unnamed),
    )
    for harvest, export_lot, grown, bagged, when, evidence in years:
        load = ((harvest, kilos(grown)),)
        story.born(actors.FARM, when, load, farm)
        deliver(
            story, Delivery(actors.FARM, actors.EXPORTER, when.replace(month=7), load, story.paper("bol", actors.FARM))
        )
        cleaned = when.replace(month=9, day=1)
        aliases = ALIASES.get(export_lot.key)
        more = {"ilmd": {"tracegraph:alias": aliases}} if aliases else {}
        story.made(actors.EXPORTER, cleaned, load, ((export_lot, kilos(bagged)),), evidence, **more)


def sail(story: Story, voyage: Voyage) -> None:
    """By ship to Antwerp, by barge to Rotterdam, by truck to the importer; sealed all the way."""
    evidence = Evidence(voyage.source)
    start = voyage.packed
    story.packed(actors.EXPORTER, start, voyage.box, ((voyage.goods, voyage.amount),), evidence=evidence)
    calls = (
        (actors.EXPORTER, "shipping", start + timedelta(hours=6), actors.DAMIETTA_PORT, start + timedelta(hours=20)),
        (actors.DAMIETTA_PORT, "departing", start + timedelta(days=2), actors.ANTWERP_PORT, start + timedelta(days=14)),
        (
            actors.ANTWERP_PORT,
            "departing",
            start + timedelta(days=16),
            actors.ROTTERDAM_PORT,
            start + timedelta(days=17),
        ),
        (actors.ROTTERDAM_PORT, "departing", start + timedelta(days=19), actors.IMPORTER, start + timedelta(days=20)),
    )
    for origin, step, leaves, destination, comes in calls:
        carry(story, voyage, evidence, (origin, step, leaves, destination, comes))
    customs = start + timedelta(days=18)
    if voyage.rotterdam_written:
        story.noted(actors.ROTTERDAM_PORT, customs, ((voyage.box, None),), "inspecting", evidence)
    unpacked = start + timedelta(days=20, hours=2)
    story.packed(actors.IMPORTER, unpacked, voyage.box, ((voyage.goods, voyage.amount),), "DELETE", evidence)


def carry(story: Story, voyage: Voyage, evidence: Evidence, call: tuple[Site, str, datetime, Site, datetime]) -> None:
    """One stretch of the container's way; the sighting at its end may be missing."""
    origin, step, leaves, destination, comes = call
    box = ((voyage.box, None),)
    paper = story.paper("bol", origin)
    story.passed(origin, destination, comes, ((voyage.goods, None),))
    story.sent(origin, destination, leaves, box, paper, evidence, step)
    if destination is actors.ROTTERDAM_PORT and not voyage.rotterdam_written:
        story.forgot("receipt not recorded", box, destination)
        return
    story.got(
        origin, destination, comes, box, paper, evidence, "receiving" if destination is actors.IMPORTER else "arriving"
    )


def lose_the_number(story: Story) -> None:
    """The third lot goes to another importer, on papers that name no lot."""
    load = ((LOT_WITHOUT_NUMBER, kilos("5000")),)
    evidence = Evidence("qfood (gaps in records)")
    paper = story.paper("bol", actors.EXPORTER)
    deliver(
        story,
        Delivery(actors.EXPORTER, actors.OTHER_IMPORTER, local("2010-11-03 08:00"), load, paper, 24 * 20, evidence),
    )


def sell(story: Story) -> None:
    """The importer's sales; the last of the nine is more than was there, by the published figures."""
    evidence = Evidence(SALES)
    ship(story, actors.DISTRIBUTOR, local("2010-01-11 09:00"), TO_DISTRIBUTOR, evidence)
    ship(story, actors.REPACKER, local("2010-01-18 09:00"), TO_ENGLAND, evidence, hours=72)
    ship(story, actors.SPAIN, local("2010-02-01 09:00"), TO_SPAIN, evidence, hours=72)
    ship(story, actors.AUSTRIA_DISTRIBUTOR, local("2010-02-15 09:00"), TO_AUSTRIA, evidence, hours=48)
    for month, (site, amount) in enumerate(zip(actors.NINE, TO_NINE, strict=True), start=3):
        number_nine = Evidence(CONFLICT) if site is actors.NINE[-1] else Evidence("ecoli-uk (nine companies, 3,550 kg)")
        ship(story, site, local(f"2010-{month:02}-08 10:00"), amount, number_nine, received=month not in (5, 10))
    onward_in_austria(story)
    kept = Evidence("efoodalert (75 kg kept)")
    story.noted(actors.IMPORTER, local("2011-06-29 15:00"), ((LOT_6832, KEPT),), "stock_taking", kept)
    end_in_spain(story)


def ship(
    story: Story,
    customer: Site,
    when: datetime,
    amount: Decimal,
    evidence: Evidence,
    *,
    hours: int = 24,
    received: bool = True,
) -> None:
    """One sale of 6832 by the importer, which writes its own number."""
    paper = story.paper("desadv", actors.IMPORTER)
    load = ((LOT_6832, amount),)
    deliver(
        story,
        Delivery(actors.IMPORTER, customer, when, load, paper, hours, evidence, received_written=received),
    )


def onward_in_austria(story: Story) -> None:
    """The Austrian distributor sold all of it to one Austrian company: nothing is left there."""
    paper = story.paper("desadv", actors.AUSTRIA_DISTRIBUTOR)
    load = ((LOT_6832, TO_AUSTRIA),)
    evidence = Evidence("ecoli-uk (all to one Austrian company)")
    leaves = local("2010-03-22 08:00")
    deliver(
        story,
        Delivery(actors.AUSTRIA_DISTRIBUTOR, actors.AUSTRIA_COMPANY, leaves, load, paper, 6, evidence),
    )


def end_in_spain(story: Story) -> None:
    """After the ban of 5 July 2011 what was left in Spain was destroyed (invented)."""
    story.noted(actors.SPAIN, local("2011-07-06 09:00"), ((LOT_6832, kilos("210")),), "holding", disposition="recalled")
    story.noted(actors.SPAIN, local("2011-07-20 09:00"), ((LOT_6832, kilos("210")),), "destroying", INVENTED)
