"""What is assumed beyond the records: contamination where goods were together, steps that make goods safe, how long
runs take. As JSON and back; docs/scope.md says what each means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracegraph.errors import UsageError
from tracegraph.model.grading import ScopeClass
from tracegraph.trace.assumptions.parts import (
    Parts,
    one_of,
    read_class,
    read_object,
    read_text,
    read_window,
    window_told,
)

#: The rule of what contamination adds.
CONTAMINATION = "cross_contamination"

#: Microseconds.
HOUR = 3_600_000_000


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

    @property
    def change_reach(self) -> bool:
        """Whether anything is followed otherwise than the records say."""
        return bool(self.cross_contamination or self.kills)

    @property
    def run_length(self) -> int:
        """`run_hours` in microseconds."""
        return self.run_hours * HOUR

    def to_dict(self) -> Parts:
        """As they stand in the question."""
        return {
            "cross_contamination": [
                {one.place: one.id, **window_told(one.since, one.until), "class": one.declared.value}
                for one in self.cross_contamination
            ],
            "kills": [
                {
                    **({"site": one.site} if one.site is not None else {"event": one.event}),
                    **window_told(one.since, one.until),
                }
                for one in self.kills
            ],
            "run_hours": self.run_hours,
        }


NO_ASSUMPTIONS = Assumptions()


def read_assumptions(told: Any) -> Assumptions:
    """Assumptions from their JSON values."""
    parts = read_object(told, "assumptions", ("cross_contamination", "kills", "run_hours"))
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
    parts = read_object(told, where, ("site", "container", "from", "to", "class"))
    place = one_of(parts, ("site", "container"), where)
    since, until = read_window(parts, where)
    declared = read_class(parts.get("class", "exposed"), where)
    if declared not in (ScopeClass.EXPOSED, ScopeClass.POSSIBLE):
        raise UsageError(f"{where}: class {declared.value} is more than an assumption can give; exposed or possible")
    return Contamination(place, read_text(parts[place], f"{where}: {place}"), since, until, declared)


def _kill(told: Any, where: str) -> Kill:
    parts = read_object(told, where, ("site", "event", "from", "to"))
    place = one_of(parts, ("site", "event"), where)
    since, until = read_window(parts, where)
    return Kill(**{place: read_text(parts[place], f"{where}: {place}")}, since=since, until=until)


def _list(parts: Mapping[str, Any], name: str) -> Sequence[Any]:
    told = parts.get(name) or ()
    if not isinstance(told, Sequence) or isinstance(told, str):
        raise UsageError(f"assumptions: {name} is {told!r}; give a list")
    return told
