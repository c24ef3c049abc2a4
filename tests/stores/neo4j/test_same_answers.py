"""What is asked of a store on a server is answered to the byte as the embedded store answers it: the shared worlds, the
demo, the reference documents."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.end_to_end.building import compared, every_answer, put
from tests.end_to_end.test_reference_documents import readable
from tests.end_to_end.test_worlds import WORLDS, thirds
from tests.neo4j_server.database import Database
from tracegraph import Tracegraph, capture
from tracegraph.examples.food_outbreak.files import write
from tracegraph.trace.metrics import Metric

#: Of a shared world every so-manieth unit is asked about; the embedded store is asked about all of them elsewhere.
EVERY = 20


@dataclass(frozen=True)
class Both:
    """The same events in two stores."""

    served: Tracegraph
    embedded: Tracegraph

    def put(self, *batches: list[dict]) -> None:
        put(self.served, *batches)
        put(self.embedded, *batches)

    def capture(self, *files: Path) -> None:
        reports = [graph.capture(*files, rejects=None) for graph in (self.served, self.embedded)]
        assert reports[0] == reports[1]

    def compare(self, units: list[str]) -> None:
        """Every question about the units, and those about everything; the ledgers too, but for times."""
        for shares in (False, True):
            assert every_answer(self.served, units, shares=shares) == every_answer(self.embedded, units, shares=shares)
        for unit in units:
            assert compared(self.served.origin(unit)) == compared(self.embedded.origin(unit))
            assert compared(self.served.where(unit)) == compared(self.embedded.where(unit))
            assert compared(self.served.balance(unit)) == compared(self.embedded.balance(unit))
            assert compared(self.served.scope(unit)) == compared(self.embedded.scope(unit))
        for metric in Metric:
            for starts in ((), units[:1]):
                assert figures(self.served, metric, *starts) == figures(self.embedded, metric, *starts)
        assert list(self.served.gaps()) == list(self.embedded.gaps())
        payloads = [[entry.payload for entry in graph.store.entries()] for graph in (self.served, self.embedded)]
        assert payloads[0] == payloads[1]
        assert list(self.served.verify()) == []


def figures(graph: Tracegraph, metric: str, *starts: str) -> list:
    """A metric, without how late events came into the one store and into the other."""
    told = graph.metrics(metric, *starts).to_dict()
    for row in told["result"]["metrics"]["rows"]:
        for late in ("lag_median_hours", "lag_95_hours"):
            row.pop(late, None)
    return [told[name] for name in ("question", "complete", "gaps", "result")]


@pytest.fixture
def both(tmp_path: Path, neo4j_database: Database) -> Iterator[Both]:
    with ExitStack() as opened:
        urls = neo4j_database.url, f"sqlite:///{tmp_path}/store.db"
        yield Both(*(opened.enter_context(Tracegraph.open(url)) for url in urls))


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
