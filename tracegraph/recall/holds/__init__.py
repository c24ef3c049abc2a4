"""Holds: which goods must not move, since when and because of which case."""

from tracegraph.recall.holds.blocking import Block, Blocked, all_holds, holds
from tracegraph.recall.holds.standing import Hold, holds_of

__all__ = ["Block", "Blocked", "Hold", "all_holds", "holds", "holds_of"]
