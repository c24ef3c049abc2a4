"""What physically happened, kept apart from what anybody wrote down, and what follows from it.

Reach is one pass over the happenings in order of time (forward) or against it (backward), over pairs of goods and
place. Nothing of tracegraph is used: these are the answers that its answers are measured against.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

#: Goods (canonical key) at a place (canonical key of the site).
Presence = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Happening:
    """Goods moved, or goods made of goods: from every presence in `before` something went into every one in `after`."""

    instant: datetime
    before: tuple[Presence, ...]
    after: tuple[Presence, ...]


@dataclass(slots=True)
class Truth:
    """All happenings. Equal instants count in the order in which they were told."""

    happenings: list[Happening] = field(default_factory=list)

    def moved(self, instant: datetime, goods: str, origin: str, destination: str) -> None:
        """Goods left `origin` and came to `destination`, by this instant."""
        self.happenings.append(Happening(instant, ((goods, origin),), ((goods, destination),)))

    def made(self, instant: datetime, place: str, inputs: Iterable[str], outputs: Iterable[str]) -> None:
        """Outputs were made of inputs at a place (no inputs: a birth)."""
        before = tuple((goods, place) for goods in inputs)
        self.happenings.append(Happening(instant, before, tuple((goods, place) for goods in outputs)))

    def forward(self, goods: str) -> frozenset[Presence]:
        """Everything that holds some of these goods, and where, from their origin on."""
        reached: set[Presence] = set()
        for happening in self._in_order():
            if any(presence in reached for presence in happening.before):
                reached.update(happening.after)
            elif goods not in {given for given, _ in happening.before}:
                reached.update(presence for presence in happening.after if presence[0] == goods)
        return frozenset(reached)

    def backward_from(self, place: str) -> frozenset[Presence]:
        """Everything that went into what was ever at this place, and where it had been, that place included."""
        wanted: set[Presence] = set()
        for happening in reversed(self._in_order()):
            if any(presence in wanted or presence[1] == place for presence in happening.after):
                wanted.update(presence for presence in happening.after if presence[1] == place)
                wanted.update(happening.before)
        return frozenset(wanted)

    def _in_order(self) -> list[Happening]:
        return sorted(self.happenings, key=lambda happening: happening.instant)
