"""What can be asked about scope: seeds in an address, or any expression of them as a body."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StrictBool

from tracegraph.api.v1.assumption_parameters import Part, ScopeAssumptions, Windowed
from tracegraph.api.v1.bodies import Body
from tracegraph.api.v1.parameters import (
    EXAMPLE_UNIT,
    MOST_IN_ADDRESS,
    MOST_PATHS,
    MOST_STARTS,
    Asked,
    Moment,
    Start,
    Text,
)

SeedClass = Literal["implicated", "affected", "possible", "exposed"]
GradeName = Literal["stated", "documented", "verified"]


class ScopeOptions(Asked):
    """What a scope is asked with besides its seeds."""

    follow: Annotated[bool, Field(description="Also what was made of the hits, and where they went")] = True
    minimum_grade: Annotated[GradeName, Field(description="Legs that are evidenced less count as possible")] = "stated"
    paths: Annotated[int, Field(ge=0, le=MOST_PATHS, description="So many shortest paths to each unit")] = 1


class ScopeAsked(ScopeOptions):
    """A scope in an address: the union of the starts."""

    start: Annotated[list[Start], Field(min_length=1, max_length=MOST_IN_ADDRESS)]
    line: Annotated[Text | None, Field(description="Only what was made on this line of a site")] = None
    since: Annotated[Moment | None, Field(alias="from", description="The seeds' window begins")] = None
    until: Annotated[Moment | None, Field(alias="to", description="The seeds' window ends")] = None


class Declaring(Part):
    """A seed that may say the class of what it certainly hits."""

    declared: Annotated[SeedClass | None, Field(alias="class")] = None


class LotSeed(Declaring):
    """A lot, item or container by any of its numbers."""

    rule: Literal["lot"]
    unit: Text
    at: Moment | None = None
    contents: StrictBool = True
    residue: StrictBool = False


class SiteSeed(Declaring, Windowed):
    """What was at a site, or was made there on a line."""

    rule: Literal["site"]
    site: Text
    line: Text | None = None


class LineSeed(Declaring, Windowed):
    """What was made on a line: its site and, behind a blank, its name."""

    rule: Literal["line"]
    on: Text


class CleanBreakSeed(Declaring):
    """What was made on a line between two verified cleanings around the evidence."""

    rule: Literal["clean_break"]
    site: Text
    line: Text | None = None
    evidence: Annotated[list[Moment], Field(min_length=1, max_length=MOST_STARTS)]


class ProductSeed(Declaring, Windowed):
    """Lots of a product."""

    rule: Literal["product"]
    product: Text
    supplier: Text | None = None


class OrganisationSeed(Declaring, Windowed):
    """What an organisation held, owned or made."""

    rule: Literal["organisation"]
    party: Text
    role: Literal["holder", "owner", "maker"] = "holder"


class EquipmentSeed(Declaring, Windowed):
    """What was in a container after something implicated."""

    rule: Literal["equipment"]
    equipment: Text
    unit: Text | None = None


class EvidenceSeed(Declaring):
    """What positive evidence is about."""

    rule: Literal["evidence"]
    evidence: Text | None = None


class SetOfSeeds(Part):
    """The union of seeds, or the first part without the units of the others."""

    rule: Literal["union", "minus"]
    of: Annotated[list[Expression], Field(min_length=1, max_length=MOST_STARTS)]


Expression = Annotated[
    LotSeed
    | SiteSeed
    | LineSeed
    | CleanBreakSeed
    | ProductSeed
    | OrganisationSeed
    | EquipmentSeed
    | EvidenceSeed
    | SetOfSeeds,
    Field(discriminator="rule"),
]


class ScopeBody(ScopeOptions, Body):
    """A scope question as a body."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        json_schema_extra={"examples": [{"scope": {"rule": "lot", "unit": EXAMPLE_UNIT}, "paths": 1}]},
    )

    scope: Expression
    assumptions: ScopeAssumptions = ScopeAssumptions()


SetOfSeeds.model_rebuild()
ScopeBody.model_rebuild()
