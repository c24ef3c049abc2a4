"""Traces from a line: what was made on it in a window, wherever it went; and the same as a scope of the same line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.recall.scope.plant import SITE, Plant, lot
from tracegraph.errors import UnknownIdentifier, UsageError
from tracegraph.recall.scope import ask_scope, scope
from tracegraph.stores import open_store
from tracegraph.trace.origin import origin
from tracegraph.trace.question import Limits, ask
from tracegraph.trace.show import show
from tracegraph.trace.tracing import earlier_answer, trace

Json = dict[str, Any]

#: Flour A and B come to the plant P, bread C and D are made of it and D is sold; E comes of an unknown line.
BAKERY = """
    site P run by baker
    site S run by grocer
    b1 d1 06:00 make lot A 10 kg at P
    b2 d1 07:00 make lot B 10 kg at P
    b3 d2 08:00 use lot A 10 kg => lot C 9 kg at P
    b4 d3 08:00 use lot B 10 kg => lot D 9 kg at P
    b5 d3 12:00 ship lot D 9 kg P -> S doc desadv:1
    b6 d4 08:00 receive lot D 9 kg P -> S doc desadv:1
    b7 d4 09:00 make lot E 9 kg at P
    """
RUNS = {"C": {"line": "L 1", "from": "2026-01-02T07:00:00Z", "to": "2026-01-02T08:00:00Z"}}
RUNS |= {"D": {"line": "L 1", "from": "2026-01-03T07:00:00Z", "to": "2026-01-03T08:00:00Z"}}
RUNS |= {"E": {"from": "2026-01-04", "to": "2026-01-04"}}


@pytest.fixture
def bakery(tmp_path: Path) -> Iterator[Plant]:
    with closing(open_store(f"sqlite:///{tmp_path / 'plant.db'}")) as store:
        plant = Plant(store).tell(BAKERY)
        for name, row in RUNS.items():
            plant.record("run", run=name, units=lot(name), site=SITE, **row)
        for name, when in (("A", "2026-01-01T06:00:00Z"), ("B", "2026-01-01T07:00:00Z")):
            plant.record("run", run=name, units=lot(name), site=SITE, line="mill", from_=when, to=when)
        yield plant


def asked(plant: Plant, *starts: str, **options: Any) -> Json:
    return trace(plant.store, ask(*starts, **options)).envelope


def units(answer: Json) -> dict[str, str]:
    return {one["id"].rpartition(":")[2]: one["certainty"] for one in answer["result"]["units"]}


LINE = f"line:{SITE} L 1"


def test_forward_from_what_was_made_on_a_line(bakery: Plant) -> None:
    answer = asked(bakery, LINE)
    assert units(answer) == {"C": "confirmed", "D": "confirmed", "E": "possible"}
    assert answer["question"]["start"] == [{"line": f"{SITE} L 1"}]
    assert answer["question"]["assumptions"] == {"run_hours": 24}
    assert {one["id"] for one in answer["result"]["sites"]} == {SITE, "urn:x-site:S"}
    assert units(asked(bakery, LINE, certainty="confirmed")) == {"C": "confirmed", "D": "confirmed"}


def test_the_window_is_that_of_the_runs(bakery: Plant) -> None:
    """D was sold on the fourth day; made on the third, it is traced all the way."""
    answer = asked(bakery, LINE, since="2026-01-03", until="2026-01-03")
    assert units(answer) == {"D": "confirmed"}
    assert "urn:x-site:S" in {one["id"] for one in answer["result"]["sites"]}
    assert units(asked(bakery, LINE, on="2026-01-02T07:30:00Z")) == {"C": "confirmed"}
    assert units(asked(bakery, LINE, at="urn:x-site:S")) == {"D": "confirmed"}
    assert units(asked(bakery, LINE, since="2027-01-01")) == {}


def test_backward_and_both(bakery: Plant) -> None:
    until = {"until": "2026-01-03"}
    assert set(units(asked(bakery, LINE, direction="backward", **until))) == {"A", "B", "C", "D"}
    assert set(units(asked(bakery, f"line:{SITE} mill", direction="both"))) == {"A", "B", "C", "D", "E"}
    found = origin(bakery.store, ask(LINE, kind="origin", direction="backward", on="2026-01-02T07:30:00Z")).envelope
    assert {one["unit"] for one in found["result"]["sources"]} == {lot("A")}


def test_any_name_of_the_site_will_do_and_lines_are_told(bakery: Plant) -> None:
    with pytest.raises(
        UnknownIdentifier, match=r"line 'L2' of site 'urn:x-site:P' is unknown; known there are L 1, mill"
    ):
        asked(bakery, f"line:{SITE} L2")
    with pytest.raises(UnknownIdentifier, match="site 'urn:x-site:Q' is unknown"):
        asked(bakery, "line:urn:x-site:Q L 1")
    with pytest.raises(UsageError, match="cannot be shown"):
        show(bakery.store, ask(LINE, kind="show"))
    bakery.record("run", run="F", units=lot("C"), site="Big Hall", line="L1", from_="2026-01-02", to="2026-01-02")
    assert units(asked(bakery, "line:Big Hall  L1")) == {"C": "confirmed"}


def test_what_no_event_names_is_a_gap(bakery: Plant) -> None:
    bakery.record("run", run="X", units=lot("X"), site=SITE, line="L 1", from_="2026-01-06", to="2026-01-06")
    bakery.record("run", run="Y", units=lot("Y"), site=SITE, from_="2026-01-06", to="2026-01-06")
    answer = asked(bakery, LINE, since="2026-01-06")
    assert units(answer) == {"X": "confirmed", "Y": "possible"}
    assert [(gap["kind"], gap["unit"]) for gap in answer["gaps"]] == [
        ("unknown_place", lot("X")),
        ("unknown_place", lot("Y")),
    ]
    assert answer["complete"] is False


def test_the_begin_of_a_run_may_be_assumed(bakery: Plant) -> None:
    """Of E an event says alone when it was made; how long before it the run began is an assumption."""
    bakery.tell("c1 d9 12:00 make lot G 9 kg at P")
    window = {"since": "2026-01-09T11:00:00Z", "until": "2026-01-09T11:30:00Z"}
    assert units(asked(bakery, LINE, **window)) == {"G": "possible"}
    assert units(asked(bakery, LINE, assumptions={"run_hours": 0}, **window)) == {}


def test_a_limit_can_be_gone_on_from(bakery: Plant) -> None:
    first = asked(bakery, LINE, limits=Limits(max_nodes=1))
    assert first["frontier"]
    more = trace(bakery.store, ask("-"), earlier_answer(first)).envelope
    assert more["result"] == asked(bakery, LINE)["result"]


@pytest.mark.parametrize("since", [None, "2026-01-03", "2026-01-04"])
def test_a_scope_of_the_line_hits_the_same_units(bakery: Plant, since: str | None) -> None:
    answer = scope(bakery.store, ask_scope(LINE, since=since)).envelope
    assert {one["unit"] for one in answer["result"]["scope"]["entries"]} == {
        one["id"] for one in asked(bakery, LINE, since=since)["result"]["units"]
    }
    same = ask_scope(f"site:{SITE}", line="L 1", since=since)
    assert scope(bakery.store, same).envelope["result"] == answer["result"]
