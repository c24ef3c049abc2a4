"""What can be asked of documents: parameters of addresses."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tracegraph.api.v1.parameters import EXAMPLE_PARTY, Asked, Moment, Text


class DocumentAsked(Asked):
    """In which form, and what is true until when."""

    form: Annotated[
        Literal["html", "pdf", "xlsx", "csv", "json"], Field(description="A page, PDF, a workbook, rows or data")
    ] = "html"
    valid: Annotated[
        Moment | None, Field(description="What became true later does not count; a date is the whole day")
    ] = None


class AnnualAsked(DocumentAsked):
    """Of whom, and of which year."""

    party: Annotated[Text, Field(description="The organisation", examples=[EXAMPLE_PARTY])]
    year: Annotated[int, Field(ge=1900, le=9998, description="The calendar year", examples=[2025])]


class NumberAsked(DocumentAsked):
    """Of which document."""

    number: Annotated[Text, Field(description="The number of the document", examples=["D-17"])]
