"""What a check of a store finds, and how long work is watched: shared by all stores and the commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

#: What is at fault: the hash chain; entries and what was derived from them; the custody graph; the file itself.
Kind = Literal["chain", "ledger", "facts", "record", "graph", "file"]

#: Told now and then while long work goes on: the stage, how much of it is done, and how much there is.
Watch = Callable[[str, int, int], None]


class Fault(str):
    """One sentence that says what is wrong, with the `kind` of thing that is."""

    __slots__ = ("kind",)
    kind: Kind

    def __new__(cls, sentence: str, kind: Kind) -> Fault:
        """The sentence is the value."""
        fault = super().__new__(cls, sentence)
        fault.kind = kind
        return fault

    def __reduce__(self) -> tuple[type[Fault], tuple[str, Kind]]:
        """Faults cross from one process to another."""
        return Fault, (str(self), self.kind)


def unwatched(stage: str, done: int, total: int) -> None:
    """Nobody is told."""
