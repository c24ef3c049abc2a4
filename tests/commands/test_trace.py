"""`trace`, `origin`, `where`, `show` and `gaps`: forms, options, exit statuses."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.commands.conftest import FARM, LOT, LOT_KEY, PLANT, PRODUCT_LOT, SHOP, Run
from tracegraph import Tracegraph
from tracegraph.identifiers import canonical

FORMS = ("table", "json", "ndjson", "csv", "graphml", "html")


def unit_ids(answer) -> list[str]:
    return [unit["id"] for unit in answer["result"]["units"]]


def test_json_is_the_envelope_to_the_byte(captured: Run) -> None:
    result = captured("trace", "forward", LOT, "--format", "json")
    with Tracegraph.open("sqlite:///tracegraph.db", create=False) as graph:
        assert result.out == graph.trace(LOT).to_json()
    assert (result.status, result.err) == (0, "")
    assert captured("trace", "forward", LOT, "--format", "ndjson").out == result.out + b"\n"


def test_csv_carries_question_completeness_and_gaps(captured: Run) -> None:
    rows = list(csv.reader(io.StringIO(captured("trace", "forward", LOT, "--format", "csv").text)))
    assert {"question", "complete", "gap"} <= {row[0] for row in rows if row}


def test_graphml_and_html(captured: Run) -> None:
    assert ET.fromstring(captured("trace", "both", LOT, "--format", "graphml").out).tag.endswith("graphml")
    assert captured("trace", "both", LOT, "--format", "html").text.lower().startswith("<!doctype html>")


def test_the_table_says_how_much_how_sure_and_what_next(captured: Run) -> None:
    text = captured("trace", "forward", LOT).text
    assert text.startswith(f"Forward trace from {LOT_KEY}: 2 lots at 3 sites; 2 confirmed, 0 possible.")
    assert "Incomplete: the records have 1 gap that may hide further goods." in text
    assert f"on the way to {SHOP}" in text
    assert "90 kg" in text
    assert "What the records do not say" in text
    assert f"Ask: {PLANT}; {SHOP}" in text or f"Ask: {SHOP}; {PLANT}" in text
    assert f"tracegraph where {LOT_KEY}" in text


def test_the_table_in_chinese(captured: Run) -> None:
    text = captured("--lang", "zh", "trace", "forward", LOT).text
    assert text.startswith(f"正向追踪，起点 {LOT_KEY}：2 个批次")
    assert "不完整：" in text


def test_a_table_is_not_folded_in_a_pipe_unless_the_reader_is_narrow(
    captured: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sum(LOT_KEY in line for line in captured("trace", "backward", LOT).text.splitlines()) >= 2
    monkeypatch.setenv("COLUMNS", "60")
    _, table, _ = captured("trace", "backward", LOT).text.split("\n\n", 2)
    assert max(len(line) for line in table.splitlines()) <= 60


def test_rows_are_limited_and_say_so(captured: Run) -> None:
    text = captured("trace", "forward", LOT, "--rows", "1").text
    assert "The first 1 of 3 rows" in text
    assert "The first" not in captured("trace", "forward", LOT, "--rows", "0").text


def test_a_date_means_the_whole_day(captured: Run) -> None:
    def held(*options: str) -> list[str]:
        return [
            h["place"]["id"] for h in captured("where", LOT, *options, "--format", "json").json["result"]["holdings"]
        ]

    assert held("--on", "2026-01-01") == [FARM]
    assert held("--on", "2026-01-03") == [PLANT]
    assert held("--on", "2026-01-03T07:59:59Z") != [PLANT]


def test_a_start_can_be_a_place_and_a_window(captured: Run) -> None:
    at = captured("trace", "forward", "--at", FARM, "--format", "json").json
    site = captured("trace", "forward", f"site:{FARM}", "--format", "json").json
    assert at["result"] == site["result"]
    late = captured("trace", "forward", LOT, "--from", "2026-01-06", "--format", "json").json
    assert late["question"]["start"][0]["from"] == "2026-01-06T00:00:00Z"


def test_as_of_before_the_capture_knows_nothing(captured: Run) -> None:
    assert captured("trace", "forward", LOT, "--as-of", "2000-01-01").status == 3


def test_paths_are_shown(captured: Run) -> None:
    assert len(captured("trace", "forward", LOT, "--paths", "1", "--format", "json").json["result"]["paths"]) == 1
    assert "Paths" in captured("trace", "forward", LOT, "--paths", "1").text


def test_a_limit_ends_with_five_and_can_be_resumed(captured: Run) -> None:
    whole = captured("trace", "forward", LOT, "--format", "json")
    part = captured("trace", "forward", LOT, "--max-nodes", "1", "--format", "json")
    assert (whole.status, part.status) == (0, 5)
    assert len(part.json["result"]["holdings"]) == 1
    Path("part.json").write_bytes(part.out)
    resumed = captured("trace", "forward", "--resume", "part.json", "--format", "json")
    assert resumed.status == 0
    assert resumed.json["result"] == whole.json["result"]
    from_stdin = captured("trace", "forward", "--resume", "-", "--format", "json", stdin=part.out)
    assert from_stdin.out == resumed.out
    assert "a limit was hit" in captured("trace", "forward", LOT, "--max-nodes", "1").text


@pytest.mark.parametrize(
    ("content", "arguments"),
    [
        (b"[]", ()),
        (b"{", ()),
        (b"{}", ()),
        (b"[" * 100_000, ()),
        (None, ()),
        (b"answer", (LOT,)),
        (b"answer", ("--certainty", "confirmed")),
    ],
)
def test_what_cannot_be_resumed(captured: Run, content: bytes | None, arguments: tuple[str, ...]) -> None:
    if content == b"answer":
        content = captured("trace", "forward", LOT, "--max-nodes", "1", "--format", "json").out
    if content is not None:
        Path("part.json").write_bytes(content)
    result = captured("trace", "forward", "--resume", "part.json", *arguments)
    assert (result.status, result.out) == (2, b"")
    assert result.sentence


def test_resuming_in_another_direction_is_refused(captured: Run) -> None:
    Path("part.json").write_bytes(captured("trace", "forward", LOT, "--max-nodes", "1", "--format", "json").out)
    assert "trace forward" in captured("trace", "backward", "--resume", "part.json").sentence


def test_unknown_units_name_the_nearest(captured: Run) -> None:
    result = captured("trace", "forward", LOT.replace("L1", "L9"))
    assert result.status == 3
    assert LOT_KEY in result.sentence


def test_many_starts_from_stdin(captured: Run) -> None:
    lines = f"{LOT}\n\nnonsense\r\nline:3\n{PRODUCT_LOT}".encode()
    result = captured("trace", "backward", "-", "--format", "ndjson", stdin=lines)
    first, unknown, unasked, second = result.lines
    assert result.status == 0
    assert first == captured("trace", "backward", LOT, "--format", "json").json
    assert second == captured("trace", "backward", PRODUCT_LOT, "--format", "json").json
    assert (unknown["error"]["status"], unknown["error"]["start"]) == (3, "nonsense")
    assert unknown["error"]["nearest"] == []
    assert unasked["error"]["status"] == 2
    assert "Starts without an answer: 2;" in result.sentence


def test_a_limit_cuts_one_of_many(captured: Run) -> None:
    stdin = f"{LOT}\n{PRODUCT_LOT}\n".encode()
    result = captured("trace", "backward", "-", "--max-hops", "0", "--format", "ndjson", stdin=stdin)
    assert any(answer["frontier"] for answer in result.lines)
    assert (result.status, len(result.lines)) == (5, 2)


def test_many_starts_as_tables(captured: Run) -> None:
    result = captured("trace", "forward", "-", stdin=f"{LOT}\nnonsense\n".encode())
    assert result.text.count("Forward trace from") == 1
    assert "nonsense: unit 'nonsense' is unknown" in result.text


def test_many_starts_need_a_store(run: Run) -> None:
    assert run("trace", "forward", "-", "--format", "ndjson", stdin=LOT.encode()).status == 4


def test_a_wrong_option_is_told_once_not_for_every_line(captured: Run) -> None:
    result = captured("trace", "forward", "-", "--on", "never", "--format", "ndjson", stdin=LOT.encode() * 3)
    assert (result.status, result.out) == (2, b"")
    assert result.sentence


def test_origin_names_the_source_and_every_hop(captured: Run) -> None:
    answer = captured("origin", PRODUCT_LOT, "--format", "json").json
    assert [source["unit"] for source in answer["result"]["sources"]] == [LOT_KEY]
    text = captured("origin", PRODUCT_LOT).text
    assert "1 ultimate source" in text
    assert "Every hop" in text
    assert "transformation" in text


def test_where_says_how_much_is_left(captured: Run) -> None:
    text = captured("where", PRODUCT_LOT).text
    assert "in transit" in text
    assert "90 kg" in text


@pytest.mark.parametrize("name", [LOT, f"site:{FARM}", "event"])
def test_show(captured: Run, name: str) -> None:
    if name == "event":
        events = captured("show", LOT, "--format", "json").json["result"]["shown"]["events"]
        name = f"event:{events[0]['id']}"
    text = captured("show", name).text
    assert text.startswith("Timeline: ")
    assert LOT_KEY in text


def test_gaps_are_listed_by_whom_to_ask(captured: Run) -> None:
    text = captured("gaps").text
    assert text.startswith("What the records do not say: ")
    assert f"\nAsk {SHOP}\n- " in text
    assert [gap["kind"] for gap in captured("gaps", "--format", "json").json["gaps"]] == ["never_received"]


def test_names_from_master_data_stand_for_places(run: Run) -> None:
    from tests.commands.conftest import document, harvest

    told = json.loads(document(harvest()))
    attributes = [{"id": "urn:epcglobal:cbv:mda#name", "attribute": "North field"}]
    elements = [{"id": FARM, "attributes": attributes}]
    vocabulary = {"type": "urn:epcglobal:epcis:vtype:Location", "vocabularyElementList": elements}
    told["epcisHeader"] = {"epcisMasterData": {"vocabularyList": [vocabulary]}}
    run("capture", "-", stdin=json.dumps(told).encode())
    assert "North field" in run("where", LOT).text


@pytest.mark.parametrize(
    "command", [("trace", "forward", LOT), ("origin", LOT), ("where", LOT), ("show", LOT), ("gaps",)]
)
def test_asking_never_makes_a_store(run: Run, command: tuple[str, ...], tmp_path: Path) -> None:
    result = run(*command)
    assert result.status == 4
    assert "capture something first" in result.sentence
    assert list(tmp_path.iterdir()) == []


def test_shares_are_a_column_and_part_of_every_form(captured: Run) -> None:
    text = captured("trace", "forward", LOT, "--shares").text
    assert "100 % [100, 100]" in text
    assert "Share: the part of the goods there that derives from the start" in text
    answer = captured("trace", "forward", LOT, "--shares", "--format", "json").json
    assert answer["question"]["shares"] is True
    assert {unit["share"]["attributed"] for unit in answer["result"]["units"]} == {"1"}
    rows = captured("trace", "forward", LOT, "--shares", "--format", "csv").text.splitlines()
    assert any(
        row.endswith("share.attributed,share.min,share.max,share.min_even_loss,share.max_even_loss") for row in rows
    )
    assert b"share_attributed" in captured("trace", "forward", LOT, "--shares", "--format", "graphml").out
    assert "[100, 100]" in captured("trace", "backward", PRODUCT_LOT, "--shares", "--format", "html").text


def test_without_shares_nothing_is_said_of_them(captured: Run) -> None:
    assert "share" not in captured("trace", "forward", LOT, "--format", "json").text
    assert "Share" not in captured("trace", "forward", LOT).text


def test_an_account_names_its_buckets_and_adds_up(captured: Run) -> None:
    text = captured("balance", LOT).text
    assert text.startswith(f"Quantity account of {LOT_KEY} now: 100 kg; gross affected goods 90 kg.")
    assert "lost in processing" in text
    told = captured("balance", LOT, "--measure", "GRM", "--format", "json").json["result"]["balance"]
    assert (told["start"], told["unit"]) == ("100000", "GRM")
    assert {bucket["bucket"]: bucket["value"] for bucket in told["buckets"]} == {"in_transit": "90000", "lost": "10000"}
    assert captured("--lang", "zh", "balance", LOT).text.startswith(f"{LOT_KEY} 的数量账")


def test_an_account_as_csv_lists_its_rows(captured: Run) -> None:
    rows = list(csv.reader(io.StringIO(captured("balance", LOT, "--format", "csv").text)))
    head = rows.index([]) + 1
    assert rows[head][:3] == ["bucket", "unit", "place.kind"]
    assert {row[0] for row in rows[head + 1 :]} == {"in_transit", "lost"}


def test_an_assumption_is_said(captured: Run) -> None:
    assert (
        "Assumed where lot numbers are missing: window:30. "
        in captured("trace", "forward", LOT, "--infer", "window:30").text
    )
    answer = captured("trace", "forward", LOT, "--infer", "fifo", "--format", "json").json
    assert answer["question"]["assumptions"] == {"infer": "fifo"}
    assert answer["result"]["inference"]["units"]["expansion"] == "1"
    assert "infer" not in captured("trace", "forward", LOT, "--format", "json").text


def test_what_was_made_on_a_line(captured: Run) -> None:
    row = (f"units={PRODUCT_LOT}", f"site={PLANT}", "line=L1", "from=2026-01-03", "to=2026-01-03")
    captured("record", "run", "R1", *row, "--reason", "book")
    result = captured("trace", "backward", f"line:{PLANT} L1", "--from", "2026-01-03", "--format", "json")
    assert set(unit_ids(result.json)) == {LOT_KEY, canonical(PRODUCT_LOT)}
    assert result.json["question"]["start"] == [{"line": f"{PLANT} L1", "from": "2026-01-03T00:00:00Z"}]
    assert f"line:{PLANT} L1" in captured("trace", "backward", f"line:{PLANT} L1").text
    assert captured("origin", f"line:{PLANT} L1").status == 0
    assert captured("trace", "forward", f"line:{PLANT} L2").status == 3
    assert captured("trace", "forward", "line:L1").status == 2
    for form in FORMS:
        assert captured("trace", "forward", f"line:{PLANT} L1", "--format", form).status == 0
    with Tracegraph.open("sqlite:///tracegraph.db") as graph:
        assert graph.trace(f"line:{PLANT} L1", direction="backward", since="2026-01-03").to_json() == result.out


def test_assumptions_in_a_file(captured: Run, tmp_path: Path) -> None:
    file = tmp_path / "assumed.json"
    assumed = {"kills": [{"site": PLANT}]}
    file.write_text(json.dumps(assumed))
    result = captured("trace", "forward", LOT, "--assume", str(file), "--format", "json")
    assert unit_ids(result.json) == [LOT_KEY]
    assert result.json["question"]["assumptions"] == assumed
    assert len(result.json["result"]["assumed"]["stopped"]) == 1
    with Tracegraph.open("sqlite:///tracegraph.db") as graph:
        assert graph.trace(LOT, assumptions=assumed).to_json() == result.out
    stdin = captured("trace", "forward", LOT, "--assume", "-", "--format", "json", stdin=file.read_bytes())
    assert stdin.out == result.out
    text = captured("trace", "forward", LOT, "--assume", str(file)).text
    assert "nothing is followed through 1 transformations" in text
    assert "1 个转化视为安全" in captured("--lang", "zh", "trace", "forward", LOT, "--assume", str(file)).text
    streamed = captured("trace", "forward", "-", "--assume", str(file), "--format", "ndjson", stdin=LOT.encode())
    assert streamed.out == result.out + b"\n"
    for form in FORMS:
        assert captured("trace", "forward", LOT, "--assume", str(file), "--format", form).status == 0


def test_an_answer_under_assumptions_is_gone_on_from(captured: Run, tmp_path: Path) -> None:
    file = tmp_path / "assumed.json"
    file.write_text(json.dumps({"cross_contamination": [{"site": PLANT}]}))
    question = ("trace", "forward", LOT, "--assume", str(file), "--format", "json")
    part = captured(*question, "--max-nodes", "1")
    assert part.status == 5
    (tmp_path / "part.json").write_bytes(part.out)
    more = captured("trace", "forward", "--resume", str(tmp_path / "part.json"), "--format", "json")
    assert more.json["result"] == captured(*question).json["result"]
    for form in FORMS:
        assert captured(*question[:-1], form).status == 0
    known = part.json["as_of"]["known"]
    assert "0 added" in captured(*question[:-2], "--compare-as-of", known).text


@pytest.mark.parametrize(
    "arguments",
    [
        (LOT, "--assume", "missing.json"),
        ("-", "--assume", "-"),
        (LOT, "--assume", "list.json"),
        (LOT, "--assume", "odd.json"),
        ("--resume", "odd.json", "--assume", "odd.json"),
    ],
)
def test_assumptions_that_cannot_be_read(captured: Run, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "odd.json").write_text('{"kill": []}')
    result = captured("trace", "forward", *arguments)
    assert (result.status, result.out) == (2, b"")
    assert len(result.sentence) > 20
