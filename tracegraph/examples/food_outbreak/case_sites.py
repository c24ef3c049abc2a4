"""The 41 German case sites and what they served: sprouts from the middlemen or from the grower, and salad vegetables.

Published: 41 clusters, five of them traced back in full; caterers in five states. Invented: the sites, towns and meals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tracegraph.examples.food_outbreak import actors
from tracegraph.examples.food_outbreak.deliveries import SAME_PAPER, Delivery, deliver
from tracegraph.examples.food_outbreak.names import Site, Town, Unit, lot_name, opaque
from tracegraph.examples.food_outbreak.sprouts import Drop, Market, at
from tracegraph.examples.food_outbreak.story import Evidence, Load, Story, kilos, lot

CLUSTERS = "NEJM 2011 / BfR (41 clusters, from memory); Zeit/dpa 5 June 2011 (states)"
TRACED_IN_FULL = 5
PORTION = kilos("1")
#: State by state: first middleman that serves it, towns, number of case sites (the numbers are invented).
STATES: tuple[tuple[int, tuple[Town, ...], int], ...] = (
    (0, (actors.HAMBURG,), 9),
    (1, (actors.KIEL, actors.LUBECK), 9),
    (2, (actors.ROSTOCK, actors.SCHWERIN), 7),
    (3, (actors.FRANKFURT, actors.KASSEL), 7),
    (4, (actors.HANOVER,), 5),
    (5, (actors.LUNEBURG, actors.UELZEN), 4),
)
#: The case site whose delivery nobody wrote down, though the goods were cooked there.
UNWRITTEN = 14
KINDS = ("restaurant", "canteen", "hotel", "caterer")
VEGETABLES = ("cucumber", "tomato", "lettuce")


@dataclass(frozen=True, slots=True)
class CaseSite:
    """A case site and the middleman that serves it."""

    site: Site
    middleman: Site


def case_sites() -> list[CaseSite]:
    """All 41, numbered through; those of the last two middlemen's customers that are canteens keep dates only."""
    found: list[CaseSite] = []
    for middleman, towns, count in STATES:
        for place in range(count):
            number = len(found) + 1
            kind, town = KINDS[number % len(KINDS)], towns[place % len(towns)]
            site = actors.plain_site(
                f"https://cases.example/de-{number:02}",
                f"Case site {number:02}, {kind}, {town.title}",
                town,
                actors.CASES_FILE,
                by_day=middleman == 5,
                source=CLUSTERS,
            )
            found.append(CaseSite(site, actors.MIDDLEMEN[middleman]))
    return found


def tell_cases(story: Story, market: Market) -> list[CaseSite]:
    """What the German case sites got and served; returns them."""
    crops = tell_vegetables(story)
    cases = case_sites()
    for number, case in enumerate(cases, start=1):
        serve(story, market, case, number, crops)
    supply_shops(story, market)
    name_by_mistake(story, market)
    return cases


def tell_vegetables(story: Story) -> list[Unit]:
    """Twelve lots of salad vegetables, which many case sites have in common too."""
    crops = []
    for number in range(12):
        kind = VEGETABLES[number % 3]
        name = lot_name(actors.GREENGROCER_PREFIX, f"00001{number % 3}", f"{kind[:3].upper()}{number + 1:02}")
        crop = lot(name)
        story.born(actors.GREENGROCER, at(date(2011, 4, 28) + timedelta(days=2 * number), 3), ((crop, kilos("500")),))
        crops.append(crop)
    return crops


def serve(story: Story, market: Market, case: CaseSite, number: int, crops: Sequence[Unit]) -> None:
    """Two or three deliveries of sprouts, at least one of them a mix, vegetables, and a meal made of it all."""
    first = date(2011, 5, 1) + timedelta(days=story.dice.below(14))
    bought = buy_sprouts(story, market, case, first, 2 + story.dice.below(2), number)
    last = max(day for _, day in bought)
    crop = crops[min(len(crops) - 1, max(0, (last - date(2011, 4, 28)).days // 2))]
    buy_vegetables(story, case, crop, max(last, date(2011, 4, 28) + timedelta(days=2 * crops.index(crop))), number)
    cook(story, case, number, [unit for unit, _ in bought], crop, last + timedelta(days=2))


def buy_sprouts(
    story: Story, market: Market, case: CaseSite, first: date, count: int, number: int
) -> list[tuple[Unit, date]]:
    """Different lots from the case site's middleman, from a day on, at least one of them of both seed lots; every fifth
    case site got single sprouts only, where its middleman has them."""
    offered = [drop for drop in market.drops[case.middleman.key] if drop.day >= first and drop.left >= PORTION]
    single = [drop for drop in offered if not drop.mixed]
    if number % 5 == 0 and any(drop.both for drop in single):
        offered = single
    needed = next(drop for drop in offered if drop.both)
    chosen = [needed, *[drop for drop in offered if drop is not needed][: count - 1]]
    for drop in chosen:
        drop.left -= PORTION
        pass_on(story, case.middleman, case.site, drop, PORTION, number)
    return [(drop.unit, drop.day) for drop in chosen]


def pass_on(story: Story, middleman: Site, customer: Site, drop: Drop, amount: Decimal, number: int) -> None:
    """A middleman's delivery on the day on which it got the goods (dates only) or a little later on that day."""
    paper = None if story.dice.chance(15) else story.paper("desadv", middleman)
    unwritten = number == UNWRITTEN
    sent, received = not story.dice.chance(6), not story.dice.chance(12)
    deliver(
        story,
        Delivery(
            middleman,
            customer,
            at(drop.day, 10 + number % 4),
            ((drop.unit, amount),),
            paper,
            3,
            received_written=(received or not sent) and not unwritten,
            sent_written=sent and not unwritten,
            receipt_paper=None if story.dice.chance(8) else SAME_PAPER,
        ),
    )


def buy_vegetables(story: Story, case: CaseSite, crop: Unit, day: date, number: int) -> None:
    """Vegetables from the wholesaler, for two case sites of three."""
    if number % 3 == 0:
        return
    paper = story.paper("desadv", actors.GREENGROCER)
    load: tuple[Load, ...] = ((crop, kilos("4")),)
    deliver(story, Delivery(actors.GREENGROCER, case.site, at(day, 5), load, paper, 6))


def cook(story: Story, case: CaseSite, number: int, sprouts: Sequence[Unit], crop: Unit, day: date) -> None:
    """A salad of everything; every fourth case site wrote nothing down, the five traced in full did."""
    site = case.site
    meal = lot(opaque(f"{site.key}/salad"), measure="")
    inputs: list[Load] = [(unit, kilos("0.8")) for unit in sprouts]
    if number % 3:
        inputs.append((crop, kilos("3")))
    if number % 4 == 0 and number > TRACED_IN_FULL:
        story.forgot("use not recorded", inputs, site)
        return
    evidence = Evidence(CLUSTERS + "; BVL (five clusters traced in full)" if number <= TRACED_IN_FULL else CLUSTERS)
    story.made(site, at(day, 11), inputs, ((meal, kilos("40")),), evidence)
    story.noted(site, at(day, 12), ((meal, kilos("40")),), "retail_selling", evidence)


def supply_shops(story: Story, market: Market) -> None:
    """The middlemen's other customers: shops that nobody fell ill from, as far as is known."""
    for number, shop in enumerate(actors.SHOPS):
        middleman = actors.MIDDLEMEN[number % len(actors.MIDDLEMEN)]
        for drop in [drop for drop in market.drops[middleman.key] if drop.left >= 2][number % 3 :: 4][:5]:
            drop.left -= 2
            pass_on(story, middleman, shop, drop, kilos("2"), number)


def name_by_mistake(story: Story, market: Market) -> None:
    """Wholesaler 3 wrote down a delivery that never was, and said so two days later."""
    wholesaler = actors.MIDDLEMEN[2]
    drop = next(drop for drop in market.drops[wholesaler.key] if drop.left >= 1)
    paper = story.paper("desadv", wholesaler)
    story.meet(actors.RETRACTED_RESTAURANT)
    load = ((drop.unit, kilos("1")),)
    event = story.sent(wholesaler, actors.RETRACTED_RESTAURANT, at(drop.day, 15), load, paper)
    story.retracted(event, wholesaler.partner, at(drop.day + timedelta(days=2), 9).isoformat() + "+02:00")
