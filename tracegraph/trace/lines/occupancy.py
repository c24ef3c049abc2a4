"""Lines in time: which runs fall between two verified cleanings. Pure functions on instants, half-open windows.

Source: docs/records.md; the rule is the regulators' lot definition: what one line made between two documented and
verified cleanings is one lot for recall, whatever its labels say. A cleaning that nobody verified closes nothing; where
no cleaning closes the window, it is open.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tracegraph.model.custody import Certainty
from tracegraph.model.grading import Grade

#: Before and after everything.
NEVER = -(2**62)
ALWAYS = 2**62

Bounds = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Run:
    """Lots made on a line. `begin` and `end`: the first and the last instant at which each may have been. `line` None:
    not known. `name`: the record or event that says so."""

    name: str
    units: tuple[str, ...]
    site: str
    line: str | None
    begin: Bounds
    end: Bounds
    grade: Grade = Grade.STATED


@dataclass(frozen=True, slots=True)
class Cleaning:
    """A line, a whole site (`line` None) or a container (`equipment`) was cleaned between these instants."""

    name: str
    site: str | None
    line: str | None
    equipment: str | None
    begin: int
    end: int
    verified: bool


@dataclass(frozen=True, slots=True)
class LineWindow:
    """The time during which a line counts as one lot; None: open. `opened` and `closed`: the cleanings' names."""

    since: int | None
    until: int | None
    opened: str | None = None
    closed: str | None = None


def clean_window(cleanings: Iterable[Cleaning], first: int, last: int) -> LineWindow:
    """From the last verified cleaning that had ended at the `first` evidence to the first that began after the `last`.
    Both cleanings' own time is inside: what was made while a line was cleaned is of neither side."""
    verified = [one for one in cleanings if one.verified]
    before = max((one for one in verified if one.end <= first), key=lambda one: (one.begin, one.name), default=None)
    after = min((one for one in verified if one.begin >= last), key=lambda one: (one.end, one.name), default=None)
    return LineWindow(
        None if before is None else before.begin,
        None if after is None else after.end,
        None if before is None else before.name,
        None if after is None else after.name,
    )


def overlap(run: Run, since: int | None, until: int | None) -> Certainty | None:
    """Whether a run fell into the window [since, until): certainly, possibly, or not at all (None). One that was going
    on at the window's edge did."""
    opens, closes = NEVER if since is None else since, ALWAYS if until is None else until
    if run.begin[0] >= closes or run.end[1] < opens or (run.end[1] == opens and run.begin[0] < opens):
        return None
    begins_in_time, ends_in_time = run.begin[1] < closes, run.end[0] > opens or run.begin[0] == run.end[0] == opens
    return Certainty.CONFIRMED if begins_in_time and ends_in_time else Certainty.POSSIBLE


def on_line(run: Run, line: str | None) -> Certainty | None:
    """Whether a run was on the line (None: any line of the site); possible where its own is not known."""
    if line is None or run.line == line:
        return Certainty.CONFIRMED
    return Certainty.POSSIBLE if run.line is None else None


def within(run: Run, line: str | None, since: int | None, until: int | None) -> Certainty | None:
    """Both together: on the line during the window."""
    there, then = on_line(run, line), overlap(run, since, until)
    if there is None or then is None:
        return None
    return Certainty.CONFIRMED if there is then is Certainty.CONFIRMED else Certainty.POSSIBLE
