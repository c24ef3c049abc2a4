"""What rules of any pack may say: of accounts that cannot be counted (texts.json)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def shared_texts() -> Mapping[str, Mapping[str, str]]:
    """The words by case and language."""
    told: dict[str, dict[str, str]] = json.loads(files("tracegraph.claims").joinpath("texts.json").read_text("utf-8"))
    return told
