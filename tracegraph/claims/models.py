"""The five chain-of-custody models of ISO 22095 in their order of physical presence (5.1)."""

from __future__ import annotations

from enum import StrEnum


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
