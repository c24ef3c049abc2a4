"""Times of questions and answers: those of tracegraph.model.instants, under the name that questions know."""

from __future__ import annotations

from tracegraph.model.instants import (
    DAY,
    EPOCH,
    Moment,
    instant_of,
    instant_text,
    optional_text,
    parse_instant,
)

__all__ = ["DAY", "EPOCH", "Moment", "instant_of", "instant_text", "optional_text", "parse_instant"]
