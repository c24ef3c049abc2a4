"""Numbers of nodes. An id is a hash of a unit, an event and more, so a holding is looked up among its unit's nodes.

Ids are not looked up by themselves: at a million events nearly every such look-up would read, and every new node
change, a page of its own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain

from tracegraph.model.custody import Timeline
from tracegraph.stores.sqlite.lineage import renew_lineage
from tracegraph.stores.sqlite.numbers import Numbering, find_numbers, marks, portions

#: A node's number, and the number of its unit (of a joint: its owner; None: only a leg or a gap names it).
Node = tuple[int, int | None]

_OF_UNIT = (
    "WITH asked (unit, text) AS (VALUES {values}) SELECT node.text, node.number, node.unit FROM asked CROSS JOIN node "
    "ON node.unit = asked.unit AND substr(node.text, 1, 10) = substr(asked.text, 1, 10) AND node.text = asked.text"
)
_OF_NO_EVENT = (
    "WITH asked (text) AS (VALUES {values}) SELECT node.text, node.number, node.unit FROM asked CROSS JOIN node "
    "ON node.event IS NULL AND substr(node.text, 1, 10) = substr(asked.text, 1, 10) AND node.text = asked.text"
)


class NodeNumbering:
    """Numbers for nodes within one change: looked up in bulk, given where missing, remembered until the change ends."""

    def __init__(self, connection: sqlite3.Connection, names: Numbering) -> None:
        self._connection = connection
        self._names = names
        #: Every node that was prepared.
        self.found: dict[str, Node] = {}

    def prepare(self, timelines: Collection[Timeline]) -> None:
        """Make sure that every node in the timelines has a number; their texts have theirs."""
        self._prepare_holdings(timelines)
        self._prepare_joints(timelines)
        self._prepare_ends(timelines)

    def __getitem__(self, id: str) -> int:
        """The number of a node that was prepared."""
        return self.found[id][0]

    def _prepare_holdings(self, timelines: Collection[Timeline]) -> None:
        found = self.found
        wanted = {
            holding.id: holding for timeline in timelines for holding in timeline.holdings if holding.id not in found
        }
        names = self._names.known
        self._find_of_units([(names[holding.unit], id) for id, holding in wanted.items()])
        missing = {id: (names[holding.unit], names[holding.event]) for id, holding in wanted.items() if id not in found}
        if missing and self._some_are_unknown():
            self._adopt(missing)
        self._add([(id, unit, event) for id, (unit, event) in missing.items() if id not in found])

    def _prepare_joints(self, timelines: Collection[Timeline]) -> None:
        names, found = self._names, self.found
        wanted = {
            joint.id: names[timeline.owner]
            for timeline in timelines
            if timeline.joints
            for joint in timeline.joints
            if joint.id not in found
        }
        self._find_of_no_event(wanted)
        self._add([(id, owner, None) for id, owner in wanted.items() if id not in found])

    def _prepare_ends(self, timelines: Collection[Timeline]) -> None:
        """Nodes that are only named: nearly always of the owner, or joints."""
        found = self.found
        wanted = dict[str, int | None]()
        for timeline in timelines:
            strange = [id for id in _ends(timeline) if id not in found]
            if strange:
                wanted |= dict.fromkeys(strange, self._names[timeline.owner])
        if not wanted:
            return
        self._find_of_units([(owner, id) for id, owner in wanted.items()])
        self._find_of_no_event([id for id in wanted if id not in found])
        elsewhere = [id for id in wanted if id not in found]
        for id, number in find_numbers(self._connection, elsewhere, "node").items():
            found[id] = (
                number,
                self._connection.execute("SELECT unit FROM node WHERE number = ?", (number,)).fetchone()[0],
            )
        self._add([(id, None, None) for id in elsewhere if id not in found])

    def _find_of_units(self, wanted: Sequence[tuple[int | None, str]]) -> None:
        """Look nodes up among those of their unit; a unit that is new has none."""
        first_new = self._names.first_new
        for portion in portions([pair for pair in wanted if pair[0] is not None and pair[0] < first_new], 250):
            statement = _OF_UNIT.format(values=",".join(["(?,?)"] * len(portion)))
            self._note(self._connection.execute(statement, list(chain.from_iterable(portion))))

    def _find_of_no_event(self, ids: Iterable[str]) -> None:
        """Look nodes up among the joints, and those that nothing but legs and gaps named so far."""
        for portion in portions(ids):
            statement = _OF_NO_EVENT.format(values=",".join(["(?)"] * len(portion)))
            self._note(self._connection.execute(statement, portion))

    def _some_are_unknown(self) -> bool:
        """Whether a leg or a gap ever named a node before it was there."""
        found = self._connection.execute("SELECT EXISTS (SELECT 1 FROM node WHERE unit IS NULL)").fetchone()
        return bool(found[0])

    def _adopt(self, missing: Mapping[str, tuple[int | None, int | None]]) -> None:
        """Holdings that a leg or a gap named before they were there keep their number."""
        self._find_of_no_event(missing)
        adopted = [(*ends, self[id]) for id, ends in missing.items() if id in self.found]
        if adopted:
            renew_lineage(self._connection)
        self._connection.executemany("UPDATE node SET unit = ?, event = ? WHERE number = ?", adopted)
        self._note([(id, self[id], ends[0]) for id, ends in missing.items() if id in self.found])

    def _add(self, rows: Sequence[tuple[str, int | None, int | None]]) -> None:
        """Number new nodes (id, unit, event) consecutively."""
        if not rows:
            return
        first: int = self._connection.execute("SELECT coalesce(max(number), 0) + 1 FROM node").fetchone()[0]
        numbered = [(number, id, unit, event) for number, (id, unit, event) in enumerate(rows, start=first)]
        self._connection.executemany(f"INSERT INTO node (number, text, unit, event) VALUES ({marks(4)})", numbered)
        self.found.update([(id, (number, unit)) for number, id, unit, _ in numbered])

    def _note(self, rows: Iterable[tuple[str, int, int | None]]) -> None:
        self.found.update([(id, (number, unit)) for id, number, unit in rows])


def _ends(timeline: Timeline) -> list[str]:
    """The nodes that legs and gaps name."""
    ends = [leg.source for leg in timeline.legs]
    ends += [leg.target for leg in timeline.legs]
    if timeline.gaps:
        ends += [gap.holding for gap in timeline.gaps if gap.holding is not None]
    return ends
