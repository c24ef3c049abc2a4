"""Writes that may be sent again: a route with `idempotent=True` honours the header Idempotency-Key.

The same caller, key and request get the answer of the first time (header Idempotency-Replayed), for 24 hours.
Source: draft-ietf-httpapi-idempotency-key-header.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from tracegraph.access.caller import Caller
from tracegraph.api.problems import BUSY_KEY, USED_KEY, WRONG_REQUEST, Problem
from tracegraph.service.idempotency import Answers, Busy, Kept, OtherRequest

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"

#: A key, with or without the quotes of a structured field.
_KEY = re.compile(r'"?([A-Za-z0-9._:/+=-]{1,255})"?\Z')
#: Bytes of an answer that is kept; those of writes are short.
_MOST_BYTES = 1_000_000

#: What OpenAPI says of the header.
PARAMETER: dict[str, Any] = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "A name for this request, new for each. Sent again with it, the request is answered as before, for "
    "24 hours, and not done again.",
    "schema": {"type": "string", "pattern": r"^[A-Za-z0-9._:/+=-]{1,255}$"},
    "example": "9d7d5b2e-3c0f-4a57-9d33-d1e1c3a0c9e1",
}

Handler = Callable[[Request], Awaitable[Response]]


async def answered_once(request: Request, handler: Handler, answers: Answers, caller: Caller) -> Response:
    """The handler's answer, or the one that it gave to the same request before."""
    given = request.headers.get(HEADER)
    if given is None:
        return await handler(request)
    key, who = _key(given), _identity(caller)
    digest = await _digest(request)
    kept = await _claimed(answers, who, key, digest)
    if kept is not None:
        return _replay(kept)
    try:
        response = await handler(request)
    except BaseException:
        await run_in_threadpool(answers.release, who, key)
        raise
    await _keep(answers, who, key, response)
    return response


async def _claimed(answers: Answers, who: str, key: str, digest: bytes) -> Kept | None:
    try:
        return await run_in_threadpool(answers.claim, who, key, digest)
    except OtherRequest:
        detail = f"this {HEADER} was sent with another request; give each request a key of its own"
        raise Problem(USED_KEY, detail) from None
    except Busy:
        detail = f"the request of this {HEADER} is running; ask again when it has ended"
        raise Problem(BUSY_KEY, detail, {"Retry-After": "1"}) from None


async def _keep(answers: Answers, who: str, key: str, response: Response) -> None:
    """Only what was done is kept: a request that was refused may be corrected and sent again under its key."""
    body = getattr(response, "body", None)
    if response.status_code < 400 and isinstance(body, bytes) and len(body) <= _MOST_BYTES:
        headers = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in response.raw_headers
            if name != b"content-length"
        ]
        await run_in_threadpool(answers.keep, who, key, response.status_code, headers, body)
    else:
        await run_in_threadpool(answers.release, who, key)


def _replay(kept: Kept) -> Response:
    response = Response(kept.body, kept.status)
    for name, value in kept.headers:
        response.headers.append(name, value)
    response.headers[REPLAYED] = "true"
    return response


def _key(given: str) -> str:
    read = _KEY.match(given)
    if read is None:
        raise Problem(WRONG_REQUEST, f"{HEADER} is none; take up to 255 of A-Z a-z 0-9 . _ : / + = -")
    return read[1]


def _identity(caller: Caller) -> str:
    """Who the answer was given to: after a change of role or organisations it is somebody else."""
    told = "\n".join([caller.name, caller.role.value, *sorted(caller.organisations)])
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


async def _digest(request: Request) -> bytes:
    """Of all that decides what is done: method, address, form, what GS1's headers ask for, and body."""
    asked = sorted((name, value) for name, value in request.headers.items() if name.startswith("gs1-"))
    form = f"{request.headers.get('content-type', '')}{asked or ''}"
    parts = [request.method.encode(), request.scope["raw_path"] or b"", request.scope["query_string"], form.encode()]
    digest = hashlib.sha256()
    for part in [*parts, await request.body()]:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()
