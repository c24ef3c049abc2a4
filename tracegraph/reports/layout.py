"""Where boxes stand: columns from left to right, and within each an order with few crossings.

Barycentre sweeps (Sugiyama, Tagawa and Toda 1981): each box moves to the mean height of its neighbours, columns being
walked forth and back. Ties keep their order, so that the same answer always gives the same picture.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from tracegraph.reports.drawing import Drawing

SWEEPS = 12

WIDTH, HEIGHT = 196, 64
SMALL = 22
GAP_ACROSS, GAP_DOWN = 84, 18
MARGIN, HEAD = 24, 40


@dataclass(frozen=True, slots=True)
class Spot:
    """The upper left corner and the size of a box, in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """The height at which lines meet the box."""
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Layout:
    """A spot for each box, the columns' left edges by distance, and the size of it all."""

    spots: dict[str, Spot]
    heads: list[tuple[float, int, int]]
    width: float
    height: float


def layout(drawing: Drawing) -> Layout:
    """Place all boxes; transformations are small."""
    columns = _ordered(drawing)
    small = {box.key for box in drawing.boxes if box.node is not None and not box.units}
    sizes = {key: (SMALL, SMALL) if key in small else (WIDTH, HEIGHT) for column in columns for key in column}
    tall = max((_tall([sizes[key][1] for key in column]) for column in columns), default=0)
    spots: dict[str, Spot] = {}
    x = float(MARGIN)
    edges: list[float] = []
    for column in columns:
        across = max(sizes[key][0] for key in column)
        y = MARGIN + HEAD + (tall - _tall([sizes[key][1] for key in column])) / 2
        for key in column:
            width, height = sizes[key]
            spots[key] = Spot(x + (across - width) / 2, y, width, height)
            y += height + GAP_DOWN
        edges.append(x)
        x += across + (GAP_ACROSS if across == WIDTH else GAP_ACROSS * 0.7)
    return Layout(
        spots, _heads(drawing, columns, edges), max(x - GAP_ACROSS + MARGIN, 2 * MARGIN), tall + HEAD + 2 * MARGIN
    )


def _tall(heights: list[int]) -> int:
    return sum(heights) + GAP_DOWN * (len(heights) - 1)


def _heads(drawing: Drawing, columns: list[list[str]], edges: list[float]) -> list[tuple[float, int, int]]:
    """(x, first distance, last distance) where a new distance begins."""
    boxes = {box.key: box for box in drawing.boxes}
    found: list[tuple[float, int, int]] = []
    for column, x in zip(columns, edges, strict=True):
        box = boxes[column[0]]
        if not found or found[-1][1] != box.column[0]:
            found.append((x, box.column[0], box.furthest))
    return found


def _ordered(drawing: Drawing) -> list[list[str]]:
    by_column: dict[tuple[int, int], list[str]] = defaultdict(list)
    for box in drawing.boxes:
        by_column[box.column].append(box.key)
    columns = [by_column[column] for column in sorted(by_column)]
    before: dict[str, list[str]] = defaultdict(list)
    after: dict[str, list[str]] = defaultdict(list)
    for line in drawing.lines:
        before[line.target].append(line.source)
        after[line.source].append(line.target)
    for sweep in range(SWEEPS):
        forth = sweep % 2 == 0
        neighbours = before if forth else after
        for column in columns if forth else reversed(columns):
            height = {key: (place + 0.5) / len(keys) for keys in columns for place, key in enumerate(keys)}
            column.sort(key=lambda key: _mean([height[other] for other in neighbours[key]], height[key]))
    return columns


def _mean(heights: list[float], otherwise: float) -> float:
    return sum(heights) / len(heights) if heights else otherwise
