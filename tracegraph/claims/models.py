"""The five chain-of-custody models of ISO 22095 in their order of physical presence, and what it says of each.

Source: ISO 22095:2020, 5.1, table 1 and figure 1; the tables are data (models.json).
"""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any


class Model(StrEnum):
    """As claims and declarations write them."""

    IDENTITY_PRESERVED = "ip"
    SEGREGATED = "sg"
    CONTROLLED_BLENDING = "cb"
    MASS_BALANCE = "mb"
    BOOK_AND_CLAIM = "bc"

    @property
    def rank(self) -> int:
        """5 for identity preserved down to 1 for book and claim."""
        return 5 - list(Model).index(self)

    @property
    def short(self) -> str:
        """IP, SG, CB, MB, BC."""
        return self.value.upper()

    def has(self, name: str) -> str:
        """What table 1 says of a property: yes, no, or how far (`part`: for the specified part, `period`: within the
        defined period, `credits`: of credits instead)."""
        return str(tables()["properties"][name][self.value])

    def may_become(self, other: Model) -> bool:
        """Whether goods received under this model may be supplied under another one."""
        return other.value in tables()["may_become"][self.value]


@cache
def tables() -> dict[str, Any]:
    """The tables of the standard."""
    told: dict[str, Any] = json.loads(files("tracegraph.claims").joinpath("models.json").read_text(encoding="utf-8"))
    return told
