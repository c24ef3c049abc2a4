"""One step per version of the schema: from that version to the next, in one transaction.

tracegraph.stores.sqlite.migrating runs them, on a copy.

A step holds all its SQL itself and is never changed once its version was released: schema.sql is of the newest version.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping

from tracegraph.stores.sqlite.migrations import version_1

#: What makes each older version the next one, by the version that it starts from.
STEPS: Mapping[int, Callable[[sqlite3.Connection], None]] = {1: version_1.migrate}
