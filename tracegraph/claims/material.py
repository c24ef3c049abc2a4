"""Material accounting of a certification scope: what came in and went out of each kind, the share of certified input,
how much output it allows to be sold as certified, and what is carried over.

A book is what one organisation keeps of one type of material (bauxite, alumina, aluminium): one account for each kind
of material, named by the account's input type: `coc` (certified), `recycled` (certified, made of scrap), `scrap`
(eligible scrap), `other`, and `other_scrap` (scrap that is not eligible). Only receipts and deliveries move material:
opening balances, expiry and corrections do not.

Sources: the six totals of a calendar year: ASI chain-of-custody overview, 3; the input percentage: the scheme's public
pages on claims and on its material accounting tool.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from math import lcm

from tracegraph.claims.accounts.factors import unit_ratio
from tracegraph.claims.accounts.ledger import ledger
from tracegraph.claims.calendar import months_later, year_of
from tracegraph.claims.row import Row
from tracegraph.claims.world import World
from tracegraph.model.instants import parse_instant
from tracegraph.model.measures import decimal
from tracegraph.model.values import value

#: The names under which accounts, claims and certificates call the scheme.
SCHEMES = ("ASI",)
CERTIFIED = ("coc", "recycled")
SCRAP = ("scrap",)
REST = ("other", "other_scrap")
INPUTS = (*CERTIFIED, *SCRAP, *REST)
#: The six totals in the order of the annual report: direction, and the kinds that count.
SIX = {
    "coc_in": ("in", CERTIFIED),
    "coc_out": ("out", CERTIFIED),
    "scrap_in": ("in", SCRAP),
    "scrap_out": ("out", SCRAP),
    "other_in": ("in", REST),
    "other_out": ("out", REST),
}


@value
class Flow:
    """A receipt (`in`) or delivery (`out`): what kind of material, how much in the unit of the book, when."""

    posting: Row
    kind: str
    side: str
    amount: Fraction
    time: int


@value
class Book:
    """What one organisation keeps of one type of material. `problems`: postings that cannot be counted, and accounts
    of a kind that is not known or of another dimension."""

    party: str
    material: str
    unit: str
    accounts: tuple[Row, ...]
    flows: tuple[Flow, ...]
    problems: tuple[Row, ...]

    def of(self, *kinds: str) -> tuple[Row, ...]:
        """The accounts of these kinds."""
        return tuple(row for row in self.accounts if kind_of(row) in kinds)


@value
class Totals:
    """The flows of a book from the first to the last instant of a window. `sums`: by direction and kind, exactly."""

    book: Book
    first: int
    last: int
    flows: tuple[Flow, ...]
    sums: Mapping[tuple[str, str], Fraction]

    def total(self, side: str, *kinds: str) -> Fraction:
        """The sum of a direction and of kinds of material, exactly."""
        return sum((self.sums.get((side, kind), Fraction(0)) for kind in kinds), Fraction(0))

    def six(self, name: str) -> Decimal:
        """One of the six totals."""
        side, kinds = SIX[name]
        return decimal(self.total(side, *kinds))

    def postings(self, side: str, *kinds: str) -> tuple[Row, ...]:
        """The postings behind a sum."""
        return tuple(flow.posting for flow in self.flows if flow.side == side and flow.kind in kinds)


@value
class Terms:
    """What the arithmetic depends on: months of a period, and whether a surplus is carried into the next one."""

    months: int = 12
    carries: bool = True


@value
class Period:
    """One period of a book. `share`: of certified input, None without input; `allowed`: output that may be sold as
    certified, `allowed_scrap`: eligible scrap; `claimed`: what was, by postings or by claims, whichever is more;
    `carried`: the surplus of the period before; `excess`: claimed beyond both; `surplus`: what the next may use."""

    totals: Totals
    share: Fraction | None
    allowed: Fraction
    allowed_scrap: Fraction
    claimed: Fraction
    carried: Fraction
    claims: tuple[Row, ...] = ()

    @property
    def excess(self) -> Fraction:
        """Claimed beyond what the period allows and what was carried into it."""
        return max(Fraction(0), self.claimed - self.allowed - self.carried)

    @property
    def surplus(self) -> Fraction:
        """Allowed by this period, and not claimed."""
        return max(Fraction(0), self.allowed - max(Fraction(0), self.claimed - self.carried))

    @property
    def scrap_excess(self) -> Fraction:
        """Eligible scrap sold beyond what the period allows."""
        return max(Fraction(0), self.totals.total("out", *SCRAP) - self.allowed_scrap)


def kind_of(account: Row) -> str:
    """The kind of material of an account."""
    return account.text("input").lower()


def books(world: World, schemes: tuple[str, ...] = SCHEMES) -> tuple[Book, ...]:
    """All books under a scheme, sorted by organisation and type of material; worked out once."""
    return world.once(("books", schemes), lambda: tuple(_books(world, schemes)))


def _books(world: World, schemes: tuple[str, ...]) -> Iterator[Book]:
    found: dict[tuple[str, str], list[Row]] = {}
    for row in world.rows("account"):
        if row.text("scheme") in schemes:
            found.setdefault((row.text("party"), row.text("material").lower()), []).append(row)
    for (party, material), accounts in sorted(found.items()):
        yield _book(world, party, material, accounts)


def _book(world: World, party: str, material: str, accounts: list[Row]) -> Book:
    unit = accounts[0].text("unit")
    flows: list[Flow] = []
    problems: list[Row] = []
    for account in accounts:
        known, ratio = ledger(world, account), unit_ratio(account.text("unit"), unit)
        problems += [problem.posting for problem in known.problems]
        kind = kind_of(account)
        if ratio is None or kind not in INPUTS:
            problems.append(account)
            continue
        for change in known.changes:
            side = change.posting.data["direction"]
            if side in ("in", "out"):
                amount = abs(change.amount) if ratio == 1 else abs(change.amount) * ratio
                flows.append(Flow(change.posting, kind, side, amount, change.time))
    flows.sort(key=lambda flow: (flow.time, flow.posting.id))
    return Book(party, material, unit, tuple(accounts), tuple(flows), tuple(problems))


def totals(book: Book, first: int, last: int) -> Totals:
    """The flows of a window, both ends included."""
    flows = tuple(flow for flow in book.flows if first <= flow.time <= last)
    amounts: dict[tuple[str, str], list[Fraction]] = {}
    for flow in flows:
        amounts.setdefault((flow.side, flow.kind), []).append(flow.amount)
    return Totals(book, first, last, flows, {key: _sum(each) for key, each in amounts.items()})


def _sum(amounts: list[Fraction]) -> Fraction:
    """The sum of many, over one denominator: a fraction of each sum before would be reduced every time."""
    parts = lcm(*{amount.denominator for amount in amounts})
    return Fraction(sum(amount.numerator * (parts // amount.denominator) for amount in amounts), parts)


def year(book: Book, number: int) -> Totals:
    """The flows of a calendar year."""
    first = parse_instant(f"{number:04}-01-01", "year")
    return totals(book, first, months_later(first, 12) - 1)


def years(book: Book) -> list[int]:
    """The calendar years in which the book has flows, and those between them."""
    return list(range(year_of(book.flows[0].time), year_of(book.flows[-1].time) + 1)) if book.flows else []


def recorded(world: World, book: Book, number: int) -> Row | None:
    """The totals of a book and calendar year as somebody recorded them."""
    rows = world.by("annual", "party", book.party)
    wanted = (str(number), book.material)
    return next((row for row in rows if (row.text("year"), row.text("material").lower()) == wanted), None)


def periods(world: World, book: Book, terms: Terms) -> tuple[Period, ...]:
    """The periods of a book from the first calendar year with a flow, one after the other; worked out once."""
    asked = ("periods", book.party, book.material, tuple(row.id for row in book.accounts), terms.months, terms.carries)
    return world.once(asked, lambda: _periods(world, book, terms))


def _periods(world: World, book: Book, terms: Terms) -> tuple[Period, ...]:
    found: list[Period] = []
    for first, last in _windows(book, terms.months):
        carried = _carried(found) if terms.carries else Fraction(0)
        found.append(_period(world, totals(book, first, last), carried))
    return tuple(found)


def _carried(before: list[Period]) -> Fraction:
    """The surplus of the last period, less what it had to make up of the one before."""
    made_up = before[-2].excess if len(before) > 1 else Fraction(0)
    return max(Fraction(0), before[-1].surplus - made_up) if before else Fraction(0)


def _windows(book: Book, months: int) -> Iterator[tuple[int, int]]:
    if not book.flows:
        return
    start = parse_instant(f"{year_of(book.flows[0].time):04}-01-01", "year")
    number = 0
    while (first := months_later(start, number * months)) <= book.flows[-1].time:
        number += 1
        yield first, months_later(start, number * months) - 1


def _period(world: World, of: Totals, carried: Fraction) -> Period:
    certified = of.total("in", *CERTIFIED)
    whole = certified + of.total("in", *REST)
    share = certified / whole if whole else None
    output = of.total("out", *CERTIFIED, "other")
    scrap = of.total("out", *SCRAP, "other_scrap")
    claims = claims_of(world, of)
    stated = sum((amount for _, amount in claims), Fraction(0))
    claimed = max(stated, of.total("out", *CERTIFIED))
    rows = tuple(row for row, _ in claims)
    return Period(of, share, (share or 0) * output, (share or 0) * scrap, claimed, carried, rows)


def claims_of(world: World, of: Totals) -> list[tuple[Row, Fraction]]:
    """The claims of a window that are made on the certified accounts of a book, and how much each claims."""
    found = []
    for account in of.book.of(*CERTIFIED):
        for row in world.by("claim", "account", account.id):
            ratio = unit_ratio(row.text("unit") or of.book.unit, of.book.unit)
            quantity = row.number("quantity")
            if quantity is not None and ratio is not None and of.first <= (row.valid_from or 0) <= of.last:
                found.append((row, Fraction(quantity) * ratio))
    return found
