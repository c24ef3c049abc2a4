"""The lineage of the graph's rows: a random name that stays while rows are only appended, or closed by newer knowledge.

What is kept beside the store (the trace index) is right only for the lineage that it was made of. A change that touches
rows in any other way gives a new one; a store without the key was never changed so.
"""

from __future__ import annotations

import sqlite3
import uuid

LINEAGE_KEY = "graph"


def renew_lineage(connection: sqlite3.Connection) -> None:
    """Say that rows change otherwise than by appending knowledge; part of the change that does so."""
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (LINEAGE_KEY, uuid.uuid4().hex))
