"""The two lists of chapters."""

from __future__ import annotations

from collections.abc import Callable

from tests.simulator.story import Story

Chapter = Callable[[Story], None]
RECORDED: list[Chapter] = []
CARELESS: list[Chapter] = []


def recorded(chapter: Chapter) -> Chapter:
    """The records leave nothing open."""
    RECORDED.append(chapter)
    return chapter


def careless(chapter: Chapter) -> Chapter:
    """The records leave something open, or are wrong."""
    CARELESS.append(chapter)
    return chapter
