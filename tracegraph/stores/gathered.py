"""All that a trace reaches, as columns: what a store with an index gives in one piece, in the order of an answer.

A store that has no such way says None, and the same is asked of it piece by piece; both make the same answer to the
byte.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tracegraph.model.custody import Joint, PlaceKind

if TYPE_CHECKING:
    from tracegraph.stores.port import Direction, UnitRow

#: The kinds of places by their numbers, which count from 1.
KINDS = ("", *(kind.value for kind in PlaceKind))

#: The end of a stay that is still open.
NO_END = -(2**63)

#: The instant of the first leg that leads on from where none does.
NEVER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Following:
    """What is followed. `starts`: nodes, and whether each is confirmed; `confirmed_only` follows confirmed legs alone;
    `at`: as known at that ledger position (None: now). `most`: nothing is gathered where more holdings are reached."""

    starts: Mapping[int, bool]
    direction: Direction
    confirmed_only: bool = False
    at: int | None = None
    most: int | None = None


@dataclass(slots=True)
class Gathered:
    """The reached holdings by (distance, id), a list for each thing that is said of them; the reached transformations
    and whether each is confirmed; the events that moved something on the way; the rows of the units, by key.

    `kind` numbers KINDS. `unit` to `destination`, and `events`, are numbers of `texts` (0: there is none). `amounts`
    numbers `amount_texts`: what came in and what remained as members of a JSON object. `until` may be NO_END. `moved`,
    `consumed`, `first`: as in port.Onwards, `first` may be NEVER.
    """

    node: list[int]
    distance: list[int]
    confirmed: list[bool]
    id: list[str]
    since: list[int]
    until: list[int]
    unit: list[int]
    kind: list[int]
    place: list[int]
    event: list[int]
    party: list[int]
    owner: list[int]
    sublocation: list[int]
    destination: list[int]
    amounts: list[int]
    moved: list[bool]
    consumed: list[bool]
    first: list[int]
    texts: dict[int, str]
    amount_texts: dict[int, str]
    joints: list[tuple[Joint, bool]]
    events: list[int]
    units: dict[str, UnitRow]

    def only(self, rows: Sequence[int]) -> Gathered:
        """The same with some of the holdings only."""
        columns: dict[str, Any] = {name: [getattr(self, name)[row] for row in rows] for name in HOLDING_COLUMNS}
        return replace(self, **columns)


#: The lists that have an element for each holding.
HOLDING_COLUMNS = tuple(Gathered.__slots__[: Gathered.__slots__.index("texts")])
