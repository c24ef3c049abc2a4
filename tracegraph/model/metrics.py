"""Which metrics there are, and into which spans of time their rows can be cut."""

from __future__ import annotations

from enum import StrEnum


class Metric(StrEnum):
    """The metrics that there are."""

    DOMINATORS = "dominators"
    CONCENTRATION = "concentration"
    DEPTH = "depth"
    REACH = "reach"
    DISPERSION = "dispersion"
    COMPLETENESS = "completeness"
    QUALITY = "quality"
    WEAK_POINTS = "weak_points"
    SMALLEST_CUT = "smallest_cut"
    FAN = "fan"
    DWELL = "dwell"
    CRITICAL_POINTS = "critical_points"
    YIELDS = "yields"


class Period(StrEnum):
    """What rows may be cut into."""

    ALL = "all"
    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"
