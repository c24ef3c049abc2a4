"""What a trace says of its assumptions: what joined by them, and where they stopped it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tracegraph.model.custody import Holding, Joint
from tracegraph.model.instants import instant_text
from tracegraph.trace.assumptions.asked import CONTAMINATION, Assumptions
from tracegraph.trace.assumptions.following import Contact, Supposed
from tracegraph.trace.assumptions.killing import stopped_json
from tracegraph.trace.envelope import Json, place_json


def told(assumptions: Assumptions, found: Sequence[Supposed], listed: Sequence[Collection[int]]) -> Json:
    """Of each direction, as far as it is listed: `joined`, each stay with its rule, the number of the assumption, since
    when it may be contaminated (backward: contaminate), and what it was together with; `stopped`, the transformations
    that nothing was followed through."""
    joined: list[Json] = []
    stopped: list[Json] = []
    for one, shown in zip(found, listed, strict=True):
        side = {"direction": one.part.direction} if len(found) > 1 else {}
        joined += [row | side for row in _joined(assumptions, one, shown)]
        stopped += [stopped_json(joint) | side for joint in _stopped(one, shown)]
    return {"joined": joined, "stopped": stopped}


def _joined(assumptions: Assumptions, one: Supposed, shown: Collection[int]) -> list[Json]:
    """Each stay and assumption once: of several contacts the last that was found, which is the widest."""
    contacts = {(contact.joined, contact.assumption): contact for contact in one.contacts if contact.joined in shown}
    rows = [_row(assumptions, one, contact) for contact in contacts.values()]
    return sorted(rows, key=lambda row: (row["unit"], row["holding"], row["assumption"]))


def _row(assumptions: Assumptions, one: Supposed, contact: Contact) -> Json:
    holding, other = one.part.nodes[contact.joined], one.part.nodes[contact.other]
    assert isinstance(holding, Holding), "goods are together in stays"
    return {
        "unit": holding.unit,
        "holding": holding.id,
        "place": place_json(holding.place),
        "rule": CONTAMINATION,
        "assumption": contact.assumption,
        "class": assumptions.cross_contamination[contact.assumption].declared.value,
        "since": instant_text(contact.instant),
        "with": other.id,
    }


def _stopped(one: Supposed, shown: Collection[int]) -> list[Joint]:
    safe = [one.safe[joint] for joint, near in one.stopped.items() if near & set(shown)]
    return sorted(safe, key=lambda joint: joint.id)
