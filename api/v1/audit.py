"""The audit trail: who asked what. Administrators read all of it, auditors what their clients asked."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query
from starlette.responses import JSONResponse, Response

from tracegraph.api.callers import Asking, Shared
from tracegraph.api.routes import Routes
from tracegraph.service.audit import as_json

PREFIX = "/api/v1"
#: Entries of one page.
MOST = 1_000

routes = Routes(PREFIX, "audit")

_ENTRY: dict[str, Any] = {
    "number": 7,
    "at": "2026-01-31T09:00:00Z",
    "request": "5f2b9a7e0c7d4a56b1f1d0c6e4b3a291",
    "caller": "plant-1",
    "role": "operator",
    "organisations": ["https://id.gs1.org/417/9521234000006"],
    "operation": "read",
    "method": "GET",
    "route": "/api/v1/units/{unit}",
    "asked": ["https://id.gs1.org/01/09521000123458/10/L1"],
    "status": 200,
}
_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["entries", "next"],
    "properties": {
        "entries": {
            "type": "array",
            "items": {
                "type": "object",
                "required": list(_ENTRY),
                "properties": {
                    **dict.fromkeys(_ENTRY, _TEXT),
                    "number": {"type": "integer"},
                    "at": {"type": "string", "format": "date-time"},
                    "organisations": _TEXTS,
                    "asked": _TEXTS,
                    "status": {"type": "integer"},
                },
            },
        },
        "next": {"type": ["integer", "null"], "description": "`before` of the next page; null on the last one"},
    },
}
_PAGE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Entries, newest first",
        "headers": {"Link": {"description": 'The next page, rel="next"', "schema": _TEXT}},
        "content": {"application/json": {"schema": _SCHEMA, "example": {"entries": [_ENTRY], "next": None}}},
    }
}

_BEFORE = Query(ge=1, le=2**63 - 1, description="Only entries with a smaller number", examples=[1_000_000])
_CALLER = Query(min_length=1, max_length=300, description="Only of this caller", examples=["plant-1"])
_LIMIT = Query(ge=1, le=MOST, description="Most entries of the page", examples=[100])


@routes.get("/audit", "audit", summary="Who asked what", operation_id="list_audit_entries", responses=_PAGE)
def entries(
    serving: Shared,
    asking: Asking,
    before: Annotated[int | None, _BEFORE] = None,
    caller: Annotated[str | None, _CALLER] = None,
    limit: Annotated[int, _LIMIT] = 100,
) -> Response:
    """Requests that were answered or refused, newest first; requests of the last half second may be missing."""
    found = serving.audit.page(before, limit, caller, asking)
    following = found[-1].number if len(found) == limit else None
    headers = {} if following is None else {"Link": _link(following, caller, limit)}
    return JSONResponse({"entries": [as_json(entry) for entry in found], "next": following}, headers=headers)


def _link(before: int, caller: str | None, limit: int) -> str:
    wanted = {"before": before, "limit": limit, **({"caller": caller} if caller else {})}
    return f'<{PREFIX}/audit?{urlencode(wanted)}>; rel="next"'
