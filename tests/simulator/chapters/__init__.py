"""Chapters: small families of constellations, each with goods of its own.

A recorded chapter is written so fully that the text leaves one answer: confirmed = possible = truth. A careless one
leaves something open or gets it wrong: confirmed within truth within possible.
"""

from __future__ import annotations

from tests.simulator.chapters import (
    containers,
    containers_careless,
    events,
    missing,
    places,
    places_careless,
    receipts,
    receipts_careless,
    steps,
    steps_careless,
    ties,
    trade,
    units,
    units_careless,
)
from tests.simulator.chapters.register import CARELESS, RECORDED, Chapter

__all__ = ["CARELESS", "RECORDED", "Chapter"]

_MODULES = (
    containers,
    containers_careless,
    events,
    missing,
    places,
    places_careless,
    receipts,
    receipts_careless,
    steps,
    steps_careless,
    ties,
    trade,
    units,
    units_careless,
)
