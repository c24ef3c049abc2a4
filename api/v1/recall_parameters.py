"""What can be asked of cases of recall: parameters of addresses and bodies."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from tracegraph.api.v1.bodies import Body
from tracegraph.api.v1.parameters import EXAMPLE_UNIT, Asked, LanguageName, Text
from tracegraph.api.v1.recall_models import StateName

CASE = "^[A-Za-z0-9._-]*[0-9][A-Za-z0-9._-]*$"
#: Fields of one move, and letters in one of them.
MOST_FIELDS, LONGEST_FIELD = 60, 20_000
#: Units in one question about holds, replies in one request.
MOST_UNITS, MOST_REPLIES = 10_000, 10_000

CaseNumber = Annotated[
    str,
    Path(alias="case", min_length=1, max_length=40, pattern=CASE, description="A case number", examples=["R2026-0001"]),
]
VersionNumber = Annotated[int, Path(alias="version", ge=1, le=10**6, description="A scope version", examples=[1])]
FieldText = Annotated[str, Field(max_length=LONGEST_FIELD)]
Fields = Annotated[
    dict[Annotated[str, Field(min_length=1, max_length=40)], FieldText],
    Field(max_length=MOST_FIELDS, description="What the action says, as text (docs/recall.md lists the fields)"),
]
Reason = Annotated[str, Field(max_length=LONGEST_FIELD, description="Why")]
SeenMoves = Annotated[
    int | None,
    Field(ge=0, le=10**9, description="`moves` of the case as you saw it; 409 where somebody did something since"),
]


class RecallsAsked(Asked):
    """Which cases."""

    state: Annotated[StateName | None, Field(description="Only cases in this state")] = None


class OneAsked(Asked):
    """One case."""


class OpenBody(Body):
    """A case to be opened."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"fields": {"title": "Sprouts, lot 48088", "type": "recall"}, "reason": "a complaint"}]
        },
    )

    case: Annotated[
        str | None, Field(min_length=1, max_length=40, pattern=CASE, description="A number; else the next of the year")
    ] = None
    fields: Fields
    reason: Reason = ""


class MoveBody(Body):
    """Something to be done in a case."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"action": "note", "fields": {"text": "the sample was sent to a laboratory"}}]},
    )

    action: Annotated[str, Field(min_length=1, max_length=40, pattern="^[a-z_]+$")]
    fields: Fields = Field(default_factory=dict)
    reason: Reason = ""
    seen: SeenMoves = None


class ScopeVersionBody(Body):
    """A scope to be asked for. `scope`: seeds as in a scope question; none: the question of the last version anew."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"question": {"scope": {"rule": "lot", "unit": EXAMPLE_UNIT}}, "reason": "first suspicion"}]
        },
    )

    question: Annotated[
        dict[str, Any] | None,
        Field(description="As in POST /api/v1/scopes; null: the question of the last version, of today's ledger"),
    ] = None
    reason: Reason = ""
    force: Annotated[bool, Field(description="A new version even where nothing changed")] = False
    seen: SeenMoves = None


class ChangesAsked(BaseModel):
    """Which two scope versions."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    lang: Annotated[LanguageName | None, Field(description="Language of messages")] = None
    before: Annotated[int | None, Field(ge=1, le=10**6, description="Else the last but one", alias="from")] = None
    after: Annotated[int | None, Field(ge=1, le=10**6, description="Else the last", alias="to")] = None


class HoldsBody(Body):
    """Units that may be blocked."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"units": [EXAMPLE_UNIT]}]})

    units: Annotated[list[Text], Field(min_length=1, max_length=MOST_UNITS, description="By any number of theirs")]


class TasksAsked(BaseModel):
    """In which language."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    lang: Annotated[LanguageName | None, Field(description="Language of messages")] = None


class ConsigneesAsked(BaseModel):
    """Of which version."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    lang: Annotated[LanguageName | None, Field(description="Language of messages")] = None
    version: Annotated[int | None, Field(ge=1, le=10**6, description="Else the approved one, else the newest")] = None


class AccountAsked(BaseModel):
    """In which unit of measure, and as known when."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    lang: Annotated[LanguageName | None, Field(description="Language of messages")] = None
    measure: Annotated[
        str | None, Field(max_length=3, description="UN/ECE Rec 20 code; else that of most of the goods")
    ] = None
    now: Annotated[bool, Field(description="By all that is known now, not as known when the scope was made")] = False


class CaseDocumentAsked(BaseModel):
    """In which form, and whose."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    lang: Annotated[LanguageName | None, Field(description="Language of the document")] = None
    form: Annotated[
        Literal["html", "pdf", "xlsx", "csv", "json"], Field(description="A page, PDF, a workbook, rows or data")
    ] = "html"
    consignee: Annotated[Text | None, Field(description="To or of which consignee, where it is about one")] = None
    version: Annotated[int | None, Field(ge=1, le=10**6, description="Of the scope; else the one that holds")] = None
    anonymous: Annotated[bool, Field(description="Without the names of anybody")] = False


#: Documents that are about a case alone, or about one consignee of it.
CaseDocument = Annotated[
    Literal["notice", "reply", "consignees", "status", "checks", "report", "enforcement", "fsma204", "eu931"],
    Path(alias="kind", description="Which document", examples=["report"]),
]
