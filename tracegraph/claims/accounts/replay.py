"""The replay of an account: its balance after every posting, credits first in first out, and what expires in between.

Pure: changes in, steps out; numbers are whole numbers of parts (`Series.parts`), so nothing is ever rounded.
Source: ISO 22095:2020, 5.4.2.2.2 and Annex C.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from heapq import heappop, heappush
from itertools import count
from math import lcm

from tracegraph.claims.accounts.changes import ENTERING, Change
from tracegraph.claims.accounts.lots import Lives, Lot
from tracegraph.claims.accounts.periods import Period
from tracegraph.claims.row import Row
from tracegraph.model.measures import decimal
from tracegraph.model.values import value


@value
class Step:
    """One movement of the balance, in parts. `posting`: None where credits lapsed by themselves; `after`: the balance
    without what has lapsed; `booked`: the sum of the postings; `short`: what a withdrawal lacked; `expired`: how much
    of that was there, but had expired; `lot`: what brought in the credits that lapsed; `moved`: by how much
    the balance changed, which is less than `change` where what is booked out had lapsed before."""

    posting: Row | None
    time: int
    change: int
    after: int
    booked: int
    short: int = 0
    expired: int = 0
    factor: Decimal | None = None
    lot: Row | None = None
    moved: int = 0

    @property
    def direction(self) -> str:
        """That of the posting; what lapses by itself expires."""
        return "expiry" if self.posting is None else str(self.posting.data["direction"])


@value
class Series:
    """All steps in order of time. `parts`: how many parts one of the account's unit has; `lots`: those with credits
    left at the end."""

    account: Row
    parts: int
    steps: tuple[Step, ...]
    lots: tuple[Lot, ...]

    def amount(self, parts: int) -> Decimal:
        """So many parts in the unit of the account."""
        return decimal(Fraction(parts, self.parts))

    def exactly(self, parts: int) -> Fraction:
        """As `amount`, never rounded."""
        return Fraction(parts, self.parts)

    def off(self, recorded: Decimal | Fraction, parts: int, tolerance: Fraction) -> bool:
        """Whether a recorded amount is further than that from so many parts; in whole numbers, as accounts are long."""
        numerator, denominator = recorded.as_integer_ratio()
        distance = abs(numerator * self.parts - parts * denominator)
        return distance * tolerance.denominator > tolerance.numerator * denominator * self.parts

    @property
    def closing(self) -> int:
        """The balance at the end, in parts."""
        return self.steps[-1].after if self.steps else 0

    def lowest(self) -> Step | None:
        """The first step after which the balance is at its lowest; None: nothing was posted."""
        return min(self.steps, key=lambda step: step.after, default=None)

    def first_below(self, least: Fraction) -> Step | None:
        """The first step after which the balance is less than that."""
        bound = least * self.parts
        return next((step for step in self.steps if step.after < bound), None)

    def at(self, instant: int) -> Step | None:
        """The last step until an instant."""
        place = bisect_right(self.steps, instant, key=lambda step: step.time)
        return self.steps[place - 1] if place else None


def replay(
    account: Row, changes: Sequence[Change], periods: tuple[Period, ...] = (), until: int | None = None
) -> Series:
    """The series of an account. `changes` in order of time; `periods`: for the rule of carry-over; what expires until
    `until` (None: until the last change) has lapsed at the end."""
    parts = lcm(*{change.denominator for change in changes})
    book = _Book(parts, Lives(account, periods))
    for when, carried in _carried(periods, parts):
        book.carry(when, carried)
    for change in changes:
        book.let_pass(change.time)
        book.post(change)
    if until is not None:
        book.let_pass(until)
    return Series(account, parts, tuple(book.steps), tuple(lot for lot in book.lots if lot.remains))


def _carried(periods: Iterable[Period], parts: int) -> Iterable[tuple[int, int]]:
    """At the end of which closed periods how much was carried over: the rest lapses. Parts of a part lapse too."""
    for period in periods:
        if period.closed is not None and (carried := period.closed.number("carried")) is not None:
            yield period.last + 1, int(Fraction(carried) * parts // 1)


class _Book:
    """The account while it is replayed."""

    def __init__(self, parts: int, lives: Lives) -> None:
        self.parts = parts
        self.lives = lives
        self.steps: list[Step] = []
        self.lots: deque[Lot] = deque()
        self.after = 0  # what the lots hold, less what was withdrawn beyond them
        self.booked = 0
        self.lapsed = 0  # expired credits that nobody has booked out
        self._due: list[tuple[int, bool, int, Lot | int]] = []  # lots before what is carried over at that instant
        self._numbers = count()

    def carry(self, when: int, carried: int) -> None:
        """No more than that outlives that instant."""
        heappush(self._due, (when, True, next(self._numbers), carried))

    def let_pass(self, instant: int) -> None:
        """What expires until then lapses."""
        while self._due and self._due[0][0] <= instant:
            when, _, _, due = heappop(self._due)
            if isinstance(due, Lot):
                self._lapse(when, due.remains, due.posting)
                due.remains = 0
            else:
                excess = max(0, self.after - due)
                self._take(excess)
                self._lapse(when, excess, None)

    def _lapse(self, when: int, amount: int, lot: Row | None) -> None:
        if amount:
            self.lapsed += amount
            self.after -= amount
            self.steps.append(Step(None, when, -amount, self.after, self.booked, lot=lot, moved=-amount))

    def post(self, change: Change) -> None:
        """One posting."""
        amount = change.numerator * (self.parts // change.denominator)
        direction = change.posting.data["direction"]
        before = self.after
        self.booked += amount
        if direction in ENTERING:
            self._enter(change, amount)
            short = expired = 0
        elif direction == "expiry":
            short = expired = 0
            self._book_expiry(-amount)
        else:
            short, expired = self._withdraw(-amount)
        self.steps.append(
            Step(
                change.posting,
                change.time,
                amount,
                self.after,
                self.booked,
                short,
                expired,
                change.factor,
                moved=self.after - before,
            )
        )

    def _enter(self, change: Change, amount: int) -> None:
        """What was withdrawn beyond the credits is made up for first."""
        owed = max(0, -self.after)
        self.after += amount
        lot = Lot(
            change.posting, change.time, self.lives.end(change.posting, change.time), amount, max(0, amount - owed)
        )
        self.lots.append(lot)
        if lot.expires is not None:
            heappush(self._due, (max(lot.expires, change.time), False, next(self._numbers), lot))

    def _book_expiry(self, amount: int) -> None:
        """Somebody books credits out that have lapsed already, or lapse thereby."""
        known = min(amount, self.lapsed)
        self.lapsed -= known
        self.after -= amount - known
        self._take(amount - known)

    def _withdraw(self, amount: int) -> tuple[int, int]:
        short = amount - self._take(amount)
        self.after -= amount
        expired = min(short, self.lapsed)
        self.lapsed -= expired
        return short, expired

    def _take(self, amount: int) -> int:
        """Takes from the oldest lots; how much there was."""
        left = amount
        while left and self.lots:
            lot = self.lots[0]
            taken = min(left, lot.remains)
            lot.remains -= taken
            left -= taken
            if not lot.remains:
                self.lots.popleft()
        return amount - left
