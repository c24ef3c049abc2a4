"""The chart of docs/benchmarks.md: reach forward, by program and size of the answer, as SVG without any library."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from benchmarks.questions import CLASSES

Json = dict[str, Any]
#: Milliseconds by program, by class, by size of the store.
Points = dict[str, dict[str, dict[str, float]]]

WIDTH = 860
LEFT, RIGHT, TOP = 190, 24, 64
ROW, GAP, TITLE = 26, 22, 24
MOST, LEAST = 1_000.0, 0.001
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .small { font-size: 11px; fill: #59636e }
  .title { font-weight: 600 }
  .grid { stroke: #d1d9e0; stroke-width: 1 }
  .usual { fill: #0969da; stroke: #0969da; stroke-width: 2 }
  .large { fill: #ffffff; stroke: #bc4c00; stroke-width: 2 }
  .line { stroke: #8c959f; stroke-width: 1.5 }
  .back { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .small { fill: #9198a1 }
    .grid { stroke: #3d444d }
    .usual { fill: #4493f8; stroke: #4493f8 }
    .large { fill: #0d1117; stroke: #f0883e }
    .back { fill: #0d1117 }
  }
"""


def draw(results: Mapping[str, Mapping[str, Json]]) -> str:
    """The whole picture; one without points where nothing was measured."""
    points = read_points(results)
    titles = {"usual": "1 M legs", "large": "10 M legs", "tiny": "a few hundred legs"}
    sizes = [name for name, sections in results.items() if sections]
    panels = {name: {program: by[name] for program, by in points.items() if by.get(name)} for name in CLASSES}
    panels = {name: programs for name, programs in panels.items() if programs}
    height = TOP + sum(TITLE + ROW * len(programs) + GAP for programs in panels.values()) + 8
    parts = [*_frame(height), *_legend([(name, titles[name]) for name in sizes])]
    top = TOP
    for name, programs in panels.items():
        parts += _panel(name, programs, top)
        top += TITLE + ROW * len(programs) + GAP
    return "\n".join([*parts, "</svg>\n"])


def read_points(results: Mapping[str, Mapping[str, Json]]) -> Points:
    """Medians of the rows of reach forward."""
    points: Points = {}
    for size, sections in results.items():
        for row in sections.get("reach", {}).get("rows", []):
            name = row["group"].removeprefix("Reach forward, ")
            if name in CLASSES and row["value"]:
                points.setdefault(row["what"], {}).setdefault(name, {})[size] = row["value"]
    return points


def _frame(height: int) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'role="img" aria-label="Milliseconds to find all reached units, by program and size of the answer">'
    )
    yield f"<style>{STYLE}</style>"
    yield f'<rect class="back" width="{WIDTH}" height="{height}" rx="6"/>'
    yield '<text class="title" x="16" y="26">Which units are reached, forward: milliseconds (median)</text>'


def _legend(sizes: list[tuple[str, str]]) -> Iterator[str]:
    x = LEFT
    for name, title in sizes:
        yield f'<circle class="{_class(name)}" cx="{x}" cy="45" r="5"/>'
        yield f'<text class="small" x="{x + 12}" y="49">{escape(title)}</text>'
        x += 110


def _panel(name: str, programs: Mapping[str, Mapping[str, float]], top: int) -> Iterator[str]:
    """Axis, and one line per program, the fastest first."""
    bottom = top + TITLE + ROW * len(programs)
    yield f'<text class="title" x="16" y="{top + 15}">Answers of {escape(name)}</text>'
    for power in range(round(math.log10(LEAST)), round(math.log10(MOST)) + 1):
        x = _across(10.0**power)
        yield f'<line class="grid" x1="{x:.1f}" y1="{top + TITLE}" x2="{x:.1f}" y2="{bottom}"/>'
        yield f'<text class="small" x="{x:.1f}" y="{bottom + 13}" text-anchor="middle">{10.0**power:g}</text>'
    ordered = sorted(programs.items(), key=lambda item: min(item[1].values()))
    for number, (program, times) in enumerate(ordered):
        yield from _line(program, times, top + TITLE + ROW * number + ROW // 2)


def _line(program: str, times: Mapping[str, float], y: int) -> Iterator[str]:
    yield f'<text x="16" y="{y + 4}">{escape(program)}</text>'
    places = [_across(value) for value in times.values()]
    yield f'<line class="line" x1="{min(places):.1f}" y1="{y}" x2="{max(places):.1f}" y2="{y}"/>'
    for size, value in reversed(list(times.items())):
        yield f'<circle class="{_class(size)}" cx="{_across(value):.1f}" cy="{y}" r="5"/>'


def _class(size: str) -> str:
    return "large" if size == "large" else "usual"


def _across(value: float) -> float:
    """Where a number of milliseconds stands."""
    share = (math.log10(min(max(value, LEAST), MOST)) - math.log10(LEAST)) / (math.log10(MOST) - math.log10(LEAST))
    return LEFT + share * (WIDTH - LEFT - RIGHT)
