"""One change: appending to the ledger and replacing timelines, in the transaction that holds the lock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from tracegraph.errors import StoreDamaged, UsageError
from tracegraph.model.custody import Timeline
from tracegraph.stores.amendments import amendment
from tracegraph.stores.ledger import chain_entries
from tracegraph.stores.neo4j.asking import LATEST, OPEN, Asking
from tracegraph.stores.neo4j.boundary import map_exceptions, map_unreadable
from tracegraph.stores.neo4j.ledger_rows import insert_entries, read_head
from tracegraph.stores.neo4j.naming import Known, Naming
from tracegraph.stores.neo4j.reading import Neo4jReading
from tracegraph.stores.neo4j.rows import HOLDINGS, JOINTS, LEGS, UNITS, Row, RowWriter, Table
from tracegraph.stores.neo4j.unit_queries import query_units
from tracegraph.stores.port import Amendment, NewEntry, UnitRow

Answer = TypeVar("Answer")


class Neo4jWriting(Neo4jReading):
    """A change in progress. Its questions see what it has written; after its end it can be used no more."""

    def __init__(self, asking: Asking, shown: str, before: Known) -> None:
        self._asking: Asking | None = asking
        self._shown = shown
        self._naming = Naming(asking, before)
        self._count = read_head(asking, LATEST).count

    def append(self, entries: Sequence[NewEntry], recorded_at: int, actor: str) -> range:
        """Append to the chain; returns the positions."""

        def append(asking: Asking) -> range:
            head = read_head(asking, LATEST)
            chained = list(chain_entries(head, entries, recorded_at, actor))
            insert_entries(asking, self._naming, chained, entries)
            self._count = head.count + len(chained)
            return range(head.count + 1, head.count + 1 + len(chained))

        return self._ask(append)

    def replace(self, position: int, changes: Mapping[str, Timeline | None], units: Iterable[UnitRow] = ()) -> int:
        """Make each owner's contribution exactly the given timeline from `position` on; returns the number of rows
        closed or opened."""
        before = self.timelines(list(changes)) if changes else {}
        amendments = {owner: amendment(before.get(owner), timeline) for owner, timeline in changes.items()}
        return self.amend(position, amendments, units)

    def amend(self, position: int, amendments: Mapping[str, Amendment], units: Iterable[UnitRow] = ()) -> int:
        """What `replace` with the whole timelines would do, told by the parts that change."""

        def amend(asking: Asking) -> int:
            self._check_position(position)
            gone = [one.gone for one in amendments.values() if one.gone]
            come = [one.come for one in amendments.values() if one.come]
            newest = {unit.key: unit for unit in units}
            self._naming.prepare_timelines([*gone, *come], newest.values())
            writer = RowWriter(self._naming.known.owners, self._naming.known.nodes)
            leaving, opening = writer.rows(gone), writer.rows(come)
            if newest:
                known = query_units(asking, list(newest), None, LATEST)
                leaving[UNITS] = dict.fromkeys(writer.unit(unit) for unit in known)
                opening[UNITS] = dict.fromkeys(writer.unit(unit) for unit in newest.values())
            self._note_strangers(asking, opening)
            return self._write(asking, position, leaving, opening)

        return self._ask(amend)

    def end(self) -> None:
        """Write what is written last; every further use is an error."""
        self._ask(lambda asking: self._naming.finish())
        self.give_up()

    def give_up(self) -> None:
        """Every further use is an error."""
        self._asking = None

    @property
    def count(self) -> int:
        """How many entries the ledger has at the end of the change."""
        return self._count

    @property
    def known(self) -> Known:
        """Names that are in the store once the change is committed."""
        return self._naming.known

    def _ask(self, work: Callable[[Asking], Answer]) -> Answer:
        if self._asking is None:
            raise UsageError(f"this change to the store {self._shown} is over; begin a new one with write()")
        with map_exceptions(self._shown), map_unreadable(self._shown):
            return work(self._asking)

    def _check_position(self, position: int) -> None:
        """Knowledge comes from ledger entries: a position that does not exist yet knows nothing."""
        if not 0 < position <= self._count:
            raise UsageError(
                f"the graph cannot change at position {position}: the ledger has positions 1 to {self._count}"
            )

    def _write(
        self,
        asking: Asking,
        position: int,
        leaving: Mapping[Table, dict[Row, None]],
        opening: Mapping[Table, dict[Row, None]],
    ) -> int:
        """Close what goes and open what comes; what is in both stays. All is closed before anything is opened."""
        closed = {table: [row for row in rows if row not in opening[table]] for table, rows in leaving.items()}
        opened = {table: [row for row in rows if row not in leaving[table]] for table, rows in opening.items()}
        for table, rows in closed.items():
            _close(asking, table, position, rows)
        for table, rows in opened.items():
            said = (table.parameters(row) for row in rows)
            asking.send(f"open_{table.name}", "rows", said, position=position, open=OPEN)
        return sum(map(len, [*closed.values(), *opened.values()]))

    def _note_strangers(self, asking: Asking, opening: Mapping[Table, dict[Row, None]]) -> None:
        """Note which events take part in transformations, and which owners say something of nodes of others: all that
        an owner says is found from the nodes that it has or touches."""
        belongs = {node.number: node.owner for node in self._naming.known.nodes.values()}
        acts = [{"event": event, "node": row[0]} for row in opening[JOINTS] for event in row[5]]
        touched = {
            (row[3], row[0])
            for table in (HOLDINGS, JOINTS, LEGS)
            for row in opening[table]
            if belongs[row[0]] != row[3] and not (table is LEGS and belongs[row[1]] == row[3])
        }
        asking.send("note_acts", "rows", acts)
        asking.send("touch_nodes", "rows", ({"owner": owner, "node": node} for owner, node in sorted(touched)))


def _close(asking: Asking, table: Table, position: int, rows: Sequence[Row]) -> None:
    """End relationships that say exactly this; those that began at the position vanish."""
    if not rows:
        return
    found, last = 0, 0
    for begin in range(0, len(rows), 20_000):
        portion = [table.parameters(row) for row in rows[begin : begin + 20_000]]
        counted, later = asking.columns(f"close_{table.name}", rows=portion, position=position, open=OPEN)
        found, last = found + counted, max(last, later)
    if last > position:
        raise UsageError(
            f"the graph already holds what is known from position {last} on and cannot change at {position}; "
            "change it at the newest position"
        )
    if found != len(rows):
        raise StoreDamaged(
            f"the custody graph does not hold one of the {table.name} that should end at position {position}; "
            "make the graph again from the ledger, or restore a backup"
        )
