"""What is asked of a store on a server is answered to the byte as the embedded store answers it: the shared worlds, the
demo, the reference documents."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.end_to_end.building import compared
from tests.end_to_end.test_reference_documents import readable
from tests.end_to_end.test_worlds import WORLDS, thirds
from tests.stores.neo4j.both import Both
from tracegraph import capture
from tracegraph.examples.food_outbreak.files import write

#: Of a shared world every so-manieth unit is asked about; the embedded store is asked about all of them elsewhere.
EVERY = 20


@pytest.mark.parametrize("name", WORLDS)
def test_shared_worlds(reference: Path, both: Both, name: str) -> None:
    world = json.loads((reference / "worlds" / f"{name}.json").read_text(encoding="utf-8"))
    both.put(*thirds(world["epcis"]["epcisBody"]["eventList"]))
    both.compare(sorted(world["truth"])[::EVERY])


def test_the_demo(tmp_path: Path, both: Both) -> None:
    facts = write(tmp_path / "demo")
    both.capture(tmp_path / "demo")
    cases = [{"case": f"C{number}", "place": case.site} for number, case in enumerate(facts.cases[::6])]
    assert compared(both.served.sources(cases)) == compared(both.embedded.sources(cases))
    units = [unit.key for unit in both.embedded.store.units()]
    assert len(units) > 100
    both.compare(units[::20])


def test_scopes_of_lines(both: Both) -> None:
    """Runs and cleanings are records, read and compared as known at any time."""
    site = "https://plant.example/hall"
    swab = {"rule": "clean_break", "site": site, "line": "L1", "evidence": "2026-01-02T10:00:00Z"}
    for graph in (both.served, both.embedded):
        for day in (1, 2, 3):
            hours = {"from": f"2026-01-0{day}T08:00:00Z", "to": f"2026-01-0{day}T12:00:00Z"}
            run = {"run": f"P{day}", "units": f"urn:x-lot:P{day}", "site": site, "line": "L1", **hours}
            graph.record("run", run, "shift book")
        cleaned = {"site": site, "line": "L1", "from": "2026-01-02T06:00:00Z"}
        graph.record("cleaning", cleaned | {"verified": "yes"}, "log")
        graph.record("cleaning", cleaned | {"verified": "yes"}, "wrong line", withdraw=True)
    before, after = (compared(graph.scope(swab)) for graph in (both.served, both.embedded))
    assert before == after
    assert [one["class"] for one in both.served.scope(swab).result["scope"]["entries"]] == ["affected"] * 3


def test_reference_documents(reference: Path, both: Both) -> None:
    both.capture(*readable(reference))
    units = [unit.key for unit in both.embedded.store.units()]
    assert len(units) > 100
    both.compare(units[::20])


def test_a_file_stored_in_one_change_of_several_portions(
    reference: Path, both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capture, "BATCH", 5)
    for path in readable(reference):
        assert both.served.capture(path, rejects=None, whole=True) == both.embedded.capture(path, rejects=None)
    units = [unit.key for unit in both.embedded.store.units()]
    both.compare(units[::20])
