"""What records lack of a profile's key data elements, as an answer of /api/v1."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tracegraph.api.v1.model_parts import AsOf, Count, FrontierEntry, Gap, Identifier, Instant, NoLists, Told


class ProfileQuestion(Told):
    """What was looked at."""

    kind: Literal["profile"]
    profile: str
    partner: str | None
    limit: int | None
    after: str | None
    as_of: Instant | None


class ProfileName(Told):
    """A profile: its name, its title in the language of the answer, and where its elements come from."""

    name: str
    title: str
    source: str


class EventsChecked(Told):
    """Events of a kind that the profile knows, others, and those that show in part only and are not judged."""

    checked: Count
    others: Count
    withheld: Count


class KeyDataFound(Told):
    """One element that an event lacks, or has otherwise. `pointer`: where (RFC 6901), within the event."""

    event: str
    event_id: str | None
    file: str | None
    pointer: str
    kind: str
    clause: str | None
    partner: Identifier | None
    element: str
    problem: str
    value: str | None
    wanted: str | None
    message: str


class Completeness(Told):
    """Of how many events of a partner and kind an element is wanted, and how many have it."""

    partner: Identifier | None
    kind: str
    kind_label: str
    element: str
    label: str
    required: Count
    present: Count


class Lacking(NoLists):
    """A page of findings; `found` counts all of them, and the lists of other answers are empty."""

    profile: ProfileName
    checked: EventsChecked
    findings: list[KeyDataFound]
    found: Count
    completeness: list[Completeness]
    rejected: list[str] = Field(max_length=0)
    next: str | None


class ProfileAnswer(Told):
    """What records lack. `complete` false: some events show in part only and were not judged."""

    tracegraph: str
    question: ProfileQuestion
    as_of: AsOf
    complete: bool
    frontier: list[FrontierEntry] = Field(max_length=0)
    gaps: list[Gap] = Field(max_length=0)
    result: Lacking
