"""Credits as lots: what came in together, until when it may be used, and how much of it is left."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from tracegraph.claims.accounts.periods import Period
from tracegraph.claims.calendar import months_later
from tracegraph.claims.row import Row
from tracegraph.model.instants import DAY

#: How many ends of periods a credit outlives, by the rule of carry-over.
OUTLIVES = {"none": 0, "next": 1}


@dataclass(slots=True)
class Lot:
    """`amount` and what `remains` of it, in parts of the account's unit; `expires`: the instant from which it can no
    longer be used, None: it does not expire."""

    posting: Row
    entered: int
    expires: int | None
    amount: int
    remains: int


class Lives:
    """How long the credits of one account live: as each says, as the account says, and no longer than is carried over.

    On the day on which it expires a credit can no longer be used (ISO 22095:2020, 5.4.2.2.2: it expires after the
    withdrawal, not at it).
    """

    def __init__(self, account: Row, periods: tuple[Period, ...]) -> None:
        months = account.number("expiry_months")
        self._months = None if months is None else int(months)
        self._aged: dict[int, int] = {}  # credits come in on far fewer days than there are credits
        self._outlives = OUTLIVES.get(account.text("carry"))
        self._ends = [period.last + 1 for period in periods]

    def end(self, posting: Row, entered: int) -> int | None:
        """The instant from which what entered then can no longer be used."""
        ends = (posting.first("expires"), self._by_age(posting, entered), self._by_carry(entered))
        return min((end for end in ends if end is not None), default=None)

    def _by_age(self, posting: Row, entered: int) -> int | None:
        """Nobody knows how old an opening balance is; only its own date of expiry ends it."""
        if self._months is None or posting.data["direction"] == "opening":
            return None
        day, rest = divmod(entered, DAY)
        if day not in self._aged:
            self._aged[day] = months_later(day * DAY, self._months)
        return self._aged[day] + rest

    def _by_carry(self, entered: int) -> int | None:
        if self._outlives is None:
            return None
        place = bisect_right(self._ends, entered) + self._outlives
        return self._ends[place] if place < len(self._ends) else None


def knows_expiry(account: Row, posting: Row) -> bool:
    """Whether it is on record when what a posting brought in expires."""
    aged = account.given("expiry_months") and posting.data["direction"] != "opening"
    return aged or posting.given("expires")
