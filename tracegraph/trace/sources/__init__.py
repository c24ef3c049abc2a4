"""The likely common source of several cases: pure methods on graphs, and the answer made of them.

FoodChain-Lab's score on deliveries (`deliveries`, `delivery_traces`, `delivery_scores`); coverage, random walk,
effective distance, covering sets, enrichment and leave-one-out on any graph. All of it is association, not proof.
"""

from __future__ import annotations

from tracegraph.trace.sources.answering import LISTED, Wanted, asked_of_cases, recorded_cases, sources

__all__ = ["LISTED", "Wanted", "asked_of_cases", "recorded_cases", "sources"]
