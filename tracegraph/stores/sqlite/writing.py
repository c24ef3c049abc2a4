"""One change: appending to the ledger and replacing timelines, on the connection that holds the write lock."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager

from tracegraph.errors import UsageError
from tracegraph.model.custody import Timeline
from tracegraph.stores.ledger import chain_entries
from tracegraph.stores.port import Amendment, LedgerHead, NewEntry, UnitRow
from tracegraph.stores.sqlite.boundary import Lent, map_exceptions
from tracegraph.stores.sqlite.event_rows import insert_events
from tracegraph.stores.sqlite.graph_rows import JOINT, TIMELINE_TABLES, UNIT, RowWriter
from tracegraph.stores.sqlite.ledger_rows import insert_entries, read_head
from tracegraph.stores.sqlite.lineage import renew_lineage
from tracegraph.stores.sqlite.nodes import NodeNumbering
from tracegraph.stores.sqlite.numbers import Find, Numbering, Remembered, portions
from tracegraph.stores.sqlite.reading import SqliteReading
from tracegraph.stores.sqlite.record_rows import insert_records

#: Owners replaced together: enough to make statements few, few enough to keep memory small.
OWNERS_AT_ONCE = 500


class SqliteWriting(SqliteReading):
    """A change in progress. Its questions see what it has written; after its end it can be used no more."""

    def __init__(self, connection: sqlite3.Connection, path: str, remembered: Remembered | None = None) -> None:
        super().__init__(self._current_state)
        self._lent: Lent | None = Lent(connection, path, map_exceptions)
        self._path = path
        self._first_appended: int | None = None
        self._remembered = Remembered() if remembered is None else remembered
        self._head: LedgerHead | None = None
        self._names = Numbering(connection, self._remembered)
        self._nodes = NodeNumbering(connection, self._names)

    def head(self) -> LedgerHead:
        """The end of the chain, with what this change appended."""
        with self._current_state() as connection:
            return self._known_head(connection)

    def append(self, entries: Sequence[NewEntry], recorded_at: int, actor: str) -> range:
        """Append to the chain; returns the positions."""
        with self._current_state() as connection:
            head = self._known_head(connection)
            self._first_appended = self._first_appended or head.count + 1
            chained = list(chain_entries(head, entries, recorded_at, actor))
            insert_entries(connection, chained)
            if chained:
                self._head = LedgerHead(chained[-1].position, chained[-1].hash, chained[-1].recorded_at)
            numbered = list(enumerate(entries, start=head.count + 1))
            insert_events(connection, self._names, numbered)
            records = [(place, entry.record) for place, entry in numbered if entry.record is not None]
            if records:
                insert_records(connection, records)
            return range(head.count + 1, head.count + 1 + len(chained))

    def replace(self, position: int, changes: Mapping[str, Timeline | None], units: Iterable[UnitRow] = ()) -> int:
        """Make each owner's contribution exactly the given timeline from `position` on; returns the number of rows
        closed or opened."""
        with self._current_state() as connection:
            self._check_position(connection, position)
            changed = self._replace_units(connection, position, list(units))
            RowWriter(self._names, self._nodes).prepare([timeline for timeline in changes.values() if timeline])
            for owners in portions(changes, OWNERS_AT_ONCE):
                portion = {owner: changes[owner] for owner in owners}
                changed += self._replace_timelines(connection, position, portion)
            return changed

    def amend(self, position: int, amendments: Mapping[str, Amendment], units: Iterable[UnitRow] = ()) -> int:
        """What `replace` with the whole timelines would do, told by the parts that change."""
        with self._current_state() as connection:
            self._check_position(connection, position)
            changed = self._replace_units(connection, position, list(units))
            gone = [amendment.gone for amendment in amendments.values() if amendment.gone]
            come = [amendment.come for amendment in amendments.values() if amendment.come]
            writer = RowWriter(self._names, self._nodes)
            writer.prepare([*gone, *come])
            leaving, opening = writer.rows(gone), writer.rows(come)
            for table in TIMELINE_TABLES:
                if not leaving[table] and not opening[table]:
                    continue
                count, opened = table.amend(connection, position, leaving[table], opening[table])
                changed += count
                if table is JOINT and opened:
                    self._note_joint_events(connection, come)
            return changed

    def end(self) -> None:
        """The change is over: every further use is an error."""
        self._lent = None
        self._nodes.found.clear()  # it refers to itself, so that it would keep them until garbage is searched

    def remember(self) -> None:
        """The change was committed: later ones may use the numbers that it found and gave."""
        self._remembered.keep(self._names.known)
        self._names.known.clear()

    def _replace_units(self, connection: sqlite3.Connection, position: int, units: list[UnitRow]) -> int:
        """Add or update units."""
        if not units:
            return 0
        writer = RowWriter(self._names, self._nodes)
        writer.prepare((), units)
        newest = {unit.key: unit for unit in units}
        rows = [writer.unit(unit) for unit in newest.values()]
        changed, _ = UNIT.supersede(connection, position, [self._names[key] for key in newest], rows)
        return changed

    def _replace_timelines(
        self, connection: sqlite3.Connection, position: int, changes: Mapping[str, Timeline | None]
    ) -> int:
        """Replace a portion of the timelines."""
        come = [timeline for timeline in changes.values() if timeline]
        self._names.prepare(changes)
        rows = RowWriter(self._names, self._nodes).rows(come)
        owners = [self._names[owner] for owner in changes]
        changed = 0
        for table in TIMELINE_TABLES:
            count, opened = table.supersede(connection, position, owners, rows[table])
            changed += count
            if table is JOINT and opened:
                self._note_joint_events(connection, come)
        return changed

    def _note_joint_events(self, connection: sqlite3.Connection, timelines: Iterable[Timeline]) -> None:
        """Remember which events ever took part in which joint."""
        connection.executemany(
            "INSERT OR IGNORE INTO joint_event (event, node) VALUES (?, ?)",
            (
                (self._names[event], self._nodes[joint.id])
                for timeline in timelines
                for joint in timeline.joints
                for event in joint.events
            ),
        )

    def _check_position(self, connection: sqlite3.Connection, position: int) -> None:
        """Knowledge comes from ledger entries: a position that does not exist yet knows nothing; at one that was there
        before this change, rows are not only appended."""
        count = self._known_head(connection).count
        if not 0 < position <= count:
            raise UsageError(f"the graph cannot change at position {position}: the ledger has positions 1 to {count}")
        if self._first_appended is None or position < self._first_appended:
            renew_lineage(connection)

    def _known_head(self, connection: sqlite3.Connection) -> LedgerHead:
        """The end of the chain: nobody else makes it longer while the change lasts."""
        if self._head is None:
            self._head = read_head(connection)
        return self._head

    def _find_on(self, connection: sqlite3.Connection) -> Find:
        """Texts are looked up once in a change."""
        return self._names.find

    def _current_state(self) -> AbstractContextManager[sqlite3.Connection]:
        """The connection of the change, while it lasts."""
        if self._lent is None:
            raise UsageError(f"this change to the store {self._path} is over; begin a new one with write()")
        return self._lent
