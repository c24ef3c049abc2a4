"""ISO22095-6.5-NC: each nonconformity has an action and a deadline that is kept; chain organiser and affected partners
were told at once.

Source: ISO 22095:2020, 6.5. How many days "at once" allows is a parameter.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.calendar import days_later
from tracegraph.claims.finding import Found, failed, missing, passed
from tracegraph.claims.management import horizon
from tracegraph.claims.row import Row, day
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World

NOTICES = ("organiser_notified", "partners_notified")


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each nonconformity: what is to be done, and both notices."""
    for row in world.rows("nonconformity"):
        yield _action(row, horizon(world))
        due = days_later(row.last("detected") or 0, parameters.number("notice_days"))
        for name in NOTICES:
            yield _notice(row, name, due, horizon(world))


def _action(row: Row, at: int) -> Found:
    lacking = ", ".join(name for name in ("action", "deadline") if not row.given(name))
    words = {"nonconformity": row.id, "lacking": lacking, "deadline": row.text("deadline")}
    if lacking:
        return missing(row, case="no_action", words=words, evidence=(row,))
    due = row.last("deadline") or 0
    done = row.first("closed")
    end = at if done is None else done
    say, case = (passed, "action") if end <= due else (failed, "overdue")
    return say(
        row,
        case=case,
        words={**words, "until": day(end)},
        observed=day(end),
        limit=day(due),
        formula=f"{day(end)} <= {day(due)}",
        due=due,
        evidence=(row,),
    )


def _notice(row: Row, name: str, due: int, at: int) -> Found:
    told = row.first(name)
    words = {"nonconformity": row.id, "notice": name, "due": day(due), "told": row.text(name)}
    if told is None and at <= due:
        return missing(row, case="pending", words=words, due=due, evidence=(row,))
    if told is None:
        return failed(row, case="untold", words=words, limit=day(due), due=due, evidence=(row,))
    say = passed if told <= due else failed
    return say(row, words=words, observed=day(told), limit=day(due), due=due, evidence=(row,))
