"""Errors as problem details (RFC 9457): one table from what happened to status and type, for both interfaces.

Types of /epcis are those of EPCIS 2.0 (`epcisException:...`), others `urn:tracegraph:problem:...`; both stay for ever.
Source of the EPCIS types: GS1 EPCIS 2.0, OpenAPI, problem responses.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from tracegraph import errors

PROBLEM_JSON = "application/problem+json"
OWN = "urn:tracegraph:problem:"
EPCIS = "epcisException:"


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One kind of problem: its name here, the EPCIS exception that says the same, its status, and its title."""

    name: str
    epcis: str
    status: int
    title: str


WRONG_REQUEST = ProblemType("wrong-request", "ValidationException", 400, "The request is not understood")
WRONG_QUERY = ProblemType("wrong-query", "QueryParameterException", 400, "A parameter of the query is not understood")
INVALID_QUERY = ProblemType("invalid-query", "QueryValidationException", 400, "The query is not possible")
WRONG_SUBSCRIPTION = ProblemType(
    "wrong-subscription", "SubscriptionControlsException", 400, "The subscription is not possible"
)
UNAUTHENTICATED = ProblemType("unauthenticated", "SecurityException", 401, "Who asks is not known")
FORBIDDEN = ProblemType("forbidden", "SecurityException", 403, "The role does not have this operation")
NOT_FOUND = ProblemType("not-found", "NoSuchResourceException", 404, "There is no such thing")
NO_SUCH_NAME = ProblemType("no-such-name", "NoSuchNameException", 404, "Nothing has this name")
METHOD_NOT_ALLOWED = ProblemType("method-not-allowed", "ValidationException", 405, "The method is not offered here")
NOT_ACCEPTABLE = ProblemType("not-acceptable", "NotAcceptableException", 406, "No offered form was asked for")
CONFLICT = ProblemType("conflict", "ResourceAlreadyExistsException", 409, "There is such a thing already")
REFUSED = ProblemType("refused", "ValidationException", 409, "This is not possible now")
BUSY_KEY = ProblemType("busy-key", "ValidationException", 409, "The same request is running")
CONTRADICTION = ProblemType(
    "contradictory-question", "ValidationException", 409, "The parts of the question do not go together"
)
TOO_LARGE = ProblemType("too-large", "CaptureLimitExceededException", 413, "The request is too large")
QUERY_TOO_LARGE = ProblemType("query-too-large", "QueryTooLargeException", 413, "The answer would be too large")
QUERY_TOO_COMPLEX = ProblemType("query-too-complex", "QueryTooComplexException", 413, "The query is too complex")
URI_TOO_LONG = ProblemType("uri-too-long", "URITooLongException", 414, "The address is too long")
UNSUPPORTED_MEDIA = ProblemType("unsupported-media", "UnsupportedMediaTypeException", 415, "The form is not understood")
USED_KEY = ProblemType("used-key", "ValidationException", 409, "The key belongs to another request")
REJECTED_INPUT = ProblemType("rejected-input", "ValidationException", 422, "The input was rejected")
TOO_MANY = ProblemType("too-many-requests", "ImplementationException", 429, "Too many requests")
BUG = ProblemType("bug", "ImplementationException", 500, "A fault of the program")
NOT_IMPLEMENTED = ProblemType("not-implemented", "ImplementationException", 501, "This is not implemented")
ISSUER_SILENT = ProblemType("issuer-silent", "ImplementationException", 503, "The issuer of tokens does not answer")
STORE_UNUSABLE = ProblemType("store-unusable", "ImplementationException", 503, "The store cannot be used now")
STORE_FULL = ProblemType("store-full", "ImplementationException", 507, "No space is left in the store")

PROBLEM_TYPES = tuple(value for value in list(globals().values()) if isinstance(value, ProblemType))

#: The closest type for each error of the library: the first of its classes that stands here.
_OF_ERROR: dict[type[BaseException], ProblemType] = {
    errors.UnknownIdentifier: NOT_FOUND,
    errors.RejectedInput: REJECTED_INPUT,
    errors.QueryParameterInvalid: WRONG_QUERY,
    errors.QueryInvalid: INVALID_QUERY,
    errors.QueryTooLarge: QUERY_TOO_LARGE,
    errors.QueryTooComplex: QUERY_TOO_COMPLEX,
    errors.NoSuchQuery: NO_SUCH_NAME,
    errors.Refused: REFUSED,
    errors.StoreFull: STORE_FULL,
    errors.StoreError: STORE_UNUSABLE,
    errors.TracegraphError: WRONG_REQUEST,
}


class Problem(Exception):
    """A request that is not answered. `detail`: one sentence for the caller; `more`: further members."""

    def __init__(self, kind: ProblemType, detail: str, headers: Mapping[str, str] | None = None, **more: Any) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.headers = dict(headers or {})
        self.more = more


def problem_of(error: errors.TracegraphError) -> Problem:
    """An error of the library as a problem."""
    kind = next(_OF_ERROR[base] for base in type(error).__mro__ if base in _OF_ERROR)
    headers = {"Retry-After": "5"} if isinstance(error, errors.StoreError) else {}
    more = {"nearest": list(error.nearest)} if isinstance(error, errors.UnknownIdentifier) else {}
    return Problem(kind, str(error), headers, **more)


def type_of(kind: ProblemType, path: str) -> str:
    """The stable type of a problem: EPCIS has its own."""
    return f"{EPCIS}{kind.epcis}" if is_epcis(path) else f"{OWN}{kind.name}"


def is_epcis(path: str) -> bool:
    """Whether an address belongs to the EPCIS interface."""
    return path == "/epcis" or path.startswith("/epcis/")


def response(problem: Problem, path: str, request_id: str = "") -> Response:
    """The problem as a response; `path` is what was asked for."""
    kind = problem.kind
    told = {
        "type": type_of(kind, path),
        "title": kind.title,
        "status": kind.status,
        "detail": problem.detail,
        **({"request": request_id} if request_id else {}),
        **problem.more,
    }
    content = json.dumps(told, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return Response(content, kind.status, problem.headers, PROBLEM_JSON)
