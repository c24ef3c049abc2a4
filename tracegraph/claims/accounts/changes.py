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
    """By `numerator` / `denominator` of the unit of the account: signed, exact, whole numbers as accounts are long.
    `factor`: the value that was applied, None: none."""

    posting: Row
    time: int
    numerator: int
    denominator: int
    factor: Decimal | None = None

    @property
    def amount(self) -> Fraction:
        """The change in the unit of the account."""
        return Fraction(self.numerator, self.denominator)


@value
class Problem:
    """Why a posting cannot be counted. `case`: mixed_units, mixed_basis, no_factor, unknown_factor or lost_reversal;
    `words`: what stands in the places of its text."""

    case: str
    posting: Row
    words: dict[str, str]


#: Problems in the order in which they are told: units and bases before anything else.
RANKS = ("mixed_units", "mixed_basis", "unknown_factor", "no_factor", "lost_reversal")


@value
class _Rate:
    """What one of a posting's unit is in the account: the same for all postings that say the same of themselves."""

    ratio: Fraction
    factor: Decimal | None = None


@value
class _Refused:
    """A problem of all postings that say the same of themselves."""

    case: str
    words: dict[str, str]


#: What a posting says of itself that decides how it is counted.
DECISIVE = ("direction", "unit", "basis", "factor", "factor_value", "product")


class Counting:
    """Counts the postings of one account."""

    def __init__(self, world: World, account: Row) -> None:
        self.world = world
        self.account = account
        self.unit = account.text("unit")
        self.basis = account.text("basis")
        self.converted = CONVERTED[account.text("formula")]
        self.converts = converts(world, account)
        self._rates: dict[tuple[object, ...], _Rate | _Refused] = {}

    def change(self, posting: Row) -> Change | Problem:
        """The change that a posting makes, or why it cannot be counted."""
        data = posting.data
        key = tuple(map(data.get, DECISIVE))
        rate = self._rates.get(key)
        if rate is None:
            rate = self._rates[key] = self._rate(posting)
        if isinstance(rate, _Refused):
            return Problem(rate.case, posting, {"posting": posting.id, **rate.words})
        numerator, denominator = Decimal(data["quantity"]).as_integer_ratio()
        sign = 1 if data["direction"] in ENTERING else -1
        numerator, denominator = sign * numerator * rate.ratio.numerator, denominator * rate.ratio.denominator
        return Change(posting, posting.valid_from or 0, numerator, denominator, rate.factor)

    def _rate(self, posting: Row) -> _Rate | _Refused:
        if posting.text("direction") == self.converted and self._takes_factor(posting):
            return self._converted(posting)
        basis, unit = posting.text("basis"), posting.text("unit")
        if basis != self.basis:
            return _Refused("mixed_basis", {"unit": basis or "?", "wanted": self.basis or "?"})
        ratio = unit_ratio(unit, self.unit)
        return _mixed(unit, self.unit) if ratio is None else _Rate(ratio)

    def _takes_factor(self, posting: Row) -> bool:
        """Whether a factor must be applied: it is named, or goods of another product are counted."""
        if posting.given("factor") or posting.given("factor_value"):
            return True
        product = posting.text("product")
        return product != self.account.text("product") if product else self.converts

    def _converted(self, posting: Row) -> _Rate | _Refused:
        """From the unit of the posting to that on its side of the factor, through it, and to that of the account."""
        named, used = factor_of(self.world, posting), factor_value(self.world, posting)
        if not used:
            case = "unknown_factor" if posting.given("factor") else "no_factor"
            return _Refused(case, {"factor": posting.text("factor")})
        unit = posting.text("unit")
        near, far = self._sides(named)
        near, far = near or unit, far or (self.unit if near else unit)
        before, after = unit_ratio(unit, near), unit_ratio(far, self.unit)
        if before is None or after is None:
            return _mixed(unit, near) if before is None else _mixed(far, self.unit)
        ratio = Fraction(used) if self.converted == "in" else 1 / Fraction(used)
        return _Rate(before * ratio * after, used)

    def _sides(self, named: Row | None) -> tuple[str, str]:
        """The unit of a factor on the side of the posting, and on that of the account."""
        if named is None:
            return "", ""
        units = named.text("input_unit"), named.text("output_unit")
        return units if self.converted == "in" else units[::-1]


def _mixed(unit: str, wanted: str) -> _Refused:
    return _Refused("mixed_units", {"unit": unit, "wanted": wanted})
