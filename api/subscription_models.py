"""Subscriptions as JSON: what is sent and what is answered, for both interfaces.

Source: GS1 EPCIS 2.0, REST binding, query subscriptions; the own interface adds how deliveries go.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator
from pydantic.config import JsonDict

from tracegraph.model.instants import parse_instant
from tracegraph.service.subscriptions import Wanted

# The usual forms of times and URLs; what the service says of any other is a sentence of its own.
_DAY = r"((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
_DATE = rf"20[0-9]{{2}}-{_DAY}"
_TIME = rf"^{_DATE}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{{1,6}})?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])$"


_URL = r"^https?://[A-Za-z0-9]([A-Za-z0-9.-]{0,200}[A-Za-z0-9])?(:[1-9][0-9]{0,3})?(/[!\"$-\[\]-~]{0,1700})?$"


def _list_of(number: str) -> str:
    """The pattern of a schedule's field whose numbers have a pattern."""
    element = rf"(\*|({number})|\[({number})-({number})\])(/[1-9][0-9]?)?"
    return rf"^{element}(,{element})*$"


_SIXTY = _list_of("[1-5]?[0-9]")

Second = Annotated[str, Field(None, pattern=_SIXTY, max_length=300, examples=["0"])]
Minute = Annotated[str, Field(None, pattern=_SIXTY, max_length=300, examples=["0/15"])]
Hour = Annotated[str, Field(None, pattern=_list_of("1?[0-9]|2[0-3]"), max_length=300, examples=["[8-17]"])]
DayOfMonth = Annotated[str, Field(None, pattern=_list_of("[1-9]|[12][0-9]|3[01]"), max_length=300, examples=["1,15"])]
Month = Annotated[str, Field(None, pattern=_list_of("[1-9]|1[0-2]"), max_length=300, examples=["*"])]
DayOfWeek = Annotated[str, Field(None, pattern=_list_of("[1-7]"), max_length=300, examples=["[1-5]"])]


class QuerySchedule(BaseModel):
    """When a query runs (UTC): numbers, lists `1,15`, ranges `[1-5]`, `*`, steps `0/30`; Monday is 1."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"minProperties": 1})

    second: Second
    minute: Minute
    hour: Hour
    dayOfMonth: DayOfMonth  # noqa: N815
    month: Month
    dayOfWeek: DayOfWeek  # noqa: N815


_ONE_OF: JsonDict = {
    "oneOf": [
        {"required": ["stream"], "properties": {"stream": {"const": True}}, "not": {"required": ["schedule"]}},
        {"required": ["schedule"], "properties": {"stream": {"type": "boolean", "not": {"const": True}}}},
    ]
}


class SubscriptionRequest(BaseModel):
    """A subscription that is asked for: either `stream` is true, or there is a `schedule`."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_ONE_OF)

    dest: Annotated[
        str,
        Field(
            json_schema_extra={"pattern": _URL, "maxLength": 2_000},
            description="Where deliveries are sent: https, a public host, port 443 or 8443; more where the service's "
            "list allows it.",
            examples=["https://client.example.com/events"],
        ),
    ]
    signatureToken: Annotated[  # noqa: N815
        str,
        Field(
            None,
            pattern=r"^[!-~]{12,256}$",
            description="A secret that the subscriber made up; deliveries are signed with it. It is never shown again.",
            examples=["2oF4xq-Nw9_8sTz1"],
        ),
    ]
    stream: Annotated[StrictBool, Field(description="Deliver whenever an event is captured.")] = False
    schedule: Annotated[QuerySchedule, Field(None)]
    reportIfEmpty: Annotated[  # noqa: N815
        StrictBool, Field(description="Deliver an empty list where a scheduled run finds nothing.")
    ] = False
    initialRecordTime: Annotated[  # noqa: N815
        str,
        Field(
            None,
            json_schema_extra={"pattern": _TIME},
            description="Begin with events that were recorded then or later; without it, with those to come.",
            examples=["2026-01-01T00:00:00Z"],
        ),
    ]

    @model_validator(mode="before")
    @classmethod
    def _without_trigger(cls, given: Any) -> Any:
        if isinstance(given, dict) and "trigger" in given:
            raise ValueError("trigger is not offered; give stream true or a schedule")
        return given

    def wanted(self) -> Wanted:
        """What is asked for. Raises UsageError for a time that there is not."""
        given = self.model_dump(exclude_unset=True)
        initial = given.get("initialRecordTime")
        return Wanted(
            self.dest,
            given.get("signatureToken"),
            self.stream,
            given.get("schedule"),
            self.reportIfEmpty,
            None if initial is None else parse_instant(initial, "initialRecordTime"),
        )


class QuerySubscription(BaseModel):
    """A subscription, as GS1 EPCIS 2.0 has it; never its token."""

    subscriptionID: str  # noqa: N815
    queryName: str  # noqa: N815
    dest: str
    createdAt: str  # noqa: N815
    reportIfEmpty: bool  # noqa: N815
    stream: bool | None = None
    schedule: QuerySchedule | None = None
    initialRecordTime: str | None = None  # noqa: N815
    lastNotifiedAt: str | None = None  # noqa: N815


class FollowedSubscription(QuerySubscription):
    """A subscription and how its deliveries go."""

    owner: str
    signed: bool
    state: Annotated[str, Field(json_schema_extra={"enum": ["active", "paused", "stopped"]})]
    reason: Annotated[str, Field(description="What the last attempt met, or why it is stopped.")]
    deadLetters: Annotated[int, Field(ge=0, description="Deliveries that were given up.")]  # noqa: N815
    nextTry: str | None = None  # noqa: N815
    nextRun: str | None = None  # noqa: N815


class DeadLetter(BaseModel):
    """A delivery that was given up."""

    deliveryID: str  # noqa: N815
    attempts: int
    createdAt: str  # noqa: N815
    lastTriedAt: str | None = None  # noqa: N815
    error: str


#: Examples of what is sent.
REQUESTS: dict[str, Any] = {
    "stream": {
        "summary": "Whenever an event is captured",
        "value": {
            "dest": "https://client.example.com/events",
            "signatureToken": "2oF4xq-Nw9_8sTz1",
            "stream": True,
        },
    },
    "schedule": {
        "summary": "Every morning at 1:05, also where there is nothing",
        "value": {
            "dest": "https://client.example.com/events",
            "signatureToken": "2oF4xq-Nw9_8sTz1",
            "schedule": {"hour": "1", "minute": "5"},
            "reportIfEmpty": True,
        },
    },
}
#: One subscription in both forms, for the description of the interface.
SUBSCRIPTION: Mapping[str, Any] = {
    "subscriptionID": "df5a33e3-5aa3-4403-ae01-99b83234e27b",
    "queryName": "births",
    "dest": "https://client.example.com/events",
    "createdAt": "2026-01-31T09:00:00Z",
    "reportIfEmpty": False,
    "stream": True,
    "lastNotifiedAt": "2026-01-31T09:00:05Z",
}
FOLLOWED: Mapping[str, Any] = {
    **SUBSCRIPTION,
    "owner": "plant",
    "signed": True,
    "state": "stopped",
    "reason": "the receiver answered 503; see its log",
    "deadLetters": 1,
}
DEAD_LETTER: Mapping[str, Any] = {
    "deliveryID": "0b8f2c7e4d1a49c6a1f0e2d3c4b5a697",
    "attempts": 154,
    "createdAt": "2026-01-30T09:00:05Z",
    "lastTriedAt": "2026-01-31T09:00:05Z",
    "error": "the receiver answered 503; see its log",
}
