"""What can be asked: starts, direction, certainty, limits; validated here, written canonically into every answer.

Source: docs/design section 5, docs/interfaces ("Answer envelope"). Identifiers are as the caller wrote them until
`tracegraph.trace.resolve` makes them canonical.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Literal

from tracegraph.errors import UsageError
from tracegraph.model.custody import Certainty
from tracegraph.model.instants import Moment, instant_text, known_until, optional_text, parse_instant
from tracegraph.trace.assumptions.asked import NO_ASSUMPTIONS, Assumptions, read_assumptions
from tracegraph.trace.infer.modes import Mode, parse_mode


class StartKind(StrEnum):
    """What a trace can start from."""

    UNIT = "unit"
    SITE = "site"
    PARTY = "party"
    PRODUCT = "product"
    EVENT = "event"
    LINE = "line"


TraceDirection = Literal["forward", "backward", "both"]
DIRECTIONS: tuple[TraceDirection, ...] = ("forward", "backward", "both")
QuestionKind = Literal["trace", "origin", "where", "show", "gaps", "balance", "metrics", "sources", "cases"]
#: Questions that may be about everything.
OF_ALL: tuple[QuestionKind, ...] = ("gaps", "metrics", "sources", "cases")


@dataclass(frozen=True, slots=True)
class Window:
    """`at`: only holdings at this site. `since`/`until`: only stays that overlap [since, until), open ends allowed.
    `on`: the window is this one instant (the holdings open then)."""

    at: str | None = None
    since: int | None = None
    until: int | None = None
    on: int | None = None

    @property
    def narrow(self) -> bool:
        """Does it leave anything out?"""
        return (self.at, self.since, self.until) != (None, None, None)

    @property
    def timed(self) -> bool:
        """Does it leave out times?"""
        return (self.since, self.until) != (None, None)

    def to_dict(self) -> dict[str, str]:
        """The parts that are set, as they stand in a question."""
        parts: dict[str, str] = {} if self.at is None else {"at": self.at}
        if self.on is not None:
            return parts | {"on": instant_text(self.on)}
        ends = {"from": optional_text(self.since), "to": optional_text(self.until)}
        return parts | {name: text for name, text in ends.items() if text is not None}


@dataclass(frozen=True, slots=True)
class Start:
    """One start. `id` becomes the canonical key once resolved; `asked` is then what was asked where it differs
    from it by more than notation (an alias, a supplier's own lot number)."""

    kind: StartKind
    id: str
    asked: str | None = None

    def to_dict(self) -> dict[str, str]:
        """`{"unit": key}`, with `asked` where an alias was asked for."""
        named = {self.kind.value: self.id}
        return named if self.asked is None else named | {"asked": self.asked}


def _at_least(name: str, value: int | None, least: int) -> None:
    if value is not None and value < least:
        raise UsageError(f"{name} is {value}; give at least {least}, or leave it out for no limit")


@dataclass(frozen=True, slots=True)
class Limits:
    """Where to stop. None: no limit. `max_hops` counts events, `max_steps` organisation boundaries, `max_nodes` listed
    holdings, `max_seconds` the time spent following legs. A limit that was not needed is not hit."""

    max_hops: int | None = None
    max_steps: int | None = None
    max_nodes: int | None = None
    max_seconds: float | None = None

    def __post_init__(self) -> None:
        _at_least("max_hops", self.max_hops, 0)
        _at_least("max_steps", self.max_steps, 0)
        _at_least("max_nodes", self.max_nodes, 1)
        if self.max_seconds is not None and not self.max_seconds > 0:
            raise UsageError(f"max_seconds is {self.max_seconds}; give a number above 0, or leave it out for no limit")

    @property
    def unlimited(self) -> bool:
        """Is nothing limited?"""
        return self == NO_LIMITS

    def to_dict(self) -> dict[str, int | str | None]:
        """In the order of the envelope; seconds as decimal text."""
        seconds = None if self.max_seconds is None else f"{self.max_seconds:g}"
        return {
            "max_hops": self.max_hops,
            "max_steps": self.max_steps,
            "max_nodes": self.max_nodes,
            "max_seconds": seconds,
        }


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `contents`: a start that is a container includes what it held. `as_of`: known time as an instant
    (None: now). `paths`: how many shortest paths to give for each reached unit. `shares`: say of each reached holding
    and unit how much of it derives from the start (backward: how much of the start derives from it). `measure`: the
    unit of measure of an account. `infer`: which lots goods without a lot number are taken to be (None: of none).
    `assumptions`: what else is taken for granted beyond the records."""

    kind: QuestionKind
    starts: tuple[Start, ...]
    direction: TraceDirection = "forward"
    certainty: Certainty = Certainty.POSSIBLE
    window: Window = field(default_factory=Window)
    limits: Limits = NO_LIMITS
    contents: bool = True
    as_of: int | None = None
    paths: int = 0
    shares: bool = False
    measure: str | None = None
    infer: Mode | None = None
    assumptions: Assumptions = NO_ASSUMPTIONS

    def __post_init__(self) -> None:
        if self.direction not in DIRECTIONS:
            raise UsageError(f"direction is {self.direction!r}; choose one of {', '.join(DIRECTIONS)}")
        if not self.starts and self.kind not in OF_ALL:
            raise UsageError(
                "nothing to start from was given; name a unit, or site:, party:, product:, event: or line: and an id"
            )
        if self.paths < 0:
            raise UsageError(f"paths is {self.paths}; give the number of paths wanted for each unit, 0 for none")
        if self.shares:
            self._check_shares()
        if self.assumptions.cross_contamination and self.limits.max_seconds is not None:
            raise UsageError(
                "what joins by cross_contamination follows on all that was reached, which max_seconds may leave out; "
                "leave out one of the two"
            )

    def _check_shares(self) -> None:
        if self.direction == "both":
            raise UsageError("shares of both directions at once are shares of two things; ask forward, then backward")
        if self.limits.max_seconds is not None:
            raise UsageError("shares need every leg, which max_seconds may leave out; leave out one of the two")

        if self.assumptions.change_reach:
            raise UsageError(
                "shares are of goods, of which assumptions neither add nor take any; leave out one of the two"
            )

    @property
    def confirmed_only(self) -> bool:
        """Are possible legs left out?"""
        return self.certainty is Certainty.CONFIRMED

    def to_dict(self) -> dict[str, Any]:
        """The question as it stands in the answer, keys in order."""
        window = self.window.to_dict()
        wanted: dict[str, Any] = {"shares": True} if self.shares else {}
        if self.measure is not None:
            wanted["measure"] = self.measure
        return {
            "kind": self.kind,
            "direction": self.direction,
            "start": [start.to_dict() | window for start in self.starts],
            "certainty": self.certainty.value,
            "assumptions": self._assumed(),
            "limits": self.limits.to_dict(),
            "contents": self.contents,
            "paths": self.paths,
            "as_of": optional_text(self.as_of),
            **wanted,
        }

    def _assumed(self) -> dict[str, Any]:
        """What is assumed: how long runs take only where that matters, or is not as usual."""
        infer = {} if self.infer is None else {"infer": self.infer.text}
        told = {name: value for name, value in self.assumptions.to_dict().items() if value != []}
        if not self.about_lines and self.assumptions.run_hours == NO_ASSUMPTIONS.run_hours:
            told.pop("run_hours")
        return infer | told

    @property
    def about_lines(self) -> bool:
        """Does it start from a line?"""
        return any(start.kind is StartKind.LINE for start in self.starts)

    def resolved(self, starts: Iterable[Start], at: str | None) -> Question:
        """The same question with canonical starts: each once, sorted, so that their order does not matter."""
        unique = sorted(set(starts), key=lambda start: (start.kind, start.id, start.asked or ""))
        return replace(self, starts=tuple(unique), window=replace(self.window, at=at))


def ask(
    *starts: str,
    kind: QuestionKind = "trace",
    direction: str = "forward",
    certainty: str = "possible",
    at: str | None = None,
    since: Moment | None = None,
    until: Moment | None = None,
    on: Moment | None = None,
    as_of: Moment | None = None,
    limits: Limits = NO_LIMITS,
    contents: bool = True,
    paths: int = 0,
    shares: bool = False,
    measure: str | None = None,
    infer: str | None = None,
    assumptions: Mapping[str, object] | None = None,
) -> Question:
    """A question from what a person writes; raises UsageError with what to write instead.

    A bare start is a unit. `at` without a start asks for everything at that site. A date given as `until`, `on` or
    `as_of` means the whole of that day.
    """
    window = _window(at, since, until, on)
    if at is not None and not starts:
        starts, window = (f"site:{at}",), replace(window, at=None)
    return Question(
        kind=kind,
        starts=tuple(parse_start(start) for start in starts),
        direction=_direction(direction),
        certainty=_certainty(certainty),
        window=window,
        limits=limits,
        contents=contents,
        as_of=known_until(as_of),
        paths=paths,
        shares=shares,
        measure=measure,
        infer=None if infer is None else parse_mode(infer),
        assumptions=NO_ASSUMPTIONS if assumptions is None else read_assumptions(assumptions),
    )


def parse_start(text: str) -> Start:
    """`site:X`, `party:X`, `product:X`, `event:X`, `line:SITE LINE`, `unit:X` or a bare unit id."""
    prefix, colon, rest = text.strip().partition(":")
    if colon and prefix == "equipment":
        raise UsageError(f"start {text!r}: start from the unit itself, which includes what it held between from and to")
    kind, name = (
        (StartKind(prefix), rest.strip()) if colon and prefix in set(StartKind) else (StartKind.UNIT, text.strip())
    )
    if not name:
        raise UsageError(
            f"start {text!r} names nothing; write an identifier such as site:9521234567897 or a lot's number"
        )
    if kind is StartKind.LINE and len(name.split()) < 2:
        raise UsageError(f"start {text!r} names no line of a site; write both, such as line:9521234567897 L1")
    return Start(kind, name)


def _window(at: str | None, since: Moment | None, until: Moment | None, on: Moment | None) -> Window:
    if on is not None:
        if since is not None or until is not None:
            raise UsageError("on together with from or to; give either one instant or a window")
        instant = parse_instant(on, "on", "end")
        return Window(at, instant, instant + 1, instant)
    begin = None if since is None else parse_instant(since, "from")
    end = None if until is None else parse_instant(until, "to", "end") + 1
    if begin is not None and end is not None and begin >= end:
        raise UsageError(f"the window from {since} to {until} ends before it begins; swap the two")
    return Window(at, begin, end)


def _direction(text: str) -> TraceDirection:
    for direction in DIRECTIONS:
        if text == direction:
            return direction
    raise UsageError(f"direction is {text!r}; choose one of {', '.join(DIRECTIONS)}")


def _certainty(text: str) -> Certainty:
    try:
        return Certainty(text)
    except ValueError:
        raise UsageError(f"certainty is {text!r}; choose confirmed or possible") from None
