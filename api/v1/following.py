"""Answers that may be large: given at once within the server's limits, else made by a job without waiting."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from tracegraph.answers import Answer
from tracegraph.api.settings import Settings
from tracegraph.api.v1.jobs import ask_job
from tracegraph.api.v1.replying import Replying, answer_of
from tracegraph.graph import Tracegraph

Options = Mapping[str, Any]


def follow(reply: Replying, kind: str, options: Options, language: str | None, prefer: str | None) -> Response:
    """Answer a trace or an origin. `options`: the arguments of the library's method, `start` among them."""
    spoken = reply.language(language)
    asked = {"question": kind, "options": dict(options), "language": spoken, "ledger": reply.graph.store.head().hash}
    if prefer is not None and "respond-async" in prefer:
        return ask_job(reply, "trace", asked)
    tag = reply.tag(spoken, kind, options)
    if reply.has(tag):
        return reply.unchanged(tag)
    settings = reply.serving.settings
    began = time.monotonic()
    graph = reply.graph_in(language)
    answer = answer_of(lambda: ask(graph, kind, options, settings.most_nodes, settings.most_seconds))
    if _hit(answer, options, settings, time.monotonic() - began):
        return ask_job(reply, "trace", asked)
    return reply.whole(answer, tag)


def ask(graph: Tracegraph, kind: str, options: Options, most_nodes: int, most_seconds: float) -> Answer:
    """The answer within both the asked limits and these. Shares and contamination need every leg, so following has no
    limit of time then; a metric has no limits."""
    if kind == "metrics":
        others = {name: value for name, value in options.items() if name not in ("metric", "start")}
        return graph.metrics(options["metric"], *options["start"], **others)
    chosen = {name: value for name, value in options.items() if name != "start"}
    chosen["max_nodes"] = _least(chosen.get("max_nodes"), most_nodes)
    if not _needs_every_leg(chosen):
        chosen["max_seconds"] = _least(chosen.get("max_seconds"), most_seconds)
    starts = options.get("start", ())
    return graph.origin(*starts, **chosen) if kind == "origin" else graph.trace(*starts, **chosen)


def _needs_every_leg(options: Options) -> bool:
    """Whether a trace, or the one that it goes on with, follows all legs or none."""
    earlier = _member(options.get("resume"), "question")
    contaminated = (_member(_member(asked, "assumptions"), "cross_contamination") for asked in (options, earlier))
    return bool(options.get("shares") or _member(earlier, "shares") or any(contaminated))


def _member(told: Any, name: str) -> Any:
    """A member of what should be an object."""
    return told.get(name) if isinstance(told, Mapping) else None


def _least(asked: Any, most: Any) -> Any:
    return most if asked is None else min(asked, most)


def _hit(answer: Answer, options: Options, settings: Settings, seconds: float) -> bool:
    """Whether the server's limit cut the answer rather than one that was asked for."""
    if not answer.frontier:
        return False
    known = len(options["resume"]["result"]["holdings"]) if "resume" in options else 0
    full = len(answer.holdings) - known >= settings.most_nodes
    nodes, time_asked = options.get("max_nodes"), options.get("max_seconds")
    return (full and (nodes is None or nodes > settings.most_nodes)) or (
        seconds >= settings.most_seconds and (time_asked is None or time_asked > settings.most_seconds)
    )
