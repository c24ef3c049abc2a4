"""Questions: what is understood, what is refused and how, and how they are written into answers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from tracegraph.errors import UsageError
from tracegraph.model.instants import instant_text, parse_instant
from tracegraph.trace.question import Limits, StartKind, ask, parse_start


def test_a_question_as_it_stands_in_an_answer() -> None:
    question = ask(
        "urn:x:1",
        "site:9521234567899",
        direction="backward",
        certainty="confirmed",
        at="dairy",
        since="2026-01-30",
        until="2026-01-31",
        as_of="2026-02-01",
        limits=Limits(max_hops=3, max_seconds=1.5),
        contents=False,
        paths=2,
    )
    window = {"at": "dairy", "from": "2026-01-30T00:00:00Z", "to": "2026-02-01T00:00:00Z"}
    assert question.to_dict() == {
        "kind": "trace",
        "direction": "backward",
        "start": [{"unit": "urn:x:1"} | window, {"site": "9521234567899"} | window],
        "certainty": "confirmed",
        "assumptions": {},
        "limits": {"max_hops": 3, "max_steps": None, "max_nodes": None, "max_seconds": "1.5"},
        "contents": False,
        "paths": 2,
        "as_of": "2026-02-01T23:59:59.999999Z",
    }
    assert list(question.to_dict())[:6] == ["kind", "direction", "start", "certainty", "assumptions", "limits"]


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("urn:epc:id:sgtin:1.2.3", StartKind.UNIT, "urn:epc:id:sgtin:1.2.3"),
        ("unit:site:7", StartKind.UNIT, "site:7"),
        ("site:7", StartKind.SITE, "7"),
        (" party: 7 ", StartKind.PARTY, "7"),
        ("product:7", StartKind.PRODUCT, "7"),
        ("event:ni:///sha-256;x", StartKind.EVENT, "ni:///sha-256;x"),
        ("line:9521234567897 L 1", StartKind.LINE, "9521234567897 L 1"),
        ("LOT 7", StartKind.UNIT, "LOT 7"),
    ],
)
def test_starts(text: str, kind: StartKind, name: str) -> None:
    start = parse_start(text)
    assert (start.kind, start.id) == (kind, name)


def test_assumptions_as_they_stand_in_an_answer() -> None:
    """Those that say something; how long a run takes where that matters, or is not as usual."""
    kill = {"site": "hall", "from": "2026-01-30T00:00:00Z"}
    met = {"container": "tote", "to": "2026-01-31", "class": "exposed"}
    asked = ask("urn:x:1", infer="fifo", assumptions={"kills": [kill], "cross_contamination": [met], "run_hours": 24})
    told = {"infer": "fifo", "cross_contamination": [met | {"to": "2026-01-31T23:59:59.999999Z"}], "kills": [kill]}
    assert asked.to_dict()["assumptions"] == told
    assert ask("urn:x:1", assumptions={"run_hours": 0}).to_dict()["assumptions"] == {"run_hours": 0}
    assert ask("line:hall 1").to_dict()["assumptions"] == {"run_hours": 24}


def test_a_site_alone_is_a_start() -> None:
    question = ask(at="dairy", on="2026-01-31T10:00:00+01:00")
    assert question.to_dict()["start"] == [{"site": "dairy", "on": "2026-01-31T09:00:00Z"}]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"direction": "sideways"}, "forward, backward, both"),
        ({"certainty": "sure"}, "confirmed or possible"),
        ({"assumptions": {"kill": 1}}, "use cross_contamination, kills, run_hours"),
        ({"since": "2026-02-01", "until": "2026-01-01"}, "ends before it begins"),
        ({"on": "2026-02-01", "since": "2026-01-01"}, "either one instant or a window"),
        ({"on": "yesterday"}, "2026-01-31T09:00:00Z"),
        ({"as_of": "2026-02-30"}, "no date or time"),
        ({"paths": -1}, "0 for none"),
    ],
)
def test_refused(options: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        ask("urn:x:1", **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["line:3", "line:", "equipment:oven", "site:", "", "  "])
def test_refused_starts(text: str) -> None:
    with pytest.raises(UsageError):
        ask(text)


def test_nothing_to_start_from() -> None:
    with pytest.raises(UsageError, match="nothing to start from"):
        ask()


@pytest.mark.parametrize("bad", [{"max_hops": -1}, {"max_steps": -1}, {"max_nodes": 0}, {"max_seconds": 0.0}])
def test_refused_limits(bad: dict[str, int]) -> None:
    with pytest.raises(UsageError):
        Limits(**bad)


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1, "1970-01-01T00:00:00.000001Z"),
        (-1, "1969-12-31T23:59:59.999999Z"),
        (1_769_850_000_000_000, "2026-01-31T09:00:00Z"),
        (10**18, f"{10**18}us"),
    ],
)
def test_instants_as_text(instant: int, text: str) -> None:
    assert instant_text(instant) == text


def test_instants_from_anything() -> None:
    nine = parse_instant("2026-01-31T09:00:00Z", "on")
    assert parse_instant(datetime(2026, 1, 31, 10, tzinfo=timezone(timedelta(hours=1))), "on") == nine
    assert parse_instant("2026-01-31T09:00:00", "on") == nine
    day = parse_instant(date(2026, 1, 31), "on", "end")
    assert instant_text(day) == "2026-01-31T23:59:59.999999Z"
    assert parse_instant(datetime(2026, 1, 31, 9, tzinfo=UTC), "on") == nine


def test_what_is_refused_is_named() -> None:
    for options, words in (
        ({"as_of": "soon"}, "^as_of 'soon' is"),
        ({"on": "soon"}, "^on 'soon' is"),
        ({"since": "soon"}, "^from 'soon' is"),
        ({"until": "soon"}, "^to 'soon' is"),
        (
            {"since": "2026-01-02T00:00:00Z", "until": "2026-01-01"},
            "the window from 2026-01-02T00:00:00Z to 2026-01-01 ends",
        ),
    ):
        with pytest.raises(UsageError, match=words):
            ask("urn:x:1", **options)  # type: ignore[arg-type]
    for name, least in (("max_hops", 0), ("max_steps", 0), ("max_nodes", 1)):
        with pytest.raises(UsageError, match=f"^{name} is {least - 1}; give at least {least}, or leave it out"):
            Limits(**{name: least - 1})
    with pytest.raises(UsageError, match="start ' ' names nothing; write an identifier"):
        parse_start(" ")
