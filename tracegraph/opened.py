"""An open store as every part of `Tracegraph` has it: for everybody, or as one caller may know and use it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracegraph.answers import Answer
from tracegraph.errors import Refused
from tracegraph.messages import Language, language_of
from tracegraph.stores.port import Store
from tracegraph.trace.register import Register
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.tracing import Answered

if TYPE_CHECKING:
    from tracegraph.access.guard import Guard
    from tracegraph.recompile import Workbench


#: The operation of whoever works on recall cases.
RECALL = "recall"


@dataclass(slots=True)
class Remembered:
    """What is kept between questions, for all who ask the same store."""

    register: Register | None = None


class Opened:
    """`store`: what is asked; `language`: of sentences in answers. `close` it in the end."""

    def __init__(self, store: Store, language: str = "en") -> None:
        self.store = store
        self.language: Language = language_of(language)
        self._remembered = Remembered()
        self._workbench: Workbench | None = None
        self._guard: Guard | None = None

    def close(self) -> None:
        """Release the store; not where it is somebody else's (`as_caller`)."""
        if self._guard is None:
            self.store.close()

    def _allow(self, operation: str) -> None:
        """Raise Refused where this is for a caller whose role has not got the operation."""
        if self._guard is not None:
            self._guard.allow(operation)

    def _answer(self, answered: Answered) -> Answer:
        return Answer(answered, self.language)

    def _register(self, as_of: int | None) -> Register:
        """Aliases and memberships, kept between questions for as long as nothing was captured."""
        snapshot = Snapshot.of(self.store, as_of)
        known = self._remembered.register
        if known is None or known.snapshot != snapshot:
            self._remembered.register = known = Register(snapshot)
        return known

    def _who(self) -> str:
        """The name of the caller; empty where it is for everybody."""
        return "" if self._guard is None else self._guard.caller.name

    def _whole_store(self, what: str) -> Store:
        """The store to write to. Raises Refused for a caller who sees only a part of it."""
        if self._guard is None:
            return self.store
        if self.store is not self._guard.store:
            raise Refused(f"{what} are recorded by roles that see everything; ask an investigator to do so")
        return self._guard.store

    def _cases(self) -> Store:
        """The store with the cases of recall. Raises Refused for a role without them, or one that sees only a part of
        the store."""
        self._allow(RECALL)
        return self._whole_store("recall cases")
