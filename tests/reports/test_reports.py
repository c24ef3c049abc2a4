"""Answers in other forms: networks, GraphML, tables and pages."""

from __future__ import annotations

import builtins
import csv
import io
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import networkx as nx
import pytest

from tests.trace.memory import MemoryStore
from tracegraph.answers import Answer
from tracegraph.contract.scenes import Scene
from tracegraph.contract.tracing import dairy
from tracegraph.errors import UsageError
from tracegraph.formats.tables.writing import neutral
from tracegraph.graph import Tracegraph
from tracegraph.messages import gap_kinds, gap_message, words
from tracegraph.model.custody import INCOMPLETE_GAPS, Gap
from tracegraph.reports.drawing import MOST_BOXES, MOST_IN_COLUMN, drawing
from tracegraph.reports.layout import layout
from tracegraph.reports.short import clipped, short_name

HOSTILE = "=cmd|' /C calc'!A0"


def graph_of(scene: Scene, seed: int = 1) -> Tracegraph:
    store = MemoryStore(seed)
    scene.put_into(store)
    return Tracegraph(store)


def answer_of(scene: Scene, *starts: str) -> Answer:
    return graph_of(scene).trace(*starts)


def wide(width: int = 40, depth: int = 9) -> Scene:
    scene = Scene()
    for layer in range(depth):
        for number in range(width):
            scene.hold(f"lot{layer}-{number}@1", f"site:s{layer}-{number % 30}", layer)
    for layer in range(depth - 1):
        for number in range(width):
            scene.leg(
                f"lot{layer}-{number}@1", f"lot{layer + 1}-{(number * 7) % width}@1", layer, possible=number % 5 == 0
            )
    return scene


def test_views_of_an_answer() -> None:
    answer = answer_of(dairy().gap("never_received", "milk@road"), "milk")
    assert answer.complete is False
    assert [row["id"] for row in answer.units] == ["milk", "cheese"]
    assert (len(answer.holdings), len(answer.gaps), len(answer.frontier)) == (6, 1, 0)
    assert answer.holdings[0]["id"] == "milk@dairy"
    assert repr(answer) == "<Answer trace: 2 units, 1 gaps, incomplete>"
    assert answer.to_dict()["question"] == answer.question
    assert answer.to_json() == answer_of(dairy().gap("never_received", "milk@road"), "milk").to_json()


def test_data_frames() -> None:
    frame = answer_of(dairy(), "milk").holdings.to_pandas()
    assert list(frame["place.kind"])[:3] == ["site", "site", "transit"]
    assert list(answer_of(dairy(), "milk").units.to_pandas()["distance"]) == [0, 1]
    assert answer_of(Scene().gap("withheld", unit="x"), "x").holdings.to_pandas().empty


def test_networkx() -> None:
    graph = answer_of(dairy(), "milk").to_networkx()
    assert nx.has_path(graph, "milk@farm", "cheese@kiosk")
    assert graph.nodes["making"]["node"] == "transformation"
    assert {data["certainty"] for _, _, data in graph.edges(data=True)} == {"confirmed", "possible"}
    assert graph.graph["complete"] is True


@pytest.mark.parametrize("name", ["networkx", "pandas"])
def test_what_is_not_installed_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answer, real = answer_of(dairy(), "milk"), builtins.__import__

    def missing(module: str, *rest: object) -> object:
        if module == name:
            raise ImportError(module)
        return real(module, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(UsageError, match="pip install 'tracegraph"):
        answer.to_networkx() if name == "networkx" else answer.units.to_pandas()


def test_graphml_is_read_back_by_networkx(tmp_path: Path) -> None:
    scene = (
        dairy().hold('cheese@"<&>\x01', "site:odd").leg("cheese@dairy", 'cheese@"<&>\x01').gap("withheld", "milk@farm")
    )
    answer = answer_of(scene, "milk")
    answer.to_graphml(tmp_path / "out.graphml")
    read = nx.read_graphml(tmp_path / "out.graphml", force_multigraph=True)
    own = answer.to_networkx()
    assert {node.replace("\x01", "\ufffd") for node in own} == set(read)
    assert read.number_of_edges() == own.number_of_edges()
    assert read.graph["complete"] is False
    assert '"withheld"' in read.graph["gaps"]
    assert read.nodes["cheese@kiosk"]["certainty"] == "possible"
    assert read.nodes["milk@farm"]["distance"] == 0
    assert read.nodes["milk@farm"]["start"] is True


def test_csv_says_question_and_gaps_first_and_runs_nothing(tmp_path: Path) -> None:
    scene = Scene().hold(f"{HOSTILE}@1", f"site:{HOSTILE}").gap("withheld", f"{HOSTILE}@1", ask=("+1",))
    answer_of(scene, HOSTILE).to_csv(tmp_path / "out.csv")
    rows = list(csv.reader(io.StringIO((tmp_path / "out.csv").read_bytes().decode(), newline="")))
    assert [row[0] for row in rows[:5]] == ["tracegraph", "question", "as of", "complete", "gap"]
    assert rows[3] == ["complete", "false"]
    assert rows[5] == []
    table = dict(zip(rows[6], rows[7], strict=True))
    assert (table["unit"], table["place.id"], table["distance"]) == (f"'{HOSTILE}", f"'{HOSTILE}", "0")
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\tx", "\rx", "\n=1"])
def test_cells_that_would_run(cell: str) -> None:
    assert neutral(cell) == f"'{cell}"
    assert neutral("a=1") == "a=1"


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "path", "rect", "circle"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("path", "rect", "circle"):
            assert self.open.pop() == tag

    def boxes(self) -> list[dict[str, str | None]]:
        groups = [attributes for tag, attributes in self.tags if tag == "g" and "tabindex" in attributes]
        return [attributes for attributes in groups if "box" in (attributes.get("class") or "").split()]


def test_a_page_is_self_contained_and_escaped(tmp_path: Path) -> None:
    scene = (
        dairy().hold("cheese@<script>alert(1)</script>", "site:<b>").gap("never_received", "milk@road", ask=("<i>",))
    )
    scene.leg("cheese@dairy", "cheese@<script>alert(1)</script>")
    answer_of(scene, "milk").to_html(tmp_path / "out.html")
    text = (tmp_path / "out.html").read_text()
    page = Page(text)
    assert page.open == []
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "link", "img", "iframe", "b>"})
    assert re.findall(r"""(?:src|href)=|url\((?!#)|@import""", text) == []
    assert len(page.boxes()) == 8
    assert all(box["tabindex"] == "0" and box["aria-label"] for box in page.boxes())
    assert sum("possible" in str(box["class"]) for box in page.boxes()) == 1
    assert words("incomplete", "en") in text
    assert "prefers-color-scheme:dark" in text
    assert "@media print" in text


def test_a_page_in_chinese(tmp_path: Path) -> None:
    answer_of(dairy().gap("never_received", "milk@road"), "milk").to_html(tmp_path / "out.html", language="zh")
    text = (tmp_path / "out.html").read_text()
    assert '<html lang="zh-Hans">' in text
    assert "无人登记收货" in text
    assert "nobody recorded" not in text


def test_the_same_answer_gives_the_same_page(tmp_path: Path) -> None:
    pages = set()
    for seed in (1, 2):
        graph_of(wide(), seed).trace("lot0-1", "lot0-2", direction="both").to_html(tmp_path / "out.html")
        pages.add((tmp_path / "out.html").read_bytes())
    assert len(pages) == 1


def test_large_answers_are_drawn_by_place() -> None:
    trail = graph_of(wide()).trace(*(f"lot0-{number}" for number in range(40)))._answered.trail
    picture = drawing(trail)
    assert picture.grouped
    assert len(picture.boxes) <= MOST_BOXES
    columns = [box.column for box in picture.boxes]
    assert max(columns.count(column) for column in columns) <= MOST_IN_COLUMN
    assert sum(box.number for box in picture.boxes) == len(trail.nodes)
    others = [box for box in picture.boxes if box.others]
    assert len(others) == 9
    assert all(box.others + MOST_IN_COLUMN - 1 == 30 for box in others)


def test_a_deep_chain_is_drawn_in_few_columns() -> None:
    scene = Scene()
    for number in range(400):
        scene.leg(f"u{number}@1", f"u{number + 1}@1", number)
    picture = drawing(answer_of(scene, "u0")._answered.trail)
    assert len({box.column for box in picture.boxes}) <= 24
    assert max(box.furthest for box in picture.boxes) == 400


def test_goods_flow_from_left_to_right() -> None:
    graph = graph_of(dairy())
    picture = drawing(graph.trace("site:dairy", direction="both")._answered.trail)
    spots = layout(picture).spots
    assert all(spots[line.source].x < spots[line.target].x for line in picture.lines)
    rectangles = sorted((spot.x, spot.y, spot.y + spot.height) for spot in spots.values())
    assert all(one[0] != other[0] or one[2] < other[1] for one, other in pairwise(rectangles))


def test_every_gap_kind_has_words_in_both_languages() -> None:
    assert set(gap_kinds()) >= INCOMPLETE_GAPS
    assert len(gap_kinds()) == 25
    for kind in gap_kinds():
        gap = Gap(kind, "unit", "place", "event")
        english, chinese = gap_message(gap), gap_message(gap, "zh")
        assert english != chinese != kind
        assert "{" not in english + chinese
        assert "unit" in english
    assert gap_message(Gap("brand_new", "u", "", "")) == "brand_new"


def test_gaps_and_whole_exports(tmp_path: Path) -> None:
    graph = graph_of(dairy().gap("never_received", "milk@road"))
    assert [gap["kind"] for gap in graph.gaps()] == ["never_received"]
    assert graph.all_gaps().complete is False
    graph.export("graphml", tmp_path / "all.graphml")
    assert len(nx.read_graphml(tmp_path / "all.graphml", force_multigraph=True)) == 7
    graph.export("csv", tmp_path / "all.csv")
    assert "cheese@kiosk" in (tmp_path / "all.csv").read_text()
    with pytest.raises(UsageError, match="choose one of epcis, csv, graphml"):
        graph.export("pdf", tmp_path / "all.pdf")


def test_resuming_from_an_answer_a_mapping_or_a_file(tmp_path: Path) -> None:
    graph = graph_of(dairy())
    cut = graph.trace("milk", max_hops=0)
    (tmp_path / "cut.json").write_bytes(cut.to_json())
    whole = graph.trace("milk").result
    for earlier in (cut, cut.to_dict(), tmp_path / "cut.json"):
        assert graph.trace(resume=earlier).result == whole
    (tmp_path / "bad.json").write_text("[]")
    for bad in (tmp_path / "bad.json", tmp_path / "none.json"):
        with pytest.raises(UsageError):
            graph.trace(resume=bad)
    with pytest.raises(UsageError, match="own starts"):
        graph.trace("milk", resume=cut)


def test_other_questions_and_languages() -> None:
    graph = graph_of(dairy().gap("unknown_origin", "milk@farm"))
    assert [row["unit"] for row in graph.origin("cheese").result["sources"]] == ["milk"]
    assert {row["id"] for row in graph.where("cheese").holdings} == {"cheese@dairy", "cheese@shop", "cheese@kiosk"}
    assert graph.show("milk").holdings[0]["id"] == "milk@farm"
    chinese = Tracegraph(graph.store, language="zh").trace("milk")
    assert "来源" in chinese.gaps[0]["message"]
    with pytest.raises(UsageError, match="choose one of en, zh"):
        Tracegraph(graph.store, language="xx")


@pytest.mark.parametrize(
    ("key", "short"),
    [
        ("https://id.gs1.org/01/09521234567899/10/AB%2F1", "AB/1"),
        ("urn:epc:id:sgtin:0614141.107346.2017", "0614141.107346.2017"),
        ("urn:x:cheese:77", "cheese:77"),
        ("urn:x-lot:99", "x-lot:99"),
        ("LOT 7", "LOT 7"),
        ("urn:", "urn"),
    ],
)
def test_short_names(key: str, short: str) -> None:
    assert short_name(key) == short


def test_clipped() -> None:
    assert clipped("abc", 3) == "abc"
    assert clipped("abcd", 3) == "ab…"
    assert clipped("批次编号", 4) == "批…"
