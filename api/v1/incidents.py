"""Incident cases, and what they have in common upstream."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from starlette.responses import JSONResponse, Response

from tracegraph.api.auditing import asked_in
from tracegraph.api.problems import CONTRADICTION, WRONG_REQUEST, Problem
from tracegraph.api.routes import Routes
from tracegraph.api.v1 import incident_models as models
from tracegraph.api.v1.examples import example
from tracegraph.api.v1.incident_parameters import CaseRow, CasesAsked, CasesBody, SourcesBody
from tracegraph.api.v1.replying import PROBLEMS, Reply, told
from tracegraph.errors import UsageError
from tracegraph.intake.cases import AnyCase

cases = Routes("/api/v1/cases", "cases")
sources = Routes("/api/v1/sources", "sources")


@cases.get(
    "",
    "investigate",
    summary="Incident cases",
    operation_id="list_cases",
    problems=[WRONG_REQUEST],
    responses=told(models.CasesAnswer, "The cases on record, by number", example("cases")),
)
def list_cases(asked: Annotated[CasesAsked, Query()], reply: Reply) -> Response:
    """Cases and controls under their pseudonymous numbers, as they are or were on record."""
    graph = reply.graph_in(asked.lang)
    return reply.send(lambda: graph.cases(asked.as_of), asked.lang)


@cases.post(
    "",
    "investigate",
    summary="Record incident cases",
    operation_id="record_cases",
    problems=[WRONG_REQUEST, CONTRADICTION],
    idempotent=True,
    responses={200: {"model": models.CasesRecorded, "description": "How many said something new"}},
)
def record_cases(asked: CasesBody, reply: Reply) -> Response:
    """A number that is on record already is corrected. All of them are recorded, or none. Use numbers that only the
    investigators can resolve: what was recorded cannot be deleted."""
    try:
        done = reply.graph.record_cases([_row(case) for case in asked.cases], asked.reason)
    except UsageError as error:
        raise Problem(CONTRADICTION, str(error)) from None
    return JSONResponse({"recorded": done.recorded, "known": done.known})


@sources.post(
    "",
    "trace",
    summary="Common sources of cases",
    operation_id="post_sources",
    problems=PROBLEMS,
    responses=told(models.SourcesAnswer, "Candidates under every method", example("sources")),
)
def post_sources(asked: SourcesBody, reply: Reply) -> Response:
    """What cases have in common upstream: units, sites, parties and products ranked by several methods side by side,
    the smallest sets that explain all, and why. Association, not proof. The cases are given with the question (and not
    recorded), or are on record: some by their numbers, or, where neither is given, all. What the caller may not know of
    explains nothing, and a place that is not known is said to be unknown."""
    graph = reply.graph_in(asked.lang)
    given: list[AnyCase] = [*(_row(case) for case in asked.cases), *asked.numbers]
    question = asked.model_dump(mode="json")
    asked_in(reply.request, question)
    return reply.send(lambda: graph.sources(given or None, **asked.options()), asked.lang, question)


def _row(case: CaseRow) -> dict[str, str]:
    """As a row of text."""
    found: dict[str, str] = case.model_dump(exclude_none=True)
    return found
