"""Metrics for analysts: single points of failure, concentration, depth, reach, dispersion, completeness, quality.

What each one is, and from which paper or practice it comes: docs/metrics.md.
"""

from __future__ import annotations

from tracegraph.model.metrics import Metric, Period
from tracegraph.trace.metrics.answering import metrics
from tracegraph.trace.metrics.choice import BY, Choice, choose, question_of

__all__ = ["BY", "Choice", "Metric", "Period", "choose", "metrics", "question_of"]
