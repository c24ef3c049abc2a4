"""The smallest sets of candidates that together explain all cases: exact, and all of them up to a limit.

Needed where no single source explains everything (EFSA Journal 2014;12(9):3821: 43 cases, no common link). The least
number is found by integer programming (HiGHS in SciPy); then all sets of that size by search.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tracegraph.trace.sources.measures import members

#: How many sets are listed, how many candidates are looked at, and how many of them the search for sets may compare.
MOST_COVERS = 20
MOST_CANDIDATES = 2_000
MOST_COMPARED = 20_000_000
#: Candidates that a set may have beyond those without which a case has none.
MOST_CHOICES = 200


@dataclass(frozen=True, slots=True)
class Covers:
    """`sets`: of the least size, each a sorted tuple of groups of candidates that explain the same (names sorted), the
    whole sorted. `size` 0: there is nothing to explain. `exact`: no smaller set exists; `all`: no other set of that
    size. `unexplained`: cases that no candidate explains."""

    sets: Sequence[tuple[tuple[str, ...], ...]] = ()
    size: int = 0
    exact: bool = True
    all: bool = True
    unexplained: int = 0


def smallest_covers(explained: Mapping[str, int], cases: int, most: int = MOST_COVERS) -> Covers:
    """The smallest sets of candidates (name: the cases that it explains) that explain the given cases.

    Candidates that explain no more than another one are left out, so a set names, of many equally good, the group that
    explains most. At most `most` sets are listed.
    """
    possible = 0
    for found in explained.values():
        possible |= found
    wanted = cases & possible
    groups = _groups(explained, wanted)
    if not wanted:
        return Covers(unexplained=cases & ~possible)
    useful = sorted(_undominated(list(groups)), key=lambda found: (-found.bit_count(), groups[found]))
    best = useful if len(useful) <= MOST_CANDIDATES else _greedy(useful, wanted)
    size, exact = _least_size(best, wanted)
    search = _Search(best, wanted, size, most)
    search.begin()
    named = sorted(tuple(sorted(tuple(groups[found]) for found in chosen)) for chosen in search.found)
    finished = search.room > 0 and not search.full
    return Covers(named, size, exact and best is useful, finished and best is useful, cases & ~possible)


def _groups(explained: Mapping[str, int], wanted: int) -> dict[int, list[str]]:
    """Candidates by what they explain of what is wanted."""
    found: dict[int, list[str]] = {}
    for name in sorted(explained):
        if explained[name] & wanted:
            found.setdefault(explained[name] & wanted, []).append(name)
    return found


def _undominated(sets: Sequence[int]) -> list[int]:
    """The sets that are no part of another one."""
    kept: list[int] = []
    for found in sorted(sets, key=lambda one: (-one.bit_count(), one)):
        if all(found & ~other for other in kept):
            kept.append(found)
    return kept


def _greedy(sets: Sequence[int], wanted: int) -> list[int]:
    """A cover that takes what explains most of the rest, again and again; at most ln n times the least size."""
    chosen: list[int] = []
    while wanted:
        chosen.append(max(sets, key=lambda found: (found & wanted).bit_count()))
        wanted &= ~chosen[-1]
    return chosen


def _least_size(sets: Sequence[int], wanted: int) -> tuple[int, bool]:
    """How many sets it takes, and whether fewer are proven to be too few."""
    greedy = len(_greedy(sets, wanted))
    if greedy <= 2:  # one is the least there is, and with two no single one was enough
        return greedy, True
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    pairs = [(row, column) for row, case in enumerate(members(wanted)) for column, found in enumerate(sets)
             if found >> case & 1]  # fmt: skip
    rows, columns = zip(*pairs, strict=True)
    matrix = csr_array((np.ones(len(pairs)), (rows, columns)), shape=(wanted.bit_count(), len(sets)))
    solved = milp(
        np.ones(len(sets)),
        integrality=np.ones(len(sets)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix, lb=1),
        options={"node_limit": 10_000, "mip_rel_gap": 0},
    )
    return (round(solved.fun), True) if solved.status == 0 else (greedy, False)


@dataclass(slots=True)
class _Search:
    """All covers of one size: of the cases still unexplained, the one with the fewest candidates is explained next."""

    sets: Sequence[int]
    wanted: int
    size: int
    most: int
    room: int = MOST_COMPARED
    full: bool = False
    found: set[tuple[int, ...]] = field(default_factory=set)

    def begin(self) -> None:
        """Take what alone explains some case, then look for all ways to explain the others."""
        candidates = {case: [found for found in self.sets if found >> case & 1] for case in members(self.wanted)}
        chosen = tuple(sorted({found[0] for found in candidates.values() if len(found) == 1}))
        left = self.wanted
        for found in chosen:
            left &= ~found
        if self.size - len(chosen) > MOST_CHOICES:
            self.room = 0
        self.go_on(left, chosen)

    def go_on(self, left: int, chosen: tuple[int, ...]) -> None:
        """Add every way to explain what is left."""
        self.room -= len(self.sets) * (left.bit_count() + 1)
        if self.room <= 0 or self.full:
            return
        if not left:
            self._keep(tuple(sorted(chosen)))
            return
        further = self.size - len(chosen)
        if further * max((found & left).bit_count() for found in self.sets) < left.bit_count():
            return
        case = min(members(left), key=lambda one: sum(found >> one & 1 for found in self.sets))
        for found in self.sets:
            if found >> case & 1:
                self.go_on(left & ~found, (*chosen, found))

    def _keep(self, cover: tuple[int, ...]) -> None:
        if cover not in self.found and len(self.found) >= self.most:
            self.full = True
        else:
            self.found.add(cover)
