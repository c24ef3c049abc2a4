"""Tables of rules that a deployment gives instead of those that come with tracegraph, as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from tracegraph.errors import InputError

Table = TypeVar("Table")


def given_table(path: Path, read: Callable[[Any], Table], rules: str) -> Table:
    """What `read` makes of the file. `rules`: what the table is of, in the sentence of an InputError, which is raised
    for a file that cannot be read or has no such table."""
    try:
        return read(json.loads(path.read_text(encoding="utf-8")))
    except OSError as problem:
        raise InputError(f"{path} cannot be read ({problem.strerror}); give a table of {rules}") from None
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as problem:
        raise InputError(f"{path} is no table of {rules} ({problem!s:.200}); see docs/deadlines.md") from None
