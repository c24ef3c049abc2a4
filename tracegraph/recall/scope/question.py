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
from tracegraph.model.instants import instant_text, optional_text, parse_instant
from tracegraph.recall.scope.classes import Grade, ScopeClass
from tracegraph.trace.question import NO_LIMITS

#: Parts of each rule and their types; those that must be given end with `!`.
RULES: dict[str, dict[str, str]] = {
    "lot": {"unit": "text!", "at": "end", "contents": "flag", "residue": "flag"},
    "site": {"site": "text!", "line": "text", "from": "start", "to": "end"},
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
SETS = ("union", "minus")
ROLES = ("holder", "owner", "maker")

#: How a set of seeds may be nested; deeper is a mistake, or an attack.
DEEPEST = 20

Parts = dict[str, Any]


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


@dataclass(frozen=True, slots=True)
class Contamination:
    """What is at a site, or in a container, together with or after something in scope counts as `declared`, from then
    to the end of the window."""

    place: str
    id: str
    since: int | None = None
    until: int | None = None
    declared: ScopeClass = ScopeClass.EXPOSED


@dataclass(frozen=True, slots=True)
class Kill:
    """A step after which goods are safe: the transformations at a site within a window, or those of one event. Nothing
    is followed through it."""

    site: str | None = None
    event: str | None = None
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What is assumed beyond the records. `run_hours`: so long before the event that ended it a run may have begun."""

    cross_contamination: tuple[Contamination, ...] = ()
    kills: tuple[Kill, ...] = ()
    run_hours: int = 24

    def to_dict(self) -> Parts:
        """As they stand in the question."""
        return {
            "cross_contamination": [
                {one.place: one.id, **_window(one.since, one.until), "class": one.declared.value}
                for one in self.cross_contamination
            ],
            "kills": [
                {
                    **({"site": one.site} if one.site is not None else {"event": one.event}),
                    **_window(one.since, one.until),
                }
                for one in self.kills
            ],
            "run_hours": self.run_hours,
        }


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
    parts = _object(told, "question", ("scope", "assumptions", "follow", "minimum_grade", "as_of", "paths"))
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
        None if as_of is None else _time(as_of, "as_of", "end"),
        paths,
    )


def read_scope(told: Any, where: str, depth: int = 0) -> Expression:
    """An expression from its JSON values."""
    rule = told.get("rule") if isinstance(told, Mapping) else None
    if depth > DEEPEST:
        raise UsageError(f"{where} is nested more than {DEEPEST} deep; put unions into one")
    if rule in SETS:
        of = _object(told, where, ("rule", "of")).get("of")
        if not isinstance(of, Sequence) or isinstance(of, str) or not of:
            raise UsageError(f'{where}: {rule} is of nothing; give a list of seeds in "of"')
        return Together(str(rule), tuple(read_scope(one, f"{where}/of/{n}", depth + 1) for n, one in enumerate(of)))
    if rule not in RULES:
        raise UsageError(f"{where}: rule {rule!r} is not offered; choose one of {', '.join([*RULES, *SETS])}")
    return _seed(str(rule), told, where)


def _seed(rule: str, told: Mapping[str, Any], where: str) -> Seed:
    kinds = RULES[rule]
    given = _object(told, where, ("rule", "class", *kinds))
    parts: Parts = dict(DEFAULTS.get(rule, {}))
    for name, kind in kinds.items():
        if given.get(name) is None:
            if kind.endswith("!"):
                raise UsageError(f"{where}: {rule} needs {name}; give one")
            continue
        parts[name] = _READERS[kind.removesuffix("!")](given[name], f"{where}: {name}")
    _in_order(parts, where)
    return Seed(rule, parts, _class(given["class"], where) if "class" in given else None)


def read_assumptions(told: Any) -> Assumptions:
    """Assumptions from their JSON values."""
    parts = _object(told, "assumptions", ("cross_contamination", "kills", "run_hours"))
    hours = parts.get("run_hours", 24)
    if not isinstance(hours, int) or isinstance(hours, bool) or not 0 <= hours <= 24 * 366:
        raise UsageError(f"assumptions: run_hours is {hours!r}; give a whole number of hours, at most a year")
    return Assumptions(
        tuple(
            _contamination(one, f"assumptions/cross_contamination/{number}")
            for number, one in enumerate(_list(parts, "cross_contamination"))
        ),
        tuple(_kill(one, f"assumptions/kills/{number}") for number, one in enumerate(_list(parts, "kills"))),
        hours,
    )


def _contamination(told: Any, where: str) -> Contamination:
    parts = _object(told, where, ("site", "container", "from", "to", "class"))
    place = _one_of(parts, ("site", "container"), where)
    since, until = _ends(parts, where)
    declared = _class(parts.get("class", "exposed"), where)
    if declared not in (ScopeClass.EXPOSED, ScopeClass.POSSIBLE):
        raise UsageError(f"{where}: class {declared.value} is more than an assumption can give; exposed or possible")
    return Contamination(place, _text(parts[place], f"{where}: {place}"), since, until, declared)


def _kill(told: Any, where: str) -> Kill:
    parts = _object(told, where, ("site", "event", "from", "to"))
    place = _one_of(parts, ("site", "event"), where)
    since, until = _ends(parts, where)
    return Kill(**{place: _text(parts[place], f"{where}: {place}")}, since=since, until=until)


def _one_of(parts: Mapping[str, Any], names: tuple[str, str], where: str) -> str:
    given = [name for name in names if parts.get(name) is not None]
    if len(given) != 1:
        raise UsageError(f"{where} names {' and '.join(given) or 'no place'}; give {' or '.join(names)}")
    return given[0]


def _ends(parts: Mapping[str, Any], where: str) -> tuple[int | None, int | None]:
    """The window [since, until) that `from` and `to` say."""
    read: Parts = {name: _time(parts[name], f"{where}: {name}", side) for name, side in _SIDES if parts.get(name)}
    _in_order(read, where)
    return read.get("from"), None if "to" not in read else read["to"] + 1


_SIDES = (("from", "start"), ("to", "end"))


def _window(since: int | None, until: int | None) -> Parts:
    begin = {} if since is None else {"from": instant_text(since)}
    return begin if until is None else begin | {"to": instant_text(until - 1)}


def _in_order(parts: Mapping[str, Any], where: str) -> None:
    if "from" in parts and "to" in parts and parts["from"] > parts["to"]:
        raise UsageError(f"{where}: the window ends before it begins; swap from and to")


def _start(seed: Seed) -> dict[str, str]:
    """What a seed is about."""
    for name in ("unit", "equipment", "site", "product", "party", "evidence"):
        if name in seed.parts and (name != "unit" or seed.rule == "lot"):
            return {"unit" if name == "equipment" else name: seed.parts[name]}
    return {"evidence": "*"}


def _object(told: Any, where: str, names: Sequence[str]) -> Mapping[str, Any]:
    if not isinstance(told, Mapping):
        raise UsageError(f"{where} is {told!r}; give a JSON object")
    for name in told:
        if name not in names:
            raise UsageError(f"{where}: {name!r} is not understood; use {', '.join(names)}")
    return told


def _list(parts: Mapping[str, Any], name: str) -> Sequence[Any]:
    told = parts.get(name) or ()
    if not isinstance(told, Sequence) or isinstance(told, str):
        raise UsageError(f"assumptions: {name} is {told!r}; give a list")
    return told


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"{where} is {value!r}; give a text")
    return value.strip()


def _flag(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise UsageError(f"{where} is {value!r}; give true or false")
    return value


def _role(value: Any, where: str) -> str:
    if value not in ROLES:
        raise UsageError(f"{where} is {value!r}; choose one of {', '.join(ROLES)}")
    return str(value)


def _class(value: Any, where: str) -> ScopeClass:
    offered = [one.value for one in ScopeClass if one is not ScopeClass.CLEARED]
    if value not in offered:
        raise UsageError(f"{where}: class is {value!r}; choose one of {', '.join(offered)}")
    return ScopeClass(value)


def _grade(value: Any, where: str) -> Grade:
    if value not in [one.value for one in Grade]:
        raise UsageError(f"{where} is {value!r}; choose one of {', '.join(Grade)}")
    return Grade(value)


def _time(value: Any, where: str, side: Any) -> int:
    return parse_instant(_text(value, where), where, side)


def _first(value: Any, where: str) -> int:
    return _time(value, where, "start")


def _last(value: Any, where: str) -> int:
    return _time(value, where, "end")


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
    "text": _text,
    "flag": _flag,
    "role": _role,
    "start": _first,
    "end": _last,
    "times": _times,
}
_WRITERS: dict[str, Callable[[Any], Any]] = {"start": instant_text, "end": instant_text, "times": _write_times}
