"""The hand vector of six runs around three cleanings: what is one lot for recall, and how a verification contracts
it."""

from __future__ import annotations

import pytest

from tests.recall.scope.plant import SITE, Plant, classes, entry, lot
from tracegraph.errors import UsageError

#: A positive swab on day 2 at 10:00.
SWAB = {"rule": "clean_break", "site": SITE, "line": "L1", "evidence": ["2026-01-02T10:00:00Z"]}

RUNS = {
    "P1": {"line": "L1", "from": "2026-01-01T08:00:00Z", "to": "2026-01-01T12:00:00Z"},
    "P2": {"line": "L1", "from": "2026-01-02T08:00:00Z", "to": "2026-01-02T12:00:00Z"},
    "P3": {"line": "L1", "from": "2026-01-02T14:00:00Z", "to": "2026-01-02T18:00:00Z"},
    "P4": {"line": "L1", "from": "2026-01-03T08:00:00Z", "to": "2026-01-03T12:00:00Z"},
    "P5": {"line": "L1", "from": "2026-01-01T05:00:00Z", "to": "2026-01-01T07:00:00Z"},
    "P6": {"from": "2026-01-02", "to": "2026-01-02"},
}


def clean(plant: Plant, when: str, verified: str) -> None:
    plant.record("cleaning", site=SITE, line="L1", from_=when, verified=verified)


@pytest.fixture
def six_runs(plant: Plant) -> Plant:
    for name, row in RUNS.items():
        plant.record("run", run=name, units=f"urn:x-lot:{name}", site=SITE, **row)
    clean(plant, "2026-01-01T06:00:00Z", "yes")
    clean(plant, "2026-01-02T06:00:00Z", "no")
    clean(plant, "2026-01-03T06:00:00Z", "yes")
    return plant


def test_clean_break_vector_P1_to_P6(six_runs: Plant) -> None:  # noqa: N802 (the runs are named so)
    answer = six_runs.ask(SWAB)
    assert classes(answer) == {
        "P1": "affected",
        "P2": "affected",
        "P3": "affected",
        "P5": "affected",
        "P6": "possible",
    }
    (window,) = answer["result"]["scope"]["windows"]
    assert (window["from"], window["to"]) == ("2026-01-01T06:00:00Z", "2026-01-03T06:00:00Z")
    assert window["opened_by"] == f"cleaning {SITE} | L1 |  | 2026-01-01T06:00:00Z"
    (rule,) = entry(answer, "P5")["rules"]
    assert (rule["rule"], rule["because"][0]) == ("clean_break", "run P5")


def test_lots_that_no_event_names_are_a_gap(six_runs: Plant) -> None:
    """Nobody knows where they are, nor how much of them there is."""
    answer = six_runs.ask(SWAB)
    assert answer["complete"] is False
    assert {(gap["kind"], gap["unit"]) for gap in answer["gaps"]} == {
        ("unknown_place", lot(name)) for name in ("P1", "P2", "P3", "P5", "P6")
    }
    counts = {one["class"]: (one["units"], one["unknown"]) for one in answer["result"]["scope"]["classes"]}
    assert (counts["affected"], counts["possible"]) == ((4, 4), (1, 1))


def test_a_later_verification_contracts_the_scope(six_runs: Plant) -> None:
    before = six_runs.ask(SWAB)
    clean(six_runs, "2026-01-02T06:00:00Z", "yes")
    assert six_runs.classes(SWAB) == {"P2": "affected", "P3": "affected", "P6": "possible"}
    known = before["as_of"]["known"]
    assert six_runs.classes(SWAB, as_of=known) == classes(before)


def test_rework_of_the_last_run_brings_the_next_one_in(six_runs: Plant) -> None:
    six_runs.tell(
        """
        e1 d2 18:00 make lot P3 100 kg at P
        e2 d3 08:00 use lot P3 10 kg => lot P4 90 kg at P
        """
    )
    assert six_runs.classes(SWAB)["P4"] == "affected"


def test_without_a_closing_cleaning_the_line_is_still_suspect(six_runs: Plant) -> None:
    late = SWAB | {"evidence": ["2026-01-03T10:00:00Z"]}
    answer = six_runs.ask(late)
    assert answer["result"]["scope"]["windows"][0]["to"] is None
    assert classes(answer) == {"P4": "affected"}
    six_runs.record("run", run="P7", units="urn:x-lot:P7", site=SITE, line="L1", from_="2026-01-09")
    assert six_runs.classes(late)["P7"] == "affected"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"line": "L1"}, "possible"),  # no times at all
        ({"line": "L1", "to": "2026-01-01T05:00:00Z"}, None),
        ({"line": "L1", "from": "2026-01-03T06:00:00Z"}, None),
        ({"line": "L1", "from": "2026-01-03"}, "possible"),  # before or after the cleaning of that day
        ({"line": "L1", "from": "2026-01-01T05:00:00Z"}, "possible"),  # end not known
        ({"line": "L2", "from": "2026-01-02T08:00:00Z", "to": "2026-01-02T09:00:00Z"}, None),
        ({"from": "2026-01-02T08:00:00Z", "to": "2026-01-02T09:00:00Z"}, "possible"),  # line not known
    ],
)
def test_what_is_not_known_is_possible(six_runs: Plant, row: dict[str, str], expected: str | None) -> None:
    six_runs.record("run", run="X", units="urn:x-lot:X", site=SITE, **row)
    assert six_runs.classes(SWAB).get("X") == expected


def test_evidence_on_a_line_is_such_a_seed(six_runs: Plant) -> None:
    six_runs.record(
        "evidence", evidence="T1", site=SITE, line="L1", at="2026-01-02T10:00:00Z", result="positive", grade="verified"
    )
    six_runs.record("evidence", evidence="T2", site=SITE, line="L1", at="2026-01-03T10:00:00Z", result="negative")
    answer = six_runs.ask({"rule": "evidence"})
    assert classes(answer) == six_runs.classes(SWAB)
    assert entry(answer, "P2")["grade"] == "verified"
    assert entry(answer, "P2")["rules"][0]["because"][0] == "evidence T1"


def test_runs_of_events_need_no_record(plant: Plant) -> None:
    """A transformation ended at its event; with no line said, it is possibly of this one."""
    plant.tell(
        """
        e1 d1 08:00 make lot A 100 kg at P
        e2 d2 12:00 use lot A 50 kg => lot B 50 kg at P
        e3 d5 12:00 use lot A 50 kg => lot C 50 kg at P
        """
    )
    clean(plant, "2026-01-02T06:00:00Z", "yes")
    clean(plant, "2026-01-03T06:00:00Z", "yes")
    assert plant.classes(SWAB, follow=False) == {"B": "possible"}


def test_a_record_tells_more_of_a_run_than_its_event(six_runs: Plant) -> None:
    """A run of another line stays out, though its event says nothing of lines; a second birth later counts."""
    six_runs.record("run", run="X", units="urn:x-lot:X", site=SITE, line="L2", from_="2026-01-02", to="2026-01-02")
    six_runs.tell("e1 d2 12:00 make lot X 10 kg at P")
    assert "X" not in six_runs.classes(SWAB)
    six_runs.tell("e2 d3 05:00 more lot X 10 kg at P")
    assert six_runs.classes(SWAB)["X"] == "possible"


def test_a_retracted_birth_was_no_run(plant: Plant) -> None:
    plant.tell("e1 d2 12:00 make lot X 10 kg at P")
    assert plant.classes(SWAB) == {"X": "possible"}
    plant.tell(
        """
        e1 d2 12:00 make lot X 10 kg at P
        r1 retracts e1
        """
    )
    assert plant.classes(SWAB) == {}


def test_no_seed_without_evidence(plant: Plant) -> None:
    with pytest.raises(UsageError, match="evidence"):
        plant.ask({key: value for key, value in SWAB.items() if key != "evidence"})
