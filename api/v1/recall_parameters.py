"""What can be asked of cases of recall: parameters of addresses and bodies."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from tracegraph.api.v1.bodies import Body
from tracegraph.api.v1.document_parameters import DocumentAsked
from tracegraph.api.v1.parameters import EXAMPLE_PARTY, EXAMPLE_UNIT, LONGEST, Asked, LanguageName, Text
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
DocumentName = Literal[
    "notice",
    "reply",
    "consignees",
    "status",
    "checks",
    "report",
    "traceback",
    "request",
    "origin",
    "enforcement",
    "fsma204",
    "eu931",
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


class LanguageAsked(BaseModel):
    """What is asked about a case as it stands."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    lang: Annotated[LanguageName | None, Field(description="Language of messages")] = None


class ChangesAsked(LanguageAsked):
    """Which two scope versions."""

    before: Annotated[int | None, Field(ge=1, le=10**6, description="Else the last but one", alias="from")] = None
    after: Annotated[int | None, Field(ge=1, le=10**6, description="Else the last", alias="to")] = None


class ConsigneesAsked(LanguageAsked):
    """Of which scope version."""

    version: Annotated[int | None, Field(ge=1, le=10**6, description="Else the approved one, or the newest")] = None


class AccountAsked(LanguageAsked):
    """In which measure, and as known when."""

    measure: Annotated[
        str | None,
        Field(max_length=10, pattern="^[A-Z0-9]*$", description="A unit of measure (Rec 20)", examples=["KGM"]),
    ] = None
    now: Annotated[bool, Field(description="As of today's ledger; else as of the scope version")] = False


class CaseDocumentAsked(DocumentAsked):
    """Which document of a case."""

    kind: Annotated[
        DocumentName,
        Field(description="Which one (docs/documents.md)", examples=["report"]),
    ]
    consignee: Annotated[str, Field(max_length=LONGEST, description="To or of whom, where it is about one")] = ""
    party: Annotated[str, Field(max_length=LONGEST, description="Of whom it asks (`request`)")] = ""
    number: Annotated[str, Field(max_length=LONGEST, description="Of which lot it is (`origin`)")] = ""
    version: Annotated[int | None, Field(ge=1, le=10**6, description="Else the approved one, or the newest")] = None
    anonymous: Annotated[bool, Field(description="Without the names of anybody")] = False


class RepliesBody(Body):
    """Replies of consignees, each told by its fields as text."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"replies": [{"consignee": EXAMPLE_PARTY, "unit": EXAMPLE_UNIT, "on_hand": "12"}]}]
        },
    )

    replies: Annotated[
        list[dict[Annotated[str, Field(min_length=1, max_length=40)], FieldText]],
        Field(min_length=1, max_length=MOST_REPLIES),
    ]
    reason: Reason = ""
    strict: Annotated[bool, Field(description="All of them, or none where one is no reply")] = False
    seen: SeenMoves = None


class HoldsBody(Body):
    """Units that may be blocked."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"units": [EXAMPLE_UNIT]}]})

    units: Annotated[list[Text], Field(min_length=1, max_length=MOST_UNITS, description="By any number of theirs")]
