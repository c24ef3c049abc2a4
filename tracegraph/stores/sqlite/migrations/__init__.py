"""The steps from each version of the tables to the next; tracegraph.stores.sqlite.migrating runs them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

#: What makes a file of the version in the key one of the next version. The connection is in autocommit, on a copy.
STEPS: dict[int, Callable[[sqlite3.Connection], None]] = {}
