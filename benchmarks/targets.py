"""What is to be shown, as limits on rows, and the reasons where a limit is missed (reasons.toml, written by hand)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REASONS = Path(__file__).with_name("reasons.toml")


@dataclass(frozen=True, slots=True)
class Target:
    """A limit: at most, or at least so much, in the unit of the row. `at`: the sizes at which it holds (empty: all)."""

    limit: float
    at_least: bool = False
    at: tuple[str, ...] = ()

    def holds_at(self, size: str) -> bool:
        """Whether it is about a store of that size."""
        return not self.at or size in self.at

    def text(self, unit: str) -> str:
        """In words for the table."""
        return f"{'≥' if self.at_least else '≤'} {self.limit:,g} {unit}".rstrip()

    def missed(self, value: float) -> bool:
        """Whether a value is on the wrong side."""
        return value < self.limit if self.at_least else value > self.limit

    def short_by(self, value: float) -> str:
        """By how much it is missed, in words."""
        times = self.limit / value if self.at_least and value else value / self.limit
        return f"{times:.2g} times the limit" if not self.at_least else f"{times:.2g} times too few"


#: Sizes at which the times of reach are to be met; of the larger one only the growth counts.
ONE_MILLION = ("tiny", "usual")
_NUMPY, _FAST = "reach numpy", "reach numba"
TARGETS: dict[str, Target] = {
    f"{_NUMPY}: 100 to 10,000 units": Target(1.5, at=ONE_MILLION),
    f"{_FAST}: 100 to 10,000 units": Target(0.3, at=ONE_MILLION),
    f"{_NUMPY}: over 10,000 units": Target(10, at=ONE_MILLION),
    f"{_FAST}: over 10,000 units": Target(3, at=ONE_MILLION),
    "shares": Target(20, at=ONE_MILLION),
    "answer": Target(10),
    "cold": Target(0.5),
    "help": Target(0.3),
    "capture": Target(5_000, at_least=True),
    "capture memory": Target(500),
    "commits": Target(0.5, at_least=True),
    "drill": Target(5, at=("usual",)),
    "claims": Target(3, at=("usual", "large")),
    "late": Target(2),
    "named": Target(3),
    "tote": Target(3),
    "shapes": Target(1),
    "size": Target(1.5),
    "served reach": Target(2),
    "served capture": Target(1_000, at_least=True),
    "served shapes": Target(10),
    "load rate": Target(0.6, at_least=True),
    "load p99": Target(20),
    "load errors": Target(0),
    "load memory": Target(1.05),
}


def reasons() -> dict[str, str]:
    """Why a target is missed, by the target's key."""
    loaded: dict[str, Any] = tomllib.loads(REASONS.read_text(encoding="utf-8"))
    return {key: str(reason) for key, reason in loaded.items()}
