"""A year of aluminium: from two refineries over a smelter and an extruder to a window maker, with claims and faults.

Everything is invented; companies are roles. The same bytes every time: amounts come from a seeded generator.
"""

from __future__ import annotations

from tracegraph.examples.aluminium.files import PARTNERS, write
from tracegraph.examples.aluminium.questions import INTRODUCTION, MARK, NEXT, QUESTIONS
from tracegraph.examples.aluminium.year import FAULTS, Fault

__all__ = ["FAULTS", "INTRODUCTION", "MARK", "NEXT", "PARTNERS", "QUESTIONS", "Fault", "write"]
