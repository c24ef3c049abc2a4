"""When a check ends with a negative answer: from which severity on, and whether missing evidence counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tracegraph.claims.outcome import Outcome, Severity
from tracegraph.errors import UsageError

#: What may be asked for: severities, of which graver ones count too, and missing evidence.
MISSING = "ne"
LEVELS = (*Severity, MISSING)


def levels_of(names: Iterable[str]) -> frozenset[str]:
    """The levels that are meant. Raises UsageError for one that there is not."""
    levels = frozenset(name.casefold() for name in names)
    for name in sorted(levels):
        if name not in LEVELS:
            raise UsageError(f"--fail-on {name!r} is no level; choose one of {', '.join(LEVELS)}")
    return levels


def failing(result: Mapping[str, Any], levels: frozenset[str]) -> bool:
    """Whether a result has a finding of one of the levels."""
    least = min((Severity(name).rank for name in levels if name != MISSING), default=None)
    return any(_fails(finding, least, MISSING in levels) for finding in result["findings"])


def _fails(finding: Mapping[str, Any], least: int | None, missing: bool) -> bool:
    if finding["outcome"] == Outcome.NE:
        return missing
    return finding["outcome"] == Outcome.FAIL and least is not None and Severity(finding["severity"]).rank >= least
