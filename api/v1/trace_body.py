"""A trace as a body: with more starts than fit into an address, and with what is assumed."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from tracegraph.api.v1.assumption_parameters import ScopeAssumptions
from tracegraph.api.v1.bodies import Body
from tracegraph.api.v1.parameters import EXAMPLE_UNIT, MOST_STARTS, Start, TraceWindow


class TraceBody(TraceWindow, Body):
    """A trace as a body. Either starts, or `resume`: an earlier answer that a limit cut, whose question goes on."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        json_schema_extra={
            "examples": [{"start": [EXAMPLE_UNIT], "direction": "forward", "certainty": "possible", "max_hops": 3}]
        },
    )

    start: Annotated[list[Start], Field(default_factory=list, max_length=MOST_STARTS)]
    assumptions: Annotated[
        ScopeAssumptions | None,
        Field(description="What is assumed beyond the records; with `cross_contamination` there is no `max_seconds`"),
    ] = None
    resume: Annotated[
        dict[str, Any] | None,
        Field(description="The JSON of an earlier answer; only limits and paths may be given with it"),
    ] = None
