"""Legs that two owners contribute stand there twice, and are one leg in every answer."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from tracegraph.stores.sqlite.index.arrays import Array


def may_repeat(columns: Iterable[Array]) -> bool:
    """Whether two of the rows are equal in all columns. Different rows mix to the same number so rarely that saying
    yes then, which costs a look in vain, is good enough."""
    mixed: Array = np.zeros(1, dtype=np.uint64)
    for column in columns:
        mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0x9E3779B97F4A7C15) + column.astype(np.uint64)
    ordered = np.sort(mixed ^ (mixed >> np.uint64(31)))
    return bool((ordered[1:] == ordered[:-1]).any())
