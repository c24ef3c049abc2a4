"""A rule: a module of a pack with a `RULE` and a function `evaluate(world, parameters)`.

A rule yields what it found of each subject, or nothing where it is about nothing on record; that is NA. It reads the
world and its parameters, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tracegraph.claims.finding import Found, Parameter
from tracegraph.claims.outcome import Outcome, Severity
from tracegraph.claims.world import World


class UnsetParameter(LookupError):
    """A parameter without a value: what depends on it is not evaluable."""


class Parameters:
    """The parameters of a pack as one rule reads them; what was read is remembered, for the findings to show."""

    def __init__(self, known: Mapping[str, Parameter], schemes: Mapping[str, str] | None = None) -> None:
        self._known = known
        self._schemes = {name.casefold(): pack for name, pack in (schemes or {}).items()}
        self._used: dict[str, Parameter] = {}

    def text(self, name: str) -> str:
        """The text of a parameter. Raises UnsetParameter where the pack has none, or one without a value."""
        found = self._known.get(name)
        if found is not None:
            self._used[name] = found
        if found is None or not found.value:
            raise UnsetParameter(name)
        return found.value

    def number(self, name: str) -> Decimal:
        """The number of a parameter."""
        return Decimal(self.text(name))

    def words(self, name: str) -> tuple[str, ...]:
        """The members of a parameter that lists words or phrases, between semicolons."""
        return tuple(word.strip() for word in self.text(name).split(";") if word.strip())

    def pack(self, scheme: str) -> str | None:
        """Which of the packs that are evaluated together has the rules of a scheme: its id and version."""
        return self._schemes.get(scheme.casefold())

    def given(self, name: str) -> bool:
        """Whether a parameter has a value."""
        found = self._known.get(name)
        return found is not None and bool(found.value)

    @property
    def used(self) -> tuple[Parameter, ...]:
        """Those that were read, by name."""
        return tuple(self._used[name] for name in sorted(self._used))


Evaluate = Callable[[World, Parameters], Iterable[Found]]


@dataclass(frozen=True, slots=True)
class Rule:
    """`id` and `clause` of the source; `severity` of a violation; `evaluate`: what it finds; `closed`: the outcomes
    that rest on there being no further record, so that who may not know all records is not told them."""

    id: str
    clause: str
    severity: Severity
    evaluate: Evaluate
    closed: frozenset[Outcome] = frozenset()
