"""Questions, and parts of them, that are files with JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tracegraph.errors import InputError

#: The name that stands for standard input.
STDIN = "-"


def read_object(name: str) -> dict[str, Any]:
    """The JSON object in a file, or of stdin. Raises InputError."""
    try:
        data = sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
        told = json.loads(data)
    except (OSError, ValueError, RecursionError) as problem:
        raise InputError(f"{name} cannot be read as JSON ({problem}); give a file with one JSON object") from None
    if not isinstance(told, dict):
        raise InputError(
            f"{name} holds no JSON object; see docs/scope.md for what a question and its assumptions look like"
        )
    return told
