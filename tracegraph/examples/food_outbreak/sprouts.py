"""The sprout grower in spring 2011: a run of fenugreek sprouts a day, mixes with other sprouts, and who got them.

Published: the grower used the 2009 lot and another one in April and May 2011, and sold mixes and single sprouts.
Invented: everything about days, lots and amounts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from tracegraph.examples.food_outbreak import actors
from tracegraph.examples.food_outbreak.deliveries import SAME_PAPER, Delivery, deliver
from tracegraph.examples.food_outbreak.names import Site, Unit, crate_name, opaque
from tracegraph.examples.food_outbreak.seed_trade import LOT_6832, LOT_8266
from tracegraph.examples.food_outbreak.story import Evidence, Load, Story, container, kilos, lot

FIRST_RUN = date(2011, 4, 4)
RUNS = 48
USED = Evidence("fleischwirtschaft; marlerblog/ECDC (two lots used in April and May 2011)")
OLD_SEED = lot(opaque("https://seed-merchant.example/lots/fenugreek-7001"))
RADISH_SEED = lot(opaque("https://seed-merchant.example/lots/radish-310"))
LENTIL_SEED = lot(opaque("https://grower.example/seed/lentils-cash-purchase"))
CRATES = tuple(container(crate_name(actors.GROWER_PREFIX, "12345", str(serial))) for serial in (1001, 1002, 1003))
#: The seed of a day's run: of 48088, of both lots, of 8266.
SEED_IN_TURN: tuple[tuple[Load, ...], ...] = (
    ((LOT_6832, kilos("2")),),
    ((LOT_6832, kilos("2")), (LOT_8266, kilos("1.2"))),
    ((LOT_8266, kilos("1.2")),),
)
#: The day on which a crate makes a trip with basil.
LENT_ON = date(2011, 5, 2)
#: Middlemen served on each weekday (Monday first), by place in actors.MIDDLEMEN.
ROUND = ((0, 1, 2), (3, 4, 5), (0, 1, 3), (2, 4, 5), (0, 1, 2), (3, 4, 5), ())
PER_DROP = kilos("4")


@dataclass(slots=True)
class Market:
    """What the middlemen have: per middleman (key of its site) what was delivered to it, oldest first."""

    drops: dict[str, list[Drop]] = field(default_factory=dict)


@dataclass(slots=True)
class Drop:
    """One delivery to a middleman; `mixed`: a mix; `both`: both seed lots went into it."""

    unit: Unit
    day: date
    left: Decimal
    mixed: bool
    both: bool


def tell_sprouts(story: Story) -> Market:
    """The grower's spring; returns what the middlemen have for sale."""
    market = Market()
    buy_other_seed(story)
    runs_before_april(story)
    weekly = WeeklySprouts(story)
    yesterday: Unit | None = None
    for number in range(RUNS):
        day = FIRST_RUN + timedelta(days=number)
        today, harvest = run_fenugreek(story, day, number)
        mix = mix_sprouts(story, day, today, yesterday, weekly.of(day))
        send_round(story, market, day, mix, today if harvest > 12 else None)
        yesterday = today
    return market


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A local time on a day."""
    return datetime.combine(day, time(hour, minute))


def buy_other_seed(story: Story) -> None:
    """Seeds that had nothing to do with it; the lentils were bought for cash and nobody knows where."""
    for unit, amount in ((OLD_SEED, kilos("30")), (RADISH_SEED, kilos("80"))):
        story.born(actors.SEED_MERCHANT, at(date(2011, 1, 10), 9), ((unit, amount),))
        paper = story.paper("desadv", actors.SEED_MERCHANT)
        delivery = Delivery(actors.SEED_MERCHANT, actors.GROWER, at(date(2011, 1, 12), 9), ((unit, amount),), paper)
        deliver(story, delivery)
    story.got(None, actors.GROWER, at(date(2011, 3, 1), 11), ((LENTIL_SEED, kilos("60")),), None)
    story.truth.made(at(date(2011, 3, 1), 10), actors.GROWER.key, (), (LENTIL_SEED.goods,))
    story.forgot("origin not recorded", ((LENTIL_SEED, None),), actors.GROWER)


def runs_before_april(story: Story) -> None:
    """In March the grower still used older seed: whoever got only that is innocent."""
    for number in range(3):
        day = date(2011, 3, 21) + timedelta(days=3 * number)
        sprouts = lot(opaque(f"https://grower.example/lots/F-{day.isoformat()}"))
        story.made(actors.GROWER, at(day, 16), ((OLD_SEED, kilos("1")),), ((sprouts, kilos("8")),))
        paper = story.paper("desadv", actors.GROWER)
        leaves = at(day + timedelta(days=1), 5)
        deliver(story, Delivery(actors.GROWER, actors.MARCH_SHOP, leaves, ((sprouts, kilos("5")),), paper, 2))


def run_fenugreek(story: Story, day: date, number: int) -> tuple[Unit, Decimal]:
    """A day's fenugreek sprouts, eight kilos per kilo of seed; returns the lot and its kilos."""
    seed = SEED_IN_TURN[number % 3]
    sprouts = lot(opaque(f"https://grower.example/lots/F-{day.isoformat()}"))
    harvest = sum((amount for _, amount in seed if amount is not None), Decimal(0)) * 8
    story.made(actors.GROWER, at(day, 16), seed, ((sprouts, harvest),), USED)
    return sprouts, harvest


class WeeklySprouts:
    """Radish and lentil sprouts, made once a week."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._made: dict[tuple[int, int], tuple[Unit, Unit]] = {}

    def of(self, day: date) -> tuple[Unit, Unit]:
        """The week's radish and lentil sprouts, made on the day on which they are first asked for."""
        year, week, _ = day.isocalendar()
        if (year, week) not in self._made:
            self._made[year, week] = self._make(day, week)
        return self._made[year, week]

    def _make(self, day: date, week: int) -> tuple[Unit, Unit]:
        radish = lot(opaque(f"https://grower.example/lots/R-2011-{week}"))
        lentil = lot(opaque(f"https://grower.example/lots/L-2011-{week}"))
        for seed, sprouts in ((RADISH_SEED, radish), (LENTIL_SEED, lentil)):
            self._story.made(actors.GROWER, at(day, 10), ((seed, kilos("8")),), ((sprouts, kilos("60")),))
        paper = self._story.paper("desadv", actors.GROWER)
        load = ((radish, kilos("2")),)
        delivery = Delivery(actors.GROWER, actors.RADISH_SHOP, at(day + timedelta(days=1), 6), load, paper, 2)
        deliver(self._story, delivery)
        return radish, lentil


def mix_sprouts(story: Story, day: date, today: Unit, yesterday: Unit | None, others: tuple[Unit, Unit]) -> Unit:
    """The day's mix: today's fenugreek, the rest of yesterday's, radish and lentils."""
    mix = lot(opaque(f"https://grower.example/lots/M-{day.isoformat()}"))
    inputs: list[Load] = [(today, kilos("5")), (others[0], kilos("4")), (others[1], kilos("3"))]
    if yesterday is not None:
        inputs.append((yesterday, kilos("3")))
    total = sum((amount for _, amount in inputs if amount is not None), Decimal(0))
    story.made(actors.GROWER, at(day, 17), inputs, ((mix, total),), Evidence("Zeit/dpa 5 June 2011 (mixes)"))
    return mix


def send_round(story: Story, market: Market, day: date, mix: Unit, single: Unit | None) -> None:
    """Next morning's deliveries: the mix to three middlemen, single sprouts to the first of them."""
    morning = day + timedelta(days=1)
    for stop, place in enumerate(ROUND[morning.weekday()]):
        middleman = actors.MIDDLEMEN[place]
        supply(story, market, middleman, morning, mix, stop)
        if single is not None and stop == 0:
            drop(story, market, middleman, at(morning, 5), single, kilos("4"))


def supply(story: Story, market: Market, middleman: Site, morning: date, mix: Unit, stop: int) -> None:
    """A mix for one middleman; wholesaler 1 gets its Monday and Friday mixes in crates."""
    crated = crate_of(middleman, morning)
    if crated is None:
        drop(story, market, middleman, at(morning, 4 + stop), mix, PER_DROP)
    else:
        drop_crate(story, market, morning, mix, crated)


def crate_of(middleman: Site, morning: date) -> Unit | None:
    """Which crate is used: the three in turn, on Mondays and Fridays, for wholesaler 1."""
    if middleman is not actors.MIDDLEMEN[0] or morning.weekday() not in (0, 4):
        return None
    return CRATES[(morning.isocalendar().week * 2 + morning.weekday() // 4) % 3]


def drop(story: Story, market: Market, middleman: Site, leaves: datetime, unit: Unit, amount: Decimal) -> None:
    """A delivery in boxes that nobody counts; receipts, papers and amounts are now and then missing."""
    paper = None if story.dice.chance(10) else story.paper("desadv", actors.GROWER)
    written = not story.dice.chance(8)
    short = ((unit, amount - kilos("0.5")),) if story.dice.chance(3) else None
    blank = None if story.dice.chance(6) else SAME_PAPER
    event = deliver(
        story,
        Delivery(
            actors.GROWER,
            middleman,
            leaves,
            ((unit, amount),),
            paper,
            3,
            Evidence("Zeit/dpa 5 June 2011 (wholesalers, market traders)"),
            received_as=short,
            received_written=written,
            receipt_paper=blank,
        ),
    )
    put_on_sale(market, middleman, unit, leaves.date(), amount)
    if event is not None and middleman is actors.MIDDLEMEN[1] and story.dice.chance(40):
        story.copied(event, actors.MIDDLEMEN_FILE)


def put_on_sale(market: Market, middleman: Site, unit: Unit, day: date, amount: Decimal) -> None:
    """Note what a middleman has."""
    mixed = "/M-" in unit.key
    both = mixed or (day - FIRST_RUN).days % 3 == 2
    market.drops.setdefault(middleman.key, []).append(Drop(unit, day, amount, mixed, both))


def drop_crate(story: Story, market: Market, morning: date, mix: Unit, crate: Unit) -> None:
    """A delivery in a returnable crate: packed, sent, received, emptied, sent back."""
    wholesaler = actors.MIDDLEMEN[0]
    load = ((mix, PER_DROP),)
    story.packed(actors.GROWER, at(morning, 3), crate, load)
    story.passed(actors.GROWER, wholesaler, at(morning, 7), load)
    move_crate(story, crate, actors.GROWER, wholesaler, at(morning, 4))
    if crate is CRATES[2] and morning.isocalendar().week % 2 == 0:
        story.forgot("unpacking not recorded", load, wholesaler)
    else:
        named = load if crate is CRATES[2] else ()
        story.packed(wholesaler, at(morning, 8), crate, named, "DELETE")
    put_on_sale(market, wholesaler, mix, morning, PER_DROP)
    if crate is CRATES[0] and morning == LENT_ON:
        lend_crate(story, crate, morning)
    else:
        move_crate(story, crate, wholesaler, actors.GROWER, at(morning, 14))


def move_crate(story: Story, crate: Unit, origin: Site, destination: Site, leaves: datetime) -> None:
    """A crate's way, written by both sides."""
    paper = story.paper("bol", origin)
    story.meet(origin, destination)
    story.sent(origin, destination, leaves, ((crate, None),), paper)
    story.got(origin, destination, leaves + timedelta(hours=3), ((crate, None),), paper)


def lend_crate(story: Story, crate: Unit, day: date) -> None:
    """The crate, emptied of sprouts, makes a trip with basil before it comes home: that basil is innocent."""
    basil = lot(opaque("https://herb-grower.example/lots/basil-17"))
    wholesaler, herbs, restaurant = actors.MIDDLEMEN[0], actors.HERB_GROWER, actors.BASIL_RESTAURANT
    load = ((basil, kilos("3")),)
    move_crate(story, crate, wholesaler, herbs, at(day, 9))
    story.born(herbs, at(day, 11), load)
    story.packed(herbs, at(day, 13), crate, load)
    story.passed(herbs, restaurant, at(day, 17), load)
    move_crate(story, crate, herbs, restaurant, at(day, 14))
    story.packed(restaurant, at(day, 18), crate, load, "DELETE")
    move_crate(story, crate, restaurant, actors.GROWER, at(day, 19))
