"""Effectiveness checks: how many consignees are asked, who is drawn, and what they say."""

from tracegraph.recall.effectiveness.drawing import draw_payload, drawn_again
from tracegraph.recall.effectiveness.levels import Level, levels, sample_size
from tracegraph.recall.effectiveness.log import Check, Draw, Effectiveness, effectiveness
from tracegraph.recall.effectiveness.sampling import Candidate, drawn, fresh_seed

__all__ = [
    "Candidate",
    "Check",
    "Draw",
    "Effectiveness",
    "Level",
    "draw_payload",
    "drawn",
    "drawn_again",
    "effectiveness",
    "fresh_seed",
    "levels",
    "sample_size",
]
