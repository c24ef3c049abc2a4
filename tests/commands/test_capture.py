"""`capture`: what is stored, what is told, what is kept; every kind of bad input."""

from __future__ import annotations

import base64
import gzip
import io
import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import FARM, LOT, Run, document, event, harvest, story
from tracegraph import Tracegraph
from tracegraph.commands import capture as command

ROOT = Path(__file__).parents[2]
REJECTS = Path("tracegraph-rejects.ndjson")


def kept(path: Path = REJECTS) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def kept_bytes(piece: dict[str, Any]) -> bytes:
    return piece["data"].encode() if "data" in piece else base64.b64decode(piece["base64"])


def stored(run: Run) -> int:
    return run("verify", "--format", "json").json["ledger"]["count"]


def test_counts(run: Run) -> None:
    Path("story.json").write_bytes(document(*story(), harvest()))
    result = run("capture", "story.json")
    assert (result.status, result.text, result.err) == (0, "5 accepted, 1 duplicate, 0 rejected\n", "")
    assert run("capture", "story.json").text == "0 accepted, 6 duplicate, 0 rejected\n"
    assert not REJECTS.exists()


def test_every_way_in(run: Run) -> None:
    events = story()
    Path("folder").mkdir()
    Path("folder/first.json").write_bytes(document(events[0]))
    Path("folder/second.ndjson").write_bytes(json.dumps(events[1]).encode() + b"\n")
    Path("third.json.gz").write_bytes(gzip.compress(document(events[2])))
    result = run("capture", "folder", "third.json.gz", "-", "-", "folder", stdin=document(*events[3:]))
    assert (result.status, result.text) == (0, "5 accepted, 0 duplicate, 0 rejected\n")


def test_xml_and_json_are_the_same_events(run: Run) -> None:
    plants = ROOT / "examples"
    packed = Path("plant.bin")
    packed.write_bytes(gzip.compress((plants / "plant.xml").read_bytes()))
    result = run("capture", str(plants / "plant.xml"), "--format", "epcis")
    assert (result.status, result.text) == (0, "3 accepted, 0 duplicate, 0 rejected\n")
    result = run("capture", str(packed), "-", str(plants / "plant.json"), stdin=(plants / "plant.xml").read_bytes())
    assert (result.status, result.text) == (0, "0 accepted, 9 duplicate, 0 rejected\n")


def test_who_acts_is_recorded(run: Run) -> None:
    from tracegraph.stores import open_store

    run("--as", "anna", "capture", "-", stdin=document(harvest()))
    store = open_store("sqlite:///tracegraph.db", create=False)
    assert [entry.actor for entry in store.entries()] == ["anna"]
    store.close()


def test_rejects_are_kept_counted_and_named(run: Run) -> None:
    faulty = [dict(harvest(), eventTime="someday", note=str(number)) for number in range(7)]
    result = run("capture", "-", stdin=document(harvest(), *faulty))
    assert (result.status, result.text) == (0, "1 accepted, 0 duplicate, 7 rejected\n")
    *reasons, more, where = result.err.splitlines()
    assert len(reasons) == 5
    assert all("standard input /epcisBody/eventList/" in reason for reason in reasons)
    assert "2 more" in more
    assert where == f"7 rejected, kept whole in {REJECTS}"
    assert [json.loads(kept_bytes(piece)) for piece in kept()] == faulty


def test_the_rejects_file_can_be_another_and_grows(run: Run) -> None:
    for _ in range(2):
        run("capture", "-", "--rejects", "other.ndjson", stdin=document(dict(harvest(), eventTime="someday")))
    assert len(kept(Path("other.ndjson"))) == 2
    assert not REJECTS.exists()


@pytest.mark.parametrize("name", ["missing/other.ndjson", "."])
def test_a_rejects_file_that_cannot_be_written_is_told_before_anything_is_read(run: Run, name: str) -> None:
    result = run("capture", "-", "--rejects", name, stdin=document(harvest()))
    assert result.status == 2
    assert "--rejects" in result.sentence
    assert not Path("tracegraph.db").exists()


def test_a_missing_path_stops_everything(run: Run) -> None:
    Path("story.json").write_bytes(document(*story()))
    result = run("capture", "story.json", "missing.json")
    assert result.status == 2
    assert "missing.json" in result.sentence
    assert not Path("tracegraph.db").exists()


def test_an_empty_folder_is_no_input(run: Run) -> None:
    Path("folder").mkdir()
    assert run("capture", "folder").status == 2
    assert not Path("tracegraph.db").exists()


def test_the_current_folder_can_be_captured_again_and_again(run: Run) -> None:
    """The store and the rejects file in it are no input."""
    Path("story.json").write_bytes(document(*story(), dict(harvest(), eventTime="someday")))
    assert run("capture", ".").text == "5 accepted, 0 duplicate, 1 rejected\n"
    assert run("capture", ".").text == "0 accepted, 5 duplicate, 1 rejected\n"


def test_a_mixed_folder(run: Run) -> None:
    Path("folder").mkdir()
    Path("folder/a.json").write_bytes(document(*story()))
    Path("folder/b.json").write_bytes(b"")
    Path("folder/c.txt").write_bytes(b"dear partner")
    Path("folder/d.xml").write_bytes(b"<epcis/>")
    Path("folder/e.json").write_bytes(document(*story())[:-40])
    Path("folder/f.bin").write_bytes(bytes(range(256)))
    result = run("capture", "folder")
    assert (result.status, result.text) == (0, "5 accepted, 4 duplicate, 5 rejected\n")
    for name in "b.json", "c.txt", "d.xml", "e.json", "f.bin":
        assert f"folder/{name}" in result.err
    assert bytes(range(256)) in [kept_bytes(piece) for piece in kept()]


EVENT = json.dumps(harvest()).encode()
DEEP = b'{"type":"ObjectEvent","eventTime":"2026-01-01T00:00:00Z","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
HUGE = EVENT[:-1] + b', "note": "' + b"x" * (20 * 2**20) + b'"}'
XML = b"<EPCISDocument><EPCISBody><EventList>HERE</EventList></EPCISBody></EPCISDocument>"
TRUNCATED = document(harvest(), harvest())[:-60]

#: What is rejected: the bytes, how many events are stored of it, the exit status, and what the sentence says.
REJECTED = {
    "empty": (b"", 0, 2, "is empty"),
    "blank": (b" \n ", 0, 2, "is empty"),
    "text": (b"hello", 0, 2, "of no kind"),
    "xml": (b"<epcis/>", 0, 2, "XML"),
    "bad event in XML": (
        (ROOT / "examples" / "plant.xml").read_bytes().replace(b"03T09", b"33T09"),
        2,
        0,
        "is no time",
    ),
    "only a bad event in XML": (XML.replace(b"HERE", b"<ObjectEvent/>"), 0, 0, "no eventTime"),
    "cut off XML": ((ROOT / "examples" / "plant.xml").read_bytes()[:-600], 2, 0, "no valid XML"),
    "XML bomb": (b"<!DOCTYPE a [<!ENTITY b '" + b"c" * 1000 + b"'>]>" + XML.replace(b"HERE", b"&b;"), 0, 2, "DOCTYPE"),
    "no object": (b'"text"', 0, 2, "of no kind"),
    "malformed": (b'{"type": ObjectEvent}', 0, 2, "no valid JSON"),
    "half a word": (b'{"type', 0, 2, "no valid JSON"),
    "truncated": (TRUNCATED, 1, 0, "no valid JSON"),
    "damaged gzip": (gzip.compress(document(harvest()))[:-20], 0, 2, "gzip"),
    "no type": (b'{"eventTime":"2026-01-01T00:00:00Z"}', 0, 0, "type"),
    "type is a number": (b'{"type":7,"eventTime":"2026-01-01T00:00:00Z"}', 0, 0, "type"),
    "no time": (b'{"type":"ObjectEvent"}', 0, 0, "eventTime"),
    "time is a number": (b'{"type":"ObjectEvent","eventTime":7}', 0, 0, "eventTime"),
    "no such date": (b'{"type":"ObjectEvent","eventTime":"2026-02-30T00:00:00Z"}', 0, 0, "eventTime"),
    "events are a number": (b'{"type":"EPCISDocument","epcisBody":{"eventList":7}}', 0, 2, "a list was expected"),
    "an event is a number": (document(harvest())[:-3] + b",7]}}", 1, 0, "/epcisBody/eventList/1"),
    "deep": (DEEP, 0, 0, "nests deeper"),
    "huge": (HUGE, 0, 0, "larger than"),
    "huge among others": (b"[" + EVENT + b"," + HUGE + b"]", 1, 0, "larger than"),
}


@pytest.mark.parametrize("name", REJECTED)
def test_rejected(run: Run, name: str) -> None:
    data, events, status, says = REJECTED[name]
    Path("bad.json").write_bytes(data)
    result = run("capture", "bad.json")
    assert result.status == status
    assert result.text.startswith(f"{events} accepted, 0 duplicate, 1 rejected\n")
    reason, where = result.err.splitlines()
    assert says in reason
    assert "bad.json" in reason
    assert where.endswith(str(REJECTS))
    assert stored(run) == events
    pieces = kept()
    assert [piece["source"] for piece in pieces] == ["bad.json"]
    assert kept_bytes(pieces[0]) in (document(harvest()) if data.startswith(b"\x1f\x8b") else data)
    if not events:
        assert len(kept_bytes(pieces[0])) >= min(len(data.strip()), 1) or name in ("empty", "blank")


@pytest.mark.parametrize("name", ["truncated", "malformed", "deep", "huge", "no time"])
def test_strict_stores_nothing_of_a_file(run: Run, name: str) -> None:
    Path("bad.json").write_bytes(REJECTED[name][0])
    Path("good.json").write_bytes(document(*story()))
    result = run("capture", "--strict", "bad.json", "good.json")
    assert (result.status, result.text) == (1, "5 accepted, 0 duplicate, 1 rejected\n")
    assert "nothing was stored" in result.err.splitlines()[-1]


def test_whole_takes_doubtful_events_but_no_part_of_a_file(run: Run) -> None:
    Path("good.json").write_bytes(document(harvest(), dict(harvest(), bizStep="strolling")))
    Path("bad.json").write_bytes(document(*story(), dict(harvest(), eventTime="someday")))
    result = run("capture", "--whole", "bad.json", "good.json")
    assert (result.status, result.text.splitlines()[0]) == (1, "2 accepted, 0 duplicate, 1 rejected")
    assert "--whole" in result.err
    assert len(kept()) == 1
    assert stored(run) == 2


def test_strict_takes_or_leaves_each_file_of_a_folder(run: Run) -> None:
    Path("folder").mkdir()
    Path("folder/bad.json").write_bytes(document(*story(), dict(harvest(), eventTime="someday")))
    Path("folder/good.json").write_bytes(document(harvest()))
    result = run("capture", "--strict", "folder")
    assert (result.status, result.text) == (1, "1 accepted, 0 duplicate, 1 rejected\n")


def quantity(text: str) -> bytes:
    return document(harvest()).replace(b"100.0", text.encode())


#: What is stored with a finding: the bytes and the finding's code (None: several ways to name it).
FOUND = {
    "no zone": document(dict(harvest(), eventTime="2026-01-01T08:00:00")),
    "long ago": document(dict(harvest(), eventTime="0001-01-01T08:00:00Z")),
    "far ahead": document(dict(harvest(), eventTime="9999-12-31T08:00:00Z")),
    "unknown step": document(dict(harvest(), bizStep="juggling")),
    "unknown type": document(dict(harvest(), type="MiracleEvent")),
    "check digit": document(event("commissioning", "2026-01-01T08:00:00Z", FARM, action="ADD")).replace(
        b'"quantityList": []', b'"epcList": ["https://id.gs1.org/01/09521000123459/21/7"]'
    ),
    "not a number": quantity("NaN"),
    "infinite": quantity("-Infinity"),
    "beyond numbers": quantity("1e400"),
    "beyond all numbers": quantity("1e99999999999999999999"),
    "negative": quantity("-5"),
    "text": quantity('"many"'),
    "list": quantity("[]"),
}


@pytest.mark.parametrize("name", FOUND)
def test_stored_with_a_finding(run: Run, name: str) -> None:
    Path("odd.json").write_bytes(FOUND[name])
    result = run("capture", "odd.json")
    first, findings = result.text.splitlines()
    assert (result.status, first, result.err) == (0, "1 accepted, 0 duplicate, 0 rejected", "")
    assert "findings on stored events: " in findings
    assert not REJECTS.exists()


@pytest.mark.parametrize("name", FOUND)
def test_strict_rejects_what_has_a_finding(run: Run, name: str) -> None:
    Path("odd.json").write_bytes(FOUND[name])
    result = run("capture", "--strict", "odd.json")
    assert (result.status, result.text) == (1, "0 accepted, 0 duplicate, 1 rejected\n")
    assert stored(run) == 0
    assert kept_bytes(kept()[0]) in FOUND[name]


@pytest.mark.parametrize("text", ["NaN", "1e400", "-5", '"many"'])
def test_no_sane_quantity_is_unknown(run: Run, text: str) -> None:
    run("capture", "-", stdin=quantity(text))
    (holding,) = run("where", LOT, "--format", "json").json["result"]["holdings"]
    assert holding["quantity"] is None or holding["quantity"]["value"] is None


def test_the_same_event_rejected_in_strict_can_be_captured_later(run: Run) -> None:
    run("capture", "--strict", "-", stdin=FOUND["no zone"])
    assert run("capture", "-", stdin=FOUND["no zone"]).text.startswith("1 accepted")


def test_interrupted_in_the_middle(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "shown", lambda *_: nullcontext(interrupt))
    result = run("capture", "-", stdin=document(*story()))
    assert (result.status, result.text) == (130, "5 accepted, 0 duplicate, 0 rejected\n")
    assert stored(run) == 5


def test_the_profile_tells_where_the_time_went(run: Run) -> None:
    Path("story.json").write_bytes(document(*story()))
    result = run("capture", "--profile", "story.json")
    assert result.text == "5 accepted, 0 duplicate, 0 rejected\n"
    heading, *rows = result.err.splitlines()
    assert heading.split() == ["stage", "seconds", "share", "µs", "per", "event"]
    stages = [row.split()[0] for row in rows]
    assert stages[0] == "reading"
    assert stages[-1] == "total"
    assert rows[-1].split()[2] == "100%"
    assert run("--lang", "zh", "capture", "--profile", "story.json").err.startswith("阶段")


@pytest.mark.parametrize(("batch", "changes"), [((), 1), (("--batch", "2"), 3)])
def test_so_many_events_are_one_change(run: Run, batch: tuple[str, ...], changes: int) -> None:
    Path("story.json").write_bytes(document(*story()))
    assert run("capture", *batch, "story.json").text == "5 accepted, 0 duplicate, 0 rejected\n"
    with Tracegraph.open("sqlite:///tracegraph.db") as graph:
        assert len({entry.recorded_at for entry in graph.store.entries()}) == changes
    assert run("capture", "--batch", "0", "story.json").status == 2


def test_progress_without_a_terminal_is_a_line_now_and_then(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracegraph.commands.capture_view.EVENTS_A_LINE", 2)
    Path("story.json").write_bytes(document(*story()))
    assert run("capture", "story.json").err == ""
    assert run("capture", "--no-progress", "story.json").err == ""
    told = run("capture", "--progress", "story.json").err.splitlines()
    assert [line.rpartition(" ")[0].rpartition(" ")[0] for line in told] == ["0 accepted, 5 duplicate, 0 rejected;"]


class Terminal(io.TextIOWrapper):
    """A text stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_bar_on_a_terminal_is_gone_at_the_end(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal(io.BytesIO(), encoding="utf-8")
    Path("story.json").write_bytes(document(*story()))
    from tracegraph.commands.capture_view import shown

    def on_a_terminal(*arguments: Any) -> Any:
        monkeypatch.setattr("sys.stderr", screen)
        return shown(*arguments)

    monkeypatch.setattr(command, "shown", on_a_terminal)
    assert run("capture", "story.json").text == "5 accepted, 0 duplicate, 0 rejected\n"
    screen.flush()
    drawn = screen.buffer.getvalue().decode()  # type: ignore[attr-defined]
    assert "5 accepted, 0 duplicate, 0 rejected; " in drawn
    assert "100 %" in drawn
    assert drawn.endswith(("\x1b[2K", "\x1b[?25h\r\x1b[1A\x1b[2K"))


def test_in_chinese(run: Run) -> None:
    assert run("--lang", "zh", "capture", "-", stdin=document(harvest())).text == "接受 1，重复 0，拒绝 0\n"
