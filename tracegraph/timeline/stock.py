"""How much of a unit is at one place: bounds that hold whatever the records leave open (custody-graph section 9)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tracegraph.model.quantity import Quantity

ZERO = Decimal(0)
ONE_PIECE = Quantity(Decimal(1), "")


@dataclass(slots=True)
class Stock:
    """`low` <= balance <= `high` (None: no upper bound), in `unit`. `exact`: every quantity was known in one unit.
    `untouched`: no outflow since the last inflow. `overdrawn`: more went out than was there. `owed`:
    what an outflow took already of inflows of the same date that are booked after it. `shown`: a record shows an
    inflow, none merely supposes it."""

    unit: str | None = None
    exact: bool = True
    low: Decimal = ZERO
    high: Decimal | None = ZERO
    untouched: bool = True
    overdrawn: bool = False
    owed: Decimal = ZERO
    shown: bool = False

    def comparable(self, quantity: Quantity | None) -> Decimal | None:
        """The value of a quantity where it can be compared with this stock, else None."""
        if quantity is None or quantity.value is None or (self.unit is not None and quantity.unit != self.unit):
            return None
        return quantity.value

    def add(self, quantity: Quantity | None, certain: bool) -> None:
        """Goods come in; `certain` False: perhaps."""
        value = self.comparable(quantity)
        self.untouched = True
        self.shown = self.shown or certain
        if quantity is None or value is None:
            self.exact = False
            self.high = None
            return
        self.unit = quantity.unit
        paid = min(self.owed, value)
        self.owed, value = self.owed - paid, value - paid
        self.low += value if certain else ZERO
        self.high = None if self.high is None else self.high + value

    def take(self, quantity: Quantity | None, certain: bool) -> None:
        """Goods go out; `certain` False: perhaps. An outflow of unknown size leaves no certain rest."""
        value = self.comparable(quantity)
        self.untouched = False
        if value is None:
            self.exact = self.exact and not certain
            self.low = ZERO
            return
        self.low = max(ZERO, self.low - value)
        if certain and self.high is not None:
            self.high = max(ZERO, self.high - value)

    def owe(self, quantity: Quantity | None) -> None:
        """An outflow of inflows that are still to be booked; of unknown size it leaves no certain rest."""
        value = self.comparable(quantity)
        if value is None:
            self.exact = False
        else:
            self.owed += value

    def take_all(self) -> None:
        """Everything certainly leaves (a load is unpacked as a whole)."""
        self.low, self.high, self.exact, self.overdrawn = ZERO, ZERO, True, False
        self.untouched = False

    def shortage(self, quantity: Quantity | None) -> Decimal:
        """How much an outflow exceeds what can be there (0: it does not, or nobody can tell)."""
        value = self.comparable(quantity)
        if value is None or self.high is None:
            return ZERO
        return max(ZERO, value - self.high)

    @property
    def empty(self) -> bool:
        """Exactly zero and never overdrawn: a clean break."""
        return self.exact and self.high == ZERO and not self.overdrawn

    @property
    def sure(self) -> bool:
        """Whether goods are certainly there."""
        return self.low > ZERO or (self.shown and self.untouched)

    def remains(self, later_draws: Decimal | None) -> bool:
        """See `certainly_remains`."""
        return certainly_remains(self.overdrawn, self.untouched, self.low, later_draws)

    def balance(self) -> Quantity | None:
        """The balance where it is exactly known."""
        if self.exact and not self.overdrawn and self.high is not None and self.low == self.high:
            return Quantity(self.high, self.unit or "")
        return None


def certainly_remains(overdrawn: bool, untouched: bool, low: Decimal, later_draws: Decimal | None) -> bool:
    """Whether goods certainly remain of a stock, less what later events draw by moves that nothing records (None: an
    unknown amount)."""
    if overdrawn or later_draws is None:
        return False
    if later_draws == ZERO:
        return untouched or low > ZERO
    return low > later_draws
