"""What happened in the year: deliveries, melts and extrusions month by month, with the amounts of a seeded generator.

The smelter makes 0.52 t of metal of 1 t of alumina; of what it melts a half to two thirds is certified. The extruder
makes 0.75 t of profiles of 1 t of ingots; the rest is scrap. `FAULTS` are the eight things that are wrong in the
records and that rules must find; without them (`faulty=False`) the same year has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random

YEAR = 2025
MONTHS = range(1, 13)
SEED = 20250101
#: Metal for one of alumina, and profiles for one of ingots.
SMELTED, EXTRUDED = Decimal("0.52"), Decimal("0.75")

REFINERY, OTHER_REFINERY = "https://refinery.example", "https://other-refinery.example"
SMELTER, REMELTER = "https://smelter.example", "https://remelter.example"
EXTRUDER, MAKER = "https://extruder.example", "https://window-maker.example"
ALUMINA, INGOT, PROFILE = (
    "https://goods.example/alumina",
    "https://goods.example/ingot",
    "https://goods.example/profile",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in the records: the rule that finds it, in what, and the story behind it."""

    rule: str
    subject: str
    story: str


FAULTS = (
    Fault("ISO22095-5.4.2.2.2-NO-OVERDRAW", "SM-COC", "in May the smelter sold certified metal before the input came"),
    Fault("ISO22095-5.1-MODEL-ORDER", "K-EX-09", "the extruder calls September's profiles segregated"),
    Fault("ISO22095-5.5-DOUBLE", "CR-3", "the other refinery redeemed its credits 51 to 60 twice"),
    Fault("ASI-S0.2-SUPPLIER", "EX-COC", "the remelter's certificate was suspended when it delivered in July"),
    Fault(
        "ASI-S0.3-SIX-TOTALS",
        f"{SMELTER} | {YEAR} | aluminium",
        "the smelter's annual totals forget December's certified alumina",
    ),
    Fault("ASI-NO-PARTIAL", "K-EX-10", "October's profiles are sold as 40 % certified"),
    Fault("ASI-STAGE", "WM-REC", "the window maker makes certified metal of its own scrap"),
    Fault("ASI-COC-DOC", "K-SM-11", "the document of November's ingots states 5 t more than were delivered"),
)


@dataclass(frozen=True, slots=True)
class Month:
    """The tonnes of one month. `certified`, `other`: alumina that came; `metal`: ingots that were made; `sold`: with a
    claim; `delivered`: with and without one; `profiles`: what the extruder made of them; `claimed`: with a claim."""

    number: int
    certified: Decimal
    other: Decimal
    sold: Decimal

    @property
    def metal(self) -> Decimal:
        """All ingots of the month."""
        return (self.certified + self.other) * SMELTED

    @property
    def delivered(self) -> Decimal:
        """The ingots that leave: those with a claim, and what other alumina made; no more than there is."""
        return min(self.metal, self.sold + self.other * SMELTED)

    @property
    def profiles(self) -> Decimal:
        """All profiles of the month."""
        return self.delivered * EXTRUDED

    @property
    def claimed(self) -> Decimal:
        """Profiles with a claim: of the certified ingots what is made of them."""
        return self.sold * EXTRUDED

    def day(self, day: int) -> str:
        """A date of the month."""
        return f"{YEAR}-{self.number:02}-{day:02}"

    def lot(self, name: str) -> str:
        """The number of a lot of the month, such as `IN-05`."""
        return f"{name}-{self.number:02}"


def months(faulty: bool = True) -> tuple[Month, ...]:
    """The twelve months."""
    return tuple(_months(Random(SEED), faulty))


def _months(chance: Random, faulty: bool) -> Iterator[Month]:
    balance = Decimal(0)
    for number in MONTHS:
        certified, other = Decimal(chance.randrange(100, 141)), Decimal(chance.randrange(60, 101))
        entered = certified * SMELTED
        share = Decimal(chance.randrange(80, 96)) / 100
        sold = (entered * share).quantize(Decimal("0.01"))
        if faulty and number == 5:
            sold = balance + entered + 5
        balance += entered - sold
        yield Month(number, certified, other, sold)
