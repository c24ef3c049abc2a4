"""Where suspects went and what was made of them, with a class and a grade for every node.

Along a path the least counts, over paths the greatest: a node is affected where a chain of recorded legs of the wanted
grade leads to it from something affected, possible where any chain does from something possible, exposed where one
leads from something merely exposed. So three searches over the same legs suffice, and none looks at paths.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from tracegraph.model.custody import Holding, Joint
from tracegraph.model.grading import Grade, ScopeClass, weaker
from tracegraph.recall.scope.suspects import Hit, hits_at
from tracegraph.stores.port import Legs
from tracegraph.trace.assumptions.asked import CONTAMINATION, Contamination, Kill
from tracegraph.trace.assumptions.killing import ends_at
from tracegraph.trace.assumptions.presence import is_open, present, since_within
from tracegraph.trace.distances import Onward, confirmed_nodes, descendants, distances, onward
from tracegraph.trace.late import Late
from tracegraph.trace.reach import NEVER, Node, Reached, Starts, from_their_time, select_legs
from tracegraph.trace.register import Register
from tracegraph.trace.snapshot import Snapshot

CARRIED = "carried"

#: What an assumption adds belongs to no seed.
NO_SEED = -1


@dataclass(frozen=True, slots=True)
class Following:
    """How to follow: whether at all, by which assumptions, which units a person cleared with all that came of them, and
    from which grade on a leg counts as recorded. Identifiers are canonical; kills of an event name all its ids."""

    follow: bool
    kills: Sequence[Kill]
    contaminations: Sequence[Contamination]
    cleared: frozenset[str]
    minimum: Grade


@dataclass(slots=True)
class Spread:
    """`part`: what was reached, as in a trace; its `confirmed` are the nodes that are affected or more. `classes` and
    `grades` by node. `hits`: those of the seeds and of contamination. `early`: of starts, what had left them before
    was not followed. `stopped`: transformations that nothing was followed through, because of an assumption. `whole`:
    every leg was followed that the records have, from everything that left the starts."""

    part: Reached
    classes: dict[int, ScopeClass]
    grades: dict[int, Grade]
    hits: list[Hit]
    early: dict[int, int]
    stopped: list[Joint] = field(default_factory=list)
    whole: bool = False


def spread(register: Register, hits: Sequence[Hit], how: Following) -> Spread:
    """Follow the hits forward. What shares a place with something in scope joins where an assumption says so, until
    nothing more does."""
    found = _followed(register.snapshot, list(hits), how)
    begun: dict[int, int] = {}
    while more := [
        hit for number in range(len(how.contaminations)) for hit in _joining(register, found, how, number, begun)
    ]:
        found = _followed(register.snapshot, [*found.hits, *more], how)
    return found


# one round along the legs


def _followed(snapshot: Snapshot, hits: list[Hit], how: Following) -> Spread:
    starts = _starts(hits)
    legs = snapshot.reach(sorted(starts.certain), "forward") if starts.certain and how.follow else Legs()
    described = snapshot.describe({*starts.certain, *legs.source, *legs.target})
    nodes: dict[int, Node] = {**described.holdings, **described.joints}
    ending = {number for number, joint in described.joints.items() if any(ends_at(one, joint) for one in how.kills)}
    kept = select_legs(legs, lambda leg: _is_followed(legs, leg, ending, described.holdings, how.cleared))
    kept, late = from_their_time(kept, starts)
    grades = _leg_grades(snapshot, kept)
    strong = [sure and grade >= how.minimum.rank for sure, grade in zip(kept.confirmed, grades, strict=True)]
    shown = onward(kept, "forward")
    ways = late.ways(shown, kept)
    distance = late.nearest(distances(late.starts(starts.certain), ways, kept.cost))
    classes = _classes(hits, starts, ways, strong, late)
    affected = {node for node, kind in classes.items() if kind.rank >= ScopeClass.AFFECTED.rank}
    here = {number: nodes[number] for number in distance}
    part = Reached(
        "forward", frozenset(starts.certain), kept, shown, distance, affected, here, described.units, late=late
    )
    tried = {target for source, target in zip(legs.source, legs.target, strict=True) if source in distance} & ending
    stopped = sorted((described.joints[number] for number in tried), key=lambda joint: joint.id)
    whole = how.follow and not starts.early and len(kept.source) == len(legs.source)
    return Spread(part, classes, _grades(hits, ways, grades, late), hits, starts.early, stopped, whole)


def _starts(hits: Sequence[Hit]) -> Starts:
    """Where all hits begin. What one hit does not bound in time is not bounded."""
    certain: dict[int, bool] = {}
    early: dict[int, int] = {}
    for hit in hits:
        for node, sure in hit.nodes.items():
            bound = min(
                hit.early.get(node, NEVER), early.get(node, NEVER) if node in certain else hit.early.get(node, NEVER)
            )
            certain[node] = sure or certain.get(node, False)
            if bound == NEVER:
                early.pop(node, None)
            else:
                early[node] = bound
    conjectured = {node for hit in hits for node in hit.conjectured}
    shown = {node for hit in hits for node in hit.nodes if node not in hit.conjectured}
    return Starts(certain, early, frozenset(hit.unit for hit in hits), frozenset(conjectured - shown))


def _is_followed(
    legs: Legs, leg: int, ending: Collection[int], holdings: Mapping[int, Holding], cleared: frozenset[str]
) -> bool:
    """Whether a leg counts: not into a transformation that makes safe, not out of a unit that was cleared with all that
    came of it."""
    held = holdings.get(legs.source[leg])
    return legs.target[leg] not in ending and (held is None or held.unit not in cleared)


def _classes(
    hits: Sequence[Hit], starts: Starts, ways: Onward, strong: list[bool], late: Late
) -> dict[int, ScopeClass]:
    """The class of each reached node."""
    own: dict[int, ScopeClass] = {}
    for hit in hits:
        for node, sure in hit.nodes.items():
            kind = hit.declared if sure else weaker(hit.declared, ScopeClass.POSSIBLE)
            own[node] = max(kind, own.get(node, ScopeClass.CLEARED), key=lambda one: one.rank)
    affected = confirmed_nodes(late.starts(_at_least(own, ScopeClass.AFFECTED)), ways, strong)
    found: dict[int, ScopeClass] = dict.fromkeys(late.real(descendants(late.starts(own), ways)), ScopeClass.EXPOSED)
    possible = descendants(late.starts(_at_least(own, ScopeClass.POSSIBLE)), ways)
    found |= dict.fromkeys(late.real(possible), ScopeClass.POSSIBLE)
    found |= dict.fromkeys(late.real(affected) - starts.conjectured, ScopeClass.AFFECTED)
    return found | dict.fromkeys(_at_least(own, ScopeClass.IMPLICATED) - starts.conjectured, ScopeClass.IMPLICATED)


def _at_least(own: Mapping[int, ScopeClass], least: ScopeClass) -> set[int]:
    return {node for node, kind in own.items() if kind.rank >= least.rank}


def _leg_grades(snapshot: Snapshot, legs: Legs) -> list[int]:
    """How well each leg is evidenced: by a document, or only stated. What merely stayed needs no evidence."""
    named = sorted({event.partition("#")[0] for event in legs.event if event})
    facts = (stored.facts for stored in snapshot.events(hashes=named)) if named else ()
    documented = {one.content_hash for one in facts if one.documents}
    return [
        Grade.VERIFIED.rank
        if rule == CARRIED
        else (Grade.DOCUMENTED if event.partition("#")[0] in documented else Grade.STATED).rank
        for event, rule in zip(legs.event, legs.rule, strict=True)
    ]


def _grades(hits: Sequence[Hit], ways: Onward, legs: list[int], late: Late) -> dict[int, Grade]:
    """The best grade at which something leads to each node; nodes of the least grade are left out."""
    found: dict[int, Grade] = {}
    for grade in (Grade.DOCUMENTED, Grade.VERIFIED):
        begin = {node for hit in hits if hit.grade.rank >= grade.rank for node in hit.nodes}
        reached = confirmed_nodes(late.starts(begin), ways, [one >= grade.rank for one in legs])
        found |= dict.fromkeys(late.real(reached), grade)
    return found


# assumptions that add


def _joining(register: Register, found: Spread, how: Following, number: int, begun: dict[int, int]) -> list[Hit]:
    """What an assumption adds to what is in scope so far: everything at the place from the time on at which something
    was there that was in scope by then. `begun`: since when each assumption has been at work."""
    one = how.contaminations[number]
    here = present(register, one, one.since)
    times = [_since(found, one, node, held) for node, held in here.items() if _is_source(found, node)]
    in_scope = [since for since in times if is_open(one, since)]
    if not in_scope or begun.get(number, NEVER_BEGUN) <= min(in_scope):
        return []
    begun[number] = min(in_scope)
    there = present(register, one, begun[number])
    new = {node: True for node in there if _adds(found, node, one.declared, begun[number])}
    early = dict.fromkeys(new, begun[number])
    because = (f"assumption {number}",)
    return hits_at(register.snapshot, Starts(new, early), NO_SEED, CONTAMINATION, one.declared, because)


NEVER_BEGUN = 2**63


def _adds(found: Spread, node: int, declared: ScopeClass, since: int) -> bool:
    """Whether a node would come in, rise, or count from an earlier time on."""
    known = found.classes.get(node, ScopeClass.CLEARED)
    return known.rank < declared.rank or found.early.get(node, NEVER) > since


def _since(found: Spread, one: Contamination, node: int, held: Holding) -> int:
    """From when on what is in scope was there: not before it came to be in scope."""
    bound = NEVER if node in found.part.late.since else found.early.get(node, NEVER)
    return max(since_within(one, held), bound)


def _is_source(found: Spread, node: int) -> bool:
    """What is merely exposed exposes nothing further."""
    return found.classes.get(node, ScopeClass.CLEARED).rank >= ScopeClass.POSSIBLE.rank
