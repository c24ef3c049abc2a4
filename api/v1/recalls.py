"""Cases of recall: opened, moved on, looked at."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Query
from starlette.responses import JSONResponse, Response

from tracegraph.answers import Answer
from tracegraph.api.idempotency import HEADER
from tracegraph.api.problems import CONTRADICTION, NOT_FOUND, REFUSED, WRONG_REQUEST, Problem
from tracegraph.api.routes import Routes
from tracegraph.api.v1 import recall_models as models
from tracegraph.api.v1.examples import example
from tracegraph.api.v1.recall_parameters import (
    AccountAsked,
    CaseNumber,
    ChangesAsked,
    ConsigneesAsked,
    HoldsBody,
    MoveBody,
    OneAsked,
    OpenBody,
    RecallsAsked,
    RepliesBody,
    ScopeVersionBody,
    VersionNumber,
)
from tracegraph.api.v1.replying import JSON, PROBLEMS, VARY, Reply, answer_of, told
from tracegraph.errors import IllegalMove, InputError, UsageError
from tracegraph.recall.answering import case_json, receipt

if TYPE_CHECKING:
    from tracegraph.intake.recalling import Acted

routes = Routes("/api/v1/recalls", "recalls")
holds = Routes("/api/v1/holds", "recalls")

RECALL = "recall"
MOVING = (NOT_FOUND, REFUSED, WRONG_REQUEST, CONTRADICTION)


@routes.get(
    "",
    RECALL,
    summary="Cases of recall",
    operation_id="list_recalls",
    problems=[WRONG_REQUEST, REFUSED],
    responses=told(models.RecallsAnswer, "Cases by number", example("recalls")),
)
def list_recalls(asked: Annotated[RecallsAsked, Query()], reply: Reply) -> Response:
    """Withdrawals, recalls, holds, advisories and drills, with state and scope versions."""
    graph = reply.graph_in(asked.lang)
    return reply.send(lambda: graph.recalls(asked.state or "", asked.as_of), asked.lang)


@routes.post(
    "",
    RECALL,
    summary="Open a case",
    operation_id="open_recall",
    problems=MOVING,
    idempotent=True,
    status_code=201,
    responses={201: {"model": models.Moved, "description": "The case is open; Location names it"}},
)
def open_recall(asked: OpenBody, reply: Reply) -> Response:
    """The caller is the initiator; whoever makes a scope version cannot approve it."""
    key = reply.request.headers.get(HEADER, "")
    made = _moved(lambda: reply.graph.recall_open(asked.fields, asked.case or "", asked.reason, key))
    return _answer(made, 201, {"Location": f"/api/v1/recalls/{made.case.id}"})


@routes.get(
    "/{case}",
    RECALL,
    summary="One case",
    operation_id="get_recall",
    problems=[*PROBLEMS, REFUSED],
    responses={
        200: {
            "model": models.RecallAnswer,
            "description": "The case",
            "content": {JSON: {"example": example("recall")}},
        }
    },
)
def get_recall(case: CaseNumber, asked: Annotated[OneAsked, Query()], reply: Reply) -> Response:
    """What it is about, its scope versions, everything that was done, what is to be done, and what you may do now."""
    graph = reply.graph_in(asked.lang)
    return _now(lambda: graph.recall(case, asked.as_of))


@routes.post(
    "/{case}/moves",
    RECALL,
    summary="Do something in a case",
    operation_id="move_recall",
    problems=MOVING,
    idempotent=True,
    responses={200: {"model": models.Moved, "description": "It was done, or had been done under this key before"}},
)
def move_recall(case: CaseNumber, asked: MoveBody, reply: Reply) -> Response:
    """Any action but `open` and `scope`. What the state of the case or your role does not allow is 409 and names what
    is possible (`allowed`); so is what somebody else did since `seen`."""
    key = reply.request.headers.get(HEADER, "")
    done = lambda: reply.graph.recall_act(  # noqa: E731
        case, asked.action, asked.fields, asked.reason, key=key, seen=asked.seen
    )
    return _answer(_moved(done), 200)


@routes.post(
    "/{case}/scopes",
    RECALL,
    summary="Make a scope version",
    operation_id="scope_recall",
    problems=MOVING,
    idempotent=True,
    responses={200: {"model": models.ScopeMade, "description": "The version, or the last one where nothing changed"}},
)
def scope_recall(case: CaseNumber, asked: ScopeVersionBody, reply: Reply) -> Response:
    """Which units the case is about, as of the ledger now. A version never changes; it is to be approved by a second
    person."""
    key = reply.request.headers.get(HEADER, "")
    seeds = [] if asked.question is None else [asked.question]
    made = _moved(
        lambda: reply.graph.recall_scope(case, *seeds, reason=asked.reason, force=asked.force, key=key, seen=asked.seen)
    )
    return JSONResponse(
        {
            "moved": None if made.acted is None else receipt(made.acted.case, made.acted.move, made.acted.new),
            "version": case_json(made.case)["versions"][-1],
            "changes": made.changes,
        }
    )


@routes.get(
    "/{case}/scopes/{version}",
    RECALL,
    summary="A scope version",
    operation_id="get_recall_scope",
    problems=[NOT_FOUND, REFUSED, WRONG_REQUEST],
    responses={200: {"model": models.Version, "description": "The version with its entries"}},
)
def get_recall_scope(case: CaseNumber, version: VersionNumber, reply: Reply) -> Response:
    """Each unit with class, grade, the rules that hit it, the unit and event by which it was reached, and author."""
    return JSONResponse(reply.graph.recall_version(case, version))


@routes.get(
    "/{case}/changes",
    RECALL,
    summary="What changed between two scope versions",
    operation_id="get_recall_changes",
    problems=[NOT_FOUND, REFUSED, WRONG_REQUEST],
    responses={200: {"model": models.Changes, "description": "Units that came, went, or are classed otherwise"}},
)
def get_recall_changes(case: CaseNumber, asked: Annotated[ChangesAsked, Query()], reply: Reply) -> Response:
    """And why: the events and records learnt in between, and the parts in which the questions differ."""
    return JSONResponse(reply.graph_in(asked.lang).recall_diff(case, asked.before, asked.after))


@routes.get(
    "/{case}/consignees",
    RECALL,
    summary="Who got goods in scope",
    operation_id="list_recall_consignees",
    problems=MOVING,
    responses={200: {"model": models.ConsigneesAnswer, "description": "Consignees by tier"}},
)
def list_recall_consignees(case: CaseNumber, asked: Annotated[ConsigneesAsked, Query()], reply: Reply) -> Response:
    """Direct accounts and further tiers with their deliveries and notices, read off the custody graph and replies."""
    graph = reply.graph_in(asked.lang)
    return _now(lambda: graph.recall_consignees(case, asked.version))


@routes.get(
    "/{case}/account",
    RECALL,
    summary="The account of a case",
    operation_id="get_recall_account",
    problems=MOVING,
    responses={200: {"model": models.AccountAnswer, "description": "Buckets, ratios, each consignee"}},
)
def get_recall_account(case: CaseNumber, asked: Annotated[AccountAsked, Query()], reply: Reply) -> Response:
    """Where all goods in question are, from the records and from what consignees replied; the buckets sum to the
    quantity in question."""
    graph = reply.graph_in(asked.lang)
    return _now(lambda: graph.recall_account(case, asked.measure, asked.now))


@routes.post(
    "/{case}/replies",
    RECALL,
    summary="Record replies",
    operation_id="record_recall_replies",
    problems=MOVING,
    idempotent=True,
    responses={200: {"model": models.RepliesImported, "description": "How many said something new"}},
)
def record_recall_replies(case: CaseNumber, asked: RepliesBody, reply: Reply) -> Response:
    """Replies to notices, in one change, each once. What is no reply is told, and the others are recorded."""
    data = json.dumps(asked.replies).encode()
    done = _moved(
        lambda: reply.graph.recall_replies(case, data, "replies.json", asked.reason, asked.strict, asked.seen)
    )
    rejected = [one.reason for one in done.rejected]
    return JSONResponse({"recorded": len(done.moves), "known": done.known, "rejected": rejected})


@holds.post(
    "",
    "read",
    summary="Which of many units are blocked",
    operation_id="post_holds",
    problems=[WRONG_REQUEST, CONTRADICTION, REFUSED],
    responses={200: {"model": models.HoldsAnswer, "description": "Each unit, in the order asked"}},
)
def post_holds(asked: HoldsBody, reply: Reply) -> Response:
    """Since when, and by which case; who sees only a part of the records is told whether, of units that it may know."""
    return _now(lambda: reply.graph.holds(*asked.units))


def _now(make: Callable[[], Answer]) -> Response:
    """An answer that follows from the time of day too: nobody may keep it."""
    return Response(answer_of(make).to_json(), headers={"Cache-Control": "no-store", "Vary": VARY}, media_type=JSON)


def _moved(do: Callable[[], Any]) -> Any:
    """What was done. What is not possible now names what is."""
    try:
        return do()
    except IllegalMove as error:
        raise Problem(REFUSED, str(error), None, state=error.state, allowed=list(error.allowed)) from None
    except (InputError, UsageError) as error:
        raise Problem(CONTRADICTION, str(error)) from None


def _answer(acted: Acted, status: int, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse(receipt(acted.case, acted.move, acted.new), status, headers)
