"""Assumptions about what the store knows: from what a person writes to canonical keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tracegraph.errors import UsageError
from tracegraph.trace.assumptions.asked import Assumptions, Kill
from tracegraph.trace.lines.naming import site_of
from tracegraph.trace.lines.recorded import Recorded
from tracegraph.trace.resolve import event_names, known_event, known_unit
from tracegraph.trace.snapshot import Snapshot


def resolved_assumptions(assumed: Assumptions, recorded: Recorded) -> Assumptions:
    """With canonical, known identifiers. Raises UnknownIdentifier, or UsageError where a kill would do nothing."""
    places = tuple(
        replace(
            one,
            id=site_of(one.id, recorded) if one.place == "site" else known_unit(one.id, recorded.register).id,
        )
        for one in assumed.cross_contamination
    )
    kills = tuple(
        replace(one, site=site_of(one.site, recorded))
        if one.site is not None
        else replace(one, event=_transformation(one.event or "", recorded.snapshot))
        for one in assumed.kills
    )
    return replace(assumed, cross_contamination=places, kills=kills)


def _transformation(text: str, snapshot: Snapshot) -> str:
    """The event of that name, if it is known to make goods of others; what it merely saw or moved it makes no safer."""
    event = known_event(text, snapshot)
    if not snapshot.joints_of(event_names(event, snapshot)):
        raise UsageError(f"kill {text!r} is no transformation, so nothing is followed through it anyway; name one")
    return event


def named_kills(kills: Iterable[Kill], snapshot: Snapshot) -> list[Kill]:
    """Resolved kills, those of an event once for each public id under which it stands in the graph."""
    return [
        replace(one, event=name)
        for one in kills
        for name in ([None] if one.event is None else event_names(one.event, snapshot))
    ]
