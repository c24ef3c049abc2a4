"""What each posting changes the balance of its account by, in the unit of the account.

Source: ISO 22095:2020, Annex C. Formula (1), balance in output units: C_b = C_bp + M_in * cf - M_o. Formula (2),
balance in input units: C_b = C_bp + M_in - M_o / cf. Units and bases are checked first, then factors: a posting that
cannot be counted stops the whole account.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from tracegraph.claims.accounts.factors import converts, factor_of, factor_value, unit_ratio
from tracegraph.claims.row import Row
from tracegraph.claims.world import World
from tracegraph.model.values import value

#: The directions that add to the balance; the others take from it.
ENTERING = frozenset({"opening", "in", "correction_in"})
#: The direction to which each formula applies the factor.
CONVERTED = {"1": "in", "2": "out"}


@value
class Change:
    """`amount`: signed, exactly, in the unit of the account; `factor`: the value that was applied, None: none."""

    posting: Row
    time: int
    amount: Fraction
    factor: Decimal | None = None


@value
class Problem:
    """Why a posting cannot be counted. `case`: mixed_units, mixed_basis, no_factor, unknown_factor or lost_reversal;
    `words`: what stands in the places of its text."""

    case: str
    posting: Row
    words: dict[str, str]


#: Problems in the order in which they are told: units and bases before anything else.
RANKS = ("mixed_units", "mixed_basis", "unknown_factor", "no_factor", "lost_reversal")


class Counting:
    """Counts the postings of one account."""

    def __init__(self, world: World, account: Row) -> None:
        self.world = world
        self.account = account
        self.unit = account.text("unit")
        self.basis = account.text("basis")
        self.converted = CONVERTED[account.text("formula")]
        self.converts = converts(world, account)

    def change(self, posting: Row) -> Change | Problem:
        """The change that a posting makes, or why it cannot be counted."""
        entering = posting.text("direction") in ENTERING
        quantity = Fraction(Decimal(posting.data["quantity"]))
        if posting.data["direction"] == self.converted and self._takes_factor(posting):
            return self._converted(posting, quantity if entering else -quantity)
        if problem := self._basis_problem(posting):
            return problem
        unit = posting.data["unit"]
        ratio = Fraction(1) if unit == self.unit else unit_ratio(unit, self.unit)
        if ratio is None:
            return self._mixed(posting, unit, self.unit)
        amount = quantity if ratio == 1 else quantity * ratio
        return Change(posting, posting.valid_from or 0, amount if entering else -amount)

    def _takes_factor(self, posting: Row) -> bool:
        """Whether a factor must be applied: it is named, or goods of another product are counted."""
        if posting.given("factor") or posting.given("factor_value"):
            return True
        product = posting.text("product")
        return product != self.account.text("product") if product else self.converts

    def _converted(self, posting: Row, quantity: Fraction) -> Change | Problem:
        named, used = factor_of(self.world, posting), factor_value(self.world, posting)
        if used is None or not used:
            case = "unknown_factor" if posting.given("factor") else "no_factor"
            return Problem(case, posting, {"posting": posting.id, "factor": posting.text("factor")})
        return self._through(posting, quantity, named, used)

    def _through(self, posting: Row, quantity: Fraction, named: Row | None, used: Decimal) -> Change | Problem:
        """From the unit of the posting to that on its side of the factor, through it, and to that of the account."""
        unit = posting.text("unit")
        near = far = ""
        if named is not None:
            near, far = named.text("input_unit"), named.text("output_unit")
        if self.converted == "out":
            near, far = far, near
        near, far = near or unit, far or (self.unit if near else unit)
        before, after = unit_ratio(unit, near), unit_ratio(far, self.unit)
        if before is None or after is None:
            return self._mixed(posting, unit if before is None else far, near if before is None else self.unit)
        ratio = Fraction(used) if self.converted == "in" else 1 / Fraction(used)
        return Change(posting, posting.valid_from or 0, quantity * before * ratio * after, used)

    def _mixed(self, posting: Row, unit: str, wanted: str) -> Problem:
        return Problem("mixed_units", posting, {"posting": posting.id, "unit": unit, "wanted": wanted})

    def _basis_problem(self, posting: Row) -> Problem | None:
        basis = posting.text("basis")
        if basis == self.basis:
            return None
        words = {"posting": posting.id, "unit": basis or "?", "wanted": self.basis or "?"}
        return Problem("mixed_basis", posting, words)
