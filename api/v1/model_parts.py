"""What answers are made of, for OpenAPI: plain values, places, quantities, gaps.

Source: docs/interfaces, "Answer envelope".
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Certainty = Literal["confirmed", "possible"]
Instant = Annotated[str, Field(description="UTC, ISO 8601 with Z", examples=["2011-05-03T15:00:00Z"])]
Identifier = Annotated[str, Field(description="Canonical GS1 Digital Link, or the original opaque text")]
Amount = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$", description="A decimal, never rounded")]
Hash = Annotated[str, Field(pattern="^sha256:[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0)]
Ratio = Annotated[str, Field(pattern=r"^(0|1|0\.[0-9]+)$", description="A decimal from 0 to 1")]
Code = Annotated[str, Field(description="A unit of measure of UN/ECE Recommendation 20; empty: pieces")]


class Told(BaseModel):
    """Part of an answer; nothing else stands in it."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Ledger(Told):
    """How many entries were known, and the hash of the last one."""

    count: Count | None = Field(description="null where the caller may not know how long it is")
    head: Hash


class AsOf(Told):
    """What the answer is based on."""

    known: Instant | None
    ledger: Ledger


class FrontierEntry(Told):
    """A listed holding behind which a limit left something out."""

    holding: str
    distance: Count
    steps: Count
    certainty: Certainty
    direction: Literal["forward", "backward"] | None = None


class Gap(Told):
    """Something that the records do not say although they should."""

    kind: str
    unit: str
    place: str
    event: str
    ask: list[str]
    message: str
    holding: str | None
    detail: str


class Place(Told):
    """Where goods are."""

    kind: Literal["site", "party", "transit", "container", "sink", "unknown"]
    id: str


class Quantity(Told):
    """An amount and its unit of measure (UN/ECE Recommendation 20; empty: pieces)."""

    value: Amount | None
    unit: str


class NoLists(Told):
    """The lists of other answers, which are empty here."""

    units: list[str] = Field(max_length=0)
    holdings: list[str] = Field(max_length=0)
    events: list[str] = Field(max_length=0)
    sites: list[str] = Field(max_length=0)
    parties: list[str] = Field(max_length=0)
    paths: list[str] = Field(max_length=0)
