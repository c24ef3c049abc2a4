"""How sure it is that a unit is in scope, and how well that is evidenced: two ordered scales beside certainty.

Combined, along a path the least counts, over paths the greatest.
"""

from __future__ import annotations

from enum import StrEnum


class ScopeClass(StrEnum):
    """Best evidenced last.

    `cleared`: a person took it out, with a reason. `exposed`: same room or vehicle, no contact shown. `possible`: some
    hop is inferred (a missing date, a line or hour that is not known, a leg that the records leave open). `affected`:
    every hop is recorded. `implicated`: evidence of its own, such as a positive test.
    """

    CLEARED = "cleared"
    EXPOSED = "exposed"
    POSSIBLE = "possible"
    AFFECTED = "affected"
    IMPLICATED = "implicated"

    @property
    def rank(self) -> int:
        """0 to 4."""
        return _CLASSES.index(self)


class Grade(StrEnum):
    """`stated` by a partner, `documented` by a paper, `verified` by whoever looked."""

    STATED = "stated"
    DOCUMENTED = "documented"
    VERIFIED = "verified"

    @property
    def rank(self) -> int:
        """0 to 2."""
        return _GRADES.index(self)


_CLASSES = tuple(ScopeClass)
_GRADES = tuple(Grade)


def weaker(one: ScopeClass, other: ScopeClass) -> ScopeClass:
    """The lesser of two, as along a path."""
    return min(one, other, key=lambda kind: kind.rank)
