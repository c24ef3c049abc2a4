"""ISO22095-6.10-COMPLAINT: each complaint was acknowledged, investigated, acted on and closed within the organisation's
own limits, by a public procedure.

Source: ISO 22095:2020, 6.10.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.calendar import days_later
from tracegraph.claims.finding import Found, failed, missing, passed
from tracegraph.claims.management import horizon, organisations, published
from tracegraph.claims.row import Row, day
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World

#: The stages with a limit: the time of the stage, and the days that it may take.
LIMITED = {"acknowledged": "acknowledge_days", "closed": "close_days"}


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each complaint and each stage; then the procedure of each organisation that declares a model."""
    at = horizon(world)
    for row in world.rows("complaint"):
        for stage, limit in LIMITED.items():
            yield _in_time(row, stage, limit, at)
        yield _handled(row)
    for party in organisations(world):
        yield published(world, "complaints", party, at)


def _in_time(row: Row, stage: str, limit: str, at: int) -> Found:
    words = {"complaint": row.id, "stage": stage, "field": limit}
    days = row.number(limit)
    if days is None:
        return missing(row, case="no_limit", words=words, evidence=(row,))
    due = days_later(row.last("received") or 0, days)
    done = row.first(stage)
    words |= {"due": day(due), "until": day(at if done is None else done)}
    if done is None and at <= due:
        return missing(row, case="pending", words=words, due=due, evidence=(row,))
    in_time = done is not None and done <= due
    say, case = (passed, "in_time") if in_time else (failed, "overdue")
    return say(row, case=case, words=words, observed=words["until"], limit=day(due), due=due, evidence=(row,))


def _handled(row: Row) -> Found:
    lacking = ", ".join(name for name in ("investigated", "action") if not row.given(name))
    words = {"complaint": row.id, "lacking": lacking}
    if not lacking:
        return passed(row, case="handled", words=words, evidence=(row,))
    if row.given("closed"):
        return failed(row, case="unhandled", words=words, evidence=(row,))
    return missing(row, case="open", words=words, evidence=(row,))
