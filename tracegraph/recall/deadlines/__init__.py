"""Deadlines of a recall case: what is due under which rules, by when, and what met it."""

from tracegraph.recall.deadlines.dues import Due, due, next_due
from tracegraph.recall.deadlines.regimes import Deadline, Regime, case_regimes, regimes

__all__ = ["Deadline", "Due", "Regime", "case_regimes", "due", "next_due", "regimes"]
