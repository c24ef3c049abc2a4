"""A scope question: seeds put together by union and minus, assumptions, and what is known when. As JSON and back.

    {"scope": {"rule": "minus", "of": [{"rule": "site", "site": "…", "from": "2026-01-01"},
                                       {"rule": "lot", "unit": "…"}]},
     "assumptions": {"kills": [{"site": "…", "from": "2026-02-01"}]},
     "minimum_grade": "documented", "as_of": "2026-03-01"}

Dates mean whole days; `to` is the last instant that counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracegraph.errors import UsageError
from tracegraph.model.grading import Grade, ScopeClass
from tracegraph.model.instants import instant_text, optional_text
from tracegraph.trace.assumptions.asked import Assumptions, read_assumptions
from tracegraph.trace.assumptions.parts import Parts, in_order, read_class, read_object, read_text, read_time
from tracegraph.trace.question import NO_LIMITS

#: Parts of each rule and their types; those that must be given end with `!`.
RULES: dict[str, dict[str, str]] = {
    "lot": {"unit": "text!", "at": "end", "contents": "flag", "residue": "flag"},
    "site": {"site": "text!", "line": "text", "from": "start", "to": "end"},
    "line": {"on": "text!", "from": "start", "to": "end"},
    "clean_break": {"site": "text!", "line": "text", "evidence": "times!"},
    "product": {"product": "text!", "supplier": "text", "from": "start", "to": "end"},
    "organisation": {"party": "text!", "role": "role", "from": "start", "to": "end"},
    "equipment": {"equipment": "text!", "unit": "text", "from": "start", "to": "end"},
    "evidence": {"evidence": "text"},
}
#: What holds where a part is not given.
DEFAULTS: dict[str, dict[str, Any]] = {
    "lot": {"contents": True, "residue": False},
    "organisation": {"role": "holder"},
}
#: What the JSON of a question may hold.
QUESTION_PARTS = ("scope", "assumptions", "follow", "minimum_grade", "as_of", "paths")
SETS = ("union", "minus")
ROLES = ("holder", "owner", "maker")

#: How a set of seeds may be nested; deeper is a mistake, or an attack.
DEEPEST = 20


@dataclass(frozen=True)
class Seed:
    """One rule and what it is about; times as instants, everything else as given (keys once resolved). `declared`: the
    class of what it certainly hits, where that is not the rule's own."""

    rule: str
    parts: Mapping[str, Any]
    declared: ScopeClass | None = None

    def to_dict(self) -> Parts:
        """As it stands in the question."""
        told: Parts = {"rule": self.rule}
        for name, kind in RULES[self.rule].items():
            if name in self.parts:
                told[name] = _WRITERS.get(kind.removesuffix("!"), _same)(self.parts[name])
        return told if self.declared is None else told | {"class": self.declared.value}


@dataclass(frozen=True)
class Together:
    """`union`: everything that one of the parts hits. `minus`: what the first part hits and no other one does."""

    rule: str
    of: tuple[Seed | Together, ...]

    def to_dict(self) -> Parts:
        """As it stands in the question."""
        return {"rule": self.rule, "of": [part.to_dict() for part in self.of]}


Expression = Seed | Together


@dataclass(frozen=True)
class ScopeQuestion:
    """One question. `follow`: also what was made of the hits, and where they went. `minimum_grade`: a leg that is
    evidenced less counts as possible. `paths`: how many shortest paths to give for each unit."""

    scope: Expression
    assumptions: Assumptions = field(default_factory=Assumptions)
    follow: bool = True
    minimum_grade: Grade = Grade.STATED
    as_of: int | None = None
    paths: int = 1
    direction: str = "forward"

    def to_dict(self) -> Parts:
        """As it stands in the answer; `start` names what the seeds are about, as in other questions."""
        return {
            "kind": "scope",
            "direction": self.direction,
            "start": [_start(seed) for seed in seeds_of(self.scope)],
            "certainty": "possible",
            "scope": self.scope.to_dict(),
            "assumptions": self.assumptions.to_dict(),
            "limits": NO_LIMITS.to_dict(),
            "contents": True,
            "follow": self.follow,
            "minimum_grade": self.minimum_grade.value,
            "paths": self.paths,
            "as_of": optional_text(self.as_of),
        }


def seeds_of(scope: Expression) -> Iterator[Seed]:
    """The seeds of an expression in order; their places in it number them."""
    if isinstance(scope, Seed):
        yield scope
    else:
        for part in scope.of:
            yield from seeds_of(part)


def read_question(told: Any) -> ScopeQuestion:
    """A question from its JSON values: the object above, or an expression alone. Raises UsageError that names the part
    at fault."""
    if isinstance(told, Mapping) and "rule" in told:
        told = {"scope": told}
    parts = read_object(told, "question", QUESTION_PARTS)
    if "scope" not in parts:
        raise UsageError('scope is missing; give a seed such as {"rule": "lot", "unit": "…"}')
    as_of, paths = parts.get("as_of"), parts.get("paths", 1)
    if not isinstance(paths, int) or isinstance(paths, bool) or paths < 0:
        raise UsageError(f"paths is {paths!r}; give the number of paths wanted for each unit, 0 for none")
    return ScopeQuestion(
        read_scope(parts["scope"], "scope"),
        read_assumptions(parts.get("assumptions") or {}),
        _flag(parts.get("follow", True), "follow"),
        _grade(parts.get("minimum_grade", "stated"), "minimum_grade"),
        None if as_of is None else read_time(as_of, "as_of", "end"),
        paths,
    )


def read_scope(told: Any, where: str, depth: int = 0) -> Expression:
    """An expression from its JSON values."""
    rule = told.get("rule") if isinstance(told, Mapping) else None
    if depth > DEEPEST:
        raise UsageError(f"{where} is nested more than {DEEPEST} deep; put unions into one")
    if rule in SETS:
        of = read_object(told, where, ("rule", "of")).get("of")
        if not isinstance(of, Sequence) or isinstance(of, str) or not of:
            raise UsageError(f'{where}: {rule} is of nothing; give a list of seeds in "of"')
        return Together(str(rule), tuple(read_scope(one, f"{where}/of/{n}", depth + 1) for n, one in enumerate(of)))
    if rule not in RULES:
        raise UsageError(f"{where}: rule {rule!r} is not offered; choose one of {', '.join([*RULES, *SETS])}")
    return _seed(str(rule), told, where)


def _seed(rule: str, told: Mapping[str, Any], where: str) -> Seed:
    kinds = RULES[rule]
    given = read_object(told, where, ("rule", "class", *kinds))
    parts: Parts = dict(DEFAULTS.get(rule, {}))
    for name, kind in kinds.items():
        if given.get(name) is None:
            if kind.endswith("!"):
                raise UsageError(f"{where}: {rule} needs {name}; give one")
            continue
        parts[name] = _READERS[kind.removesuffix("!")](given[name], f"{where}: {name}")
    in_order(parts, where)
    return Seed(rule, parts, read_class(given["class"], where) if "class" in given else None)


def _start(seed: Seed) -> dict[str, str]:
    """What a seed is about."""
    for name in ("unit", "equipment", "site", "product", "party", "evidence"):
        if name in seed.parts and (name != "unit" or seed.rule == "lot"):
            return {"unit" if name == "equipment" else name: seed.parts[name]}
    return {"evidence": "*"}


def _flag(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise UsageError(f"{where} is {value!r}; give true or false")
    return value


def _role(value: Any, where: str) -> str:
    if value not in ROLES:
        raise UsageError(f"{where} is {value!r}; choose one of {', '.join(ROLES)}")
    return str(value)


def _grade(value: Any, where: str) -> Grade:
    if value not in [one.value for one in Grade]:
        raise UsageError(f"{where} is {value!r}; choose one of {', '.join(Grade)}")
    return Grade(value)


def _first(value: Any, where: str) -> int:
    return read_time(value, where, "start")


def _last(value: Any, where: str) -> int:
    return read_time(value, where, "end")


def _times(value: Any, where: str) -> tuple[tuple[int, int], ...]:
    """The first and last instant of each time, in order."""
    told = [value] if isinstance(value, str) else value
    if not isinstance(told, Sequence) or not told:
        raise UsageError(f"{where} is {value!r}; give a list of times")
    return tuple(sorted((_first(one, where), _last(one, where)) for one in told))


def _write_times(times: Sequence[tuple[int, int]]) -> list[str]:
    """Of a day its first instant and its last: as evidence they mean the same as the day."""
    return list(dict.fromkeys(instant_text(one) for pair in times for one in pair))


def _same(value: Any) -> Any:
    return value


_READERS: dict[str, Callable[[Any, str], Any]] = {
    "text": read_text,
    "flag": _flag,
    "role": _role,
    "start": _first,
    "end": _last,
    "times": _times,
}
_WRITERS: dict[str, Callable[[Any], Any]] = {"start": instant_text, "end": instant_text, "times": _write_times}
