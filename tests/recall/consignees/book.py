"""Random chains as a careful goods book tells them, with the deliveries that truly happened.

The truth is kept while the moves are made: who had how much of what, and how many hands it had gone through. It knows
nothing of holdings and legs. The book is a table in the notation of the timeline's tests.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import NamedTuple

#: Parties and their sites; O owns the case, M makes goods of its own that are in the scope too.
SITES = {
    "O": ("O1", "O2"),
    "M": ("M1",),
    "A": ("A1", "A2"),
    "B": ("B1",),
    "C": ("C1", "C2"),
    "D": ("D1",),
    "E": ("E1",),
}
PARTY = {site: party for party, sites in SITES.items() for site in sites}
OWNER = "O"


class Came(NamedTuple):
    """A delivery as it happened. `events`: those that only its sender and receiver may know."""

    receiver: str
    site: str
    unit: str
    sender: str
    tier: int | None
    document: str
    quantity: int
    confirmed: bool
    tote: str | None
    events: frozenset[str]


class Load(NamedTuple):
    """Goods on the way."""

    origin: str
    goal: str
    unit: str
    amount: int
    tier: int | None
    document: str
    tote: str | None
    event: str


@dataclass
class Book:
    """`lines`: the table; `stock`: (site, unit) with amount and tier; `came`: the truth; `lots` by who made them."""

    chance: random.Random
    lines: list[str] = field(default_factory=list)
    stock: dict[tuple[str, str], tuple[int, int | None]] = field(default_factory=dict)
    road: list[Load] = field(default_factory=list)
    came: list[Came] = field(default_factory=list)
    lots: dict[str, str] = field(default_factory=dict)
    made_at: dict[str, str] = field(default_factory=dict)
    #: Totes that stand somewhere with what is in them.
    totes: dict[str, tuple[str, str, int, int | None]] = field(default_factory=dict)
    numbers: int = 0

    def line(self, text: str) -> str:
        """Write a line, each three hours after the one before; returns its label."""
        number = len(self.lines)
        self.lines.append(f"e{number} d{1 + number // 8} {number % 8 * 3:02}:00 {text}")
        return f"e{number}"

    def new(self, letter: str) -> str:
        self.numbers += 1
        return f"{letter}{self.numbers}"

    def make(self, site: str, of: tuple[str, int] | None = None) -> None:
        """Make a lot, of another one where that is said."""
        lot = self.new("L")
        amount = 100
        if of is None:
            tier = 0 if PARTY[site] == OWNER else None
            self.made_at[lot] = self.line(f"make lot {lot} {amount} kg at {site}")
        else:
            unit, amount = of
            tier = self.take(site, unit, amount)
            self.made_at[lot] = self.line(f"use lot {unit} {amount} kg => lot {lot} {amount} kg at {site}")
        self.lots[lot] = PARTY[site]
        self.put(site, lot, amount, tier)

    def put(self, site: str, unit: str, amount: int, tier: int | None) -> None:
        """Goods of one lot at one place are one pool."""
        known, before = self.stock.get((site, unit), (0, None))
        mine = 0 if PARTY[site] == OWNER else tier
        both = [one for one in (before, mine) if one is not None]
        self.stock[site, unit] = (known + amount, min(both, default=None) if known else mine)

    def take(self, site: str, unit: str, amount: int) -> int | None:
        known, tier = self.stock.pop((site, unit))
        if known > amount:
            self.stock[site, unit] = (known - amount, tier)
        return tier

    def some(self) -> tuple[str, str, int] | None:
        """Some goods that stand loose somewhere, and how many of them."""
        if not self.stock:
            return None
        (site, unit), (known, _) = self.chance.choice(sorted(self.stock.items(), key=lambda pair: pair[0]))
        return site, unit, self.chance.choice([known, max(1, known // 2), max(1, known // 3)])

    def step(self) -> None:
        """One thing happens."""
        found = self.some()
        kind = self.chance.choice(
            ["send", "send", "send", "send", "pack", "use", "arrive", "arrive", "arrive", "on", "some", "open"]
        )
        if kind == "arrive" and self.road:
            self.arrive(self.road.pop(self.chance.randrange(len(self.road))))
        elif kind in ("on", "open") and self.totes:
            tote = self.chance.choice(sorted(self.totes))
            (self.open if kind == "open" else self.send_tote)(tote)
        elif kind == "some" and self.totes:
            self.open_partly(self.chance.choice(sorted(self.totes)))
        elif found and kind == "use":
            self.make(found[0], (found[1], found[2]))
        elif found and kind == "pack":
            site, unit, amount = found
            tier = self.take(site, unit, amount)
            tote = self.new("T")
            self.line(f"pack lot {unit} {amount} kg into tote {tote} at {site}")
            self.totes[tote] = (site, unit, amount, tier)
        elif found:
            site, unit, amount = found
            self.send(site, unit, amount)

    def goal(self, site: str) -> str:
        return self.chance.choice([other for other in PARTY if other not in (site, "M1")])

    def send(self, site: str, unit: str, amount: int) -> None:
        goal, document = self.goal(site), self.new("despatch")
        tier = self.take(site, unit, amount)
        event = self.line(f"ship lot {unit} {amount} kg {site} -> {goal} doc desadv:{document}")
        self.road.append(Load(site, goal, unit, amount, tier, document, None, event))

    def send_tote(self, tote: str) -> None:
        site, unit, amount, tier = self.totes.pop(tote)
        goal, document = self.goal(site), self.new("despatch")
        event = self.line(f"ship tote {tote} {site} -> {goal} doc desadv:{document}")
        self.road.append(Load(site, goal, unit, amount, tier, document, tote, event))

    def arrive(self, load: Load) -> None:
        what = f"tote {load.tote}" if load.tote else f"lot {load.unit} {load.amount} kg"
        event = self.line(f"receive {what} {load.origin} -> {load.goal} doc desadv:{load.document}")
        tier = self.deliver(load, event)
        if load.tote:
            self.totes[load.tote] = (load.goal, load.unit, load.amount, tier)
        else:
            self.put(load.goal, load.unit, load.amount, tier)

    def deliver(self, load: Load, event: str | None) -> int | None:
        """Note a delivery; returns through how many hands the goods have gone by then."""
        sender, receiver = PARTY[load.origin], PARTY[load.goal]
        tier = load.tier if sender == receiver or load.tier is None else load.tier + 1
        tier = 0 if receiver == OWNER else tier
        if receiver not in (OWNER, sender):
            events = frozenset(one for one in (load.event, event) if one)
            who = (receiver, load.goal, load.unit, sender, tier)
            self.came.append(Came(*who, load.document, load.amount, event is not None, load.tote, events))
        return tier

    def open(self, tote: str) -> None:
        site, unit, amount, tier = self.totes.pop(tote)
        self.line(f"unpack lot {unit} {amount} kg from tote {tote} at {site}")
        self.put(site, unit, amount, tier)

    def open_partly(self, tote: str) -> None:
        """Take some out, and leave some in."""
        site, unit, amount, tier = self.totes[tote]
        out = amount // 2
        if out:
            self.line(f"unpack lot {unit} {out} kg from tote {tote} at {site}")
            self.totes[tote] = (site, unit, amount - out, tier)
            self.put(site, unit, out, tier)

    @property
    def table(self) -> str:
        """The book, with whose each site is."""
        return "\n".join([*(f"site {site} run by {party}" for site, party in PARTY.items()), *self.lines])


def written(seed: int, steps: int = 30, lost: bool = False) -> Book:
    """A book. `lost`: what is on the way at its end never arrives, and may have come to where it was sent; that no
    record shows, so the tiers of what leaves that place later are not known for sure."""
    book = Book(random.Random(seed))
    book.make("O1")
    book.make(book.chance.choice(["O2", "M1"]))
    for _ in range(steps):
        book.step()
    for load in book.road:
        if lost:
            book.deliver(load, None)
        else:
            book.arrive(load)
    return book
