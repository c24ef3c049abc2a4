"""The embedded default store: one SQLite file, no set-up."""

from __future__ import annotations

from tracegraph.stores.sqlite.store import BUSY_TIMEOUT, SqliteStore, open_sqlite

__all__ = ["BUSY_TIMEOUT", "SqliteStore", "open_sqlite"]
