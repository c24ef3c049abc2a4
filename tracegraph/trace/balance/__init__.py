"""The quantity account of a set of units at a time: every gram in exactly one bucket. See docs/adr/011-balance.md."""

from __future__ import annotations

from tracegraph.trace.balance.answering import account_alone, balance

__all__ = ["account_alone", "balance"]
