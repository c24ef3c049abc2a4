"""Scope: which units a recall is about, from seeds."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query
from starlette.responses import Response

from tracegraph.api.auditing import asked_in
from tracegraph.api.routes import Routes
from tracegraph.api.v1.examples import example
from tracegraph.api.v1.replying import PROBLEMS, Reply, told
from tracegraph.api.v1.scope_models import ScopeAnswer
from tracegraph.api.v1.scope_parameters import ScopeAsked, ScopeBody

scopes = Routes("/api/v1/scopes", "scopes")


@scopes.get(
    "",
    "trace",
    summary="Scope",
    operation_id="get_scope",
    problems=PROBLEMS,
    responses=told(ScopeAnswer, "Units in scope", example("scope")),
)
def get_scope(asked: Annotated[ScopeAsked, Query()], reply: Reply) -> Response:
    """Which units a recall of the starts is about, how sure that is, and why. `line`, `from` and `to` belong to sites,
    products and parties."""
    options: dict[str, Any] = asked.model_dump(exclude={"lang", "start"})
    graph = reply.graph_in(asked.lang)
    return reply.send(lambda: graph.scope(*asked.start, **options), asked.lang)


@scopes.post(
    "",
    "trace",
    summary="Scope, with the question as a body",
    operation_id="post_scope",
    problems=PROBLEMS,
    idempotent=True,
    responses=told(ScopeAnswer, "Units in scope", example("scope")),
)
def post_scope(asked: ScopeBody, reply: Reply) -> Response:
    """As GET, for any union and difference of seeds, and with assumptions."""
    question = asked.model_dump(exclude={"lang"}, exclude_none=True, by_alias=True)
    asked_in(reply.request, question)
    graph = reply.graph_in(asked.lang)
    return reply.send(lambda: graph.scope(question), asked.lang, question)
