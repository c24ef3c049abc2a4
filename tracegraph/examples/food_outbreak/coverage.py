"""Counting: how many case sites each unit is upstream of. The simplest of the measures of a common source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any


def coverage(answers: Iterable[Mapping[str, Any]], certainty: str | None = None) -> list[tuple[str, int]]:
    """Units with the number of backward answers (envelopes, one per case site) that list them, most first, then by id.

    `certainty`: count only units of that certainty (`confirmed`); None: all.
    """
    found = Counter(
        unit["id"]
        for answer in answers
        for unit in answer["result"]["units"]
        if certainty is None or unit["certainty"] == certainty
    )
    return sorted(found.items(), key=lambda entry: (-entry[1], entry[0]))
