"""What can be assumed beyond the records, as part of a body."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from tracegraph.api.v1.bodies import Body
from tracegraph.api.v1.parameters import Moment, Text

#: A year: no run takes longer.
MOST_HOURS = 24 * 366


class Part(BaseModel):
    """Part of a question; names that are not known are refused."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Windowed(Part):
    """A part with a window; open where an end is not given."""

    since: Annotated[Moment | None, Field(alias="from")] = None
    until: Annotated[Moment | None, Field(alias="to")] = None


class ContaminationAssumed(Windowed):
    """Of site and container exactly one."""

    site: Text | None = None
    container: Text | None = None
    declared: Annotated[Literal["exposed", "possible"], Field(alias="class")] = "exposed"


class KillAssumed(Windowed):
    """Of site and event exactly one."""

    site: Text | None = None
    event: Text | None = None


class ScopeAssumptions(Part, Body):
    """What is assumed beyond the records."""

    cross_contamination: Annotated[list[ContaminationAssumed], Field(max_length=100)] = []
    kills: Annotated[list[KillAssumed], Field(max_length=100)] = []
    run_hours: Annotated[int, Field(ge=0, le=MOST_HOURS)] = 24
