"""docs/benchmarks.md and its chart, made from the kept results: `python -m benchmarks.page`. No figure is typed."""

from __future__ import annotations

import math
import statistics
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.chart import draw
from benchmarks.measuring import ROOT, Section, load
from benchmarks.sections import SECTIONS
from benchmarks.targets import TARGETS, reasons
from benchmarks.workspace import SIZES

#: Results that the page shows, by size; `make bench` and `make bench-large` write them.
KEPT = ROOT / "benchmarks" / "results"
#: The two sizes that are compared.
GROWTH = ("usual", "large")
SAME_ANSWER = "An answer of the same size in ten times the store"
PAGE = ROOT / "docs" / "benchmarks.md"
CHART = ROOT / "docs" / "benchmarks.svg"
BEGIN, END = "<!-- made by benchmarks/page.py: begin -->\n", "<!-- made by benchmarks/page.py: end -->\n"

Json = dict[str, Any]
#: By size, by section: what was measured.
Results = Mapping[str, Mapping[str, Json]]


def read_results(folder: Path = KEPT, names: Sequence[str] = GROWTH) -> dict[str, dict[str, Json]]:
    """Every kept section of every size."""
    results = {name: {path.stem: load(path) for path in sorted((folder / name).glob("*.json"))} for name in names}
    if all(results.get(name) for name in GROWTH):
        last = results[GROWTH[-1]]
        last["reach"]["rows"] += growth_rows(results)
    return results


def made_part(results: Results, order: Sequence[str]) -> str:
    """Everything between the markers: where it was measured, the tables, what is missed."""
    shown = {name: sections for name, sections in results.items() if sections}
    if not shown:
        return "Not measured yet.\n"
    parts = [*_circumstances(shown), *_tables(shown, order), *_profiles(shown), *_missed(shown, order)]
    return "\n".join(parts) + "\n"


def replaced(page: str, part: str) -> str:
    """The page with that part between its markers."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{part}\n{END}{after}"


def growth_rows(results: Results) -> list[Json]:
    """How much longer the same answer takes in the larger store: each of its questions against the five of the smaller
    store whose answers are nearest in size, by time for each unit reached."""
    smaller, larger = (results.get(name, {}).get("reach", {}).get("facts", {}).get("times", {}) for name in GROWTH)
    section = Section()
    for program in [program for program in smaller if program in larger]:
        for name, least, most in (("100 to 10,000 units", 100, 10_000), ("over 10,000 units", 10_000, math.inf)):
            ratios = [
                slower
                for size, seconds in larger[program]
                if least < size <= most and (slower := _slower(size, seconds, smaller[program]))
            ]
            target = "size" if program.startswith("tracegraph") else ""
            section.add_times(SAME_ANSWER, f"{program}, {name}", ratios, "times", target=target)
    return [asdict(row) for row in section.rows if row.count]


def _slower(size: int, seconds: float, smaller: Sequence[tuple[int, float]]) -> float | None:
    """Time for each unit, of that of the answers nearest in size; None where the smaller store has none like it."""
    near = sorted(smaller, key=lambda point: abs(math.log(point[0] / size)))[:5]
    if not near or not 0.5 < statistics.median(point[0] for point in near) / size < 2:
        return None
    return seconds / size / statistics.median(point[1] / point[0] for point in near)


def rows_of(sections: Mapping[str, Json], order: Sequence[str]) -> Iterator[Json]:
    """All rows of one size, sections in the order in which they are run."""
    for section in order:
        yield from sections.get(section, {}).get("rows", [])


def _circumstances(results: Results) -> Iterator[str]:
    """Machines, versions, commits and data in words."""
    for name, sections in results.items():
        machines = {" · ".join(kept["machine"].values()) for kept in sections.values()}
        commits = sorted({kept["commit"] for kept in sections.values()})
        yield f"**{SIZES[name].title}**: {'; '.join(sorted(machines))}; commit {', '.join(commits)}."
        facts = sections.get("capture", {}).get("facts", {})
        if facts:
            yield (
                f"{facts['events']:,} events of {facts['size'] / facts['events']:,.0f} bytes, each naming "
                f"{facts['units_named'] / facts['events']:.2f} units: "
                f"{facts['legs']:,} legs, {facts['holdings']:,} holdings."
            )
        minutes = sum(kept["facts"].get("seconds", 0) for kept in sections.values()) / 60
        gigabytes = max(kept["facts"].get("disk", 0) for kept in sections.values()) / 1e9
        load = max(kept["facts"].get("load", 0) for kept in sections.values())
        yield (
            f"The run took {minutes:.0f} minutes and {gigabytes:.1f} GB of disk; load of the machine before a section: "
            f"at most {load:.1f}."
        )
        yield ""


def _tables(results: Results, order: Sequence[str]) -> Iterator[str]:
    """One table per group of rows; a column per size."""
    cells: dict[str, dict[str, dict[str, Json]]] = {}
    for name, sections in results.items():
        for row in rows_of(sections, order):
            cells.setdefault(row["group"], {}).setdefault(row["what"], {})[name] = row
    for group, lines in cells.items():
        titles = [SIZES[name].title for name in results]
        yield f"### {group}\n"
        yield f"| | {' | '.join(titles)} | to show |"
        yield f"|---|{'--:|' * len(titles)}--:|"
        for what, by_size in lines.items():
            shown = [_cell(by_size.get(name), name) for name in results]
            yield f"| {what} | {' | '.join(shown)} | {_target(by_size)} |"
        yield ""


def _cell(row: Json | None, size: str) -> str:
    """p50 / p95 (how many), or the only value; bold where it misses its target."""
    if row is None or row["value"] is None:
        return "–"
    values = f"**{_value(row)}**" if _is_missed(row, size) else _value(row)
    return f"{values} ({row['note'] or format(row['count'], ',')})" if row["p95"] is not None else values


def _value(row: Json) -> str:
    """p50 / p95, or the only value, with the unit."""
    numbers = [_number(value) for value in (row["value"], row["p95"]) if value is not None]
    return f"{' / '.join(numbers)} {row['unit']}".rstrip()


def _is_missed(row: Json, size: str) -> bool:
    target = TARGETS.get(row["target"])
    return target is not None and row["value"] is not None and target.holds_at(size) and target.missed(row["value"])


def _number(value: float) -> str:
    """Three digits that mean something."""
    if value >= 1_000:
        return f"{value:,.0f}"
    return f"{float(f'{value:.3g}'):g}"


def _target(by_size: Mapping[str, Json]) -> str:
    row = next(iter(by_size.values()))
    return TARGETS[row["target"]].text(row["unit"]) if row["target"] in TARGETS else ""


def _profiles(results: Results) -> Iterator[str]:
    """Where the time of capturing usual events went, as the program itself says."""
    for name, sections in results.items():
        profile = sections.get("sustained", {}).get("facts", {}).get("profile", [])
        if profile:
            yield f"### Where the time of a capture goes, {SIZES[name].title}: usual events, `--profile`\n"
            yield "\n".join(["```text", *profile, "```", ""])


def _missed(results: Results, order: Sequence[str]) -> Iterator[str]:
    """What is missed, by how much and why."""
    known = reasons()
    lines = [
        f"- {SIZES[name].title}, {row['group']}, {row['what']}: {_value(row)}, "
        f"{TARGETS[row['target']].short_by(row['value'])}. {known.get(row['target'], 'Not explained yet.')}"
        for name, sections in results.items()
        for row in rows_of(sections, order)
        if _is_missed(row, name)
    ]
    yield "### What is missed\n"
    yield "\n".join(lines) if lines else "Nothing."


def render(folder: Path = KEPT, page: Path = PAGE, chart: Path = CHART, names: Sequence[str] = GROWTH) -> None:
    """Write page and chart."""
    results = read_results(folder, names)
    chart.write_text(draw(results), encoding="utf-8")
    page.write_text(replaced(page.read_text(encoding="utf-8"), made_part(results, list(SECTIONS))), encoding="utf-8")


if __name__ == "__main__":
    render()
    sys.exit(0)
