"""The whole benchmark at a tiny size, and the page that is made of its results."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from benchmarks.__main__ import keep, main
from benchmarks.capturing import pace
from benchmarks.chart import draw
from benchmarks.children import Ran
from benchmarks.graph_rows import Graph, Numbers
from benchmarks.measuring import Section, Unequal, percentile
from benchmarks.page import GROWTH, PAGE, made_part, read_results, render, replaced
from benchmarks.questions import Asked, Neighbours
from benchmarks.reaching import ask_all
from benchmarks.sections import SECTIONS
from benchmarks.targets import TARGETS, Target, reasons
from benchmarks.workspace import Workspace


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A finished run."""
    folder = tmp_path_factory.mktemp("bench")
    assert main(["tiny", "--folder", str(folder)]) == 0
    return Workspace(folder, "tiny")


@pytest.mark.xdist_group("benchmarks")
def test_every_section_is_measured_and_kept(measured: Workspace) -> None:
    kept = {section: json.loads(measured.results(section).read_text()) for section in SECTIONS}
    for section, result in kept.items():
        assert result["rows"], section
        assert result["machine"]["processor"], section
    programs = {row["what"] for row in kept["reach"]["rows"]}
    assert programs >= {"tracegraph, SQL", "tracegraph, numpy", "SQLite, recursive query", "rustworkx", "networkx"}
    assert all(row["target"] in TARGETS for result in kept.values() for row in result["rows"] if row["target"])


@pytest.mark.xdist_group("benchmarks")
def test_a_run_goes_on_where_it_was_stopped(measured: Workspace, capfd: pytest.CaptureFixture[str]) -> None:
    before = {section: measured.results(section).stat().st_mtime_ns for section in SECTIONS}
    assert main(["tiny", "--folder", str(measured.folder), "--again", "index"]) == 0
    after = {section: measured.results(section).stat().st_mtime_ns for section in SECTIONS}
    assert {section for section in SECTIONS if before[section] != after[section]} == {"index"}


@pytest.mark.xdist_group("benchmarks")
def test_a_section_that_fails_does_not_stop_the_others(tmp_path: Path) -> None:
    """Without events to trace nothing can be traced; shapes make their own."""
    assert main(["tiny", "--folder", str(tmp_path), "--only", "reach", "shapes"]) == 1
    assert not Workspace(tmp_path, "tiny").results("reach").exists()
    assert Workspace(tmp_path, "tiny").results("shapes").exists()


def test_a_section_is_left_out_where_the_machine_lacks_what_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """No Maven, and no server that it fetched before."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("TRACEGRAPH_CACHE", str(tmp_path))
    assert main(["tiny", "--folder", str(tmp_path), "--only", "neo4j"]) == 0
    assert not Workspace(tmp_path, "tiny").results("neo4j").exists()
    assert "left out: " in capfd.readouterr().err


@pytest.mark.xdist_group("benchmarks")
def test_the_page_has_the_rows_that_were_measured(measured: Workspace, tmp_path: Path) -> None:
    keep(measured, tmp_path / "kept")
    page = tmp_path / "page.md"
    page.write_text(PAGE.read_text(encoding="utf-8"), encoding="utf-8")
    render(tmp_path / "kept", page, tmp_path / "chart.svg", ["tiny"])
    text = page.read_text(encoding="utf-8")
    for section in SECTIONS:
        for row in json.loads(measured.results(section).read_text())["rows"]:
            assert f"### {row['group']}\n" in text
            assert f"| {row['what']} |" in text
    assert "\ncompiling " in text, "the profile of the capture"
    assert ET.parse(tmp_path / "chart.svg").getroot().tag.endswith("svg")
    render(tmp_path / "kept", page, tmp_path / "chart.svg", ["tiny"])
    assert page.read_text(encoding="utf-8") == text, "made again of the same results it is the same"


def test_the_page_in_the_repository_is_made_of_the_kept_results() -> None:
    """Whoever changes results or page.py renders the page: `python -m benchmarks.page`."""
    text = PAGE.read_text(encoding="utf-8")
    assert text == replaced(text, made_part(read_results(), list(SECTIONS)))


def test_an_answer_that_differs_fails_the_run() -> None:
    graph = Graph(np.array([1, 2]), np.array([2, 3]), np.array([0, 7, 8, 9]))
    answer = Neighbours(graph, "forward").reach((1,))
    assert answer.tolist() == [7, 8, 9]
    assert Neighbours(graph, "backward").reach((2,)).tolist() == [7, 8]
    asked = [Asked(7, (1,), "forward", answer)]

    def right(starts: list[int], direction: str) -> Numbers:
        return answer

    def wrong(starts: list[int], direction: str) -> Numbers:
        return answer[:2]

    assert len(list(ask_all("right", right, asked))) == 1
    with pytest.raises(Unequal, match="wrong: 2 units, not 3"):
        list(ask_all("wrong", wrong, asked))


def result(name: str, value: float, sizes: Sequence[tuple[int, float]] = ()) -> dict[str, Any]:
    section = Section(facts={"times": {name: list(sizes)}})
    section.add("Reach forward, over 10,000 units", name, value, "ms", target="reach numpy: over 10,000 units")
    rows = [{field: getattr(row, field) for field in row.__dataclass_fields__} for row in section.rows]
    return {"rows": rows, "facts": section.facts, "machine": {"processor": "one"}, "commit": "abc"}


def test_what_is_missed_is_said_with_its_reason(tmp_path: Path) -> None:
    part = made_part({"usual": {"reach": result("tracegraph, numpy", 25.0)}}, list(SECTIONS))
    assert "| tracegraph, numpy | **25 ms** | ≤ 10 ms |" in part
    assert "over 10,000 units, tracegraph, numpy: 25 ms, 2.5 times the limit" in part
    assert "Nothing." in made_part({"usual": {"reach": result("tracegraph, numpy", 9.0)}}, list(SECTIONS))


def test_every_reason_belongs_to_a_target() -> None:
    assert set(reasons()) <= set(TARGETS)


def test_the_larger_store_is_compared_at_equal_answers(tmp_path: Path) -> None:
    sizes_of_answers = [round(100 * 1.3**step) for step in range(20)]
    smaller = [(size, size * 1e-7) for size in sizes_of_answers]
    larger = [(size, size * 1.3e-7) for size in (300, 2_000, 1_000_000)]
    for name, sizes in zip(GROWTH, (smaller, larger), strict=True):
        (tmp_path / name).mkdir()
        (tmp_path / name / "reach.json").write_text(json.dumps(result("tracegraph, numpy", 1.0, sizes)))
    part = made_part(read_results(tmp_path), list(SECTIONS))
    assert "| tracegraph, numpy, 100 to 10,000 units | – | 1.3 / 1.3 times (2) | ≤ 1.5 times |" in part


def test_the_chart_has_a_point_for_every_program_and_size() -> None:
    both = {name: {"reach": result("tracegraph, numpy", 5.0)} for name in GROWTH}
    root = ET.fromstring(draw(both))
    circles = [element for element in root.iter() if element.tag.endswith("circle")]
    assert len(circles) == 2 + 2, "two in the legend, two in the panel"


def test_the_rate_is_that_of_each_tenth_and_a_store_that_was_busy_does_not_count() -> None:
    samples = [(1.0, 0), (2.0, 100), (3.0, 200), (4.0, 0), (5.0, 600), (6.0, 900), (8.0, 1_000)]
    ran = Ran(8.5, 0.0, 0, "", "", samples)
    assert pace(ran, 0, 100) == 100
    assert pace(ran, 900, 1_000) == 50
    assert pace(ran, 200, 600) == 200
    assert pace(Ran(2.0, 0.0, 0, "", "", []), 0, 100) is None


@pytest.mark.parametrize(("values", "expected"), [([], None), ([3.0], 3.0), (list(range(1, 101)), 95)])
def test_percentiles(values: list[float], expected: float | None) -> None:
    assert percentile(values, 95) == expected


def test_targets_say_by_how_much_they_are_missed() -> None:
    assert Target(5_000, at_least=True).missed(4_000)
    assert Target(5_000, at_least=True).short_by(2_500) == "2 times too few"
    assert not Target(10).missed(10)
    assert Target(10).short_by(15) == "1.5 times the limit"
