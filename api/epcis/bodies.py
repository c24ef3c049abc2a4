"""Bodies of requests: read in pieces onto disk where they are documents, whole where they are small."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from tracegraph.api.epcis.headers import JSON_FORMS, XML_FORMS, media_of
from tracegraph.api.problems import TOO_LARGE, UNSUPPORTED_MEDIA, WRONG_REQUEST, Problem
from tracegraph.service.jobs import Jobs

#: A document up to this size is looked at before its job is made.
LOOKED_AT = 1024 * 1024
#: The most bytes of a body that is read whole: the limit of one event.
MOST_WHOLE = 16 * 1024 * 1024
_DOCUMENTS = ("EPCISDocument", "EPCISQueryDocument")
_GZIP = b"\x1f\x8b"


async def spooled(request: Request, jobs: Jobs) -> Path:
    """The document in the body, on disk. Problems 400 and 415 where it is none at first sight."""
    media = media_of(request.headers.get("content-type"), (*JSON_FORMS, *XML_FORMS))
    refuse_encoded(request)
    spool = jobs.spool()
    stream = await run_in_threadpool(spool.__enter__)
    try:
        head = await _received(request, stream.write)
        _refuse_other_media(head, media)
        if media in JSON_FORMS and stream.tell() <= LOOKED_AT:
            check_document(_json(head))
    except BaseException as error:
        await run_in_threadpool(spool.__exit__, type(error), error, error.__traceback__)
        raise
    await run_in_threadpool(spool.__exit__, None, None, None)
    return Path(stream.name)


async def _received(request: Request, write: Any) -> bytes:
    """Write all of the body; returns its beginning."""
    head = bytearray()
    try:
        async for chunk in request.stream():
            write(chunk)
            head += chunk[: LOOKED_AT - len(head)]
    except ClientDisconnect:
        raise Problem(WRONG_REQUEST, "the body ends before its length; send it again") from None
    return bytes(head)


def refuse_encoded(request: Request) -> None:
    """Problem 415 for a body that would have to be unpacked: nobody knows beforehand how large it becomes."""
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Problem(UNSUPPORTED_MEDIA, "the body is encoded; send it plain, without Content-Encoding")


def _refuse_other_media(head: bytes, media: str) -> None:
    if head.startswith(_GZIP):
        raise Problem(UNSUPPORTED_MEDIA, "the body is packed; send it plain")
    first = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if not first:
        raise Problem(WRONG_REQUEST, "the body is empty; send an EPCIS document")
    if (first == b"<") != (media in XML_FORMS):
        raise Problem(WRONG_REQUEST, f"the body is not {media}; correct the body or Content-Type")


async def whole(request: Request) -> bytes:
    """A body that is small enough for memory. Problems 413 and 415."""
    media_of(request.headers.get("content-type"), JSON_FORMS)
    refuse_encoded(request)
    held = bytearray()
    try:
        async for chunk in request.stream():
            held += chunk
            if len(held) > MOST_WHOLE:
                raise Problem(TOO_LARGE, f"the body is over {MOST_WHOLE} bytes, the limit here; send it in parts")
    except ClientDisconnect:
        raise Problem(WRONG_REQUEST, "the body ends before its length; send it again") from None
    return bytes(held)


async def whole_object(request: Request) -> dict[str, Any]:
    """A body that is a JSON object, numbers as Decimal. Problem 400 where it is none."""
    value = _json(await whole(request))
    if not isinstance(value, dict):
        raise Problem(WRONG_REQUEST, "the body is no JSON object; send an object")
    return value


def _json(data: bytes) -> Any:
    try:
        return json.loads(data, parse_float=_number, parse_int=_number, parse_constant=str)
    except RecursionError:
        raise Problem(WRONG_REQUEST, "the body nests too deep; send it flatter") from None
    except ValueError as error:
        raise Problem(WRONG_REQUEST, f"the body is no JSON ({str(error)[:200]}); correct it") from None


def _number(text: str) -> Any:
    """A number, or its text where its exponent is beyond all that can be computed with (as at capture)."""
    try:
        return Decimal(text)
    except ArithmeticError:
        return text


def check_document(value: Any) -> None:
    """Problem 400 for what is no EPCIS document."""
    if not isinstance(value, dict):
        raise Problem(WRONG_REQUEST, "the body is no JSON object; send an EPCISDocument")
    if value.get("type") not in _DOCUMENTS:
        raise Problem(WRONG_REQUEST, "/type: it is no EPCISDocument; send one, or a single event to /epcis/events")
    for name in ("epcisBody", "epcisHeader"):
        if not isinstance(value.get(name, {} if name == "epcisHeader" else None), dict):
            raise Problem(WRONG_REQUEST, f"/{name}: an object must stand here; correct the document")
