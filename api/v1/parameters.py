"""What can be asked: parameters of addresses and bodies. A name that is not known is refused, not passed over."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Header, Path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

from tracegraph.messages import gap_kinds
from tracegraph.model.instants import parse_instant
from tracegraph.trace.search import MOST

#: Things of the demo, for examples.
EXAMPLE_UNIT = "https://id.gs1.org/01/09520101000019/10/48088"
EXAMPLE_SITE = "https://cases.example/de-01"
EXAMPLE_PARTY = "https://id.gs1.org/417/9520106000014"
EXAMPLE_PRODUCT = "https://id.gs1.org/01/09520101000019"
EXAMPLE_EVENT = "ni:///sha-256;f6624831b8f9c78d9efed4887f6c40de4a372107a7693a9f0ff9f7c490afa77e?ver=CBV2.0"

#: An identifier's length is bounded, so that no look-up is endless, and an address is no longer than one may be.
LONGEST = 1_024
#: Something that can be seen; regular expressions do not agree on what white space is.
VISIBLE = r"[!-~]|[^\x00-\xa0]"
#: Starts of one question in an address, and in a body.
MOST_IN_ADDRESS, MOST_STARTS = 10, 1_000
#: Paths to each unit.
MOST_PATHS = 100


def _moment(text: str) -> str:
    parse_instant(text, "time")
    return text


Moment = Annotated[
    str,
    AfterValidator(_moment),
    WithJsonSchema(
        {
            "type": "string",
            "anyOf": [{"format": "date"}, {"format": "date-time"}],
            "description": "A date (the whole day) or a time; without a zone it is UTC",
            "examples": ["2011-05-20", "2011-05-20T12:00:00Z"],
        }
    ),
]


def _gap_kind(text: str) -> str:
    if text not in gap_kinds():
        raise ValueError(f"choose one of {', '.join(gap_kinds())}")
    return text


GapKind = Annotated[str, AfterValidator(_gap_kind), WithJsonSchema({"type": "string", "enum": gap_kinds()})]
Text = Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=VISIBLE)]
Start = Annotated[
    str,
    Field(
        min_length=1,
        max_length=LONGEST,
        pattern=r"^([!-9;-~]|[^\x00-\xa0])",
        description=(
            "A unit by any identifier that it is known by (Digital Link, EPC URN, GS1 element string, plain key, "
            "another number of it, a supplier's own lot number, any URI); or `site:`, `party:`, "
            "`product:`, `event:` and an id; or `line:` and a site with its line behind a blank"
        ),
        examples=[EXAMPLE_UNIT],
    ),
]
Direction = Literal["forward", "backward", "both"]
Certainty = Literal["confirmed", "possible"]
LanguageName = Literal["en", "zh"]
AsOf = Annotated[Moment | None, Field(description="As the records stood then: what was learnt later is left out")]
On = Annotated[Moment | None, Field(description="Valid time: trace from the holdings open then; else leave out later")]
Cursor = Annotated[
    str | None,
    Field(max_length=12_000, pattern="^[A-Za-z0-9_-]+$", description="The `next` of the page before"),
]
PageSize = Annotated[int, Field(ge=1, le=MOST, description="How many at most")]


def _thing(example: str) -> Any:
    text = "An identifier in any form, percent-encoded (a slash in it as %2F or as it is)"
    return Path(min_length=1, max_length=LONGEST, pattern=VISIBLE, description=text, examples=[example])


UnitId = Annotated[str, _thing(EXAMPLE_UNIT)]
EventId = Annotated[str, _thing(EXAMPLE_EVENT)]
SiteId = Annotated[str, _thing(EXAMPLE_SITE)]
PartyId = Annotated[str, _thing(EXAMPLE_PARTY)]
ProductId = Annotated[str, _thing(EXAMPLE_PRODUCT)]
Seen = Annotated[
    str | None,
    Header(alias="If-None-Match", description="ETags of answers at hand: 304 where one is still right"),
]
Preference = Annotated[
    str | None, Header(alias="Prefer", description="`respond-async`: answer as a job at once (RFC 7240)")
]
Wanted = Annotated[
    str | None, Header(alias="Accept-Language", description="Language of messages, where `lang` is not given")
]


class Asked(BaseModel):
    """Parameters that every question has; unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    lang: Annotated[LanguageName | None, Field(description="Language of messages")] = None
    as_of: AsOf = None


class ListAsked(Asked):
    """A page of a list."""

    q: Annotated[str, Field(max_length=LONGEST, description="What to look for; everything where it is left out")] = ""
    limit: PageSize = 100
    cursor: Cursor = None


class UnitListAsked(ListAsked):
    """A page of units."""

    product: Annotated[Text | None, Field(description="Only units of this product")] = None
    kind: Annotated[Literal["lot", "item"] | None, Field(description="Only lots, or only items")] = None


class GapListAsked(Asked):
    """A page of gaps."""

    kind: Annotated[GapKind | None, Field(description="Only gaps of this kind", examples=["unmatched_receipt"])] = None
    partner: Annotated[
        Text | None, Field(description="Only what this party or site is to be asked about", examples=[EXAMPLE_PARTY])
    ] = None
    limit: PageSize = 100
    cursor: Cursor = None


class WhereAsked(Asked):
    """A question about whereabouts."""

    start: Annotated[list[Start], Field(min_length=1, max_length=MOST_IN_ADDRESS)]
    on: On = None


class BalanceAsked(WhereAsked):
    """A question about quantities."""

    measure: Annotated[
        str | None,
        Field(pattern="^[A-Z0-9]{1,3}$", description="The account's unit of measure (UN/ECE Rec 20)", examples=["KGM"]),
    ] = None


class MetricAsked(Asked):
    """How a metric is to be cut."""

    start: Annotated[
        list[Start], Field(max_length=MOST_IN_ADDRESS, description="About what they reach; without one: everything")
    ] = []
    by: Annotated[
        Literal["site", "party", "unit", "product", "supplier", "customer", "origin"] | None,
        Field(description="What a row is of; each metric has some of them"),
    ] = None
    direction: Annotated[Direction | None, Field(description="Where to; default: as suits the metric")] = None
    certainty: Annotated[Certainty, Field(description="Only what the records show, or also what may be")] = "possible"
    measure: Annotated[
        str | None,
        Field(pattern="^[A-Z0-9]{1,3}$", description="Unit of measure of volumes (UN/ECE Rec 20)", examples=["KGM"]),
    ] = None
    period: Annotated[Literal["all", "year", "quarter", "month"], Field(description="Rows for each")] = "all"
    limit: Annotated[int | None, Field(ge=1, le=2**31, description="So many rows at most")] = None


class Limited(Asked):
    """What bounds an answer; the server has limits of its own besides."""

    certainty: Annotated[Certainty, Field(description="Follow only what the records show, or also what may be")] = (
        "possible"
    )
    on: On = None
    max_hops: Annotated[int | None, Field(ge=0, le=2**31, description="Events")] = None
    max_steps: Annotated[int | None, Field(ge=0, le=2**31, description="Organisation boundaries")] = None
    max_nodes: Annotated[int | None, Field(ge=1, le=2**31, description="Listed holdings")] = None
    max_seconds: Annotated[float | None, Field(gt=0, le=3600, description="Time spent on following")] = None
    contents: Annotated[bool, Field(description="A start that is a container includes what it held")] = True
    infer: Annotated[
        str | None,
        Field(
            pattern="^(fifo|lifo|weighted|window(:[0-9]{1,5})?)$",
            description="Goods without a lot number may be of the lots that were there; always possible",
            examples=["fifo"],
        ),
    ] = None


class OriginAsked(Limited):
    """A question about origins."""

    start: Annotated[list[Start], Field(min_length=1, max_length=MOST_IN_ADDRESS)]


class TraceWindow(Limited):
    """What a trace is asked with besides its starts."""

    direction: Annotated[Direction, Field(description="Where to")] = "forward"
    at: Annotated[Text | None, Field(description="Only holdings at this site", examples=[EXAMPLE_SITE])] = None
    since: Annotated[Moment | None, Field(alias="from", description="Only stays that end later")] = None
    until: Annotated[Moment | None, Field(alias="to", description="Only stays that begin before its end")] = None
    paths: Annotated[int, Field(ge=0, le=MOST_PATHS, description="So many shortest paths to each unit")] = 0
    shares: Annotated[bool, Field(description="How much of each derives from the start; not with `max_seconds`")] = (
        False
    )


class TraceAsked(TraceWindow):
    """A trace in an address."""

    start: Annotated[list[Start], Field(min_length=1, max_length=MOST_IN_ADDRESS)]


class PathsAsked(TraceAsked):
    """A trace for the sake of its paths."""

    paths: Annotated[int, Field(ge=1, le=MOST_PATHS, description="So many shortest paths to each unit")] = 1


class ExportAsked(Asked):
    """What an export is of."""

    for_party: Annotated[
        Text | None,
        Field(
            alias="for",
            description="Only what this party may know; default: what the caller may",
            examples=[EXAMPLE_PARTY],
        ),
    ] = None
    level: Annotated[
        Literal["basic", "extended"] | None,
        Field(description="With `for`: how much at most; default: what it may know"),
    ] = None
    of: Annotated[
        list[Start],
        Field(alias="start", max_length=MOST_IN_ADDRESS, description="Only a trace of these, and not of `epcis`"),
    ] = []
    direction: Annotated[Direction, Field(description="With `start`: where to")] = "forward"


class FormAsked(ExportAsked):
    """What an export says besides."""

    holds: Annotated[
        bool,
        Field(description="With what recall cases hold, as further events marked as generated; of `epcis` alone"),
    ] = False


class SheetAsked(ExportAsked):
    """Which rows of a sheet are wanted, and as what."""

    lots: Annotated[
        list[Start],
        Field(alias="lot", max_length=MOST_IN_ADDRESS, description="Only events of these lots; default: of all"),
    ] = []
    product: Annotated[
        Text | None, Field(description="Only this product: a GTIN, or words of its description", examples=["seed"])
    ] = None
    since: Annotated[Moment | None, Field(alias="from", description="Only events from then on")] = None
    until: Annotated[Moment | None, Field(alias="to", description="Only events up to then")] = None
    partner: Annotated[
        Text | None,
        Field(description="Only events in which this party or site takes part", examples=[EXAMPLE_PARTY]),
    ] = None
    workbook: Annotated[bool, Field(description="XLSX instead of CSV")] = False


class ProfileAsked(Asked):
    """A page of what records lack."""

    partner: Annotated[
        Text | None, Field(description="Only the records of this party or site", examples=[EXAMPLE_PARTY])
    ] = None
    limit: PageSize = 100
    cursor: Cursor = None


class ReportAsked(TraceAsked):
    """A question whose answer is wanted as a page."""


class ProofAsked(BaseModel):
    """Where a proof is to end."""

    model_config = ConfigDict(extra="forbid")

    upto: Annotated[
        int | None, Field(ge=1, le=2**53, description="The length of the ledger there, such as a checkpoint's count")
    ] = None


class JobsAsked(BaseModel):
    """Which jobs."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=1000, description="How many at most")] = 30
    cursor: Annotated[str | None, Field(pattern="^[0-9]{1,15}$", description="The `next` of the page before")] = None
