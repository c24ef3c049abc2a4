"""`/epcis/capture`: documents become jobs, which callers may follow.

Source: GS1 EPCIS 2.0 section 12.6 (capture interface).
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Header, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from tracegraph.access.caller import Caller, Role
from tracegraph.api.callers import Asking, Shared
from tracegraph.api.epcis import examples
from tracegraph.api.epcis.answers import answer
from tracegraph.api.epcis.asking import next_page, opened
from tracegraph.api.epcis.bodies import spooled
from tracegraph.api.epcis.headers import Headers
from tracegraph.api.epcis.offering import PREFIX, bare, body, options, routes, told
from tracegraph.api.epcis.schemas import TOKEN, ref
from tracegraph.api.problems import (
    EPCIS,
    FORBIDDEN,
    NOT_ACCEPTABLE,
    NOT_FOUND,
    TOO_LARGE,
    TOO_MANY,
    UNSUPPORTED_MEDIA,
    WRONG_REQUEST,
    Problem,
)
from tracegraph.api.serving import Serving
from tracegraph.model.instants import instant_text
from tracegraph.service.capturing import KIND, MOST_ERRORS, Behaviour
from tracegraph.service.jobs import Job, Jobs, JobState

capture = routes()

_JOB = told(200, "The job", ref("CaptureJob"), examples.CAPTURE_JOB)
_JOBS = told(
    200,
    "Jobs, the newest first",
    {"type": "array", "items": ref("CaptureJob")},
    [examples.CAPTURE_JOB],
    Link="The next page.",
)

CaptureId = Annotated[str, Path(alias="captureID", pattern="^[A-Za-z0-9_-]{22}$", examples=[examples.CAPTURE_ID])]


@capture.post(
    "/capture",
    "capture",
    status_code=202,
    idempotent=True,
    response_class=Response,
    operation_id="postCapture",
    summary="Capture a document",
    problems=[WRONG_REQUEST, NOT_ACCEPTABLE, TOO_LARGE, UNSUPPORTED_MEDIA],
    responses=bare(202, "It is kept, and will be captured", Location="The capture job."),
    openapi_extra=body("NewEPCISDocument", examples.NEW_DOCUMENT, examples.NEW_XML_DOCUMENT),
)
async def post_capture(
    request: Request,
    serving: Shared,
    caller: Asking,
    asked: Headers,
    behaviour: Annotated[
        Behaviour | None,
        Header(
            alias="GS1-Capture-Error-Behaviour",
            description="What becomes of the document where something in it is rejected: nothing is stored (rollback), "
            "or the rest is (proceed).",
        ),
    ] = None,
) -> Response:
    """Keep an EPCISDocument or EPCISQueryDocument and capture it after this answer; ask at Location how it went."""
    await run_in_threadpool(_refuse_too_many, serving, caller)
    kept = await spooled(request, serving.jobs)
    wanted = {"behaviour": behaviour or Behaviour.ROLLBACK}
    job = await run_in_threadpool(serving.jobs.ask, KIND, caller, wanted, kept)
    headers = {"Location": f"{PREFIX}/capture/{job.id}", "GS1-Capture-Error-Behaviour": wanted["behaviour"]}
    return Response(None, 202, headers)


def _refuse_too_many(serving: Serving, caller: Caller) -> None:
    """A caller who sends faster than the store takes in is told to wait, before the document is read."""
    waiting = serving.jobs.open_of(caller.name, KIND)
    if waiting >= serving.settings.most_captures:
        detail = f"{waiting} of your documents wait to be captured; send this one again later"
        raise Problem(TOO_MANY, detail, {"Retry-After": "30"})


@capture.get(
    "/capture",
    "capture",
    operation_id="getCaptureJobs",
    summary="List the capture jobs of the caller",
    problems=[WRONG_REQUEST, NOT_FOUND, NOT_ACCEPTABLE],
    responses=_JOBS,
)
def get_capture_jobs(
    request: Request,
    serving: Shared,
    caller: Asking,
    asked: Headers,
    per_page: Annotated[int, Query(alias="perPage", ge=1, le=1000)] = 30,
    token: Annotated[
        str | None, Query(alias="nextPageToken", pattern=TOKEN, description="From the header Link.")
    ] = None,
) -> Response:
    """The jobs of the caller, an administrator's of everybody, the newest first."""
    before = None if token is None else int(opened(serving, token))
    found = serving.jobs.of(_owner(caller), [KIND], before, per_page + 1)
    following = str(found[per_page - 1].number) if len(found) > per_page else None
    return answer([job_json(job) for job in found[:per_page]], asked, headers=next_page(request, serving, following))


@capture.get(
    "/capture/{captureID}",
    "capture",
    operation_id="getCaptureJob",
    summary="Look how a capture job went",
    problems=[WRONG_REQUEST, NOT_FOUND, NOT_ACCEPTABLE],
    responses=_JOB,
)
def get_capture_job(serving: Shared, caller: Asking, asked: Headers, name: CaptureId) -> Response:
    """One job: whether it runs, what was stored, and what was rejected, each with the reason and where it stands."""
    return answer(job_json(owned(serving.jobs, name, caller)), asked)


options(capture, "/capture", "GET, POST", "optionsCapture", "What capture offers")
options(
    capture, "/capture/{captureID}", "GET", "optionsCaptureJob", "What a job offers", {"captureID": examples.CAPTURE_ID}
)


def owned(jobs: Jobs, name: str, caller: Caller) -> Job:
    """The caller's own capture job of this id; an administrator's is every one. Problem 404 for all others."""
    try:
        job = jobs[name]
    except KeyError:
        job = None
    if job is None or job.kind != KIND or _owner(caller) not in (None, job.caller.name):
        raise Problem(NOT_FOUND, f"there is no capture job {name}; see {PREFIX}/capture for those there are")
    return job


def _owner(caller: Caller) -> str | None:
    """Whose jobs the caller sees (None: all)."""
    return None if caller.role is Role.ADMIN else caller.name


def job_json(job: Job) -> dict[str, Any]:
    """A job as EPCIS tells it."""
    done = job.told
    finished = {} if job.finished_at is None else {"finishedAt": instant_text(job.finished_at)}
    counts = {name: done.get(name, 0) for name in ("accepted", "duplicates", "rejected")}
    return {
        "captureID": job.id,
        "createdAt": instant_text(job.created_at),
        **finished,
        "running": job.is_open,
        "success": job.is_open or (job.state is JobState.DONE and done.get("success", False)),
        "captureErrorBehaviour": job.asked["behaviour"],
        "errors": list(_errors(job)),
        **{f"tracegraph:{name}": count for name, count in counts.items()},
        "tracegraph:masterData": done.get("master_data", 0),
        "tracegraph:findings": done.get("findings", {}),
    }


def _errors(job: Job) -> list[dict[str, str]]:
    """What was rejected; at the end how much more, or why nothing could be done."""
    told = [error_json(one["reason"], one["pointer"], one["forbidden"]) for one in job.told.get("refusals", ())]
    if "error" in job.told:
        told.append(error_json(job.told["error"]))
    elif job.state is JobState.CANCELLED:
        told.append(error_json("the job was cancelled; send the document again"))
    elif (more := job.told.get("rejected", 0) - len(told)) > 0:
        told.append(error_json(f"{more} more were rejected; only {MOST_ERRORS} are listed"))
    return told


def error_json(reason: str, pointer: str = "", forbidden: bool = False) -> dict[str, str]:
    """A rejected piece as a problem."""
    kind = FORBIDDEN if forbidden else WRONG_REQUEST
    return {
        "type": f"{EPCIS}{kind.epcis}",
        "title": "It may not be captured by this caller" if forbidden else "It cannot be captured",
        "detail": reason,
        "pointer": pointer,
    }
