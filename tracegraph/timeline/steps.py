"""What a business step does to goods: the table of custody-graph section 5 as data.

A profile may extend it: pass `Steps` with more words. Steps are bare CBV words or private URIs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Effect(StrEnum):
    """The rows of section 5 that a step decides."""

    SHIP = "ship"
    RECEIVE = "receive"
    VOID = "void"
    END = "end"
    SAMPLE = "sample"


CBV_EFFECTS: dict[str, Effect] = {
    "shipping": Effect.SHIP,
    "departing": Effect.SHIP,
    "consigning": Effect.SHIP,
    "receiving": Effect.RECEIVE,
    "arriving": Effect.RECEIVE,
    "accepting": Effect.RECEIVE,
    "void_shipping": Effect.VOID,
    "destroying": Effect.END,
    "decommissioning": Effect.END,
    "killing": Effect.END,
    "retail_selling": Effect.END,
    "dispensing": Effect.END,
    "sampling": Effect.SAMPLE,
}


@dataclass(frozen=True, slots=True)
class Steps:
    """Which step has which effect; steps that are not listed move nothing by themselves."""

    effects: dict[str, Effect] = field(default_factory=lambda: CBV_EFFECTS)

    def effect(self, step: str) -> Effect | None:
        """The effect of a step, None where it moves nothing (staging, loading, inspecting, unknown steps)."""
        return self.effects.get(step)


HOUR = 3_600_000_000
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Settings:
    """What a profile may set. Times in microseconds.

    `clock_tolerance`: how much earlier than its shipment a receipt of the same document may be dated.
    `transformation_span`: events of one transformationID further apart than this are two transformations.
    `fan_limit`: above this many sources that cannot be told apart a pool holding joins them: legs grow linearly.
    """

    steps: Steps = field(default_factory=Steps)
    clock_tolerance: int = 24 * HOUR
    transformation_span: int = 30 * DAY
    fan_limit: int = 8
