"""A case as it stands: its moves in order, and what follows from them alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tracegraph.errors import UnknownIdentifier
from tracegraph.recall.case.move import CASE_KIND, MOVE_KIND, Move, move_id, move_of
from tracegraph.recall.case.states import DRILL, NOT_OPENED, allowed
from tracegraph.recall.case.version import ScopeVersion, version_of
from tracegraph.stores.port import Reading


@dataclass(frozen=True)
class CaseFile:
    """All moves of one case, from its opening on; none: nobody opened it."""

    id: str
    moves: tuple[Move, ...] = ()

    @property
    def state(self) -> str:
        """The state after the last move."""
        return self.moves[-1].state if self.moves else NOT_OPENED

    @property
    def opened(self) -> Move:
        """The move that opened it."""
        return self.moves[0]

    @property
    def type(self) -> str:
        """withdrawal, recall, hold, advisory or drill."""
        return self.opened.text("type")

    @property
    def is_drill(self) -> bool:
        """Whether nothing of it may ever be sent."""
        return self.type == DRILL

    @property
    def facts(self) -> dict[str, Any]:
        """What the case is about: the fields of its opening, and of each assessment over them."""
        found: dict[str, Any] = {}
        for move in self.of("open", "assess"):
            found |= move.parts
        return found

    def of(self, *actions: str) -> tuple[Move, ...]:
        """The moves of these actions, in order."""
        return tuple(move for move in self.moves if move.action in actions)

    @property
    def versions(self) -> tuple[ScopeVersion, ...]:
        """All scope versions, oldest first."""
        return tuple(self._version(move) for move in self.of("scope"))

    @property
    def scope(self) -> ScopeVersion | None:
        """The newest scope version, approved or not."""
        made = self.of("scope")
        return self._version(made[-1]) if made else None

    @property
    def approved(self) -> ScopeVersion | None:
        """The newest scope version that was approved."""
        moves = self.of("approve")
        if not moves:
            return None
        number = moves[-1].text("version")
        return next(self._version(move) for move in self.of("scope") if str(move.parts["number"]) == number)

    def _version(self, move: Move) -> ScopeVersion:
        """The version that a move made; its entries, which may be ten thousand, are read once."""
        if move.number not in self._read:
            self._read[move.number] = version_of(move)
        return self._read[move.number]

    @cached_property
    def _read(self) -> dict[int, ScopeVersion]:
        """The versions that were looked at, by the number of their move."""
        return {}

    def allowed(self, role: str | None = None) -> list[str]:
        """The actions that are possible now, to a role (None: to some role)."""
        kind = self.type if self.moves else ""
        return allowed(self.state, kind, {move.action for move in self.moves}, role)


def case_file(store: Reading, case: str, at: int | None = None) -> CaseFile:
    """The case of that number as known at a ledger position. Raises UnknownIdentifier where nobody opened it."""
    found = find_case(store, case, at)
    if not found.moves:
        known = sorted(stored.record.id for stored in store.records(CASE_KIND, None, at))
        raise UnknownIdentifier(
            f"there is no recall case {case!r}; see tracegraph recall list", case, tuple(known[-3:][::-1])
        )
    return found


def find_case(store: Reading, case: str, at: int | None = None) -> CaseFile:
    """The case of that number; without moves where nobody opened it."""
    return next(iter(_with_moves(store, store.records(CASE_KIND, [case], at), at)), CaseFile(case))


def moves_counted(store: Reading, case: str, at: int | None = None) -> int:
    """How many moves a case has; its own record says so, and no move is read."""
    return sum(int(stored.record.data["moves"]) for stored in store.records(CASE_KIND, [case], at))


def stored_move(store: Reading, case: str, number: int, at: int | None = None) -> Move:
    """One move of a case that has it."""
    (stored,) = store.records(MOVE_KIND, [move_id(case, number)], at)
    return move_of(stored)


def case_files(store: Reading, at: int | None = None) -> list[CaseFile]:
    """All cases, by number."""
    return list(_with_moves(store, store.records(CASE_KIND, None, at), at))


def _with_moves(store: Reading, stored: Iterable[Any], at: int | None) -> Iterable[CaseFile]:
    for one in stored:
        case, count = one.record.id, int(one.record.data["moves"])
        names = [move_id(case, number) for number in range(1, count + 1)]
        moves = sorted(map(move_of, store.records(MOVE_KIND, names, at)), key=_number)
        yield CaseFile(case, tuple(moves))


def _number(move: Move) -> int:
    return move.number
