"""A drill from beginning to end: its moves, its stamps by the clock that it is given, and nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from tests.end_to_end.building import opened, put
from tests.recall.case.told_paths import payload_of
from tests.trace.shares.stories import L, thousand_kilograms
from tracegraph import Tracegraph
from tracegraph.errors import IllegalMove, UsageError
from tracegraph.intake.drilling import Stopwatch, finish_drill, hold_drill
from tracegraph.intake.recalling import Actor, act
from tracegraph.model.instants import parse_instant
from tracegraph.recall.case import case_file
from tracegraph.recall.drills import Pick, drill_of
from tracegraph.recall.drills.answering import drills
from tracegraph.recall.drills.targets import HOUR

NOW = parse_instant("2100-03-01T08:00:00Z", "now")  # after all that is captured here
SENT = {"notice": "N1", "version": "1", "channel": "post", "sent": "2100-03-01"}
WHO = Actor("somebody", "investigator")


@pytest.fixture
def graph() -> Iterator[Tracegraph]:
    with opened() as graph:
        put(graph, thousand_kilograms())
        yield graph


class Ticking:
    """A clock that goes on by so much each time that somebody looks."""

    def __init__(self, step: int) -> None:
        self.now, self.step = NOW - step, step

    def __call__(self) -> int:
        self.now += self.step
        return self.now


def test_every_step_is_a_move_and_adds_up(graph: Tracegraph) -> None:
    held = hold_drill(graph.store, Pick(L), Ticking(1_000_000), WHO, "yearly test")
    drill = held.drill
    assert [move.action for move in drill.case.moves] == ["open", "scope", "reconcile", "complete"]
    assert drill.stamps == {
        "start": NOW,
        "first_answer": NOW + 1_000_000,
        "complete_scope": NOW + 2_000_000,
        "reconciled": NOW + 3_000_000,
    }
    told = drill.to_dict()
    assert told["seconds"] == {"first_answer": "1", "complete_scope": "2", "reconciled": "3"}
    assert told["amount"]["in_question"] == told["amount"]["sum"] == "1000"
    assert drill.account is not None
    assert sum(Decimal(one["value"]) for one in drill.account["buckets"]) == 1000
    assert told["directions"]["forward"]["units"] == len(drill.case.versions[0].entries)
    assert drill_of(case_file(graph.store, drill.case.id)).to_dict() == told
    assert list(graph.verify(deep=True)) == []


@pytest.mark.parametrize(("hours", "passed"), [(1, True), (2, False)])
def test_the_clock_decides(graph: Tracegraph, hours: int, passed: bool) -> None:
    """Reconciled three looks at the clock after the start: within four hours, or not."""
    held = hold_drill(graph.store, Pick(L), Ticking(hours * HOUR), WHO, targets=["brcgs_4h"])
    assert held.drill.passed is passed
    (told,) = held.drill.to_dict()["targets"]
    assert told["observed"] == f"{3 * hours * 3600} s"


def test_nothing_of_a_drill_is_sent(graph: Tracegraph) -> None:
    held = hold_drill(graph.store, Pick(L), Ticking(1), WHO, keep_open=True)
    case = held.drill.case
    assert case.state == "scoped"
    act(graph.store, case.id, "approve", {"version": "1"}, NOW, Actor("other", "investigator"))
    act(graph.store, case.id, "notices", {}, NOW, WHO)
    with pytest.raises(IllegalMove, match="sent is not possible"):
        act(graph.store, case.id, "sent", SENT, NOW, WHO)
    assert "sent" not in case_file(graph.store, case.id).allowed()


def test_one_that_people_hold_is_judged_by_its_moves(graph: Tracegraph) -> None:
    def do(action: str, hours: int, payload: dict[str, object]) -> None:
        fields = {"type": "drill", "title": "T"} if action == "open" else {}
        act(graph.store, "D1", action, fields, NOW + hours * HOUR, WHO, payload=payload)

    do("open", 0, {"drill": {"unit": L, "picked": {"how": "chosen"}, "targets": ["customer_2h", "authority_24h"]}})
    assert drill_of(case_file(graph.store, "D1")).passed is None
    answer = graph.scope({"rule": "lot", "unit": L}).to_dict()
    do("scope", 1, payload_of(answer, 1, WHO.name))
    do("scope", 3, payload_of(answer, 2, WHO.name))
    held = finish_drill(graph.store, "D1", lambda: NOW + 4 * HOUR, WHO)
    hours = {name: (instant - NOW) // HOUR for name, instant in held.drill.stamps.items()}
    assert hours == {"start": 0, "first_answer": 1, "complete_scope": 3, "reconciled": 4}
    assert [one["outcome"] for one in held.drill.targets] == ["fail", "pass"]
    assert held.drill.passed is False
    assert [one.case.id for one in drills(graph.store)] == ["D1"]


def test_one_that_was_killed_is_ended_later(graph: Tracegraph, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("tracegraph.intake.drilling.account", killed)
        with pytest.raises(KeyboardInterrupt):
            hold_drill(graph.store, Pick(L), Ticking(HOUR), WHO, case="D1")
    assert [move.action for move in case_file(graph.store, "D1").moves] == ["open", "scope"]
    held = finish_drill(graph.store, "D1", lambda: NOW + 3 * HOUR, WHO)
    assert [one["outcome"] for one in held.drill.targets if one["target"] == "brcgs_4h"] == ["pass"]
    assert held.drill.stamps["complete_scope"] == NOW + HOUR


def test_a_corrective_action_stands_in_the_report(graph: Tracegraph) -> None:
    case = hold_drill(graph.store, Pick(L), Ticking(1), WHO).drill.case
    act(graph.store, case.id, "remedy", {"corrective": "Label the tank"}, NOW, WHO)
    (told,) = drill_of(case_file(graph.store, case.id)).to_dict()["corrective"]
    assert (told["action"], told["corrective"]) == ("remedy", "Label the tank")


def test_a_recall_is_no_drill(graph: Tracegraph) -> None:
    act(graph.store, "C1", "open", {"title": "T"}, NOW, WHO)
    with pytest.raises(UsageError, match="case C1 is a recall, no drill"):
        drill_of(case_file(graph.store, "C1"))
    with pytest.raises(UsageError, match="'soon' is no target"):
        hold_drill(graph.store, Pick(L), Ticking(1), WHO, targets=["soon"])
    assert drills(graph.store) == []


def test_a_clock_that_jumps_back_stops_the_watch() -> None:
    times = iter([10, 5, 12])
    watch = Stopwatch(lambda: next(times))
    assert [watch.stamp(name) for name in ("start", "first_answer", "complete_scope")] == [10, 10, 12]
