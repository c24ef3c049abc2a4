"""Metrics for analysts: single points of failure, concentration, depth, reach, dispersion, completeness, quality.

What each one is, and from which paper or practice it comes: docs/metrics.md.
"""

from __future__ import annotations

from tracegraph.trace.metrics.answering import metrics
from tracegraph.trace.metrics.choice import BY, PERIODS, Choice, Metric, choose, question_of

__all__ = ["BY", "PERIODS", "Choice", "Metric", "choose", "metrics", "question_of"]
