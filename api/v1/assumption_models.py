"""What an answer says of its assumptions, for OpenAPI."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tracegraph.api.v1.model_parts import Count, Identifier, Instant, Place, Told


class Stopped(Told):
    """A transformation that nothing was followed through, as assumed."""

    transformation: str
    place: Place
    instant: Instant
    events: list[str]
    direction: Literal["forward", "backward"] | None = None


class Joined(Told):
    """A stay that came in because of what it was together with. `assumption`: which one of the question; `since`: from
    when on it may be contaminated (backward: contaminate)."""

    unit: Identifier
    holding: str
    place: Place
    rule: Literal["cross_contamination"]
    assumption: Count
    declared: Literal["exposed", "possible"] = Field(alias="class")
    since: Instant
    together_with: str = Field(alias="with", description="A holding")
    direction: Literal["forward", "backward"] | None = None


class Assumed(Told):
    """What a trace has by its assumptions, and where they stopped it."""

    joined: list[Joined]
    stopped: list[Stopped]
