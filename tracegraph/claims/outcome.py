"""What a rule may say, and how grave it is."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """PASS and FAIL are said of complete evidence only; NE: evidence is missing, which never passes; NA: the rule is
    about nothing that is on record."""

    PASS = "PASS"
    FAIL = "FAIL"
    NE = "NE"
    NA = "NA"


class Severity(StrEnum):
    """How grave a violation is, gravest last. `info` and `warning` never make a claim unsupported."""

    INFO = "info"
    WARNING = "warning"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 to 4."""
        return list(Severity).index(self)
