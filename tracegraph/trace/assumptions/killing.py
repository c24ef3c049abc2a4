"""Steps that an assumption takes to make goods safe: nothing is followed through them, in either direction."""

from __future__ import annotations

from tracegraph.model.custody import Joint
from tracegraph.model.instants import instant_text
from tracegraph.trace.assumptions.asked import Kill
from tracegraph.trace.envelope import Json, place_json


def ends_at(kill: Kill, joint: Joint) -> bool:
    """Whether an assumption says that the outputs of a transformation are safe."""
    in_time = (kill.since is None or joint.instant >= kill.since) and (kill.until is None or joint.instant < kill.until)
    named = kill.event in joint.events if kill.event is not None else joint.place.id == kill.site
    return in_time and named


def stopped_json(joint: Joint) -> Json:
    """A transformation that nothing was followed through."""
    return {
        "transformation": joint.transformation,
        "place": place_json(joint.place),
        "instant": instant_text(joint.instant),
        "events": list(joint.events),
    }
