"""Examples for OpenAPI: short answers about the demo, kept as data."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


def example(name: str) -> Any:
    """The example of that name."""
    return _examples()[name]


@cache
def _examples() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(
        files("tracegraph.api.v1").joinpath("examples.json").read_text(encoding="utf-8")
    )
    return loaded
