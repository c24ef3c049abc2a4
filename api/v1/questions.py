"""Following goods: traces, paths, origins, whereabouts, and what the records do not say."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Path, Query
from starlette.responses import Response

from tracegraph.api.auditing import asked_in
from tracegraph.api.problems import CONTRADICTION, NOT_FOUND, WRONG_REQUEST, Problem
from tracegraph.api.routes import Routes
from tracegraph.api.v1 import models
from tracegraph.api.v1.examples import example
from tracegraph.api.v1.following import follow
from tracegraph.api.v1.jobs import accepted
from tracegraph.api.v1.parameters import (
    BalanceAsked,
    GapListAsked,
    OriginAsked,
    PathsAsked,
    Preference,
    ProfileAsked,
    TraceAsked,
    WhereAsked,
)
from tracegraph.api.v1.profile_models import ProfileAnswer
from tracegraph.api.v1.replying import PROBLEMS, Reply, told
from tracegraph.api.v1.trace_body import TraceBody

traces = Routes("/api/v1/traces", "traces")
paths = Routes("/api/v1/paths", "traces")
origins = Routes("/api/v1/origins", "origins")
whereabouts = Routes("/api/v1/whereabouts", "whereabouts")
balances = Routes("/api/v1/balances", "balances")
gaps = Routes("/api/v1/gaps", "gaps")
profiles = Routes("/api/v1/profiles", "gaps")


@traces.get(
    "",
    "trace",
    summary="Trace",
    operation_id="get_trace",
    problems=PROBLEMS,
    responses={**told(models.TraceAnswer, "What was reached", example("trace")), **accepted()},
)
def get_trace(asked: Annotated[TraceAsked, Query()], reply: Reply, prefer: Preference = None) -> Response:
    """What the starts went into (forward), came from (backward), or both. An answer over the server's limits becomes a
    job (202)."""
    return follow(reply, "trace", _options(asked), asked.lang, prefer)


@traces.post(
    "",
    "trace",
    summary="Trace, with the question as a body",
    operation_id="post_trace",
    problems=PROBLEMS,
    idempotent=True,
    responses={**told(models.TraceAnswer, "What was reached", example("trace")), **accepted()},
)
def post_trace(asked: TraceBody, reply: Reply, prefer: Preference = None) -> Response:
    """As GET, for many starts, and with assumptions; and to go on, with `resume`, from the frontier of an earlier
    answer that a limit cut."""
    options = _options(asked)
    if asked.assumptions is not None:
        options["assumptions"] = asked.assumptions.model_dump(exclude_none=True, by_alias=True)
    asked_in(reply.request, {name: options.get(name, ()) for name in ("start", "assumptions")})
    if asked.resume is not None and asked.model_fields_set - {"resume", "lang", "paths", *_LIMITS}:
        detail = "resume goes on with its own question; give only limits, paths and lang with it"
        raise Problem(CONTRADICTION, detail)
    return follow(reply, "trace", options, asked.lang, prefer)


@paths.get(
    "",
    "trace",
    summary="Paths",
    operation_id="get_paths",
    problems=PROBLEMS,
    responses={**told(models.TraceAnswer, "What was reached, and how", example("paths")), **accepted()},
)
def get_paths(asked: Annotated[PathsAsked, Query()], reply: Reply, prefer: Preference = None) -> Response:
    """A trace with the shortest paths to each unit, every hop with its event and rule: the evidence."""
    return follow(reply, "trace", _options(asked), asked.lang, prefer)


@origins.get(
    "",
    "trace",
    summary="Where it comes from",
    operation_id="get_origin",
    problems=PROBLEMS,
    responses={**told(models.OriginAnswer, "Sources and every hop", example("origin")), **accepted()},
)
def get_origin(asked: Annotated[OriginAsked, Query()], reply: Reply, prefer: Preference = None) -> Response:
    """The regulator's question: ultimate sources, every hop on the way, whether the chain of custody is unbroken."""
    return follow(reply, "origin", _options(asked), asked.lang, prefer)


@whereabouts.get(
    "",
    "trace",
    summary="Where it is",
    operation_id="get_whereabouts",
    problems=PROBLEMS,
    responses=told(models.WhereaboutsAnswer, "Where units are", example("whereabouts")),
)
def get_whereabouts(asked: Annotated[WhereAsked, Query()], reply: Reply) -> Response:
    """The last stays of units or products and what remains there, now or `on` a date; containers' places included."""
    graph = reply.graph_in(asked.lang)
    return reply.send(lambda: graph.where(*asked.start, on=asked.on, as_of=asked.as_of), asked.lang)


@balances.get(
    "",
    "trace",
    summary="How much is where",
    operation_id="get_balance",
    problems=PROBLEMS,
    responses=told(models.BalanceAnswer, "The quantity account", example("balance")),
)
def get_balance(asked: Annotated[BalanceAsked, Query()], reply: Reply) -> Response:
    """All goods of some units, those in what was made of them too, each in exactly one bucket, now or `on` a date."""
    graph = reply.graph_in(asked.lang)
    return reply.send(
        lambda: graph.balance(*asked.start, on=asked.on, as_of=asked.as_of, measure=asked.measure), asked.lang
    )


@gaps.get(
    "",
    "read",
    summary="What the records do not say",
    operation_id="list_gaps",
    problems=[WRONG_REQUEST, NOT_FOUND],
    responses=told(models.GapsAnswer, "A page of gaps", example("gaps")),
)
def list_gaps(asked: Annotated[GapListAsked, Query()], reply: Reply) -> Response:
    """Gaps of everything that the caller may know, by kind and by who can tell. `complete` is said of all of them."""
    graph = reply.graph_in(asked.lang)
    return reply.send_page(
        lambda: graph.all_gaps(asked.as_of, asked.kind, asked.partner, asked.limit, asked.cursor), asked.lang
    )


@profiles.get(
    "/{profile}",
    "read",
    summary="What records lack of a profile's key data elements",
    operation_id="check_profile",
    problems=[WRONG_REQUEST, NOT_FOUND],
    responses=told(ProfileAnswer, "A page of findings", example("profile")),
)
def check_profile(
    profile: Annotated[Literal["fsma204", "gdst"], Path(description="Which profile", examples=["gdst"])],
    asked: Annotated[ProfileAsked, Query()],
    reply: Reply,
) -> Response:
    """Which elements the events that the caller may know lack, and how complete each partner's records are. Events of
    which only a part shows are not judged."""
    graph = reply.graph_in(asked.lang)
    return reply.send_page(
        lambda: graph.check_profile(profile, asked.partner, asked.as_of, limit=asked.limit, after=asked.cursor),
        asked.lang,
    )


_LIMITS = ("max_hops", "max_steps", "max_nodes", "max_seconds")


def _options(asked: OriginAsked | TraceAsked | TraceBody) -> dict[str, Any]:
    """The arguments of the library, all JSON values so that a job can keep them."""
    return asked.model_dump(exclude={"lang"}, exclude_none=True)
