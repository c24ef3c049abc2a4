"""What a caller who may not know everything gets: runs and cleanings of own sites, nothing of others'."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.access.chain import FRAME, INGOT, ORE, WHEEL, caller, capture, chain
from tests.end_to_end.building import born, opened, site
from tests.recall.scope.plant import classes
from tracegraph import Tracegraph
from tracegraph.errors import UnknownIdentifier

HALL = site("maker-a")
LINE = {"rule": "site", "site": HALL, "line": "L1"}


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[Tracegraph]:
    with opened() as graph:
        capture(graph, tmp_path / "in", chain())
        hours = {"from": "2026-03-01T02:00:00Z", "to": "2026-03-01T04:00:00Z"}
        graph.record("run", {"run": "R1", "units": FRAME, "site": HALL, "line": "L1", **hours}, "book")
        graph.record("cleaning", {"site": HALL, "line": "L1", "from": "2026-03-01"}, "log")
        finding = {"evidence": "T1", "site": HALL, "line": "L1", "at": "2026-03-01", "result": "positive"}
        graph.record("evidence", finding, "lab")
        graph.record("override", {"unit": FRAME}, "retested")
        yield graph


def kinds(graph: Tracegraph) -> set[str]:
    return {stored.record.kind for stored in graph.store.records()}


def test_own_lines_are_known_and_findings_and_others_are_not(graph: Tracegraph) -> None:
    mine, theirs = graph.as_caller(caller("maker-a")), graph.as_caller(caller("maker-b"))
    assert classes(mine.scope(LINE).to_dict()) == {"frame": "affected"}
    assert classes(graph.scope(LINE).to_dict()) == {"frame": "cleared"}
    recorded = {"cleaning", "evidence", "override", "run"}
    assert kinds(mine) & recorded == {"cleaning", "run"}
    assert kinds(theirs) & recorded == set()
    with pytest.raises(UnknownIdentifier):
        mine.scope({"rule": "evidence", "evidence": "T1"})


def test_the_ledger_shows_what_the_records_show(graph: Tracegraph) -> None:
    for name in ("maker-a", "maker-b"):
        theirs = graph.as_caller(caller(name))
        told = [entry.payload for entry in theirs.store.entries() if b'"kind":"' in entry.payload]
        assert any(b'"kind":"run"' in payload for payload in told) == (name == "maker-a")
        assert not any(b'"kind":"override"' in payload or b'"kind":"evidence"' in payload for payload in told)


def test_records_of_a_hidden_site_do_not_make_it_known(graph: Tracegraph) -> None:
    """To the byte what is answered about a site that nobody ever recorded."""
    graph.record("line", {"site": "https://hidden.example/hall", "line": "L1"}, "plan")
    mine = graph.as_caller(caller("maker-b"))
    said = []
    for name in ("https://hidden.example/hall", "https://hidden.example/hell"):
        with pytest.raises(UnknownIdentifier) as caught:
            mine.scope({"rule": "site", "site": name})
        said.append(str(caught.value).replace(name, ""))
    assert said[0] == said[1]


def test_a_scope_is_of_what_shows(graph: Tracegraph) -> None:
    assert set(classes(graph.scope(ORE).to_dict())) == {"ore", "ingot", "frame", "wheel"}
    theirs = classes(graph.as_caller(caller("maker-b")).scope(INGOT).to_dict())
    assert set(theirs) == {"ingot", "wheel"}
    assert WHEEL.endswith("wheel")


def test_a_line_that_does_not_show_is_as_unknown_as_any(graph: Tracegraph) -> None:
    assert graph.as_caller(caller("maker-a")).trace(f"line:{HALL} L1").units[0]["id"] == FRAME
    theirs = graph.as_caller(caller("maker-b"))
    said = []
    for line in ("L1", "L9"):
        with pytest.raises(UnknownIdentifier) as caught:
            theirs.trace(f"line:{HALL} {line}")
        said.append(str(caught.value).replace(line, ""))
    assert said[0] == said[1]


@pytest.mark.parametrize("name", ["maker-a", "maker-b"])
def test_assumptions_are_about_what_shows(graph: Tracegraph, name: str, tmp_path: Path) -> None:
    """Something else was at the smelter, which nobody but the smelter may know."""
    capture(graph, tmp_path / "more", [born(65, "urn:x-lot:slag", "smelter", 5)], with_header=False)
    together = {"cross_contamination": [{"site": site("smelter"), "class": "possible"}]}
    theirs = graph.as_caller(caller(name))
    traced = {one["id"].rpartition(":")[2] for one in theirs.trace(INGOT, assumptions=together).units}
    assert traced == set(classes(theirs.scope(INGOT, assumptions=together).to_dict()))
    everything = {one["id"].rpartition(":")[2] for one in graph.trace(INGOT, assumptions=together).units}
    assert "slag" in everything - traced
    said = []
    for hidden in (site("maker-b" if name == "maker-a" else "maker-a"), site("nobody")):
        with pytest.raises(UnknownIdentifier) as caught:
            theirs.trace(INGOT, assumptions={"kills": [{"site": hidden}]})
        said.append(str(caught.value).replace(hidden, "").partition(";")[0])
    assert said[0] == said[1]
