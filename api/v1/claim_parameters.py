"""What can be asked of claims: parameters of addresses."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tracegraph.api.v1.parameters import EXAMPLE_SITE, LONGEST, VISIBLE, Asked, Moment, Text

#: Numbers of claims, names of packs and rules.
ClaimText = Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=VISIBLE)]
#: So many of each in one question.
MOST = 100


class ClaimAsked(Asked):
    """Under which packs, and what is true until when."""

    pack: Annotated[
        list[ClaimText], Field(max_length=MOST, description="Names of rule packs; none: all", examples=[["iso22095"]])
    ] = Field(default_factory=list)
    valid: Annotated[
        Moment | None, Field(description="What became true later does not count; a date is the whole day")
    ] = None


class ClaimsAsked(ClaimAsked):
    """About what, and by which rules."""

    about: Annotated[
        list[ClaimText],
        Field(
            max_length=MOST,
            description="Numbers of claims, units, accounts, certificates, sites or parties; none: everything",
            examples=[["C-17"]],
        ),
    ] = Field(default_factory=list)
    rule: Annotated[
        list[ClaimText],
        Field(max_length=MOST, description="Only these rules", examples=[["ISO22095-5.1-MODEL-ORDER"]]),
    ] = Field(default_factory=list)


class DatedAsked(Asked):
    """At which date."""

    on: Annotated[Moment | None, Field(description="At this date; else at the end of the records")] = None


class StatementAsked(DatedAsked):
    """Since when."""

    since: Annotated[Moment | None, Field(description="From this date on; else from the begin of the period")] = None


class CertificatesAsked(DatedAsked):
    """Of whom, and covering what."""

    scheme: Annotated[Text | None, Field(description="Only of this scheme", examples=["ASI"])] = None
    holder: Annotated[Text | None, Field(description="Only of this party")] = None
    site: Annotated[Text | None, Field(description="Only what covers this site", examples=[EXAMPLE_SITE])] = None
    product: Annotated[Text | None, Field(description="Only what covers this product")] = None
    model: Annotated[Literal["ip", "sg", "cb", "mb", "bc"] | None, Field(description="Only what covers this model")] = (
        None
    )
    valid: Annotated[bool, Field(description="Only those on which a claim could rest then")] = False
