"""What was made on a line, or anywhere at a site, in a window of time."""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.model.custody import Certainty
from tracegraph.trace.lines.naming import known_line, line_of
from tracegraph.trace.lines.occupancy import Run, within
from tracegraph.trace.lines.recorded import Recorded


def runs_within(
    recorded: Recorded, site: str, line: str | None, since: int | None, until: int | None
) -> Iterator[tuple[Run, Certainty]]:
    """The runs on a line (None: on any of the site) in the window [since, until), and whether that is certain."""
    for run in recorded.runs(site):
        sure = within(run, line, since, until)
        if sure is not None:
            yield run, sure


def outputs(name: str, recorded: Recorded, since: int | None, until: int | None) -> dict[str, bool]:
    """The units made on the line `SITE LINE` in the window [since, until), and whether that is certain: of a run of
    unknown line or time it is not. Raises UnknownIdentifier where site or line are not known."""
    site, line = line_of(name, recorded)
    known_line(site, line, recorded)
    made: dict[str, bool] = {}
    for run, sure in runs_within(recorded, site, line, since, until):
        for unit in run.units:
            made[unit] = made.get(unit, False) or sure is Certainty.CONFIRMED
    return made
