"""The embedded store passes the contract, all of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from tracegraph.contract import StoreContract, StoreHarness, TamperingContract
from tracegraph.stores.port import Store
from tracegraph.stores.sqlite import open_sqlite


class SqliteHarness(StoreHarness):
    def open_store(self, patience: float = 10.0) -> Store:
        return open_sqlite(self.folder / "store.db", busy_timeout=patience)


class TestSqlite(SqliteHarness, StoreContract):
    """Everything that a store must do."""


class TestSqliteTampering(SqliteHarness, TamperingContract):
    """Direct changes with the driver."""

    def execute(self, statement: str, *parameters: object) -> None:
        with closing(sqlite3.connect(self.folder / "store.db")) as connection, connection:
            assert connection.execute(statement, parameters).rowcount > 0

    def change_payload(self, position: int, payload: bytes) -> None:
        self.execute("UPDATE ledger SET payload = ? WHERE position = ?", payload, position)

    def change_actor(self, position: int, actor: str) -> None:
        self.execute("UPDATE ledger SET actor = ? WHERE position = ?", actor, position)

    def remove_entries(self, first: int, last: int) -> None:
        self.execute("DELETE FROM ledger WHERE position BETWEEN ? AND ?", first, last)
        with closing(sqlite3.connect(self.folder / "store.db")) as connection, connection:
            for table in ("event", "mention", "event_place", "record"):
                connection.execute(f"DELETE FROM {table} WHERE position BETWEEN ? AND ?", (first, last))

    def remove_facts(self, position: int) -> None:
        self.execute("DELETE FROM event WHERE position = ?", position)

    def remove_node(self, id: str) -> None:
        self.execute("DELETE FROM holding WHERE node = (SELECT number FROM node WHERE text = ?)", id)
