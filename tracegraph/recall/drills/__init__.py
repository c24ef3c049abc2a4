"""Drills: recalls of goods of which nothing is wrong, against the clock. Source: recall practice as told by BRCGS Food
Safety 3.9, SQF 2.6, ISO 10393:2013 clause 4.7 (simulation)."""

from tracegraph.recall.drills.drill import Drill, drill_of
from tracegraph.recall.drills.picking import Pick, pick
from tracegraph.recall.drills.schedule import Plan, Standing, plans, standings
from tracegraph.recall.drills.targets import Target, targets

__all__ = ["Drill", "Pick", "Plan", "Standing", "Target", "drill_of", "pick", "plans", "standings", "targets"]
