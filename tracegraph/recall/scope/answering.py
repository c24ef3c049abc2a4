"""Answer a scope question: resolve, suspect, follow, override, list. The envelope is that of a forward trace, and
`result["scope"]` says of each unit its class, its grade, the rules that hit it and who cleared it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from tracegraph.messages import Language
from tracegraph.model.custody import Gap, Holding
from tracegraph.model.grading import Grade, ScopeClass
from tracegraph.model.instants import optional_text
from tracegraph.model.measures import decimal, dimension, in_base, measure
from tracegraph.model.quantity import Quantity
from tracegraph.recall.scope.overrides import Override, overrides
from tracegraph.recall.scope.question import ScopeQuestion
from tracegraph.recall.scope.spreading import Following, Spread, spread
from tracegraph.recall.scope.suspects import FoundWindow, Hit, Suspecting, resolved
from tracegraph.stores.port import Reading
from tracegraph.trace.answer import listed
from tracegraph.trace.answering import answering
from tracegraph.trace.assumptions.killing import stopped_json
from tracegraph.trace.assumptions.resolving import named_kills, resolved_assumptions
from tracegraph.trace.envelope import Json, decimal_text, frame
from tracegraph.trace.lines.recorded import Recorded
from tracegraph.trace.reach import Node, Reached, Starts
from tracegraph.trace.register import Register
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.starts import unheard_of
from tracegraph.trace.tracing import Answered, add_paths
from tracegraph.trace.trail import trail_of


def scope(
    store: Reading, question: ScopeQuestion, language: Language = "en", register: Register | None = None
) -> Answered:
    """The units in scope and how sure that is. Raises UnknownIdentifier for a seed that nothing is known of."""
    with answering(store):
        return _scope(question, language, register or Register(Snapshot.of(store, question.as_of)))


def _scope(question: ScopeQuestion, language: Language, register: Register) -> Answered:
    scoped = scoped_units(question, register)
    asked, part = scoped.asked, scoped.found.part
    shown = frozenset(part.distance)
    trail = trail_of([part], [shown])
    told = listed(register.snapshot, trail, scoped.named)
    left_out = add_paths(told.others, [part], [shown], asked.paths, language)
    told.others["scope"] = scoped.to_json(told.units.distance)
    gaps = [*told.gaps, *_nowhere(scoped.found, register)]
    return Answered(frame(register.snapshot, asked, gaps, (), language, left_out), trail, told)


@dataclass(frozen=True, slots=True)
class Scoped:
    """What is in scope, before it is listed. `asked`: the question with what its identifiers mean."""

    asked: ScopeQuestion
    found: Spread
    said: Mapping[str, Override]
    windows: Sequence[FoundWindow]

    @property
    def named(self) -> frozenset[str]:
        """The units that a rule hit."""
        return frozenset(hit.unit for hit in self.found.hits)

    def to_json(self, distance: Mapping[str, int]) -> Json:
        """What the answer says beside the lists of a trace; `distance` of each unit."""
        return _told(self.found, self.said, self.windows, distance)


def scoped_units(question: ScopeQuestion, register: Register) -> Scoped:
    """Resolve the question, find the suspects, and follow them."""
    recorded = Recorded(register, question.assumptions.run_length)
    assumed = resolved_assumptions(question.assumptions, recorded)
    asked = replace(question, scope=resolved(question.scope, recorded), assumptions=assumed)
    suspecting = Suspecting(recorded)
    hits = suspecting.hits(asked.scope)
    said = overrides(recorded)
    found = spread(register, hits, _following(asked, said, register.snapshot))
    return Scoped(asked, found, said, suspecting.windows)


def scope_alone(question: ScopeQuestion, language: Language, register: Register) -> tuple[Json, Scoped]:
    """The answer without the lists of a trace and without paths: `result` has only `scope`. What is left out takes most
    of the time of an answer about ten thousand units."""
    scoped = scoped_units(question, register)
    nodes = [number for number, node in scoped.found.part.nodes.items() if isinstance(node, Holding)]
    gaps = [*register.snapshot.gaps_at(nodes, scoped.named), *_nowhere(scoped.found, register)]
    answer = frame(register.snapshot, scoped.asked, gaps, (), language)
    return answer | {"result": {"scope": scoped.to_json(_unit_distances(scoped.found.part, scoped.named))}}, scoped


def _unit_distances(part: Reached, named: Iterable[str]) -> dict[str, int]:
    """How far away the nearest holding of each unit is; of those that were named no way at all."""
    found = dict.fromkeys(named, 0)
    for number, node in part.nodes.items():
        if isinstance(node, Holding):
            far = part.distance[number]
            found[node.unit] = min(far, found.get(node.unit, far))
    return found


def _nowhere(found: Spread, register: Register) -> list[Gap]:
    """Gaps of suspects that no event names: a record says that they were made, and nothing where they went."""
    held = {node.unit for node in found.part.nodes.values() if isinstance(node, Holding)}
    return Starts(nowhere=frozenset(unheard_of({hit.unit for hit in found.hits} - held, register))).gaps


def _following(asked: ScopeQuestion, said: Mapping[str, Override], snapshot: Snapshot) -> Following:
    kills = named_kills(asked.assumptions.kills, snapshot)
    cleared = frozenset(unit for unit, one in said.items() if one.onward and one.lapsed is None)
    return Following(asked.follow, kills, asked.assumptions.cross_contamination, cleared, asked.minimum_grade)


def _told(
    found: Spread, said: Mapping[str, Override], windows: Sequence[FoundWindow], distance: Mapping[str, int]
) -> Json:
    """What the answer says beside the lists of a trace."""
    hits: dict[str, list[Hit]] = defaultdict(list)
    for hit in found.hits:
        hits[hit.unit].append(hit)
    nodes: dict[str, list[int]] = defaultdict(list)
    for number, node in found.part.nodes.items():
        if isinstance(node, Holding):
            nodes[node.unit].append(number)
    entries = [_entry(unit, hits[unit], nodes[unit], found, said.get(unit), distance) for unit in {*hits, *nodes}]
    entries.sort(key=lambda one: (-ScopeClass(one["class"]).rank, one["distance"], one["unit"]))
    amounts = _amounts(found, nodes)
    return {
        "entries": entries,
        "classes": [_class(kind, entries, amounts) for kind in reversed(ScopeClass)],
        "windows": [_window(one) for one in windows],
        "stopped": [stopped_json(joint) for joint in found.stopped],
    }


def _entry(
    unit: str,
    hits: Sequence[Hit],
    nodes: Sequence[int],
    found: Spread,
    override: Override | None,
    distance: Mapping[str, int],
) -> Json:
    """One unit."""
    kinds = [found.classes[node] for node in nodes]
    kinds += [hit.declared for hit in hits if not hit.nodes]
    best = max(kinds, key=lambda kind: kind.rank)
    grades = [found.grades.get(node, Grade.STATED) for node in nodes] + [hit.grade for hit in hits]
    cleared = override is not None and override.lapsed is None
    entry: Json = {
        "unit": unit,
        "class": (ScopeClass.CLEARED if cleared else best).value,
        "distance": distance.get(unit, 0),
        "grade": max(grades, key=lambda grade: grade.rank).value,
        "rules": _rules(hits),
    }
    if override is not None:
        entry |= {"without_override": best.value, "override": override.to_dict()}
    return entry


def _rules(hits: Sequence[Hit]) -> list[Json]:
    """Each rule's hit once, in the order of the seeds."""
    unique = {(one.seed, one.rule, one.declared, one.grade, one.because): one for one in hits}
    return [_rule(unique[key]) for key in sorted(unique)]


def _rule(hit: Hit) -> Json:
    return {
        "rule": hit.rule,
        "seed": hit.seed if hit.seed >= 0 else None,
        "class": hit.declared.value,
        "grade": hit.grade.value,
        "because": list(hit.because),
    }


def _class(kind: ScopeClass, entries: Iterable[Json], amounts: Mapping[str, list[Quantity | None]]) -> Json:
    """How many units, and how much of them came into scope, by unit of measure (of each dimension its base unit).
    `unknown`: units of which the records say no amount for some holding."""
    units = [one["unit"] for one in entries if one["class"] == kind.value]
    sums: dict[str, Fraction] = defaultdict(Fraction)
    unknown = 0
    for unit in units:
        known = [in_base(one) if one is not None else None for one in amounts.get(unit) or [None]]
        unknown += any(one is None for one in known)
        for quantity, amount in zip(amounts.get(unit, []), known, strict=False):
            if quantity is not None and amount is not None:
                sums[dimension(quantity.unit)] += amount
    return {
        "class": kind.value,
        "units": len(units),
        "quantities": [{"value": decimal_text(_in(code, sums[of])), "unit": code} for of, code in _codes(sums)],
        "unknown": unknown,
    }


def _codes(sums: Mapping[str, Fraction]) -> list[tuple[str, str]]:
    """Dimensions and the code in which the sum of each is told."""
    return [(of, _BASE.get(of, of)) for of in sorted(sums)]


_BASE = {"mass": "KGM", "volume": "LTR", "count": ""}


def _in(code: str, amount: Fraction) -> Decimal:
    known = measure(code)
    return decimal((amount - known.zero) / known.factor)


def _amounts(found: Spread, nodes: Mapping[str, Sequence[int]]) -> dict[str, list[Quantity | None]]:
    """What of each unit came into scope: the amounts of its holdings that no other holding of it leads to; of goods
    that go round in a circle, all."""
    here, legs = found.part.nodes, found.part.legs
    later = {
        target
        for source, target in zip(legs.source, legs.target, strict=True)
        if source != target and _same_unit(here.get(source), here.get(target))
    }
    first = {unit: [number for number in numbers if number not in later] or numbers for unit, numbers in nodes.items()}
    return {
        unit: [node.quantity for number in numbers if isinstance(node := here[number], Holding)]
        for unit, numbers in first.items()
    }


def _same_unit(one: Node | None, other: Node | None) -> bool:
    return isinstance(one, Holding) and isinstance(other, Holding) and one.unit == other.unit


def _window(one: FoundWindow) -> Json:
    return {
        "seed": one.seed,
        "site": one.site,
        "line": one.line,
        "from": optional_text(one.window.since),
        "to": optional_text(one.window.until),
        "opened_by": one.window.opened,
        "closed_by": one.window.closed,
    }
