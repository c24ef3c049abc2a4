"""What can be asked of incident cases: parameters of addresses and bodies."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from tracegraph.api.v1.bodies import Body
from tracegraph.api.v1.parameters import EXAMPLE_SITE, EXAMPLE_UNIT, Asked, Certainty, Moment, Text

#: Cases of one question, or of one import.
MOST_CASES = 1_000
#: Candidates of each kind, and how many of them have paths.
MOST_CANDIDATES = 1_000
MOST_EXPLAINED = 20


CaseNumber = Annotated[
    str,
    Field(
        min_length=1,
        max_length=40,
        pattern="^[A-Za-z0-9._-]*[0-9][A-Za-z0-9._-]*$",
        description="A pseudonym of letters, digits, dots and dashes, with a digit in it",
        examples=["C-17"],
    ),
]


class CaseRow(Body):
    """One case, or one control."""

    model_config = ConfigDict(extra="forbid")

    case: CaseNumber
    role: Annotated[
        Literal["case", "control"], Field(description="A control was exposed to other goods and is well")
    ] = "case"
    place: Annotated[Text | None, Field(description="The site of exposure", examples=[EXAMPLE_SITE])] = None
    unit: Annotated[Text | None, Field(description="The lot or item, where it is known", examples=[EXAMPLE_UNIT])] = (
        None
    )
    exposed_from: Moment | None = None
    exposed_to: Moment | None = None
    onset_from: Moment | None = None
    onset_to: Moment | None = None
    weight: Annotated[
        str, Field(max_length=20, pattern=r"^[0-9]+(\.[0-9]+)?$", description="How much it counts", examples=["1"])
    ] = "1"


Cases = Annotated[list[CaseRow], Field(min_length=1, max_length=MOST_CASES)]
EXAMPLE_CASE: dict[str, Any] = {
    "case": "C-17",
    "place": EXAMPLE_SITE,
    "exposed_from": "2011-05-01",
    "exposed_to": "2011-05-31",
}


class CasesAsked(Asked):
    """Which cases."""


class CasesBody(Body):
    """Cases to be recorded."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"cases": [EXAMPLE_CASE], "reason": "line list of 6 June"}]}
    )

    cases: Cases
    reason: Annotated[Text, Field(description="Why, or from where, they are recorded")]


class SourcesBody(Asked, Body):
    """Cases, and what is wanted of their sources."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"cases": [EXAMPLE_CASE], "among": ["unit"], "limit": 5}]}
    )

    cases: Annotated[list[CaseRow], Field(max_length=MOST_CASES, default_factory=list)]
    numbers: Annotated[
        list[CaseNumber], Field(max_length=MOST_CASES, default_factory=list, description="Cases on record")
    ]
    among: Annotated[
        list[Literal["unit", "site", "party", "product"]] | None,
        Field(max_length=4, description="What a source can be; all four where it is left out", examples=[["unit"]]),
    ] = None
    limit: Annotated[int, Field(ge=1, le=MOST_CANDIDATES, description="Candidates of each kind")] = 20
    paths: Annotated[
        int, Field(ge=0, le=MOST_EXPLAINED, description="Paths to the cases from so many candidates of each kind")
    ] = 1
    certainty: Annotated[Certainty, Field(description="Follow only what the records show, or also what may be")] = (
        "possible"
    )
    contents: Annotated[bool, Field(description="A container includes what it held")] = True

    def options(self) -> dict[str, Any]:
        """The arguments of the library."""
        return {
            "kinds": self.among,
            "limit": self.limit,
            "paths": self.paths,
            "certainty": self.certainty,
            "as_of": self.as_of,
            "contents": self.contents,
        }
