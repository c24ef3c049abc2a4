"""The store's mark and version, how a new file gets its tables, and what an existing file is."""

from __future__ import annotations

import sqlite3
import uuid
from importlib.resources import files
from pathlib import Path
from stat import S_ISREG

from tracegraph.errors import StoreDamaged, StoreForeign, StoreNewer, StoreOlder, StoreUnreachable

#: `TrGr` in the header of the file (SQLite's application_id): says that the file is ours.
APPLICATION_ID = 0x54724772

#: Kept in SQLite's user_version; raised when the tables change.
SCHEMA_VERSION = 2

#: `known_to` of rows that are current.
OPEN = 2**63 - 1


def create_schema(connection: sqlite3.Connection) -> None:
    """Give an empty database its tables, mark and identity, in one transaction; nothing where another was faster.

    This happens before the file is switched to WAL, so the mark stands in the file itself from the first moment.
    """
    connection.execute("BEGIN EXCLUSIVE")
    try:
        if not _pragma(connection, "application_id"):
            for statement in _statements():
                connection.execute(statement)
            connection.execute("INSERT INTO meta VALUES ('identity', ?)", (uuid.uuid4().hex,))
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def holds_something(path: Path) -> bool:
    """Whether the file is there and not empty. It is not opened: closing a second handle on it would drop the locks
    that SQLite holds in this process.

    Raises StoreUnreachable for what is no file, or cannot be looked at.
    """
    try:
        status = path.stat()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise StoreUnreachable(f"the store {path} cannot be reached: {error.strerror}; name a readable file") from None
    if not S_ISREG(status.st_mode):
        raise StoreUnreachable(f"the store {path} is a folder or a device; name a file")
    return status.st_size > 0


def check_ours(connection: sqlite3.Connection, path: Path, oldest: int | None = None) -> None:
    """Raise StoreForeign, StoreNewer, StoreOlder or StoreDamaged where this program cannot read the tables, of which
    `oldest` is the oldest version that will do (None: only this one). Changes nothing."""
    if count_pages(connection) == 0:
        raise StoreUnreachable(f"there is no store at {path}: it was never finished; capture something first")
    if _pragma(connection, "application_id") != APPLICATION_ID:
        raise StoreForeign(f"the file {path} is a database of another program, not a tracegraph store; name another")
    version = _pragma(connection, "user_version")
    if version > SCHEMA_VERSION:
        raise StoreNewer(
            f"the store {path} has schema version {version}, this program knows {SCHEMA_VERSION}; update tracegraph"
        )
    if version < 1:
        raise StoreDamaged(f"the store {path} has schema version {version}, which never existed; restore a backup")
    if version < (SCHEMA_VERSION if oldest is None else oldest):
        raise StoreOlder(
            f"the store {path} has schema version {version}, this program works with {SCHEMA_VERSION}; "
            "run tracegraph migrate, which keeps the old file"
        )


def count_pages(connection: sqlite3.Connection) -> int:
    """How many pages the database has; none before its first transaction, whatever an unfinished one wrote."""
    return _pragma(connection, "page_count")


def read_identity(connection: sqlite3.Connection) -> str:
    """The random name that the store got when it was made; a checkpoint names it."""
    row = connection.execute("SELECT value FROM meta WHERE key = 'identity'").fetchone()
    return str(row[0]) if row else ""


def write_identity(connection: sqlite3.Connection, identity: str) -> None:
    """Make the store the same one as another: of the same name, to be filled with the same ledger."""
    connection.execute("UPDATE meta SET value = ? WHERE key = 'identity'", (identity,))


def _statements() -> list[str]:
    """The statements of schema.sql (no semicolon occurs inside one)."""
    text = files(__package__).joinpath("schema.sql").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("--")]
    return [statement for statement in "\n".join(lines).split(";") if statement.strip()]


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    """The number in one of the file's header fields."""
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
